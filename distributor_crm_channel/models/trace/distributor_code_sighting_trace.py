# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.tools import SQL, format_date, formatLang

from ...trace.codes import read_code, spellings
from ...trace.deliveries import Delivery, deliveries, find_holders
from ..territory.distributor_territory_judge import Question

# What a sighting keeps of its trail; a lot that went to more is of no use as proof.
MAX_TRAIL = 50


class DistributorCodeSighting(models.Model):
    """From a code to the delivery, and from there to the territory."""

    _inherit = "distributor.code.sighting"

    @api.model
    def _find_lots(self, company, codes):
        """Return {code: lots} with one search, for all companies' rules alike.

        :param codes: as `read_code` returns them
        """
        self.env["stock.lot"].flush_model(["name", "company_id"])
        wanted = {spelling: code for code in codes for spelling in spellings(code)}
        rows = self.env.execute_query(
            SQL(
                """
                SELECT upper(name), id FROM stock_lot
                 WHERE upper(name) = ANY(%s)
                   AND (company_id IS NULL OR company_id = %s)
                """,
                list(wanted),
                company.id,
            )
        )
        found = {}
        for name, lot_id in rows:
            found.setdefault(wanted[name], []).append(lot_id)
        Lot = self.env["stock.lot"].sudo()
        return {code: Lot.browse(ids) for code, ids in found.items()}

    @api.model
    def _find_deliveries(self, lots):
        """Return {key: list of Delivery} with one statement.

        :param lots: list of (key, lot id, until when)
        """
        if not lots:
            return {}
        self.env.flush_all()
        rows = self.env.execute_query(deliveries(*zip(*lots, strict=True)))
        found = {}
        for row in map(Delivery._make, rows):
            found.setdefault(row.key, []).append(row)
        return found

    def _trace(self):
        """Trace these sightings: with the same few statements, whatever their number.

        What a person has decided on stays as it is.
        """
        open_ones = self.sudo().filtered(lambda s: s.state in ("noted", "suspected"))
        open_ones._locate()
        for company, group in open_ones.grouped("company_id").items():
            lots = self._find_lots(company, [s.code for s in group if s.code])
            chosen = {s: s._choose_lots(lots.get(s.code)) for s in group}
            found = self._find_deliveries(
                [
                    (sighting.id, lot.id, sighting.seen_at)
                    for sighting, own in chosen.items()
                    for lot in own
                ]
            )
            group._conclude(chosen, found)
        open_ones._propose()

    def _choose_lots(self, lots):
        """Return the lots that a code may mean, by product or its barcode if known."""
        lots = lots if lots is not None else self.env["stock.lot"]
        if self.lot_id in lots and self.product_id == self.lot_id.product_id:
            return self.lot_id
        by_product = lots.filtered(lambda lot: lot.product_id == self.product_id)
        by_barcode = lots.filtered(
            lambda lot: (
                self.barcode
                and (lot.product_id.barcode or "").lstrip("0")
                == self.barcode.lstrip("0")
            )
        )
        return by_product or by_barcode or lots

    def _conclude(self, chosen, found):
        """Write what follows from the lots and deliveries of each."""
        holders = {s: find_holders(found.get(s.id, ())) for s in self}
        asked = self.filtered(lambda s: holders[s].kind == "one")
        answers = self.env["distributor.territory"]._judge(
            [s._ask(holders[s].deliveries[0], chosen[s]) for s in asked]
        )
        answers = dict(zip(asked, answers, strict=True))
        now = fields.Datetime.now()
        for sighting in self:
            values = sighting._prepare_result(
                chosen[sighting], holders[sighting], answers.get(sighting)
            )
            sighting._set(**values, traced_at=now)

    def _ask(self, delivery, lots):
        product = lots.browse(delivery.lot_id).product_id
        return Question(
            self.company_id,
            self.env["res.partner"].browse(delivery.partner_id),
            self._get_place(),
            product.categ_id,
            fields.Datetime.context_timestamp(self, self.seen_at).date(),
            self.sales_channel_id,
            product.distributor_brand_id,
        )

    def _prepare_result(self, lots, holders, answer):
        rows = holders.deliveries[:MAX_TRAIL]
        holding = {row.lot_id for row in rows} or set(lots.ids)
        lot = lots.filtered(lambda lot: lot.id in holding)
        lot = lot if len(lot) == 1 else lot.browse()
        last = rows[0] if holders.kind in ("one", "direct") else None
        verdict = self._get_verdict(lots, holders.kind, answer)
        dealers = [row.partner_id for row in rows if holders.kind == "several"]
        return {
            "lot_id": lot.id,
            "product_id": lot.product_id.id or self.product_id.id,
            "verdict": verdict,
            "state": "suspected" if verdict == "outside" else "noted",
            "source_partner_id": last.partner_id if holders.kind == "one" else False,
            "candidate_ids": [fields.Command.set(dealers)],
            "delivered_at": last and last.last,
            "picking_id": last and last.picking_id,
            "territory_id": answer.territories[:1].id
            if answer
            else self._find_territory().id,
            "home_ids": [fields.Command.set(answer.own.ids if answer else [])],
            "filing_id": answer.filing.id if answer else False,
            "trail": [self._describe_row(row) for row in rows],
        }

    def _find_territory(self):
        return self.env["distributor.territory"]._get_covering(
            self.company_id, self._get_place()
        )[:1]

    @api.model
    def _get_verdict(self, lots, kind, answer):
        if not lots:
            return "unknown"
        if answer:
            return answer.verdict
        return {"several": "ambiguous"}.get(kind, kind)

    @api.model
    def _describe_row(self, row):
        """Return a delivery as it is kept: it stays readable when records go."""
        partner = self.env["res.partner"].browse(row.partner_id)
        picking = self.env["stock.picking"].browse(row.picking_id or [])
        return {
            "partner_id": row.partner_id,
            "partner": partner.name,
            "lot_id": row.lot_id,
            "picking": picking.name or "",
            "out": row.out,
            "back": row.back,
            "first": fields.Datetime.to_string(row.first) if row.first else "",
            "last": fields.Datetime.to_string(row.last) if row.last else "",
        }

    @api.depends("trail")
    def _compute_trail_text(self):
        for sighting in self:
            sighting.trail_text = "\n".join(
                sighting._describe_step(row) for row in sighting.trail or ()
            )

    def _describe_step(self, row):
        values = {
            "partner": row["partner"],
            "day": format_date(
                self.env, fields.Datetime.to_datetime(row["last"] or None)
            )
            if row["last"]
            else "",
            "delivery": row["picking"] or "",
            "quantity": formatLang(self.env, row["out"], digits=0),
            "back": formatLang(self.env, row["back"], digits=0),
        }
        if row["back"]:
            return self.env._(
                "%(day)s %(delivery)s: %(quantity)s to %(partner)s, %(back)s returned",
                **values,
            )
        return self.env._("%(day)s %(delivery)s: %(quantity)s to %(partner)s", **values)

    def action_trace(self):
        """Trace these codes anew, by the stock moves and authorizations of now."""
        self.check_access("write")
        self._check_state("noted", "suspected")
        self._trace()
        return True

    @api.model
    def _verify(self, company, text):
        """Say whether a code is one of ours.

        :return: ("genuine" | "recalled" | "unknown", the code as it is compared)
        """
        code = read_code(text).text
        lots = self._find_lots(company, [code]).get(code) if code else None
        if not lots:
            return "unknown", code
        return "genuine", code
