# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError


class DistributorTargetMonth(models.Model):
    """What is to be sold in one month."""

    _name = "distributor.target.month"
    _description = "Month of a Sales Target"
    _order = "target_id, month"

    target_id = fields.Many2one(
        comodel_name="distributor.target",
        string="Target Of",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(related="target_id.company_id")
    currency_id = fields.Many2one(related="target_id.currency_id")
    month = fields.Integer(required=True, readonly=True, aggregator=None)
    name = fields.Char(compute="_compute_name")
    amount = fields.Monetary(string="Target", required=True, default=0)
    is_fixed = fields.Boolean(
        string="Fixed",
        help="Keeps its amount when the rest is split. Entering an amount fixes it.",
    )
    actual = fields.Monetary(string="Sold", compute="_compute_figures")
    last_year = fields.Monetary(compute="_compute_figures")
    attainment = fields.Float(
        string="Attained (%)", compute="_compute_figures", digits=(16, 1)
    )
    is_begun = fields.Boolean(compute="_compute_figures")

    _once = models.Constraint(
        "UNIQUE(target_id, month)", "This month is there already."
    )
    _month_in_year = models.Constraint(
        "CHECK(month BETWEEN 1 AND 12)", "A year has the months 1 to 12."
    )
    _amount_not_negative = models.Constraint(
        "CHECK(amount >= 0)", "The target of a month is zero at least."
    )

    @api.onchange("amount")
    def _onchange_amount(self):
        # As it will be when it is saved.
        self.is_fixed = True

    @api.depends("target_id.year", "month")
    def _compute_name(self):
        for line in self:
            line.name = f"{line.target_id.year}-{line.month:02}"

    @api.depends("amount", "target_id.scope", "target_id.year")
    def _compute_figures(self):
        rows = self.target_id._get_month_rows()
        found = {row["id"]: row for months in rows.values() for row in months}
        for line in self:
            row = found.get(line._origin.id, {})
            line.actual = row.get("actual", 0)
            line.last_year = row.get("last_year", 0)
            line.is_begun = row.get("is_begun", False)
            line.attainment = (
                100 * line.actual / line.amount if line.amount and row else 0
            )

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            raise AccessError(self.env._("A target has its twelve months already."))
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su:
            self._check_writable(vals)
            if "amount" in vals:
                vals = {"is_fixed": True, **vals}
        return super().write(vals)

    def _check_writable(self, vals):
        """Check that only amounts of drafts are entered.

        :raises UserError: the target is no draft any more
        """
        if set(vals) - {"amount", "is_fixed"}:
            raise AccessError(self.env._("Only the amount of a month is entered."))
        self.target_id._check_writable({"month_ids": []})
