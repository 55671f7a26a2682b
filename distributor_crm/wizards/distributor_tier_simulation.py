# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from collections import Counter

from odoo import Command, api, fields, models
from odoo.exceptions import AccessError

from ..guard import check_own_company


class DistributorTierSimulation(models.TransientModel):
    """What other thresholds would do: who would move, writing nothing."""

    _name = "distributor.tier.simulation"
    _description = "What If of the Tiers"

    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        default=lambda self: self.env.company,
    )
    line_ids = fields.One2many(
        comodel_name="distributor.tier.simulation.line",
        inverse_name="simulation_id",
        compute="_compute_line_ids",
        store=True,
        readonly=False,
    )
    move_ids = fields.One2many(
        comodel_name="distributor.tier.simulation.move", inverse_name="simulation_id"
    )
    is_done = fields.Boolean()

    def _compute_display_name(self):
        self.display_name = self.env._("What If")

    @api.depends("company_id")
    def _compute_line_ids(self):
        for simulation in self:
            conditions = self.env["distributor.tier.condition"].search(
                [("company_id", "=", simulation.company_id.id)]
            )
            active = conditions.filtered("rule_id.active")
            simulation.line_ids = [Command.clear()] + [
                Command.create({"condition_id": one.id, "value": one.value})
                for one in active.sorted(
                    lambda c: (c.rule_id.grade_sequence, c.rule_id.kind, c.id)
                )
            ]

    def action_simulate(self):
        """Count who would move today, with the values as they are and as they would be.

        :raises AccessError: not a sales manager, or of another company
        """
        self.ensure_one()
        if not self.env.user.has_group("distributor_crm.group_sales_manager"):
            raise AccessError(
                self.env._("Only sales managers see what other thresholds would do.")
            )
        check_own_company(self.env, self.company_id)
        other = {line.condition_id.id: line.value for line in self.line_ids}
        Change = self.env["distributor.tier.change"]
        counts = {
            name: Counter(
                (now or False, verdict.grade_id or False)
                for now, verdict, _figures in Change._get_verdicts(
                    self.company_id, replaced
                ).values()
            )
            for name, replaced in (("count_now", None), ("count_then", other))
        }
        pairs = sorted(set().union(*counts.values()))
        self.move_ids = [Command.clear()] + [
            Command.create(
                {
                    "old_grade_id": old,
                    "new_grade_id": new,
                    **{name: count[old, new] for name, count in counts.items()},
                }
            )
            for old, new in pairs
        ]
        self.is_done = True


class DistributorTierSimulationLine(models.TransientModel):
    _name = "distributor.tier.simulation.line"
    _description = "Threshold of a What If"

    simulation_id = fields.Many2one(
        comodel_name="distributor.tier.simulation", required=True, ondelete="cascade"
    )
    condition_id = fields.Many2one(
        comodel_name="distributor.tier.condition", required=True, ondelete="cascade"
    )
    grade_id = fields.Many2one(related="condition_id.rule_id.grade_id")
    kind = fields.Selection(related="condition_id.rule_id.kind")
    current = fields.Float(related="condition_id.value", string="Today")
    value = fields.Float(string="What If", digits=(16, 2))


class DistributorTierSimulationMove(models.TransientModel):
    _name = "distributor.tier.simulation.move"
    _description = "Result of a What If"

    simulation_id = fields.Many2one(
        comodel_name="distributor.tier.simulation", required=True, ondelete="cascade"
    )
    old_grade_id = fields.Many2one(comodel_name="res.partner.grade", string="From")
    new_grade_id = fields.Many2one(comodel_name="res.partner.grade", string="To")
    count_now = fields.Integer(string="Today")
    count_then = fields.Integer(string="Then")
