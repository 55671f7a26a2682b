# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models


class ResUsers(models.Model):
    _inherit = "res.users"

    def write(self, vals):
        leaving = self.browse()
        if "active" in vals and not vals["active"]:
            leaving = self.filtered(lambda user: user.active and not user.share)
        result = super().write(vals)
        if leaving:
            # Whoever archives users may know nothing of distributors.
            self.env["distributor.handover"].sudo()._prepare_for(leaving)
        return result

    def action_archive(self):
        """Archive users; where they had distributors, go on to the hand-over (R154)."""
        Handover = self.env["distributor.handover"]
        # Odoo deletes the activities of archived users: ours are kept before. Whoever
        # archives users may know nothing of distributors.
        leaving = self.filtered(lambda user: user.active and not user.share)
        Handover.sudo()._prepare_for(leaving)
        result = super().action_archive()
        drafts = Handover.sudo().search(
            [("user_id", "in", self.ids), ("state", "=", "draft")]
        )
        if not drafts:
            return result
        if Handover.has_access("write"):
            return drafts.with_env(self.env)._get_records_action(
                name=self.env._("Hand-overs")
            )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning",
                "sticky": True,
                "message": self.env._(
                    "%s had distributors to look after. The sales managers were asked "
                    "to hand them over.",
                    ", ".join(drafts.user_id.mapped("name")),
                ),
            },
        }
