# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models

from .distributor_violation import OPEN


class ResPartner(models.Model):
    """Cases of a distributor, and what they hold."""

    _inherit = "res.partner"

    distributor_violation_ids = fields.One2many(
        comodel_name="distributor.violation", inverse_name="partner_id"
    )
    distributor_penalty_ids = fields.One2many(
        comodel_name="distributor.violation.penalty",
        inverse_name="partner_id",
        groups="distributor_crm.group_sales_rep,distributor_crm.group_finance",
    )
    distributor_violation_count = fields.Integer(
        string="Breach Cases", compute="_compute_distributor_violation_count"
    )
    distributor_open_violation_count = fields.Integer(
        string="Open Breach Cases", compute="_compute_distributor_violation_count"
    )
    distributor_hold = fields.Char(
        string="Held", compute="_compute_distributor_hold", compute_sudo=True
    )

    @api.depends("distributor_violation_ids.state")
    def _compute_distributor_violation_count(self):
        Violation = self.env["distributor.violation"]
        rows = (
            Violation._read_group(
                [("partner_id", "in", self.ids)], ["partner_id", "state"], ["__count"]
            )
            if Violation.has_access("read")
            else []
        )
        for partner in self:
            mine = [row for row in rows if row[0] == partner._origin]
            partner.distributor_violation_count = sum(row[2] for row in mine)
            partner.distributor_open_violation_count = sum(
                row[2] for row in mine if row[1] in (*OPEN, "appealed")
            )

    @api.depends("distributor_violation_ids.state")
    @api.depends_context("company", "lang", "tz")
    def _compute_distributor_hold(self):
        holds = self._origin._get_distributor_holds()
        for partner in self:
            partner.distributor_hold = ", ".join(holds.get(partner._origin, ()))

    def action_view_distributor_violations(self):
        """Open the cases of these distributors."""
        action = self.env["distributor.violation"]._get_list_action(
            [("partner_id", "in", self.commercial_partner_id.ids)]
        )
        if len(self) == 1:
            action["context"] = {"default_partner_id": self.commercial_partner_id.id}
        return action

    def _get_distributor_holds(self, purpose=None, company=None):
        # EXTENDS distributor_crm: suspensions, in one query however many are asked for.
        holds = super()._get_distributor_holds(purpose, company)
        owners = self.commercial_partner_id
        if not owners:
            return holds
        Penalty = self.env["distributor.violation.penalty"]
        # Who is suspended does not depend on who asks.
        penalties = Penalty.sudo().search_fetch(
            [
                ("partner_id", "in", owners.ids),
                *Penalty._get_holding_domain(purpose, company or self.env.company),
            ],
            ["partner_id", "violation_id", "kind", "ends_at"],
        )
        by_owner = penalties.grouped("partner_id") if penalties else {}
        for partner in self:
            for penalty in by_owner.get(partner.commercial_partner_id, ()):
                holds.setdefault(partner, []).append(penalty._describe_hold())
        return holds
