# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, models
from odoo.exceptions import UserError

from ..store.ir_attachment import FILE


class IrAttachment(models.Model):
    _inherit = "ir.attachment"

    def write(self, vals):
        if FILE & vals.keys():
            self._check_no_evidence()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_evidence(self):
        self._check_no_evidence()

    def _check_no_evidence(self):
        """Refuse to change or delete originals, superusers too.

        :raises UserError: names what the original proves
        """
        if not self.ids:
            return
        # Whoever cannot read the evidence changes its original even less.
        kept = self.env["distributor.evidence"].sudo()
        if found := kept.search([("attachment_id", "in", self.ids)], limit=1):
            raise UserError(
                self.env._(
                    "%s is evidence. It stays as it was received.", found.display_name
                )
            )
