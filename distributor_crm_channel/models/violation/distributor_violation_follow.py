# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.fields import Domain

from .ladder import deadline

BATCH = 200


class DistributorViolation(models.Model):
    """What time does to cases. Broken off, a run goes on where it was; done twice, it
    does nothing the second time."""

    _inherit = "distributor.violation"

    @api.model
    def _cron_follow(self):
        """Scheduled, each quarter of an hour."""
        cases = self.sudo()  # all companies'
        for step in (
            cases._follow_mail_proofs,
            cases._follow_checks,
            cases._follow_ripe,
            cases._follow_appeals,
            cases._follow_penalties,
            cases._follow_closing,
        ):
            if not step(fields.Datetime.now()):
                return

    @api.model
    def _work_off(self, records, domain, work):
        """Do the work on all records of a domain, in batches.

        :param work: called with the records; afterwards they are no longer in the domain
        :return: whether there is time left
        """
        while found := records.search(domain, limit=BATCH, order="id"):
            found = found.try_lock_for_update(allow_referencing=True)
            if not found:
                return True  # another run is at them
            work(found)
            left = records.search_count(domain)
            if not self.env["ir.cron"]._commit_progress(len(found), remaining=left):
                return False
        return True

    @api.model
    def _follow_mail_proofs(self, now):
        """Where the rules say so, a mail that did not come back proves itself."""
        Notice = self.env["distributor.violation.notice"]
        policies = (
            self.env["distributor.violation.policy"]
            .with_context(active_test=False)
            .search([("mail_proof_hours", ">", 0)])
        )
        for policy in policies:
            before = deadline(now, -policy.mail_proof_hours)
            waiting = Notice.search(
                [
                    ("violation_id.policy_id", "=", policy.id),
                    ("delivered_at", "=", False),
                    ("sent_at", "<=", before),
                    ("message_id", "!=", False),
                ],
                limit=BATCH,
            )
            for notice in waiting.filtered(lambda n: n._is_sent()):
                notice._prove(
                    "mail_sent",
                    deadline(notice.sent_at, policy.mail_proof_hours),
                    delivered_to=notice.email,
                )
        return True

    @api.model
    def _follow_checks(self, now):
        """Ask for another look at what is watched (R172)."""

        def look(cases):
            for case in cases:
                days = case.band_id.recheck_days or 7
                following = case.next_check_at
                while following <= now:
                    following = deadline(following, days=days)
                case._tell_responsible(self.env._("Look again: is it still corrected?"))
                case._set(
                    next_check_at=following if following < case.watch_until else False
                )

        return self._work_off(
            self,
            [
                ("state", "=", "watched"),
                ("next_check_at", "<=", now),
                ("watch_until", ">", now),
            ],
            look,
        )

    @api.model
    def _follow_ripe(self, now):
        """Close what was corrected for good; have the rest judged (R173)."""
        # A case is told of once; what was watched to its end is looked at here too.
        ripe = Domain("is_ripe", "=", True) & Domain("is_told", "=", False)
        overdue = ripe & Domain("state", "=", "notified")
        watched = ripe & Domain("state", "=", "watched")

        def tell(cases):
            for case in cases:
                case._tell_responsible(
                    self.env._("The time to correct is over: check it")
                    if case.correct_deadline
                    else self.env._("Not answered in time: judge the case")
                )
            cases._set(is_told=True)

        def end(cases):
            for case in cases:
                case._end_watch()
            cases._set(is_told=True)

        return self._work_off(self, overdue, tell) and self._work_off(
            self, watched, end
        )

    def _end_watch(self):
        """End what stayed corrected: a warning needs no judge, anything else does."""
        offence = self._count_offences() + 1
        self._set(offence_number=offence)
        beyond = self._get_steps_reached().filtered(lambda s: s.kind != "warning")
        if beyond and self.policy_id._may_punish():
            self._tell_responsible(self.env._("Offence %s: judge the case", offence))
            return
        penalty = self.env["distributor.violation.penalty"].create(
            {"violation_id": self.id, "kind": "warning"}
        )
        penalty._begin()
        self._set(
            state="closed",
            amount=0,
            confirmed_at=fields.Datetime.now(),
            ended_at=fields.Datetime.now(),
            end_reason=self.env._("Corrected in time, and watched to the end."),
        )

    @api.model
    def _follow_appeals(self, now):
        """Impose what waited for an appeal that nobody made."""

        def begin(cases):
            cases.penalty_ids._begin_waiting()

        return self._work_off(
            self,
            [
                ("state", "=", "confirmed"),
                ("appeal_deadline", "<", now),
                (
                    "penalty_ids",
                    "any",
                    [("state", "=", "waiting"), ("kind", "!=", "money")],
                ),
            ],
            begin,
        )

    @api.model
    def _follow_penalties(self, now):
        """End suspensions whose time is over."""
        return self._work_off(
            self.env["distributor.violation.penalty"],
            [("state", "=", "in_force"), ("ends_at", "<=", now)],
            lambda penalties: penalties._end_when_over(),
        )

    @api.model
    def _follow_closing(self, now):
        """Close final cases that leave nothing to do."""
        left = Domain("state", "in", ("proposed", "waiting")) | (
            Domain("state", "=", "in_force") & Domain("ends_at", "!=", False)
        )
        final = Domain("state", "=", "upheld") | (
            Domain("state", "=", "confirmed") & Domain("appeal_deadline", "<", now)
        )
        return self._work_off(
            self,
            final & ~Domain("penalty_ids", "any", left),
            lambda cases: cases._set(state="closed", ended_at=now),
        )


class DistributorViolationNotice(models.Model):
    _inherit = "distributor.violation.notice"

    def _is_sent(self) -> bool:
        """Whether the mail of this notice left, and did not come back."""
        notifications = self.message_id.notification_ids.filtered(
            lambda n: n.notification_type == "email"
        )
        return bool(notifications) and all(
            n.notification_status == "sent" for n in notifications
        )
