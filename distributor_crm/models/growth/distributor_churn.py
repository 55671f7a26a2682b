# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models


class DistributorChurnReason(models.Model):
    """Why distributors leave: a code to count by (R224)."""

    _name = "distributor.churn.reason"
    _description = "Reason of Churn"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)

    _code_once = models.UniqueIndex("(lower(code))", "This code is taken.")


class DistributorChurn(models.Model):
    """A distributor that was lost, why, and whether we could have acted (R224, A38)."""

    _name = "distributor.churn"
    _description = "Lost Distributor"
    _inherit = ["mail.thread"]
    _order = "date desc, id desc"
    _rec_name = "partner_id"
    _check_company_auto = True

    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Distributor",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        domain=[("is_distributor", "=", True), ("parent_id", "=", False)],
    )
    date = fields.Date(
        string="Lost On", required=True, default=fields.Date.context_today
    )
    reason_id = fields.Many2one(
        comodel_name="distributor.churn.reason",
        required=True,
        index=True,
        ondelete="restrict",
        tracking=True,
    )
    could_have_acted = fields.Selection(
        selection=[("yes", "Yes"), ("partly", "Partly"), ("no", "No")],
        string="Could We Have Acted?",
        required=True,
        tracking=True,
    )
    what_to_learn = fields.Text(
        string="What We Learn", help="What would have kept this distributor."
    )
    retention_cost = fields.Monetary(
        string="Spent on Keeping It",
        help="What was spent on the attempt to keep this distributor.",
    )
    is_won_back = fields.Boolean(string="Won Back", tracking=True)
    # As they were on the day: the matrix does not change with the distributor.
    grade_id = fields.Many2one(
        comodel_name="res.partner.grade",
        string="Tier",
        compute="_compute_snapshot",
        store=True,
        readonly=False,
    )
    state_id = fields.Many2one(
        comodel_name="res.country.state",
        string="Province",
        compute="_compute_snapshot",
        store=True,
        readonly=False,
    )
    account_manager_id = fields.Many2one(
        comodel_name="res.users",
        compute="_compute_snapshot",
        store=True,
        readonly=False,
    )
    lost_sales = fields.Monetary(
        string="Yearly Sales Lost",
        compute="_compute_snapshot",
        store=True,
        readonly=False,
        help="The sales of the better one of the last two years.",
    )

    _once_a_day = models.Constraint(
        "UNIQUE(company_id, partner_id, date)",
        "This loss was recorded already. Change that record instead.",
    )
    _cost_not_negative = models.Constraint(
        "CHECK(retention_cost >= 0)", "Enter what was spent, or zero."
    )

    @api.depends("partner_id", "company_id")
    def _compute_snapshot(self):
        rows = self.env["distributor.portfolio"].search(
            [
                ("partner_id", "in", self.partner_id.ids),
                ("company_id", "in", self.company_id.ids),
            ]
        )
        figures = {(row.partner_id, row.company_id): row for row in rows}
        for churn in self:
            partner = churn.partner_id
            churn.grade_id = partner.grade_id
            churn.state_id = partner.state_id
            churn.account_manager_id = partner.account_manager_id
            row = figures.get((partner, churn.company_id))
            churn.lost_sales = max(row.sales, row.sales_before) if row else 0
