# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import date
from unittest.mock import patch

from dateutil.relativedelta import relativedelta
from freezegun import freeze_time
from lxml import etree

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .fee_common import FeeStatementCommon

# The third and the eighth working day of each month in China, by its official
# calendars of 2025 and 2026.
DEADLINES = {
    (2025, 1): ("2025-01-06", "2025-01-13"),
    (2025, 2): ("2025-02-07", "2025-02-13"),
    (2025, 3): ("2025-03-05", "2025-03-12"),
    (2025, 4): ("2025-04-03", "2025-04-11"),
    (2025, 5): ("2025-05-08", "2025-05-15"),
    (2025, 6): ("2025-06-05", "2025-06-12"),
    (2025, 7): ("2025-07-03", "2025-07-10"),
    (2025, 8): ("2025-08-05", "2025-08-12"),
    (2025, 9): ("2025-09-03", "2025-09-10"),
    (2025, 10): ("2025-10-11", "2025-10-17"),
    (2025, 11): ("2025-11-05", "2025-11-12"),
    (2025, 12): ("2025-12-03", "2025-12-10"),
    (2026, 1): ("2026-01-06", "2026-01-13"),
    (2026, 2): ("2026-02-04", "2026-02-11"),
    (2026, 3): ("2026-03-04", "2026-03-11"),
    (2026, 4): ("2026-04-03", "2026-04-13"),
    (2026, 5): ("2026-05-08", "2026-05-14"),
    (2026, 6): ("2026-06-03", "2026-06-10"),
    (2026, 7): ("2026-07-03", "2026-07-10"),
    (2026, 8): ("2026-08-05", "2026-08-12"),
    (2026, 9): ("2026-09-03", "2026-09-10"),
    (2026, 10): ("2026-10-10", "2026-10-16"),
    (2026, 11): ("2026-11-04", "2026-11-11"),
    (2026, 12): ("2026-12-03", "2026-12-10"),
}


@tagged("post_install", "-at_install")
class TestFeeStatementFlow(FeeStatementCommon):
    """Submitted by the third working day, signed by three until the eighth (R092-R099)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        move = cls._sell("2025-03-10", 1000)
        cls._pay(move, "2025-03-20", 750)
        cls.statement = cls._build("2025-03")

    def test_deadlines_of_two_years(self):
        """Make-up Saturdays and Sundays count, holidays do not."""
        for (year, month), days in DEADLINES.items():
            with self.subTest(f"{year}-{month}"):
                found = self.env["distributor.fee.statement"]._get_deadlines(
                    self.company,
                    date(year, month, 1) - relativedelta(months=1),
                )
                self.assertEqual(tuple(map(str, found)), days)

    def test_signed_by_three_in_their_order(self):
        """Clerk, manager and finance sign one after the other (R096)."""
        with freeze_time("2025-04-02"):
            self.statement.with_user(self.rep).action_submit()
            for user in (self.finance, self.manager):
                with self.assertRaisesRegex(UserError, "not your turn"):
                    self.statement.with_user(user)._sign("password")
        self._sign_all(self.statement, "2025-04-03")
        self.assertEqual(self.statement.state, "signed")
        signatures = self.statement._get_valid_signatures()
        self.assertEqual(signatures.user_id, self.clerk | self.manager | self.finance)
        self.assertEqual(set(signatures.mapped("confirmed_by")), {"password"})

    def test_nobody_signs_twice_nor_his_own(self):
        """One person signs one step; a representative signs none of his own."""
        everything = self._new_user(
            "fs_everything",
            "distributor_crm.group_sales_manager,distributor_crm.group_finance,"
            "distributor_crm_expense.group_fee_clerk",
        )
        with freeze_time("2025-04-02"):
            self.statement.with_user(self.rep).action_submit()
            own = self.statement.with_user(everything)
            own._sign("password")
            with self.assertRaisesRegex(UserError, "not your turn"):
                own._sign("password")
        self._sell("2025-03-11", 100, user=everything)
        self._build("2025-03")
        his = self.env["distributor.fee.statement"].search(
            [("user_id", "=", everything.id)]
        )
        with freeze_time("2025-04-02"):
            his.with_user(everything).action_submit()
            with self.assertRaises(UserError):
                his.with_user(everything)._sign("password")

    def test_stand_in_signs_for_an_absent_manager(self):
        """A dated stand-in signs in his own name, for the one who is away."""
        stand_in = self._new_user(
            "fs_stand_in", "base.group_user,distributor_crm_expense.group_fee_clerk"
        )
        self.env["distributor.delegation"].create(
            {
                "user_id": self.manager.id,
                "stand_in_id": stand_in.id,
                "date_from": "2025-04-01",
                "date_to": "2025-04-10",
            }
        )
        with freeze_time("2025-04-02"):
            self.statement.with_user(self.rep).action_submit()
            self.statement.with_user(self.clerk)._sign("password")
            self.statement.with_user(stand_in)._sign("password")
        signature = self.statement._get_valid_signatures()[-1]
        self.assertEqual(
            (signature.user_id, signature.for_user_id), (stand_in, self.manager)
        )

    def test_archived_approver_leaves_the_step_to_others(self):
        """Another sales manager signs when one has left."""
        self.manager.active = False
        other = self._new_user("fs_manager_2", "distributor_crm.group_sales_manager")
        with freeze_time("2025-04-02"):
            self.statement.with_user(self.rep).action_submit()
            self.statement.with_user(self.clerk)._sign("password")
            self.statement.with_user(other)._sign("password")
            self.statement.with_user(self.finance)._sign("password")
        self.assertEqual(self.statement.state, "signed")

    def test_representative_without_anybody_to_sign(self):
        """Where nobody can sign a step, submitting says so and changes nothing."""
        group = self.env.ref("distributor_crm_expense.group_fee_clerk")
        group.user_ids = [Command.clear()]
        with freeze_time("2025-04-02"), self.assertRaisesRegex(UserError, "clerk"):
            self.statement.with_user(self.rep).action_submit()

    def test_any_change_of_a_figure_voids_all_signatures(self):
        """After a change by whatever way nothing counts any more (R097)."""
        with freeze_time("2025-04-02"):
            self.statement.with_user(self.rep).action_submit()
            self.statement.with_user(self.clerk)._sign("password")
            self.statement.line_ids.write({"payable": 40, "fee_due": 40})
        self.assertFalse(self.statement._get_valid_signatures())
        signature = self.statement.signature_ids
        self.assertEqual(signature.void_reason, "changed")

    def test_changed_behind_the_back_is_found_before_payment(self):
        """A figure changed in the database does not stand for what was signed."""
        self._sign_all(self.statement, "2025-04-02")
        self.statement._check_signatures_stand()
        self.env.cr.execute(
            "UPDATE distributor_fee_statement_line SET payable = 99, fee_due = 99"
            " WHERE statement_id = %s",
            [self.statement.id],
        )
        self.env.invalidate_all()
        with self.assertRaisesRegex(UserError, "changed after it was signed"):
            self.statement._check_signatures_stand()

    def test_late_is_submitted_by_a_manager_with_the_reason(self):
        """After the third working day the representative is refused (R092)."""
        with freeze_time("2025-04-07"):
            with self.assertRaisesRegex(UserError, "was to be submitted by"):
                self.statement.with_user(self.rep).action_submit()
            with self.assertRaises(AccessError):
                self.statement.with_user(self.clerk)._submit_late("ill")
            boss = self.statement.with_user(self.manager)
            with self.assertRaisesRegex(UserError, "Say why"):
                boss._submit_late(" ")
            boss._submit_late("He was ill")
        self.assertEqual(
            (self.statement.state, self.statement.late_reason),
            ("submitted", "He was ill"),
        )

    def test_unsigned_after_the_eighth_working_day_is_void(self):
        """One signature missing on the day after: void, and nothing can be done."""
        with freeze_time("2025-04-02"):
            self.statement.with_user(self.rep).action_submit()
            self.statement.with_user(self.clerk)._sign("password")
            self.statement.with_user(self.manager)._sign("password")
        Statement = self.env["distributor.fee.statement"]
        with freeze_time("2025-04-11"):
            Statement._cron_watch()
            self.assertEqual(self.statement.state, "submitted")
        with freeze_time("2025-04-12"):
            with self.assertRaisesRegex(UserError, "it is void"):
                self.statement.with_user(self.finance)._sign("password")
            Statement._cron_watch()
            self.assertEqual(self.statement.state, "void")
            self.assertFalse(self.statement._get_valid_signatures())
            self.assertIn("Not signed by all", self.statement.void_reason)

    def test_finance_reopens_with_the_reason(self):
        """A void statement is signed anew, by all, until the day finance says."""
        with freeze_time("2025-04-12"):
            self.env["distributor.fee.statement"]._cron_watch()
            for user in (self.manager, self.clerk):
                with self.assertRaises(AccessError):
                    self.statement.with_user(user)._reopen("x", date(2025, 4, 20))
            self.statement.with_user(self.finance)._reopen(
                "Server was down", date(2025, 4, 20)
            )
        self._sign_all(self.statement, "2025-04-18")
        self.assertEqual(self.statement.state, "signed")

    def test_reminders_and_escalation_once_a_day(self):
        """Reminded on working days before the deadline, told to managers after it."""
        Statement = self.env["distributor.fee.statement"]

        def told(day):
            before = self.env["mail.message"].search([], order="id desc", limit=1)
            with freeze_time(day):
                Statement._cron_watch()
                Statement._cron_watch()
            messages = self.env["mail.message"].search(
                [("id", ">", before.id), ("res_id", "=", self.statement.id)]
            )
            return messages.mapped("partner_ids")

        self.assertEqual(told("2025-04-01"), self.rep.partner_id)
        self.assertEqual(told("2025-04-03"), self.rep.partner_id)
        # A holiday, and the deadline has passed: the managers are told.
        self.assertIn(self.manager.partner_id, told("2025-04-04"))
        self.assertFalse(told("2025-04-07"))

    def test_month_is_worked_out_by_itself_once(self):
        """The nightly job makes what is missing, and asks the representatives."""
        self.patch(type(self.env["ir.cron"]), "_commit_progress", lambda *a, **k: 60)
        self._sell("2025-04-10", 100)
        with freeze_time("2025-05-01"):
            self.env["distributor.fee.statement"]._cron_month()
            april = self.env["distributor.fee.statement"].search(
                [("month", "=", "2025-04-01"), ("company_id", "=", self.company.id)]
            )
            self.assertIn(self.rep, april.user_id)
            own = april.filtered(lambda one: one.user_id == self.rep)
            self.assertEqual(own.activity_ids.user_id, self.rep)
            self.env["distributor.fee.statement"]._cron_month()
        self.assertEqual(
            self.env["distributor.fee.statement"].search_count(
                [("month", "=", "2025-04-01"), ("user_id", "=", self.rep.id)]
            ),
            1,
        )

    def test_original_is_kept_with_its_checksum(self):
        """The signed form stays with finance as it was signed (R099)."""
        self._sign_all(self.statement, "2025-04-02")
        own = self.statement.with_user(self.finance)
        self.assertTrue(own.original)
        own.action_check_original()
        with self.assertRaises(AccessError):
            self.statement.with_user(self.rep).read(["original"])
        with self.assertRaises(AccessError):
            own.original = b"eHg="
        self.assertTrue(self.statement.with_user(self.rep)._is_copy())

    def test_many_originals_are_printed_later(self):
        """Signing many waits for no printing; the job prints each once."""
        self.patch(type(self.env["ir.cron"]), "_commit_progress", lambda *a, **k: 60)
        self._sign_all(self.statement, "2025-04-02")
        first = self.statement.original_sha256
        self.statement.sudo().with_context(skip_validation_check=True).write(
            {"original": False, "original_sha256": False}
        )
        with patch(
            "odoo.addons.distributor_crm_expense.models.document"
            ".distributor_fee_document_original.AT_ONCE",
            0,
        ):
            self.statement._keep_originals()
            self.assertFalse(self.statement.original_sha256)
        self.env["distributor.fee.statement"]._cron_keep_originals()
        self.assertTrue(first and self.statement.original_sha256)

    def test_many_at_once_are_told_in_one_message(self):
        """Whoever signs gets one message of them all, in as many queries for ten as
        for twenty but for what each document takes."""
        months = [f"2024-{month:02}-01" for month in range(1, 13)]
        statements = self.env["distributor.fee.statement"].create(
            [
                {
                    "company_id": self.company.id,
                    "user_id": user.id,
                    "month": month,
                    "built_on": "2025-04-01",
                    "reopened_until": "2025-04-30",
                }
                for user in (self.rep, self.other_rep)
                for month in months
            ]
        )
        with freeze_time("2025-04-02"):
            for user, own in statements.grouped("user_id").items():
                own.with_user(user).action_submit()
            told = self._get_told(self.clerk)
            self.assertEqual(len(told), 2)
            self.assertIn("12 fee documents", told[0].subject)
            counts = []
            for some in (statements[:6], statements[6:]):
                self.env.flush_all()
                self.env.invalidate_all()
                before = self.env.cr.sql_log_count
                some.with_user(self.clerk)._sign("password")
                self.env.flush_all()
                counts.append((self.env.cr.sql_log_count - before) / len(some))
            self.assertEqual(len(self._get_told(self.manager)), 2)
        self.assertLess(counts[1], counts[0])
        self.assertLess(counts[1], 12)

    def _get_told(self, user):
        return self.env["mail.message"].search(
            [
                ("subject", "like", "fee documents wait"),
                ("notified_partner_ids", "in", user.partner_id.ids),
            ]
        )

    def test_signing_asks_for_the_password(self):
        """Over RPC, without the password check of a session, nobody signs."""
        with freeze_time("2025-04-02"):
            self.statement.with_user(self.rep).action_submit()
            for method in ("action_sign", "validate_tier"):
                with self.assertRaisesRegex(UserError, "only be accessed over HTTP"):
                    getattr(self.statement.with_user(self.clerk), method)()

    def test_forbidden_acts_as_every_role(self):
        """Figures, states and signatures are closed to everybody (T rows)."""
        self._sign_all(self.statement, "2025-04-02")
        users = (self.rep, self.clerk, self.manager, self.finance, self.auditor)
        for user in users:
            own = self.statement.with_user(user)
            line = self.statement.line_ids.with_user(user)
            for act in (
                lambda own=own: own.write({"state": "paid"}),
                lambda own=own: own.write({"payable": 1}),
                lambda own=own: own.write({"validation_status": "validated"}),
                lambda own=own: own.write({"review_ids": [Command.clear()]}),
                lambda own=own: own.copy(),
                lambda own=own: own.unlink(),
                lambda line=line: line.write({"payable": 1}),
                lambda line=line: line.write({"compliance_state": "cleared"}),
                lambda line=line: line.copy(),
                lambda line=line: line.unlink(),
                lambda own=own: own.env["distributor.fee.statement"].create(
                    {
                        "company_id": self.company.id,
                        "user_id": own.env.uid,
                        "month": "2024-05-01",
                    }
                ),
            ):
                with self.subTest(user=user.login), self.assertRaises(UserError):
                    act()
        self.assertEqual(self.statement.state, "signed")

    def test_every_role_opens_its_form(self):
        """Whoever may read a statement or a special fee can open its form."""
        application = self.env["distributor.fee.application"].create(
            {"partner_id": self.customer.id, "amount": 5, "user_id": self.rep.id}
        )
        compliance = self._new_user(
            "fs_compliance",
            "base.group_user,distributor_crm_expense.group_fee_compliance",
        )
        users = (self.rep, self.clerk, self.manager, self.finance, self.auditor)
        for user in (*users, compliance):
            for document in (self.statement, application):
                own = document.with_user(user)
                arch = etree.fromstring(own.get_view(view_type="form")["arch"])
                names = arch.xpath("//field[not(ancestor::field)]/@name")
                with self.subTest(user=user.login, document=document._name):
                    self.env.invalidate_all()
                    self.assertTrue(own.read([*set(names)]))

    def test_each_sees_what_is_his(self):
        """A representative sees his own; clerk, manager, finance and auditor all."""
        self._sell("2025-03-11", 100, user=self.other_rep)
        self._build("2025-03")
        Statement = self.env["distributor.fee.statement"]
        for user, number in (
            (self.rep, 1),
            (self.other_rep, 1),
            (self.clerk, 2),
            (self.manager, 2),
            (self.finance, 2),
            (self.auditor, 2),
        ):
            with self.subTest(user.login):
                found = Statement.with_user(user).search(
                    [("month", "=", "2025-03-01"), ("company_id", "=", self.company.id)]
                )
                self.assertEqual(len(found), number)

    def test_payees_that_are_never_paid(self):
        """Officials and our own people get nothing, persons only by policy (R078)."""
        line = self.statement.line_ids.with_user(self.rep)
        person = self.env["res.partner"].create(
            {"name": "Buyer Wang", "parent_id": self.customer.id}
        )
        with freeze_time("2025-04-02"):
            for payee, words in (
                (self.rep.partner_id, "works for us"),
                (person, "pays companies only"),
            ):
                line.payee_id = payee
                with self.subTest(words), self.assertRaisesRegex(UserError, words):
                    self.statement.with_user(self.rep).action_submit()
            person.is_official = True
            line.payee_id = person
            with self.assertRaisesRegex(UserError, "public official"):
                self.statement.with_user(self.rep).action_submit()
