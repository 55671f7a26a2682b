# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import base64
import hashlib

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.distributor_crm.printing import print_document

AT_ONCE = 5
CRON = "distributor_crm_expense.ir_cron_fee_originals"


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
    original_name = fields.Char(readonly=True, copy=False)
    original_sha256 = fields.Char(
        string="Checksum of the Original",
        readonly=True,
        copy=False,
        help="SHA-256 of the signed file.",
    )
    paper_place = fields.Char(
        string="Paper Original",
        copy=False,
        help="Where finance keeps the paper that was signed, if there is one.",
    )

    def _get_report_base_filename(self):
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

    def _keep_originals(self):
        """Print what was just signed: a few at once, many one after the other later."""
        if len(self) <= AT_ONCE:
            self._keep_original()
        else:
            # Owned by the system: who signs need not be let near scheduled actions.
            self.env.ref(CRON).sudo()._trigger()

    @api.model
    def _cron_keep_originals(self):
        """Print what is signed and not printed yet; broken off, it goes on there."""
        cron = self.env["ir.cron"]
        domain = [("state", "in", self._state_to), ("original_sha256", "=", False)]
        while found := self.search(domain, limit=AT_ONCE):
            found.with_context(skip_validation_check=True)._keep_original()
            if not cron._commit_progress(
                len(found), remaining=self.search_count(domain)
            ):
                return

    def _keep_original(self):
        """Print these, and keep the file with its checksum."""
        report = self.env["ir.actions.report"].with_context(fee_copy=False)
        for document in self:
            content, kind = print_document(report, self._fee_report, document.ids)
            document.write(
                {
                    "original": base64.b64encode(content),
                    "original_name": f"{document._get_report_base_filename()}.{kind}",
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
