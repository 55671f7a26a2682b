# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models


class DistributorFeeDocument(models.AbstractModel):
    """Tells the compliance reviewer of what waits for him once it is handed in."""

    _inherit = "distributor.fee.document"

    def request_validation(self):
        # EXTENDS tier.validation: what was looked at as a draft may be remembered so.
        self.invalidate_recordset(["need_validation"], flush=False)
        reviews = super().request_validation()
        for document in self:
            document._tell_compliance()
        return reviews

    def _tell_compliance(self):
        waiting = self._get_fees().filtered(
            lambda fee: fee.compliance_state == "waiting"
        )
        if not waiting:
            return
        users = waiting._get_compliance_users(self.company_id) - self.user_id
        if not users:
            return
        # Whoever hands it in need not be able to write to the reviewer.
        self.sudo().message_notify(
            partner_ids=users.partner_id.ids,
            subject=self.env._("A fee to a person waits for your review"),
            body=self.env._(
                "%(document)s names %(payees)s as payee. Agree to it or refuse it: "
                "until then it is not paid.",
                document=self.display_name,
                payees=", ".join(waiting.payee_id.mapped("name")),
            ),
        )

    def _get_fees(self):
        """Hook: return what names payees, on this document."""
        return self
