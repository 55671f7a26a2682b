# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from decimal import Decimal

from odoo import api, fields, models
from odoo.tools import float_repr

from ...rebate.arithmetic import Tier


class DistributorRebateTier(models.Model):
    _name = "distributor.rebate.tier"
    _description = "Rebate Tier"
    _order = "program_id, threshold, id"

    program_id = fields.Many2one(
        comodel_name="distributor.rebate.program",
        required=True,
        index=True,
        ondelete="cascade",
    )
    currency_id = fields.Many2one(related="program_id.currency_id")
    threshold = fields.Monetary(
        string="Sales From",
        required=True,
        help="Sales of this amount and more reach the tier. It ends where the next "
        "one starts; the highest tier is open.",
    )
    rate = fields.Float(string="Rate (%)", digits=(9, 4), required=True)

    _threshold_unique = models.Constraint(
        "UNIQUE(program_id, threshold)",
        "Two tiers of a program cannot start at the same amount. Change or delete "
        "one of them.",
    )
    _threshold_not_negative = models.Constraint(
        "CHECK(threshold >= 0)",
        "A tier cannot start below zero. Enter zero or a positive amount.",
    )
    _rate_percent = models.Constraint(
        "CHECK(rate >= 0 AND rate <= 100)",
        "The rate of a tier is a percentage between 0 and 100.",
    )

    @api.depends("threshold", "rate")
    def _compute_display_name(self):
        for tier in self:
            tier.display_name = self.env._(
                "%(rate)s%% from %(threshold)s",
                rate=f"{tier.rate:g}",
                threshold=tier.currency_id.format(tier.threshold),
            )

    @api.model_create_multi
    def create(self, vals_list):
        programs = {vals.get("program_id") for vals in vals_list}
        self.env["distributor.rebate.program"].browse(programs)._check_terms_editable()
        return super().create(vals_list)

    def write(self, vals):
        self.program_id._check_terms_editable()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_settled(self):
        self.program_id._check_terms_editable()

    def _as_tuples(self) -> list[Tier]:
        """Return the tiers for the arithmetic, exact as they are stored."""
        return [
            Tier(
                Decimal(float_repr(tier.threshold, tier.currency_id.decimal_places)),
                Decimal(float_repr(tier.rate, 4)),
            )
            for tier in self
        ]
