# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import tagged

from .store_common import StoreCommon

ACTIVITY = "distributor_crm.activity_type_agreement_unsigned"


@tagged("post_install", "-at_install")
class TestAgreementReminder(StoreCommon):
    """Reminders of agreements that were sent and not signed (R028)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.template.offer_days = 10

    def setUp(self):
        super().setUp()
        self.patch(type(self.env["ir.cron"]), "_commit_progress", lambda *a, **k: 60)

    def _run(self, moment):
        """Run the job at a moment; return how many reminders it mailed."""
        before = len(self._find_mails())
        with freeze_time(moment):
            self.Agreement._cron_follow()
        return len(self._find_mails()) - before

    def _find_mails(self):
        domain = [("subject", "like", "Please sign your agreement")]
        return self.env["mail.mail"].search(domain, order="id desc")

    def _sent(self):
        with freeze_time("2026-05-01 02:00:00"):
            return self._send(date_to="2027-04-30")

    def test_reminded_after_days_and_before_the_end(self):
        """Each reminder once, at midnight of the agreement's time zone."""
        agreement = self._sent()
        # 15:30 UTC on the 3rd is still the 3rd in Shanghai, 16:30 the 4th.
        self.assertEqual(self._run("2026-05-03 15:30:00"), 0)
        self.assertEqual(self._run("2026-05-03 16:30:00"), 1)
        tasks = agreement.activity_search([ACTIVITY])
        self.assertEqual(tasks.user_id, self.manager)
        self.assertEqual(self._run("2026-05-03 17:30:00"), 0)
        self.assertEqual(self._run("2026-05-08 12:00:00"), 0)
        self.assertEqual(self._run("2026-05-09 02:00:00"), 1)
        self.assertEqual(self._run("2026-05-09 03:00:00"), 0)
        tasks = agreement.activity_search([ACTIVITY])
        self.assertEqual(len(tasks), 1, "the last reminder replaces the first")
        self.assertIn("2026", tasks.summary)

    def test_the_mailed_link_still_works(self):
        agreement = self._sent()
        token = agreement.access_token
        self._run("2026-05-05 02:00:00")
        self.assertEqual(agreement.access_token, token)
        mail = self._find_mails()[:1]
        self.assertIn(token, mail.body_html)
        self.assertIn(self.owner.email, mail.email_to)
        self.assertFalse(mail.res_id, "the secret link stands in no chatter")

    def test_stops_when_signed_or_taken_back(self):
        for act in (
            self._sign,
            lambda agreement: agreement.action_cancel(),
            lambda agreement: agreement.action_draft(),
            lambda agreement: agreement._decline("too dear"),
        ):
            agreement = self._sent()
            self._run("2026-05-05 02:00:00")
            self.assertTrue(agreement.activity_search([ACTIVITY]))
            with freeze_time("2026-05-06 02:00:00"):
                act(agreement)
                self.assertFalse(agreement.activity_search([ACTIVITY]))
                self.assertEqual(self._run("2026-05-10 02:00:00"), 0)
                if agreement.state == "signed":
                    agreement._end(None, "next")

    def test_zero_sends_none(self):
        self.env.company.write(
            {"agreement_reminder_days": 0, "agreement_last_call_days": 0}
        )
        agreement = self._sent()
        self.assertEqual(self._run("2026-05-05 02:00:00"), 0)
        self.assertEqual(self._run("2026-05-11 02:00:00"), 0)
        self.assertFalse(agreement.reminded_on)

    def test_sent_again_by_hand_counts(self):
        agreement = self._sent()
        with freeze_time("2026-05-03 02:00:00"):
            agreement.with_user(self.manager).action_send_again()
        self.assertEqual(self._run("2026-05-05 02:00:00"), 0)

    def test_no_new_start_by_hand(self):
        """Nobody makes the job send mail anew over RPC."""
        agreement = self._sent()
        with self.assertRaises(UserError):
            agreement.with_user(self.manager).reminded_on = False
