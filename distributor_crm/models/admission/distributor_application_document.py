# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import os
import re

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...uploads import is_readable_image, sniff

# What is accepted, and how it is then called.
PDF = "application/pdf"
EXTENSIONS = {
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/webp": ".webp",
    PDF: ".pdf",
}


class DistributorApplicationDocument(models.Model):
    """A document that proves what the applicant states."""

    _name = "distributor.application.document"
    _description = "Applicant's Document"
    _order = "application_id, id"

    application_id = fields.Many2one(
        comodel_name="distributor.application",
        required=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(related="application_id.company_id", store=True)
    kind = fields.Selection(
        selection=[
            ("id", "ID document"),
            ("licence", "Business licence"),
            ("shop", "Screenshot of the shop"),
            ("other", "Other"),
        ],
        required=True,
    )
    attachment_id = fields.Many2one(
        comodel_name="ir.attachment", required=True, ondelete="cascade", index=True
    )
    name = fields.Char(related="attachment_id.name")
    mimetype = fields.Char(related="attachment_id.mimetype")
    file_size = fields.Integer(related="attachment_id.file_size")

    @api.ondelete(at_uninstall=False)
    def _unlink_except_verified(self):
        self.application_id._check_state("draft", "submitted", "waiting", "withdrawn")

    def action_open(self):
        """Open the file in a new tab."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self.attachment_id.id}",
            "target": "new",
        }


class DistributorApplication(models.Model):
    _inherit = "distributor.application"

    document_ids = fields.One2many(
        comodel_name="distributor.application.document",
        inverse_name="application_id",
        string="Documents",
    )

    def _add_document(self, kind, filename, data):
        """Attach a file that the applicant uploaded.

        :param kind: one of the kinds of documents
        :param filename: untrusted; only its letters are kept
        :param data: the bytes, untrusted: they decide what the file is
        :raises UserError: type, size or number is not accepted; says what is
        """
        self.ensure_one()
        company = self.company_id
        kinds = dict(
            self.env["distributor.application.document"]
            ._fields["kind"]
            ._description_selection(self.env)
        )
        if kind not in kinds:
            raise UserError(self.env._("Say what kind of document this is."))
        if len(self.document_ids) >= company.admission_document_count:
            raise UserError(
                self.env._(
                    "At most %s files. Delete one before you add another.",
                    company.admission_document_count,
                )
            )
        if not data or len(data) > company.admission_document_mb * 1024 * 1024:
            raise UserError(
                self.env._(
                    "A file has at most %s MB. Send a smaller one.",
                    company.admission_document_mb,
                )
            )
        mimetype = sniff(data)
        if mimetype not in EXTENSIONS or (
            mimetype != PDF and not is_readable_image(data)
        ):
            raise UserError(
                self.env._(
                    "This is no picture (JPEG, PNG, WebP) and no PDF. Take a photo of "
                    "the document, and upload that."
                )
            )
        attachment = self.env["ir.attachment"].create(
            {
                "name": self._clean_filename(filename, kinds[kind], mimetype),
                "raw": data,
                "mimetype": mimetype,
                "res_model": self._name,
                "res_id": self.id,
            }
        )
        return self.env["distributor.application.document"].create(
            {"application_id": self.id, "kind": kind, "attachment_id": attachment.id}
        )

    @api.model
    def _clean_filename(self, filename, label, mimetype):
        stem = os.path.splitext(os.path.basename((filename or "").replace("\\", "/")))[
            0
        ]
        stem = re.sub(r"[^\w .()-]", "", stem).strip(" .")[:60]
        return f"{stem or label}{EXTENSIONS[mimetype]}"

    @api.autovacuum
    def _gc_personal_data(self):
        """Erase documents and ID numbers of those who did not become distributors."""
        over = self.search(
            [
                ("state", "in", ["refused", "withdrawn"]),
                "|",
                ("id_number", "!=", False),
                ("document_ids", "!=", False),
            ]
        )
        now = fields.Datetime.now()
        for company, group in over.grouped("company_id").items():
            months = company.admission_keep_months
            limit = fields.Datetime.subtract(now, months=months)
            old = group.filtered(
                lambda one, limit=limit: one.closed_on and one.closed_on < limit
            )
            if months and old:
                old.document_ids.attachment_id.unlink()
                old.write({"id_number": False})
                for application in old:
                    application._message_log(
                        body=application.env._(
                            "Documents and ID number were erased, as the settings say."
                        )
                    )
