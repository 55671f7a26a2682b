# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models


class ResPartner(models.Model):
    """A distributor's evaluations and improvement plans."""

    _inherit = "res.partner"

    evaluation_ids = fields.One2many(
        comodel_name="distributor.evaluation", inverse_name="partner_id"
    )
    improvement_ids = fields.One2many(
        comodel_name="distributor.improvement", inverse_name="partner_id"
    )
    evaluation_count = fields.Integer(compute="_compute_evaluation_counts")
    improvement_count = fields.Integer(compute="_compute_evaluation_counts")
    last_evaluation_id = fields.Many2one(
        comodel_name="distributor.evaluation", compute="_compute_last_evaluation_id"
    )

    @api.depends("evaluation_ids", "improvement_ids")
    def _compute_evaluation_counts(self):
        for field, model in (
            ("evaluation_count", "distributor.evaluation"),
            ("improvement_count", "distributor.improvement"),
        ):
            counts = dict(
                self.env[model]._read_group(
                    [("partner_id", "in", self.ids)], ["partner_id"], ["__count"]
                )
            )
            for partner in self:
                partner[field] = counts.get(partner, 0)

    @api.depends("evaluation_ids.state")
    def _compute_last_evaluation_id(self):
        rows = self.env["distributor.evaluation"]._read_group(
            [
                ("partner_id", "in", self.ids),
                ("state", "in", ("published", "closed")),
            ],
            ["partner_id"],
            ["id:recordset"],
        )
        last = {
            partner: found.sorted(lambda e: (e.date_to, e.id))[-1:]
            for partner, found in rows
        }
        for partner in self:
            partner.last_evaluation_id = last.get(partner)

    def action_view_evaluations(self):
        """Open the evaluations of these distributors."""
        return self._get_own_action("distributor_crm.distributor_evaluation_action")

    def action_view_improvements(self):
        """Open the improvement plans of these distributors."""
        return self._get_own_action("distributor_crm.distributor_improvement_action")
