# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import base64
import hashlib

from odoo import fields, models
from odoo.exceptions import UserError


class DistributorFeeDocument(models.AbstractModel):
    """The signed form: the original stays with finance, sales have a copy (R099)."""

    _inherit = "distributor.fee.document"

    # The XML id of the form that is printed.
    _fee_report = None

    original = fields.Binary(
        string="Signed Original",
        readonly=True,
        copy=False,
        attachment=True,
        groups="distributor_crm.group_finance,distributor_crm_expense.group_fee_auditor",
    )
    original_name = fields.Char(compute="_compute_original_name")
    original_sha256 = fields.Char(
        string="Checksum of the Original",
        readonly=True,
        copy=False,
        help="SHA-256 of the signed PDF.",
    )
    paper_place = fields.Char(
        string="Paper Original",
        copy=False,
        help="Where finance keeps the paper that was signed, if there is one.",
    )

    def _compute_original_name(self):
        for document in self:
            document.original_name = f"{document._get_file_name()}.pdf"

    def _get_file_name(self):
        """Hook: return the name of the printed form, without its ending."""
        return self.display_name

    def _is_copy(self) -> bool:
        """Whether what is printed now is a copy: all but the print that is kept."""
        return self.env.context.get("fee_copy", True) and bool(self.original_sha256)

    def _get_valid_signatures(self):
        """Return the signatures that count, in their order."""
        return (
            self._get_round_signatures()
            .filtered(lambda signature: not signature.voided_on)
            .sorted("id")
        )

    def _keep_original(self):
        """Print what was just signed, and keep it with its checksum."""
        report = self.env["ir.actions.report"].with_context(fee_copy=False)
        for document in self:
            content, _kind = report._render_qweb_pdf(self._fee_report, document.ids)
            document.write(
                {
                    "original": base64.b64encode(content),
                    "original_sha256": hashlib.sha256(content).hexdigest(),
                }
            )

    def action_check_original(self):
        """Compare the kept file with its checksum.

        :raises UserError: it is another one
        """
        self.ensure_one()
        self._check_finance()
        content = self.with_context(bin_size=False).original or b""
        found = hashlib.sha256(base64.b64decode(content)).hexdigest()
        if found != self.original_sha256:
            raise UserError(self.env._("The kept file is not the one that was signed."))
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._("The original is the file that was signed."),
            },
        }
