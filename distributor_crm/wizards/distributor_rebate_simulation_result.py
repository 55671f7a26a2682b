# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models


class DistributorRebateSimulationResult(models.TransientModel):
    """What a distributor earns today, and what he would."""

    _name = "distributor.rebate.simulation.result"
    _description = "Rebate What-If: Result"
    _order = "difference desc, partner_id"
    _rec_name = "partner_id"

    simulation_id = fields.Many2one(
        comodel_name="distributor.rebate.simulation",
        required=True,
        index=True,
        ondelete="cascade",
    )
    currency_id = fields.Many2one(related="simulation_id.currency_id")
    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Distributor",
        required=True,
        ondelete="cascade",
    )
    grade_id = fields.Many2one(
        related="partner_id.grade_id", string="Distributor Tier", store=True
    )
    account_manager_id = fields.Many2one(
        related="partner_id.account_manager_id", store=True
    )
    basis = fields.Monetary(string="Sales")
    basis_what_if = fields.Monetary(string="Sales, What If")
    today = fields.Monetary()
    what_if = fields.Monetary()
    difference = fields.Monetary(compute="_compute_difference", store=True)

    @api.depends("today", "what_if")
    def _compute_difference(self):
        for result in self:
            result.difference = result.what_if - result.today

    def _prepare_bar_vals(self):
        """Return the two bars of a distributor in the chart."""
        self.ensure_one()
        return [
            {
                "simulation_id": self.simulation_id.id,
                "result_id": self.id,
                "partner_id": self.partner_id.id,
                "scenario": scenario,
                "amount": self[scenario],
            }
            for scenario in ("today", "what_if")
        ]


class DistributorRebateSimulationBar(models.TransientModel):
    """A bar of the chart: Odoo's graph shows one measure, so each case is a row."""

    _name = "distributor.rebate.simulation.bar"
    _description = "Rebate What-If: Bar"
    _order = "partner_id, scenario, id"

    simulation_id = fields.Many2one(
        comodel_name="distributor.rebate.simulation",
        required=True,
        index=True,
        ondelete="cascade",
    )
    result_id = fields.Many2one(
        comodel_name="distributor.rebate.simulation.result",
        required=True,
        index=True,
        ondelete="cascade",
    )
    currency_id = fields.Many2one(related="simulation_id.currency_id")
    partner_id = fields.Many2one(
        comodel_name="res.partner", string="Distributor", ondelete="cascade"
    )
    grade_id = fields.Many2one(
        related="partner_id.grade_id", string="Distributor Tier", store=True
    )
    scenario = fields.Selection(
        selection=[("today", "Today"), ("what_if", "What If")],
        string="Case",
        required=True,
    )
    amount = fields.Monetary(string="Rebate")
