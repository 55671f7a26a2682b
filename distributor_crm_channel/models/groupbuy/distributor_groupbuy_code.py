# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError


class DistributorGroupbuyCode(models.Model):
    """A product code that was read on site: whose goods these are (R041)."""

    _name = "distributor.groupbuy.code"
    _description = "Product Code on Site"
    _order = "use_id, id"
    _check_company_auto = True

    use_id = fields.Many2one(
        comodel_name="distributor.groupbuy.use",
        required=True,
        index=True,
        ondelete="cascade",
        check_company=True,
    )
    company_id = fields.Many2one(related="use_id.company_id", store=True, index=True)
    partner_id = fields.Many2one(related="use_id.partner_id", store=True, index=True)
    name = fields.Char(string="Code", required=True, index=True, size=64)
    lot_id = fields.Many2one(
        comodel_name="stock.lot",
        string="Lot/Serial",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    product_id = fields.Many2one(related="lot_id.product_id")
    order_id = fields.Many2one(
        comodel_name="sale.order", string="Delivered With", readonly=True
    )
    owner_id = fields.Many2one(
        comodel_name="res.partner", string="Delivered To", readonly=True
    )
    outcome = fields.Selection(
        selection=[
            ("own", "Of This Order"),
            ("other_order", "Another Order of His"),
            ("repeated", "Read Elsewhere Before"),
            ("undelivered", "Not Delivered"),
            ("unknown", "Unknown Code"),
            ("foreign", "Delivered to Others"),
        ],
        readonly=True,
    )

    _once = models.Constraint(
        "UNIQUE(use_id, name)", "This code is on the list already."
    )

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            vals_list = [
                {"use_id": vals.get("use_id"), "name": (vals.get("name") or "").strip()}
                for vals in vals_list
            ]
        codes = super().create(vals_list)
        codes.use_id._check_facts_open()
        codes._resolve()
        return codes

    def write(self, vals):
        if not self.env.su:
            raise UserError(self.env._("Remove a code that was read wrongly instead."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_judged(self):
        self.use_id._check_facts_open()

    def _resolve(self):
        """Find out to whom the goods with these codes were delivered last.

        Three searches for all codes of a company, however many they are.
        """
        # Whose goods they are does not depend on who reads the code.
        for company, codes in self.sudo().grouped("company_id").items():
            lots = codes.env["stock.lot"].search(
                [
                    ("name", "in", codes.mapped("name")),
                    ("company_id", "in", [False, company.id]),
                ]
            )
            deliveries = lots._find_deliveries()
            seen = codes._find_read_before()
            by_name = lots.grouped("name")
            for code in codes:
                code.write(code._prepare_outcome(by_name, deliveries, seen))

    def _find_read_before(self):
        """Return the names of serial numbers read at another group-buy before."""
        others = self.search(
            [
                ("name", "in", self.mapped("name")),
                ("company_id", "in", self.company_id.ids),
                ("id", "not in", self.ids),
                ("lot_id.product_id.tracking", "=", "serial"),
            ]
        )
        return {
            code: others.filtered(
                lambda other, code=code: (
                    other.name == code.name
                    and other.id < code.id
                    and other.use_id != code.use_id
                )
            )
            for code in self
        }

    def _prepare_outcome(self, by_name, deliveries, seen):
        order = self.use_id.groupbuy_id.order_id
        lots = by_name.get(self.name) or self.env["stock.lot"]
        # Lots of several products may share a name, and several customers a lot: what
        # fits best is believed.
        outcomes = ["own", "other_order", "foreign"]
        found = [
            (outcomes.index(self._compare(order, delivered, owner)), lot.id, place)
            for lot in lots
            for place, (delivered, owner) in enumerate(deliveries.get(lot, ()))
        ]
        if not found:
            known = "undelivered" if lots else "unknown"
            return {"lot_id": lots[:1].id, "outcome": known}
        number, lot_id, place = min(found)
        lot = lots.browse(lot_id)
        delivered, owner = deliveries[lot][place]
        outcome = "repeated" if seen.get(self) else outcomes[number]
        return {
            "lot_id": lot.id,
            "order_id": delivered.id,
            "owner_id": owner.id,
            "outcome": outcome,
        }

    def _compare(self, order, delivered, owner):
        if delivered == order:
            return "own"
        return "other_order" if owner == self.partner_id else "foreign"


class StockLot(models.Model):
    _inherit = "stock.lot"

    def _find_deliveries(self):
        """Return {lot: [(order, distributor or customer)]} of who has these goods.

        A serial number is with the last who got it, of a lot each has a part. What came
        back is with nobody.
        """
        lines = self.env["stock.move.line"].search(
            [
                ("lot_id", "in", self.ids),
                ("state", "=", "done"),
                "|",
                ("location_dest_id.usage", "=", "customer"),
                ("location_id.usage", "=", "customer"),
            ],
            order="date, id",
        )
        found = {}
        for line in lines:
            order = line.move_id.sale_line_id.order_id
            partner = order.partner_id or line.picking_id.partner_id
            owner = order.store_id.partner_id or partner.commercial_partner_id
            is_single = line.product_id.tracking == "serial"
            before = [] if is_single else found.get(line.lot_id, [])
            is_out = line.location_dest_id.usage == "customer"
            found[line.lot_id] = [*before, (order, owner)] if is_out else before
        return found
