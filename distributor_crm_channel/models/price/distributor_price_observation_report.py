# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL

SHARE_DAYS = 30


class DistributorPriceObservation(models.Model):
    """What follows a price below the floor, or a shop that nobody declared."""

    # One model, a file for each of its tasks.
    # pylint: disable=consider-merging-classes-inherited
    _inherit = "distributor.price.observation"

    @api.model
    def _get_report_domain(self):
        return [
            "|",
            *("&", "&", ("state", "=", "below"), ("hold_reason", "=", False)),
            ("partner_id", "!=", False),
            *("&", ("is_undeclared", "=", True), ("undeclared_case_id", "=", False)),
        ]

    def _report_below(self, limit=None):
        """Open a case for each shop, product and day below the floor, once.

        Of several observations the lowest is reported, the others point to the same
        case. Resellers are reported under rules that a named lawyer approved alone.

        :return: how many observations were looked at
        """
        domain = self._get_report_domain()
        if self:
            domain = ["&", ("id", "in", self.ids), *domain]
        todo = self.search(domain, order="percent_below desc, id", limit=limit)
        todo._report_undeclared()
        below = todo.filtered(lambda seen: seen.state == "below")
        held = below._hold_for_law()
        (below - held)._report_floors()
        return len(todo)

    def _hold_for_law(self):
        """Keep back what resellers may not be held to yet; return it (flag of AML 18).

        A distributor with an agency agreement in force and none of resale sells in our
        name. All others are taken for resellers.
        """
        own = self._get_agents()
        held = self.filtered(
            lambda seen: (
                (seen.rule_id.legal_basis == "resale" or seen.partner_id not in own)
                and not (
                    seen.rule_id.legal_approved_on
                    and seen.rule_id.legal_approved_on <= seen.day
                )
            )
        )
        held.write({"hold_reason": "legal"})
        return held

    def _get_agents(self):
        """Return the distributors who sell in our name alone, by their agreements."""
        agreements = self.env["distributor.agreement"]
        modes = agreements._read_group(
            [("partner_id", "in", self.partner_id.ids), ("state", "=", "signed")],
            ["partner_id", "mode"],
        )
        agents = self.env["res.partner"]
        resellers = self.env["res.partner"]
        for partner, mode in modes:
            if mode == "resale":
                resellers |= partner
            else:
                agents |= partner
        return agents - resellers

    def _report_floors(self):
        groups = self.grouped(lambda seen: seen._get_report_key())
        known = self._get_leads(groups)
        leads = self.browse()
        for key, group in groups.items():
            if key in known:
                known[key]._join(group)
            else:
                leads |= group.sorted(lambda s: (-s.percent_below, s.id))[:1]
        if not leads:
            return
        shares = leads._get_shares()
        leads.write({"is_lead": True})
        cases = self.env["distributor.violation"]._report(
            [seen._prepare_report(shares.get(seen.id, 0.0)) for seen in leads]
        )
        for lead, case in zip(leads, cases, strict=True):
            lead.share_below = shares.get(lead.id, 0.0)
            groups[lead._get_report_key()].write(
                {"state": "reported", "violation_id": case.id}
            )

    def _get_report_key(self):
        """Return what is reported once: the shop, the product and the day."""
        self.ensure_one()
        return self.company_id.id, self.shop_key, self.product_id.id, self.day

    def _get_leads(self, keys):
        """Return {key: the one that was reported} of what was reported before."""
        leads = self.search(
            [
                ("is_lead", "=", True),
                ("company_id", "in", list({key[0] for key in keys})),
                ("shop_key", "in", list({key[1] for key in keys})),
                ("product_id", "in", list({key[2] for key in keys})),
                ("day", "in", list({key[3] for key in keys})),
            ]
        )
        return {lead._get_report_key(): lead for lead in leads}

    def _join(self, others):
        """Add what was seen later to the case that is open for it already."""
        self.ensure_one()
        others.write({"state": "reported", "violation_id": self.violation_id.id})
        self._raise_severity(others)

    def _raise_severity(self, others):
        """Tell the case if something lower than what was reported came in later."""
        self.ensure_one()
        lowest = others.sorted("percent_below", reverse=True)[:1]
        if lowest.percent_below > self.percent_below and self.violation_id:
            self.violation_id.message_post(
                body=self.env._("Seen lower still: %s", lowest._describe_breach())
            )

    def _prepare_report(self, share):
        self.ensure_one()
        return {
            "policy": "price_below_floor",
            "partner_id": self.partner_id.id,
            "company_id": self.company_id.id,
            "occurred_at": self.observed_at,
            "source": self,
            "facts": self._describe_breach(share),
            "severity": self.percent_below,
            "store_id": self.store_id.id,
            "product_id": self.product_id.id,
            "evidence_ids": self.evidence_ids.ids,
            "key": f"{self.shop_key}/product/{self.product_id.id}",
        }

    def _add_evidence(self):
        """Give the cases of these the screenshots that came after the report."""
        told = self.filtered(
            lambda seen: (
                seen.is_lead
                and seen.violation_id.source_model == seen._name
                and seen.violation_id.source_id == seen.id
            )
        )
        if told:
            self.env["distributor.violation"]._report(
                [seen._prepare_report(seen.share_below) for seen in told]
            )

    def _describe_breach(self, share=None):
        """Return in words what was seen, and what it may not be below."""
        self.ensure_one()
        money = self.rule_id.currency_id.format
        text = self.env._(
            "%(product)s was on sale in %(shop)s on %(day)s for %(price)s a piece. The "
            "floor of that day is %(floor)s: %(percent)s%% below (rule: %(rule)s).",
            product=self.product_id.display_name,
            shop=self._get_shop_label(),
            day=self.day,
            price=money(self.unit_price),
            floor=money(self.floor_price),
            percent=self.percent_below,
            rule=self.rule_id.name,
        )
        parts = [text, self.url or self.shop_url]
        if share:
            parts.append(
                self.env._(
                    "%(share)s%% of the controlled products seen in this shop within "
                    "%(days)s days were below their floors.",
                    share=share,
                    days=SHARE_DAYS,
                )
            )
        return "\n".join(filter(None, parts))

    def _get_shop_label(self):
        shop = self.shop_id.display_name or self.store_id.name or self.shop_name
        return shop or self.shop_url or self.partner_id.name or "-"

    def _get_shares(self):
        """Return {id: percent of the controlled products of its shop below the floor}.

        Products are controlled where a floor was compared; the last 30 days count, and
        each product once (R172).
        """
        if not self:
            return {}
        self.flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT a.id, ROUND(100.0 * COUNT(DISTINCT o.product_id)
                           FILTER (WHERE o.state IN ('below', 'reported'))
                       / COUNT(DISTINCT o.product_id), 2)
                  FROM distributor_price_observation a
                  JOIN distributor_price_observation o
                    ON o.company_id = a.company_id AND o.shop_key = a.shop_key
                   AND o.day > a.day - %s AND o.day <= a.day
                   AND o.state IN ('ok', 'above', 'below', 'reported')
                 WHERE a.id = ANY(%s)
                 GROUP BY a.id
                """,
                SHARE_DAYS,
                self.ids,
            )
        )
        return {number: float(share) for number, share in rows}

    def _report_undeclared(self):
        """Open a case for each shop of a known distributor that was not declared."""
        todo = self.filtered(lambda s: s.is_undeclared and not s.undeclared_case_id)
        if not todo:
            return
        cases = self.env["distributor.violation"]._report(
            [
                {
                    "policy": "undeclared_shop",
                    "partner_id": seen.partner_id.id,
                    "company_id": seen.company_id.id,
                    "occurred_at": seen.observed_at,
                    "source": seen,
                    "facts": self.env._(
                        "%(product)s was on sale in %(shop)s on %(day)s. The shop was "
                        "not declared.\n%(url)s",
                        product=seen.product_id.display_name or seen.product_code,
                        shop=seen._get_shop_label(),
                        day=seen.day,
                        url=seen.shop_url or seen.url or "",
                    ),
                    "evidence_ids": seen.evidence_ids.ids,
                    "key": seen.shop_key,
                }
                for seen in todo
            ]
        )
        for seen, case in zip(todo, cases, strict=True):
            seen.undeclared_case_id = case

    def action_name_distributor(self):
        """Say whose shop these unknown ones are; asks for the distributor."""
        self.check_access("write")
        if self.filtered(lambda seen: seen.state not in ("unknown_shop", "new")):
            raise UserError(self.env._("Choose prices of unknown shops alone."))
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Whose Shop Is It?"),
            "res_model": "distributor.price.owner",
            "view_mode": "form",
            "target": "new",
            "context": {"default_observation_ids": self.ids},
        }

    def action_view_violation(self):
        """Open the cases that these observations opened."""
        cases = self.violation_id | self.undeclared_case_id
        return cases._get_records_action(name=self.env._("Cases"))
