# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from markupsafe import Markup

from odoo import fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_datetime

from .ladder import deadline

MANAGERS = "distributor_crm.group_account_manager"


class DistributorViolation(models.Model):
    """Telling the accused, and proving that he was told (R173)."""

    _inherit = "distributor.violation"

    def _check_handler(self):
        """Check that this user handles cases: an account manager, or a manager.

        :raises AccessError: he does not
        """
        self.check_access("write")
        if not self.env.user.has_group(MANAGERS):
            raise AccessError(
                self.env._("Account managers and sales managers do this.")
            )

    def action_notify(self):
        """Send the notice of the breach: by mail, and on the portal.

        :raises UserError: there is no evidence, where the rules ask for it
        """
        self._check_handler()
        self._lock()
        self._check_state("draft")
        for case in self:
            if case.policy_id.needs_evidence and not case._has_evidence():
                raise UserError(
                    self.env._(
                        "%s has no evidence yet. Add a photo, a screenshot or a file "
                        "first: without evidence there is no penalty.",
                        case.name,
                    )
                )
            case._set(state="notified")
            case._send_notice("charge")
        return True

    def _has_evidence(self) -> bool:
        """Whether anything proves what the case says."""
        # Which files there are does not depend on who asks.
        case = self.sudo()
        return bool(
            case.evidence_ids
            or case.proof_ids
            or self.env["ir.attachment"]
            .sudo()
            .search_count(
                [("res_model", "=", self._name), ("res_id", "=", self.id)], limit=1
            )
        )

    def action_send_again(self):
        """Send the last notice again, where its delivery is not proved yet.

        :raises UserError: it is
        """
        self._check_handler()
        self._lock()
        for case in self:
            last = case.sudo().notice_ids.sorted("id")[-1:]
            if not last or last.delivered_at:
                raise UserError(
                    self.env._("%s: nothing waits for its delivery.", case.name)
                )
            case._send_notice(last.kind)
        return True

    def _send_notice(self, kind):
        """Tell the accused, and keep what he was told.

        :return: the notice
        """
        self.ensure_one()
        # The mail goes out whoever pressed the button; portal users read it by the link.
        case = self.sudo()
        contact = case._get_contacts()
        case._portal_ensure_token()
        lang = contact.lang or case.partner_id.lang
        body = (
            self.env["ir.qweb"]
            .with_context(lang=lang)
            ._render(
                f"distributor_crm_channel.violation_mail_{kind}",
                {
                    "case": case.with_context(lang=lang),
                    "contact": contact,
                    # Without the token: our own people read this message, too, and prove no
                    # delivery. The token is in the button of the recipient's mail alone.
                    "url": case.get_base_url() + case.access_url,
                    "say": lambda moment: case._say_moment(moment, contact),
                },
            )
        )
        message = case.with_context(lang=lang).message_post(
            subject=case.with_context(lang=lang)._get_notice_subject(kind),
            body=Markup(body),
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            partner_ids=contact.ids,
            author_id=self.env.user.partner_id.id,
        )
        return case.env["distributor.violation.notice"].create(
            {
                "violation_id": case.id,
                "kind": kind,
                "recipient_id": contact.id,
                "email": contact.email,
                "message_id": message.id,
                "sent_at": fields.Datetime.now(),
                "sent_by_id": self.env.uid,
            }
        )

    def _get_notice_subject(self, kind):
        subjects = {
            "charge": self.env._("%s: please answer", self.name),
            "decision": self.env._("%s: decision", self.name),
            "appeal": self.env._("%s: answer to your appeal", self.name),
            "end": self.env._("%s: the case has ended", self.name),
        }
        return subjects[kind]

    def _mail_get_partners(self, introspect_fields=False):
        # OVERRIDES mail: who gets the notice gets the button that opens it
        return {case.id: case._get_contacts() for case in self}

    def _notify_get_recipients_groups(self, message, model_description, msg_vals=False):
        # EXTENDS mail
        groups = super()._notify_get_recipients_groups(
            message, model_description, msg_vals=msg_vals
        )
        for name, _is_in, options in groups:
            if name == "portal_customer":
                options["button_access"]["title"] = self.env._("Read and answer")
        return groups

    def _say_moment(self, moment, partner=None):
        """Return a moment in the time zone of its reader, with the zone's name.

        :param moment: UTC
        :param partner: the reader; the user where left out
        """
        if not moment:
            return ""
        zone = (partner and partner.tz) or self.env.user.tz or "UTC"
        said = format_datetime(self.env, moment, tz=zone, dt_format="short")
        return f"{said} ({zone})"

    # -- proof -------------------------------------------------------------------------

    def _follow_delivery(self):
        """Set the deadlines that begin with the first proved delivery of a notice.

        Natural hours, counted in UTC: no time zone and no daylight-saving time makes
        them longer or shorter.
        """
        for case in self.sudo():
            first = {}
            for notice in case.notice_ids.filtered("delivered_at").sorted(
                "delivered_at"
            ):
                first.setdefault(notice.kind, notice.delivered_at)
            policy, band = case.policy_id, case.band_id
            values = {}
            charged = first.get("charge")
            if charged and not case.delivered_at:
                values = {
                    "delivered_at": charged,
                    "answer_deadline": deadline(charged, policy.answer_hours),
                    "correct_deadline": band.correct_hours
                    and deadline(charged, band.correct_hours),
                }
            decided = first.get("decision")
            if decided and not case.appeal_deadline:
                values["appeal_deadline"] = deadline(decided, policy.appeal_hours)
            if values:
                case._set(**values)

    def _receive(self, how, to=None, address=None):
        """Note that the accused has his notices before him: on the portal, by the mail.

        :param how: "portal" or "mail_opened"
        :param to: who reads
        :param address: from which address
        """
        self.ensure_one()
        waiting = self.sudo().notice_ids.filtered(lambda n: not n.delivered_at)
        waiting._prove(how, delivered_to=to, delivered_ip=address)

    def _record_hand_over(self, when, to, files):
        """Record that a notice was handed over by a person, with its proof.

        :param when: UTC
        :param to: who took it, and how
        :param files: attachments that prove it
        :raises UserError: no notice waits, no proof, or a time that cannot be
        """
        self._check_handler()
        self._lock()
        case = self.sudo()
        waiting = case.notice_ids.filtered(lambda n: not n.delivered_at)[:1]
        if not waiting:
            raise UserError(self.env._("%s: no notice waits for its proof.", case.name))
        if not files or not (to or "").strip():
            raise UserError(
                self.env._(
                    "Say who took the notice, and attach the proof: a signed receipt, "
                    "the courier's record, or a screenshot of the chat."
                )
            )
        if not when or when > fields.Datetime.now() or when < waiting.sent_at:
            raise UserError(
                self.env._(
                    "It was handed over after it was written, and not later than now."
                )
            )
        same = case.notice_ids.filtered(
            lambda n: not n.delivered_at and n.kind == waiting.kind
        )
        files.sudo().write({"res_model": case._name, "res_id": case.id})
        same._prove(
            "handover",
            when,
            delivered_to=to[:200],
            proof_ids=[fields.Command.set(files.ids)],
        )
