# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class DistributorVisit(models.Model):
    """From a visit to what turned out about it."""

    _inherit = "distributor.visit"

    falsehood_ids = fields.One2many(
        comodel_name="distributor.visit.falsehood", inverse_name="visit_id"
    )

    def _mark_false(self, kind, reason):
        # EXTENDS: what was found stays on record, and the agency answers for it.
        visits = self.sudo()  # who may is checked by what this extends
        before = {visit: visit._remember_verdict() for visit in visits}
        result = super()._mark_false(kind, reason)
        Falsehood = self.env["distributor.visit.falsehood"].sudo()
        known = Falsehood.search(
            [("visit_id", "in", self.ids), ("state", "=", "draft")]
        ).grouped("visit_id")
        for visit in visits:
            falsehood = known.get(visit) or Falsehood.create(
                {"visit_id": visit.id, "kind": kind, "reason": reason}
            )
            falsehood._take_effect(before[visit])
        return result

    def _remember_verdict(self):
        """Return the verdict of a visit as plain values."""
        self.ensure_one()
        return {
            "verdict": self.verdict,
            "verdict_at": fields.Datetime.to_string(self.verdict_at),
            "verdict_by_id": self.verdict_by_id.id,
            "verdict_reason": self.verdict_reason,
            "protected_until": fields.Date.to_string(self.protected_until),
        }

    def action_suspect(self):
        """Write down that the customer was not genuine, or open what stands there."""
        self.ensure_one()
        found = self.falsehood_ids.filtered(lambda f: f.state != "withdrawn")
        action = {
            "type": "ir.actions.act_window",
            "name": self.env._("False Customer"),
            "res_model": "distributor.visit.falsehood",
            "view_mode": "form",
            "context": {"default_visit_id": self.id},
        }
        return {**action, "res_id": found[:1].id} if found else action
