# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import hashlib
import json
from datetime import timedelta

from odoo import Command, api, fields, models
from odoo.exceptions import UserError
from odoo.tools import email_normalize, format_date


class DistributorAgreement(models.Model):
    """Sending: from here on the text stands, and its digest tells any change (R028)."""

    _inherit = "distributor.agreement"

    template_version = fields.Integer(
        string="Text Version", readonly=True, copy=False, aggregator=None
    )
    body = fields.Html(
        string="Text",
        readonly=True,
        copy=False,
        help="The text as it was sent, filled in for this distributor.",
    )
    preview = fields.Html(
        compute="_compute_preview", help="The text as it would be sent now."
    )
    digest = fields.Char(
        string="Digest of the Text",
        readonly=True,
        copy=False,
        help="SHA-256 of number, parties, dates, text and duties as they were sent.",
    )
    acknowledgement_ids = fields.One2many(
        comodel_name="distributor.agreement.acknowledgement",
        inverse_name="agreement_id",
        string="Duties",
        readonly=True,
        copy=False,
    )
    sent_on = fields.Datetime(readonly=True, copy=False)
    sent_by_id = fields.Many2one(comodel_name="res.users", readonly=True, copy=False)
    sent_to = fields.Char(readonly=True, copy=False)
    sign_by = fields.Date(
        string="Sign Until",
        readonly=True,
        copy=False,
        help="The last day on which the distributor may sign.",
    )

    @api.depends("body", "template_id", "partner_id", "date_from", "date_to")
    def _compute_preview(self):
        for agreement in self:
            lang = agreement.partner_id.lang or self.env.lang
            template = agreement.template_id.with_context(lang=lang)
            is_filled = template.body and agreement.partner_id and agreement.date_to
            agreement.preview = agreement.body or (
                is_filled and template._render(agreement.with_context(lang=lang))
            )

    def action_send(self):
        """Freeze the text and mail the link to read and sign it.

        :raises UserError: something is missing or over; says what
        """
        self.check_access("write")
        self._check_state("draft")
        for agreement in self:
            agreement._check_can_send()
        # States are set by buttons alone; the right to write was checked.
        for agreement in self.sudo():
            agreement._freeze()
            agreement._mail_link()
        return True

    def action_send_again(self):
        """Mail the link again; one that was mailed before stops working."""
        self.check_access("write")
        self._check_state("sent")
        # Nobody but the superuser reads or writes tokens; write was checked.
        for agreement in self.sudo():
            agreement.access_token = False
            agreement.write(
                {
                    "sent_to": agreement._get_recipient_email(),
                    # It reminds as the scheduled one would.
                    "reminded_on": agreement._get_today(),
                }
            )
            agreement._mail_link()
        return True

    def action_draft(self):
        """Take sent agreements back to correct them: the link stops working."""
        self.check_access("write")
        self._check_state("sent")
        self._withdraw("draft")
        return True

    def action_cancel(self):
        """Drop agreements that were not signed; the link stops working."""
        self.check_access("write")
        self._check_state("draft", "sent")
        self._withdraw("cancelled")
        return True

    def _decline(self, reason):
        """The distributor says no, on the portal.

        :param reason: in his own words, shown as plain text
        :raises UserError: the agreement waits for no signature
        """
        self._check_can_sign()
        self._withdraw("cancelled")
        said = self.env._("Declined by the distributor: %s", reason.strip() or "—")
        self._message_log(body=said)
        self._tell_account_manager(self.env._("Agreement declined"), said)

    def _withdraw(self, state):
        # States are set by buttons alone; the callers checked the right to write.
        agreements = self.sudo()
        agreements._stop_reminding()
        agreements.acknowledgement_ids.unlink()
        agreements.write(
            {
                "state": state,
                "access_token": False,
                "body": False,
                "digest": False,
                "sign_by": False,
            }
        )

    def _check_can_send(self):
        """Check that the distributor can get and sign the agreement.

        :raises UserError: says what is missing
        """
        self.ensure_one()
        if not self._get_recipient_email():
            raise UserError(
                self.env._(
                    "%s has no valid e-mail address. Enter one: the agreement is sent "
                    "there.",
                    self.partner_id.name,
                )
            )
        if self.ends_at <= fields.Datetime.now():
            raise UserError(
                self.env._(
                    "%(agreement)s would be over on %(day)s already. Correct its dates.",
                    agreement=self.name,
                    day=format_date(self.env, self.date_to),
                )
            )
        self._check_no_other()

    def _check_no_other(self):
        """Refuse an agreement beside another one of the same mode.

        :raises UserError: names the other
        """
        self.ensure_one()
        other = not self.amends_id and self.sudo().search(
            [
                ("id", "!=", self.id),
                ("company_id", "=", self.company_id.id),
                ("partner_id", "=", self.partner_id.id),
                ("mode", "=", self.mode),
                ("amends_id", "=", False),
                ("state", "=", "signed"),
                ("starts_at", "<", self.ends_at),
                ("ends_at", ">", self.starts_at),
            ],
            limit=1,
        )
        if other:
            raise UserError(
                self.env._(
                    "%(other)s holds with %(distributor)s until %(day)s. Start this one "
                    "after it, or end that one first.",
                    other=other.name,
                    distributor=self.partner_id.name,
                    day=format_date(self.env, other.end_on or other.date_to),
                )
            )

    def _get_recipient_email(self):
        """Return the address that the agreement is sent to, None without a valid one."""
        partner = self.partner_id
        for one in partner | partner.child_ids.filtered(lambda c: c.type == "contact"):
            if email := email_normalize(one.email):
                return email
        return None

    def _freeze(self):
        """Fill in the text in the distributor's language, and keep it as it is now."""
        self.ensure_one()
        lang = self.partner_id.lang or self.env.lang
        template = self.template_id.with_context(lang=lang)
        days = template.offer_days
        self.write(
            {
                "state": "sent",
                "template_version": template.version,
                "body": template._render(self.with_context(lang=lang)),
                "sent_on": fields.Datetime.now(),
                "reminded_on": False,
                "last_call_on": False,
                "sent_by_id": self.env.uid,
                "sent_to": self._get_recipient_email(),
                "sign_by": days and self._get_today() + timedelta(days=days),
                "acknowledgement_ids": [
                    Command.clear(),
                    *(
                        Command.create(
                            {
                                "sequence": number,
                                "kind": duty.kind,
                                "text": duty.text,
                            }
                        )
                        for number, duty in enumerate(template.duty_ids, start=1)
                    ),
                ],
            }
        )
        self.digest = self._get_digest()

    def _get_digest(self):
        """Return the SHA-256 of what the distributor is asked to sign."""
        self.ensure_one()
        content = {
            "number": self.name,
            "company": self.company_id.id,
            "template": self.template_id.id,
            "version": self.template_version,
            "from": str(self.date_from),
            "to": str(self.date_to),
            "tz": self.tz,
            "notice": self.notice_days,
            "tier": self.grade_id.id,
            "territory": self.territory or "",
            "price_floor": self.price_floor or "",
            "text": str(self.body or ""),
            "duties": [
                [duty.kind, duty.text] for duty in self.acknowledgement_ids.sorted()
            ],
        }
        written = json.dumps(content, sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(written.encode()).hexdigest()

    # -- mail ------------------------------------------------------------------------

    def _mail_link(self):
        """Mail the link to read and sign; it appears in no chatter."""
        for agreement in self:
            agreement._mail("distributor_crm.mail_template_agreement_sent")
            agreement._message_log(
                body=self.env._("Sent to %s for signature.", agreement.sent_to)
            )

    def _mail(self, template, **values):
        """Mail the distributor, outside the chatter: the mail carries a secret link.

        :param template: XML id of the mail template
        :param values: what else goes into the mail, such as attachment_ids
        """
        self.ensure_one()
        self.env.ref(template).send_mail(
            self.id,
            email_layout_xmlid="mail.mail_notification_light",
            email_values={"model": False, "res_id": False, **values},
        )

    @api.private
    def get_portal_url(self, *args, **kwargs):
        # EXTENDS portal: the address carries the token by which one signs, so no
        # caller from outside gets it.
        return super().get_portal_url(*args, **kwargs)

    def _portal_ensure_token(self):
        # OVERRIDES portal: only the superuser reads tokens; what is made of them goes
        # to the distributor by mail.
        return super(DistributorAgreement, self.sudo())._portal_ensure_token()

    def _get_share_url(self, *args, **kwargs):
        # EXTENDS portal: employees share the page, not the right to sign.
        if not self.env.su:
            kwargs["share_token"] = False
        return super()._get_share_url(*args, **kwargs)
