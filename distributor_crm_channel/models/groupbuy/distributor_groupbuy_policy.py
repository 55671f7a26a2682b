# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...groupbuy import Limits


class DistributorGroupbuyPolicy(models.Model):
    """What a group-buy has to be like, from a day on; older ones keep their version."""

    _name = "distributor.groupbuy.policy"
    _description = "Group-buy Policy"
    _order = "company_id, date_from desc"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    date_from = fields.Date(
        string="Valid From", required=True, default=fields.Date.context_today
    )
    min_quantity = fields.Float(
        string="From (Units)",
        digits="Product Unit",
        help="Orders of fewer units are no group-buy. Zero asks for none.",
    )
    pricelist_id = fields.Many2one(
        comodel_name="product.pricelist",
        string="Group-buy Pricelist",
        ondelete="restrict",
        check_company=True,
        help="Orders get these prices when their group-buy is filed, and never without.",
    )
    hold_earnings = fields.Boolean(
        string="Earnings Wait",
        default=True,
        help="What a store earns on the order is not released before it is verified.",
    )
    claw_back = fields.Boolean(
        string="Claw Back the Price Difference",
        help="A group-buy that does not match costs what its prices saved.",
    )
    photos = fields.Integer(string="Photos for Each Use", default=2)
    tolerance = fields.Float(
        string="Tolerance (%)",
        default=3,
        help="Up to this part of the goods may be missing, or others, and all is "
        "consistent.",
    )
    tolerance_minor = fields.Float(
        string="Minor Variance up to (%)",
        default=15,
        help="Above, the group-buy is inconsistent and becomes a case.",
    )
    tolerance_days = fields.Integer(
        string="Other Day (Days)",
        default=3,
        help="A use so many days from the planned one is consistent.",
    )
    units_low = fields.Float(string="Units per Table, at Least", default=1)
    units_high = fields.Float(
        string="Units per Table, at Most", default=6, help="Zero sets no limit."
    )
    guests_high = fields.Integer(
        string="Guests per Table, at Most", default=14, help="Zero sets no limit."
    )
    verify_days = fields.Integer(
        string="Verify Within (Days)",
        default=14,
        help="After its last use. Then a group-buy that nobody reported is inconsistent.",
    )
    explain_days = fields.Integer(
        string="Explain Within (Days)",
        default=5,
        help="So long the distributor has to explain what does not match.",
    )

    _once = models.UniqueIndex(
        "(company_id, date_from) WHERE active",
        "There is a policy from this day on already.",
    )
    _tolerance_in_order = models.Constraint(
        "CHECK(tolerance >= 0 AND tolerance <= tolerance_minor)",
        "The tolerance is at least zero, and at most the minor variance.",
    )
    _tables_in_order = models.Constraint(
        "CHECK(units_low >= 0 AND (units_high = 0 OR units_low <= units_high) "
        "AND guests_high >= 0)",
        "Units per table go from a lower number to a higher one.",
    )
    _numbers_positive = models.Constraint(
        "CHECK(photos >= 0 AND photos <= 20 AND tolerance_days >= 0 "
        "AND verify_days >= 0 AND explain_days >= 0 AND min_quantity >= 0)",
        "Enter numbers from zero on, and at most 20 photos.",
    )

    @api.model
    def _find(self, company, day=None):
        """Return the policy of a company on a day, with full rights.

        :raises UserError: there is none
        """
        # What counts does not depend on who asks.
        found = self.sudo().search(
            [
                ("company_id", "=", company.id),
                ("date_from", "<=", day or fields.Date.context_today(self)),
            ],
            order="date_from desc",
            limit=1,
        )
        if not found:
            raise UserError(
                self.env._(
                    "%s has no group-buy policy yet. A channel administrator makes one "
                    "under Configuration.",
                    company.name,
                )
            )
        return found

    def write(self, vals):
        self.check_access("write")
        # Old group-buys keep what they were judged by: only new versions change it.
        if vals.keys() - {"active", "name"} and not self.env.su:
            used = self.env["distributor.groupbuy"].sudo()
            if used.search_count([("policy_id", "in", self.ids)], limit=1):
                raise UserError(
                    self.env._(
                        "Group-buys were filed under this policy. Make a new one that "
                        "is valid from a later day."
                    )
                )
        return super().write(vals)

    def _get_limits(self):
        """Return what is let pass, for the arithmetic."""
        self.ensure_one()
        return Limits(
            minor=Decimal(str(self.tolerance)),
            major=Decimal(str(self.tolerance_minor)),
            photos=self.photos,
            days=self.tolerance_days,
            units_low=Decimal(str(self.units_low)),
            units_high=Decimal(str(self.units_high)),
            guests_high=self.guests_high,
        )

    @api.model
    def _create_missing(self, companies=None):
        """Give companies without a policy the one that is delivered."""
        companies = companies or self.env["res.company"].search([("id", "!=", False)])
        known = self.search([("company_id", "in", companies.ids)]).company_id
        self.create(
            [
                {
                    "name": self.env._("Group-buys"),
                    "company_id": company.id,
                    "date_from": "2020-01-01",
                }
                for company in companies - known
            ]
        )
