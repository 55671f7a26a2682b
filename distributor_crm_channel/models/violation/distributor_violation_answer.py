# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models
from odoo.exceptions import UserError

from .ladder import deadline

MAX_TEXT = 4000


class DistributorViolation(models.Model):
    """What the accused says: answer, correction, appeal.

    The portal calls these with full rights; it has checked who he is.
    """

    _inherit = "distributor.violation"

    def _answer(self, text, uploads=(), author=None, is_late=False):
        """Keep the answer of the accused, once.

        :param text: what he says, untrusted
        :param uploads: files that were read and checked
        :param author: the contact who answers
        :param is_late: a manager admits it after the deadline
        :raises UserError: too late, nothing said, or answered before
        """
        self.ensure_one()
        self._lock()
        self._check_state("notified")
        self._check_said(text)
        if not is_late:
            self._check_in_time(self.answer_deadline, self.env._("answer"))
        self._set(state="answered", answer=text[:MAX_TEXT], answered_at=self._now())
        self._keep_word(self.env._("Answer"), text, uploads, author)
        self._tell_responsible(self.env._("Answered: judge the case"))

    def _say_corrected(self, text, uploads=(), author=None):
        """Keep that the accused says he has put it right; somebody of ours checks.

        :raises UserError: too late, or nothing shows it
        """
        self.ensure_one()
        self._lock()
        self._check_state("notified", "answered")
        if not self.correct_deadline:
            raise UserError(
                self.env._("There is nothing to correct here. Answer instead.")
            )
        if self.corrected_at:
            raise UserError(self.env._("You have said so already. We look at it."))
        self._check_said(text)
        self._check_in_time(self.correct_deadline, self.env._("correct it"))
        self._set(corrected_at=self._now())
        self._keep_word(self.env._("Said to be corrected"), text, uploads, author)
        self._tell_responsible(self.env._("Check the correction"))

    def _appeal(self, text, uploads=(), author=None, is_late=False):
        """Keep an appeal against the decision, once.

        :param is_late: a manager admits it after the deadline
        :raises UserError: too late, nothing said, or no decision to appeal against
        """
        self.ensure_one()
        self._lock()
        self._check_state("confirmed", *(("closed",) if is_late else ()))
        self._check_said(text)
        if self.appealed_at:
            raise UserError(self.env._("You have appealed already."))
        if not is_late:
            self._check_in_time(self.appeal_deadline, self.env._("appeal"))
        self._set(state="appealed", appeal=text[:MAX_TEXT], appealed_at=self._now())
        self._keep_word(self.env._("Appeal"), text, uploads, author)
        self._tell_responsible(self.env._("Appeal: somebody else decides"))

    def _admit_late(self, text, reason, uploads=()):
        """Admit an answer or an appeal that came after its deadline.

        :param text: what the accused says
        :param reason: why it is admitted; logged
        :raises AccessError: not a sales manager
        """
        self.ensure_one()
        self._check_decider()
        if not (reason or "").strip():
            raise UserError(self.env._("Say why it is admitted after its time."))
        if self.state == "notified":
            self._answer(text, uploads, self.partner_id, is_late=True)
        else:
            self._appeal(text, uploads, self.partner_id, is_late=True)
        self._message_log(
            body=self.env._("Admitted after the deadline: %s", reason[:MAX_TEXT])
        )

    # -- helpers -----------------------------------------------------------------------

    def _now(self):
        return fields.Datetime.now()

    def _check_said(self, text):
        if not (text or "").strip():
            raise UserError(self.env._("Say what you have to say about it."))

    def _check_in_time(self, end, what):
        """Refuse what comes after its deadline; the second of the deadline is in time.

        :param end: UTC; empty while no delivery is proved and no time runs
        :raises UserError: says when it ended, and whom to ask
        """
        if end and self._now() > end:
            raise UserError(
                self.env._(
                    "The time to %(what)s ended on %(end)s. Write to your account "
                    "manager if there was a good reason: a sales manager can admit it.",
                    what=what,
                    end=self._say_moment(end),
                )
            )

    def _keep_word(self, label, text, uploads, author):
        """Keep what the accused said, with his files, in the chatter."""
        self.sudo().message_post(
            body=self.env._("%(what)s: %(text)s", what=label, text=text[:MAX_TEXT]),
            attachments=[(name, content) for name, content, _kind in uploads],
            message_type="comment",
            subtype_xmlid="mail.mt_note",
            author_id=(author or self.env.user.partner_id).id,
        )

    def _tell_responsible(self, summary, when=None):
        """Give whoever is responsible an activity, or a sales manager."""
        for case in self.sudo():
            user = (
                case.user_id
                or case.company_id._get_group_users(
                    "distributor_crm.group_sales_manager"
                )[:1]
            )
            if user:
                case.activity_schedule(
                    "mail.mail_activity_data_todo",
                    date_deadline=when,
                    summary=summary,
                    user_id=user.id,
                )

    # -- what we find ------------------------------------------------------------------

    def action_accept_correction(self):
        """Say that it was corrected; it is watched for as long as the rules say."""
        self._check_handler()
        self._lock()
        self._check_state("notified", "answered")
        now = self._now()
        for case in self:
            band = case.band_id
            if not case.delivered_at:
                raise UserError(
                    self.env._("%s: its delivery is not proved yet.", case.name)
                )
            if not case.correct_deadline:
                raise UserError(
                    self.env._("%s: there is nothing to correct.", case.name)
                )
            case._set(
                state="watched",
                outcome="corrected",
                corrected_at=case.corrected_at or now,
                watch_until=deadline(now, days=band.watch_days),
                next_check_at=deadline(now, days=band.recheck_days),
                is_told=False,
            )
            case.sudo().activity_unlink(["mail.mail_activity_data_todo"])
        return True

    def action_not_corrected(self):
        """Say that it was not corrected in time, or is there again while watched.

        :raises UserError: the time to correct is not over
        """
        self._check_handler()
        self._lock()
        self._check_state("notified", "answered", "watched")
        for case in self:
            waits = case.correct_deadline and case.correct_deadline >= self._now()
            if not case.delivered_at or (case.state != "watched" and waits):
                raise UserError(
                    self.env._(
                        "%(case)s: the time to correct runs until %(end)s.",
                        case=case.name,
                        end=self._say_moment(case.correct_deadline) or "…",
                    )
                )
        self._fail_correction()
        return True

    def _fail_correction(self):
        """Note that cases were not corrected; they are to be judged."""
        for case in self:
            case._set(state="answered", outcome="not_corrected", next_check_at=False)
        self._tell_responsible(self.env._("Not corrected: judge the case"))
