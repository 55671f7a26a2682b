# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import base64
import binascii
import hashlib
import io

from PIL import Image, UnidentifiedImageError

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

MAX_SIGNATURE = 500_000  # bytes; the portal's widget draws some 20,000
MAX_PIXELS = 4_000_000
MAX_NAME = 100
PDF, HTML = "application/pdf", "text/html"

# What was signed stays as it is, whoever tries it by whatever way.
KEEP_SIGNED = """
    CREATE OR REPLACE FUNCTION distributor_agreement_keep_signed() RETURNS trigger AS $$
    BEGIN
        IF TG_OP = 'DELETE' THEN
            RAISE EXCEPTION 'A signed agreement is not deleted: %', OLD.name
                USING ERRCODE = 'restrict_violation';
        END IF;
        IF (OLD.name, OLD.mode, OLD.body, OLD.digest, OLD.template_id,
            OLD.template_version, OLD.date_from, OLD.date_to, OLD.tz, OLD.notice_days, OLD.territory,
            OLD.price_floor, OLD.grade_id, OLD.shops_text, OLD.signed_by,
            OLD.signed_on, OLD.signed_ip)
           IS DISTINCT FROM
           (NEW.name, NEW.mode, NEW.body, NEW.digest, NEW.template_id,
            NEW.template_version, NEW.date_from, NEW.date_to, NEW.tz, NEW.notice_days, NEW.territory,
            NEW.price_floor, NEW.grade_id, NEW.shops_text, NEW.signed_by,
            NEW.signed_on, NEW.signed_ip)
           OR (OLD.document_id IS NOT NULL
               AND (OLD.document_id, OLD.document_digest)
                   IS DISTINCT FROM (NEW.document_id, NEW.document_digest))
        THEN
            RAISE EXCEPTION 'A signed agreement does not change: %', OLD.name
                USING ERRCODE = 'restrict_violation';
        END IF;
        RETURN NEW;
    END $$ LANGUAGE plpgsql;
    DROP TRIGGER IF EXISTS distributor_agreement_keep_signed ON distributor_agreement;
    CREATE TRIGGER distributor_agreement_keep_signed
        BEFORE UPDATE OR DELETE ON distributor_agreement
        FOR EACH ROW WHEN (OLD.signed_on IS NOT NULL)
        EXECUTE FUNCTION distributor_agreement_keep_signed();
"""


class DistributorAgreement(models.Model):
    """The distributor's signature: drawn by himself, with name, time and address."""

    _inherit = "distributor.agreement"

    shops_text = fields.Text(
        string="Declared Shops",
        readonly=True,
        copy=False,
        help="The shops that the distributor had declared when he signed.",
    )
    signature = fields.Image(
        readonly=True, copy=False, attachment=True, max_width=1024, max_height=1024
    )
    signed_by = fields.Char(readonly=True, copy=False, tracking=True)
    signed_on = fields.Datetime(readonly=True, copy=False)
    signed_ip = fields.Char(
        string="Signed From", readonly=True, copy=False, help="The network address."
    )
    signer_id = fields.Many2one(
        comodel_name="res.partner",
        string="Signed As",
        readonly=True,
        copy=False,
        ondelete="restrict",
        help="Who was logged in; the distributor himself where the mailed link was used.",
    )
    document_id = fields.Many2one(
        comodel_name="ir.attachment",
        string="Signed Document",
        readonly=True,
        copy=False,
        ondelete="restrict",
        index="btree_not_null",
    )
    document_digest = fields.Char(
        string="Digest of the Document",
        readonly=True,
        copy=False,
        help="SHA-256 of the file as it was made when the distributor signed.",
    )
    is_intact = fields.Boolean(
        string="Unchanged",
        compute="_compute_is_intact",
        help="Text and document are, byte for byte, what the distributor signed.",
    )

    _signed_has_evidence = models.Constraint(
        "CHECK(state NOT IN ('signed') OR (signed_on IS NOT NULL "
        "AND COALESCE(signed_by, '') <> '' AND digest IS NOT NULL))",
        "A signed agreement has a text, and who signed it and when.",
    )

    def init(self):
        self.env.cr.execute(KEEP_SIGNED)

    def _compute_is_intact(self):
        # The file is nobody's but the agreement's: who reads this one reads that; the
        # web client asks for sizes in place of files.
        for agreement in self.sudo().with_context(bin_size=False):
            document = agreement.document_id.raw or b""
            agreement.is_intact = bool(agreement.signed_on) and (
                agreement.digest == agreement._get_digest()
                and agreement.document_digest == hashlib.sha256(document).hexdigest()
            )

    # -- by the distributor, from the portal -----------------------------------------

    def _acknowledge(self, duty_ids, address):
        """Tick duties; what was ticked stays ticked.

        :param duty_ids: ids of acknowledgements, untrusted; others' are ignored
        :param address: the network address of who ticks
        :raises UserError: the agreement waits for no signature
        """
        self._check_can_sign()
        self.acknowledgement_ids.filtered(
            lambda duty: duty.id in duty_ids and not duty.acknowledged_on
        ).write({"acknowledged_on": fields.Datetime.now(), "acknowledged_ip": address})

    def _check_can_sign(self):
        """Check that the one who asks may sign this agreement now.

        :raises AccessError: an employee: nobody of the company signs for a distributor
        :raises UserError: it is signed, over, or was taken back
        """
        self.ensure_one()
        if self.env.user._is_internal() and not self.env.user._is_superuser():
            raise AccessError(
                self.env._("Only the distributor signs. Send the link to him.")
            )
        if not self._is_open_for_signature():
            raise UserError(
                self.env._("This agreement does not wait for a signature any more.")
            )

    def _sign(self, name, signature, address, signer):
        """Sign for the distributor who asks, make the document, set things going.

        Called with full rights by the portal, which checked who asks.

        :param name: who signs, as typed
        :param signature: the drawing, a picture in base64
        :param address: the network address
        :param signer: the partner who is logged in, or the distributor
        :raises UserError: something is missing; says what
        """
        self.lock_for_update()
        self._check_can_sign()
        name = " ".join((name or "").split())
        if not name or len(name) > MAX_NAME:
            raise UserError(
                self.env._("Type your full name, of at most %s characters.", MAX_NAME)
            )
        if not all(duty.acknowledged_on for duty in self.acknowledgement_ids):
            raise UserError(self.env._("Tick each of the duties first."))
        self._check_no_other()
        self.write(
            {
                "state": "signed",
                "signature": self._read_signature(signature),
                "signed_by": name,
                "signed_on": fields.Datetime.now(),
                "signed_ip": address,
                "signer_id": signer.id,
                "shops_text": self._get_shops_text(),
                "acknowledged_version": self.template_version,
            }
        )
        self.env.flush_all()
        self._make_document()
        self._follow_signature()
        self._after_signature()

    @api.model
    def _read_signature(self, signature):
        """Return a drawing as it is stored: a small picture, drawn anew.

        :raises UserError: there is none, or it is no picture
        """
        problem = UserError(self.env._("Draw your signature in the field."))
        if not isinstance(signature, str) or not 0 < len(signature) <= MAX_SIGNATURE:
            raise problem
        try:
            drawn = Image.open(
                io.BytesIO(base64.b64decode(signature, validate=True)), formats=["PNG"]
            )
            if drawn.width * drawn.height > MAX_PIXELS:
                raise problem
            kept = io.BytesIO()
            drawn.convert("RGBA").save(kept, "PNG")
        except (binascii.Error, UnidentifiedImageError, OSError, ValueError):
            raise problem from None
        if not drawn.convert("RGBA").getbbox():
            raise problem
        return base64.b64encode(kept.getvalue())

    def _get_shops_text(self):
        """Return the shops that the distributor declared, one a line (R180)."""
        partner = self.partner_id.with_context(
            lang=self.partner_id.lang or self.env.lang
        )
        shops = partner.declared_shop_ids.filtered(
            lambda shop: shop.state != "rejected" and shop.company_id == self.company_id
        )
        return "\n".join(f"{shop.display_name} {shop.url}" for shop in shops)

    def _follow_signature(self):
        """What every signature changes by itself."""
        self._stop_reminding(self.env._("Signed"))
        for agreement in self:
            amended = agreement.amends_id
            amended.acknowledged_version = agreement.template_version
            if not amended:
                agreement.partner_id.has_reduced_access = False
            agreement._mail(
                "distributor_crm.mail_template_agreement_signed",
                attachment_ids=agreement.document_id.ids,
            )
            agreement._message_log(
                body=self.env._(
                    "Signed by %(name)s from %(address)s.",
                    name=agreement.signed_by,
                    address=agreement.signed_ip or "?",
                )
            )

    # -- the document ----------------------------------------------------------------

    def _make_document(self):
        """Keep what was signed as a file: PDF, or a page where no program makes PDF."""
        self.ensure_one()
        reports = self.env["ir.actions.report"].with_context(
            lang=self.partner_id.lang or self.env.lang
        )
        name = "distributor_crm.distributor_agreement_report"
        # While modules are installed no server answers the program that makes PDF.
        can_print = self.env.registry.ready and (
            reports.get_wkhtmltopdf_state() not in ("install", "broken")
        )
        if not can_print:
            content, kind = reports._render_qweb_html(name, self.ids)
        else:
            content, kind = reports._render_qweb_pdf(name, self.ids)
        document = self.env["ir.attachment"].create(
            {
                "name": f"{self._get_report_base_filename()}.{kind}",
                "raw": content,
                "mimetype": PDF if kind == "pdf" else HTML,
                "res_model": self._name,
                "res_id": self.id,
            }
        )
        self.write(
            {
                "document_id": document.id,
                "document_digest": hashlib.sha256(document.raw).hexdigest(),
            }
        )

    def _get_report_base_filename(self):
        self.ensure_one()
        return f"{self.env._('Agreement')} {self.name.replace('/', '-')}"

    def action_download(self):
        """Download the signed document.

        :raises UserError: it was not signed
        """
        self.ensure_one()
        self.check_access("read")
        if not self.signed_on:
            raise UserError(self.env._("%s was not signed.", self.name))
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self.sudo().document_id.id}?download=true",
        }
