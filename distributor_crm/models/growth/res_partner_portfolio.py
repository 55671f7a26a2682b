# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models


class ResPartner(models.Model):
    """The relation with a distributor, and its figures of last night."""

    _inherit = "res.partner"

    relation_stage = fields.Selection(
        selection=[
            ("acquaintance", "Acquaintance"),
            ("running_in", "Running-in"),
            ("acceptance", "Acceptance"),
            ("identification", "Identification"),
            ("growth", "Growth"),
            ("creation", "Creation"),
        ],
        tracking=True,
        help="How close the relation is, as who looks after it judges.",
    )
    portfolio_ids = fields.One2many(
        comodel_name="distributor.portfolio", inverse_name="partner_id"
    )
    portfolio_id = fields.Many2one(
        comodel_name="distributor.portfolio",
        string="Figures of Last Night",
        compute="_compute_portfolio_id",
    )
    portfolio_currency_id = fields.Many2one(
        related="portfolio_id.currency_id", string="Portfolio Currency"
    )
    portfolio_sales = fields.Monetary(
        related="portfolio_id.sales", currency_field="portfolio_currency_id"
    )
    portfolio_class = fields.Selection(related="portfolio_id.abc_class")
    portfolio_lifecycle = fields.Selection(related="portfolio_id.lifecycle")
    portfolio_segment = fields.Selection(related="portfolio_id.rfm_segment")
    portfolio_risk = fields.Selection(related="portfolio_id.churn_risk")
    portfolio_reasons = fields.Char(related="portfolio_id.churn_reasons")
    portfolio_trend = fields.Float(related="portfolio_id.trend")
    portfolio_rhythm = fields.Float(related="portfolio_id.rhythm")
    portfolio_value = fields.Monetary(
        related="portfolio_id.lifetime_value", currency_field="portfolio_currency_id"
    )
    is_key_account = fields.Boolean(related="portfolio_id.is_key_account")

    @api.depends("portfolio_ids")
    @api.depends_context("company")
    def _compute_portfolio_id(self):
        found = self.env["distributor.portfolio"].search(
            [("partner_id", "in", self.ids), ("company_id", "=", self.env.company.id)]
        )
        rows = found.grouped("partner_id")
        for partner in self:
            partner.portfolio_id = rows.get(partner._origin, found)[:1]

    def action_view_portfolio(self):
        """Open the figures of these distributors."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "distributor_crm.distributor_portfolio_action"
        )
        action = {**action, "domain": [("partner_id", "in", self.ids)], "context": {}}
        if len(self.portfolio_id) == 1:
            action |= {
                "views": [(False, "form")],
                "res_id": self.portfolio_id.id,
            }
        return action
