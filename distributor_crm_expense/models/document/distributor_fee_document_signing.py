# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError


class DistributorFeeDocument(models.AbstractModel):
    """Signatures that are drawn, where the fee policy asks for them (R096)."""

    _inherit = "distributor.fee.document"

    @api.model
    def _get_signing(self):
        # EXTENDS: documents of several companies are signed by the strictest way.
        today = fields.Date.context_today(self)
        ways = {company._get_fee_policy(today).signing for company in self.company_id}
        if len(ways) > 1:
            return "both"
        return ways.pop() if ways else "password"

    def _ask_to_draw(self):
        """Open the form in which this user draws his signature."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Sign"),
            "res_model": "distributor.fee.signing",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_res_model": self._name,
                "default_res_ids": self.ids,
                "default_way": self._get_signing(),
                "dialog_size": "medium",
            },
        }

    def action_check_original(self):
        # EXTENDS: the drawings are those that were given for this document.
        for signature in self.sudo().signature_ids:
            if not signature._is_drawing_intact():
                raise UserError(
                    self.env._(
                        "The drawn signature of %s is not the one that was given.",
                        signature.user_id.name,
                    )
                )
        return super().action_check_original()
