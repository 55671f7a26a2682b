# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, models
from odoo.exceptions import UserError

# What makes a file another one, or somebody else's.
FILE = {
    "name",
    "raw",
    "datas",
    "db_datas",
    "store_fname",
    "checksum",
    "mimetype",
    "type",
    "url",
    "res_model",
    "res_id",
    "public",
}


class IrAttachment(models.Model):
    _inherit = "ir.attachment"

    def write(self, vals):
        if FILE & vals.keys():
            self._check_no_agreement()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_agreement(self):
        self._check_no_agreement()

    def _check_no_agreement(self):
        """Refuse to change or delete the documents of signed agreements.

        :raises UserError: names the agreement
        """
        if not self.ids:
            return
        # Whoever cannot read the agreement changes its document even less.
        signed = self.env["distributor.agreement"].sudo()
        agreement = signed.search([("document_id", "in", self.ids)], limit=1)
        if agreement:
            raise UserError(
                self.env._(
                    "This is the signed document of %s. It stays as it is.",
                    agreement.name,
                )
            )
