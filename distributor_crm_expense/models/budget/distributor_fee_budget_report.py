# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models
from odoo.tools import SQL

STAGES = [
    ("budget", "Budget"),
    ("reserved", "Reserved"),
    ("approved", "Approved"),
    ("paid", "Paid"),
]


class DistributorFeeBudgetReport(models.Model):
    """Budget against actual: each budget on its first day, and the fees it covers."""

    _name = "distributor.fee.budget.report"
    _description = "Fee Budget against Actual"
    _auto = False
    _order = "day, id"

    budget_id = fields.Many2one(comodel_name="distributor.fee.budget", readonly=True)
    company_id = fields.Many2one(comodel_name="res.company", readonly=True)
    currency_id = fields.Many2one(comodel_name="res.currency", readonly=True)
    day = fields.Date(readonly=True)
    user_id = fields.Many2one(
        comodel_name="res.users", string="Representative", readonly=True
    )
    state_id = fields.Many2one(
        comodel_name="res.country.state", string="Region", readonly=True
    )
    product_tmpl_id = fields.Many2one(
        comodel_name="product.template", string="Product", readonly=True
    )
    purpose_id = fields.Many2one(comodel_name="distributor.fee.purpose", readonly=True)
    stage = fields.Selection(selection=STAGES, readonly=True)
    amount = fields.Monetary(readonly=True, help="Of the stage of the row.")
    budget = fields.Monetary(string="Budgeted", readonly=True)
    used = fields.Monetary(readonly=True, help="Reserved, approved and paid.")
    remaining = fields.Monetary(readonly=True)

    @property
    def _table_query(self):
        Budget = self.env["distributor.fee.budget"]
        Budget.flush_model()
        return SQL(
            """
            SELECT ROW_NUMBER() OVER (ORDER BY budget_id, stage, day, amount) AS id,
                   part.*,
                   CASE stage WHEN 'budget' THEN amount ELSE 0 END AS budget,
                   CASE stage WHEN 'budget' THEN 0 ELSE amount END AS used,
                   CASE stage WHEN 'budget' THEN amount ELSE -amount END AS remaining
              FROM (
                SELECT id AS budget_id, company_id, currency_id, date_from AS day,
                       user_id, state_id, product_tmpl_id, purpose_id,
                       'budget' AS stage, amount
                  FROM distributor_fee_budget
                 WHERE active
                 UNION ALL
                SELECT used.budget_id, used.company_id, own.currency_id, used.day,
                       used.user_id, used.state_id, used.product_tmpl_id,
                       used.purpose_id, used.stage, used.amount
                  FROM (%s) used
                  JOIN distributor_fee_budget own ON own.id = used.budget_id
                 WHERE own.active
              ) part
            """,
            Budget._get_usage_query(),
        )
