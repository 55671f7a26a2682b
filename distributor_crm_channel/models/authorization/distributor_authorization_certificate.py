# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import base64
import hashlib

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.distributor_crm.printing import print_document

from .distributor_authorization import IN_FORCE

PDF, HTML = "application/pdf", "text/html"


class DistributorAuthorization(models.Model):
    """The certificate that a shop shows, kept as it was printed (R184)."""

    _inherit = "distributor.authorization"

    certificate_id = fields.Many2one(
        comodel_name="ir.attachment",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    certificate_digest = fields.Char(
        string="Digest of the Certificate",
        readonly=True,
        copy=False,
        help="SHA-256 of the file as it was made when the authorization was granted.",
    )
    is_intact = fields.Boolean(
        string="Certificate Unchanged",
        compute="_compute_is_intact",
        help="The file is, byte for byte, what was printed.",
    )

    def _compute_is_intact(self):
        # The file is nobody's but the authorization's: who reads this one reads that;
        # the web client asks for sizes in place of files.
        for record in self.sudo().with_context(bin_size=False):
            content = record.certificate_id.raw or b""
            digest = hashlib.sha256(content).hexdigest()
            record.is_intact = record.certificate_digest == digest

    def _get_public_url(self):
        """Return where the public sees whether this authorization holds."""
        self.ensure_one()
        # The key is in the code on the certificate, for everybody who scans it.
        return f"{self.get_base_url()}/authorization/{self.sudo().access_key}"

    def _get_code(self):
        """Return the QR code of the public page, as the source of a picture."""
        self.ensure_one()
        picture = self.env["ir.actions.report"].barcode(
            "QR", self._get_public_url(), width=300, height=300
        )
        return f"data:image/png;base64,{base64.b64encode(picture).decode()}"

    def _make_certificate(self):
        """Keep the certificates as files: PDF, or pages where no program makes PDF."""
        for record in self:
            reports = self.env["ir.actions.report"].with_context(
                lang=record.partner_id.lang or self.env.lang
            )
            name = "distributor_crm_channel.distributor_authorization_report"
            content, kind = print_document(reports, name, record.ids)
            document = self.env["ir.attachment"].create(
                {
                    "name": f"{record._get_report_base_filename()}.{kind}",
                    "raw": content,
                    "mimetype": PDF if kind == "pdf" else HTML,
                    "res_model": self._name,
                    "res_id": record.id,
                }
            )
            record.write(
                {
                    "certificate_id": document.id,
                    "certificate_digest": hashlib.sha256(document.raw).hexdigest(),
                }
            )

    def _get_report_base_filename(self):
        self.ensure_one()
        number = (self.name or "").replace("/", "-")
        return f"{self.env._('Authorization')} {number}"

    @api.model
    def _get_shown_states(self):
        """Return the states in which a distributor still gets the certificate."""
        return ("upcoming", *IN_FORCE)

    def action_download(self):
        """Download the certificate.

        :raises UserError: there is none yet
        """
        self.ensure_one()
        self.check_access("read")
        if not self.certificate_id:
            raise UserError(
                self.env._(
                    "%s has no certificate: it was not granted to a shop.",
                    self.display_name,
                )
            )
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self.sudo().certificate_id.id}?download=true",
        }
