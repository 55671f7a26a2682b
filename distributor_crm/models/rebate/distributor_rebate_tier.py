# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import ValidationError
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
    reward = fields.Selection(related="program_id.reward")
    threshold = fields.Float(
        string="From",
        digits=(16, 4),
        required=True,
        help="This much and more reaches the tier: an amount, a quantity or a "
        "percentage, as the program measures. It ends where the next one starts; the "
        "highest tier is open.",
    )
    rate = fields.Float(
        digits=(16, 4),
        required=True,
        help="A percentage, an amount per unit, a fixed amount, or the number of free "
        "units, as the program rewards.",
    )

    _threshold_unique = models.Constraint(
        "UNIQUE(program_id, threshold)",
        "Two tiers of a program cannot start at the same amount. Change or delete "
        "one of them.",
    )
    _threshold_not_negative = models.Constraint(
        "CHECK(threshold >= 0)",
        "A tier cannot start below zero. Enter zero or a positive amount.",
    )
    _rate_not_negative = models.Constraint(
        "CHECK(rate >= 0)",
        "A rate cannot be negative. Enter zero or a positive one.",
    )

    @api.depends(
        "threshold",
        "rate",
        "program_id.reward",
        "program_id.scale",
        "program_id.measure",
        "program_id.uom_id",
        "program_id.free_product_id",
    )
    def _compute_display_name(self):
        for tier in self:
            tier.display_name = self.env._(
                "%(rate)s from %(threshold)s",
                rate=tier._format_rate(),
                threshold=tier._format_threshold(),
            )

    def _format_rate(self) -> str:
        """Return the rate as people write it."""
        program, number = self.program_id, f"{self.rate:.10g}"
        if program.reward == "percent":
            return f"{number}%"
        if program.reward == "goods":
            product = program.free_product_id.display_name
            return f"{number} {product or program.uom_id.name}"
        amount = self.currency_id.format(self.rate)
        return f"{amount}/{program.uom_id.name}" if program.reward == "unit" else amount

    def _format_threshold(self) -> str:
        """Return the threshold as people write it."""
        return self.program_id._format_measure(self.threshold)

    @api.constrains("rate", "program_id")
    def _check_rate(self):
        for tier in self:
            if tier.program_id.reward == "percent" and tier.rate > 100:
                raise ValidationError(
                    self.env._("The rate of a tier is a percentage between 0 and 100.")
                )

    @api.model_create_multi
    def create(self, vals_list):
        programs = {vals.get("program_id") for vals in vals_list}
        self.env["distributor.rebate.program"].browse(programs)._check_terms_editable()
        return super().create(vals_list)

    def write(self, vals):
        self.check_access("write")
        programs = self.program_id | self.program_id.browse(vals.get("program_id"))
        programs._check_terms_editable()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_settled(self):
        self.program_id._check_terms_editable()

    def _as_tuples(self) -> list[Tier]:
        """Return the tiers for the arithmetic, exact as they are stored."""
        return [
            Tier(
                Decimal(float_repr(tier.threshold, 4)),
                Decimal(float_repr(tier.rate, 4)),
            )
            for tier in self
        ]
