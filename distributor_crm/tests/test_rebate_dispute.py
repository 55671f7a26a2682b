# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from ..models.rebate.distributor_rebate_dispute_statement import MAX_EVER, MAX_OPEN
from .common import DistributorCommon


@tagged("post_install", "-at_install")
class TestRebateDispute(DistributorCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._sell(cls.north, 1500)
        cls._sell(cls.north, 700)
        cls._sell(cls.south, 3000)
        cls.program = cls._create_program()
        cls.program.action_compute()
        cls.statement = cls.program.statement_ids.filtered(
            lambda s: s.partner_id == cls.north
        ).sudo()
        cls.owner = cls.env["res.partner"].create(
            {
                "name": "Owner",
                "parent_id": cls.north.id,
                "email": "owner@north.example",
            }
        )

    def _submit(self):
        self.statement.with_user(self.sales_manager).action_submit()

    def _dispute(self, text="This is not mine", line=None):
        return self.statement._dispute(self.owner, text, line)

    def _answer(self, dispute, user=None, outcome="kept"):
        mine = dispute.with_user(user or self.account_manager)
        mine.write({"answer": "We looked: it is right", "outcome": outcome})
        mine.action_answer()

    def test_drafts_are_neither_accepted_nor_disputed(self):
        for act in (self._dispute, lambda: self.statement._accept(self.owner)):
            with self.assertRaisesRegex(UserError, "once its figures stand"):
                act()

    def test_accepted_once_and_for_all(self):
        self._submit()
        self.statement._accept(self.owner)
        self.assertEqual(self.statement.partner_state, "accepted")
        self.assertEqual(self.statement.accepted_by_id, self.owner)
        self.assertTrue(self.statement.accepted_at)
        for act in (self._dispute, lambda: self.statement._accept(self.owner)):
            with self.assertRaisesRegex(UserError, "accepted already"):
                act()

    def test_back_to_draft_forgets_the_acceptance_and_keeps_the_dispute(self):
        self._submit()
        self.statement._accept(self.owner)
        self.statement.with_user(self.sales_manager).action_reject()
        self.assertEqual(self.statement.partner_state, "open")
        self.assertFalse(self.statement.accepted_by_id)
        self._submit()
        line = self.statement.line_ids[0]
        dispute = self._dispute(line=line)
        self.statement.with_user(self.sales_manager).action_reject()
        self.assertEqual(self.statement.partner_state, "disputed")
        self._sell(self.north, 10)
        self.program.action_compute()
        self.assertEqual(
            (dispute.line_name, dispute.line_amount), ("INV/2024/00001", 1500)
        )

    def test_answered_line_by_line(self):
        """A statement is disputed until the last of its objections is answered."""
        self._submit()
        first, second = self.statement.line_ids
        one, two, whole = (
            self._dispute(line=first),
            self._dispute(line=second),
            self._dispute(),
        )
        self.assertEqual(self.statement.partner_state, "disputed")
        with self.assertRaisesRegex(UserError, "not answered yet"):
            self.statement._accept(self.owner)
        self._answer(one)
        self._answer(two, outcome="corrected")
        self.assertEqual(self.statement.partner_state, "disputed")
        whole._withdraw()
        self.assertEqual(self.statement.partner_state, "open")
        self.assertRecordValues(
            one + two + whole,
            [
                {"state": "answered", "outcome": "kept"},
                {"state": "answered", "outcome": "corrected"},
                {"state": "withdrawn", "outcome": False},
            ],
        )
        self._dispute(line=first)
        self.assertEqual(self.statement.partner_state, "disputed")

    def test_disputed_is_not_settled(self):
        self.statement.with_user(self.sales_manager).action_approve()
        dispute = self._dispute()
        with self.assertRaisesRegex(UserError, "is disputed"):
            self.statement.with_user(self.finance).action_settle()
        self._answer(dispute)
        self.statement.with_user(self.finance).action_settle()
        self.assertEqual(self.statement.state, "posted")

    def test_an_answer_needs_words_and_an_outcome(self):
        self._submit()
        dispute = self._dispute().with_user(self.account_manager)
        for vals in ({"answer": "   ", "outcome": "kept"}, {"answer": "Well"}):
            dispute.write({"answer": False, "outcome": False, **vals})
            with self.assertRaisesRegex(UserError, "Write an answer"):
                dispute.action_answer()
        self.assertEqual(dispute.state, "open")

    def test_what_is_answered_stands(self):
        self._submit()
        dispute = self._dispute()
        self._answer(dispute)
        mine = dispute.with_user(self.sales_manager)
        for act in (
            lambda: mine.write({"answer": "Something else"}),
            mine.action_answer,
            dispute._withdraw,
        ):
            with self.assertRaisesRegex(UserError, "stays on record"):
                act()

    def test_account_manager_is_asked_and_the_distributor_is_told(self):
        self._submit()
        dispute = self._dispute()
        self.assertEqual(dispute.activity_ids.user_id, self.account_manager)
        self._answer(dispute)
        self.assertFalse(dispute.activity_ids)
        message = dispute.message_ids.filtered(
            lambda m: self.owner in m.notified_partner_ids
        )
        self.assertEqual(len(message), 1)
        self.assertIn("We looked: it is right", message.body)
        self.assertIn(f"/my/rebates/{self.statement.id}", message.body)
        self.assertIn("This is not mine", message.body)

    def test_somebody_is_asked_where_nobody_looks_after(self):
        self.north.account_manager_id = self.north.user_id = False
        self.program.user_id = self.sales_manager
        self._submit()
        self.assertEqual(self._dispute().activity_ids.user_id, self.sales_manager)

    def test_text_is_plain_and_bounded(self):
        self._submit()
        for text in ("", "  \n ", "\x00"):
            with self.assertRaisesRegex(UserError, "Write what you object to"):
                self._dispute(text)
        with self.assertRaisesRegex(UserError, "2001 characters"):
            self._dispute("x" * 2001)
        self.assertEqual(self._dispute("y\r\n" * 600).text.count("\n"), 599)
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self.statement.dispute_ids.text = "x" * 2001
            self.env.flush_all()

    def test_bounds_on_their_number(self):
        self._submit()
        self._dispute()
        with self.assertRaisesRegex(UserError, "objected to this already"):
            self._dispute()
        line = self.statement.line_ids[0]
        self._dispute(line=line)
        with self.assertRaisesRegex(UserError, "objected to this already"):
            self._dispute(line=line)
        values = {
            "statement_id": self.statement.id,
            "author_id": self.owner.id,
            "text": "Again",
        }
        Dispute = self.env["distributor.rebate.dispute"].sudo()
        many = Dispute.create(
            [{**values, "move_line_key": 10**6 + n} for n in range(MAX_OPEN - 2)]
        )
        last = self.statement.line_ids[1]
        with self.assertRaisesRegex(UserError, "many objections"):
            self._dispute(line=last)
        many._withdraw()
        Dispute.create([{**values, "state": "withdrawn"}] * (MAX_EVER - MAX_OPEN))
        with self.assertRaisesRegex(UserError, "many objections"):
            self._dispute(line=last)

    def test_own_disputes_alone_are_seen(self):
        self._submit()
        self._dispute()
        south = (self.program.statement_ids - self.statement).sudo()
        south.with_user(self.sales_manager).action_submit()
        south._dispute(self.south, "Ours is wrong, too")
        self.south.user_id = self.south.account_manager_id = False
        Dispute = self.env["distributor.rebate.dispute"]
        for user, expected in (
            (self.sales_rep, self.north),
            (self.account_manager, self.north),
            (self.sales_manager, self.north + self.south),
            (self.finance, self.north + self.south),
        ):
            seen = Dispute.with_user(user).search([])
            self.assertEqual(seen.partner_id, expected, user.login)
        for groups in ("base.group_user", "base.group_portal"):
            stranger = new_test_user(self.env, f"stranger_{groups}", groups)
            with self.assertRaises(AccessError):
                Dispute.with_user(stranger).search([])

    def test_hands_off(self):
        """Objections and their status are closed; who only sells does not answer."""
        self._submit()
        dispute = self._dispute()
        for user in (self.account_manager, self.sales_manager, self.finance):
            for vals in (
                {"state": "withdrawn"},
                {"text": "Nothing"},
                {"answered_by_id": user.id},
                {"statement_id": self.statement.id},
                {"account_manager_id": user.id},
            ):
                with self.assertRaises(AccessError):
                    dispute.with_user(user).write(vals)
            with self.assertRaises(AccessError):
                dispute.with_user(user).unlink()
            with self.assertRaises(AccessError):
                self.env["distributor.rebate.dispute"].with_user(user).create(
                    {
                        "statement_id": self.statement.id,
                        "author_id": self.owner.id,
                        "text": "Made up",
                    }
                )
            with self.assertRaises(AccessError):
                self.statement.with_user(user).write({"partner_state": "accepted"})
        with self.assertRaises(AccessError):
            dispute.with_user(self.sales_rep).write({"answer": "No"})
        with self.assertRaises(AccessError):
            dispute.with_user(self.sales_rep).action_answer()

    def test_buttons_lead_both_ways(self):
        self._submit()
        line = self.statement.line_ids[0]
        dispute = self._dispute(line=line)
        self.assertEqual(dispute.action_view_statement()["res_id"], self.statement.id)
        self.assertEqual(
            dispute.with_user(self.finance).action_view_invoice()["res_id"],
            line.move_id.id,
        )
        domain = self.statement.action_view_disputes()["domain"]
        self.assertEqual(dispute.search(domain), dispute)
