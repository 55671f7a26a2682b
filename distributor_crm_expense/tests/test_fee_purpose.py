# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What the terms of a purpose ask for binds (R083, R115, R135, R136)."""

from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from odoo.addons.distributor_crm.tests.evidence_common import photo

from .fee_payment_common import FeePaymentCommon


@tagged("post_install", "-at_install")
class TestFeePurpose(FeePaymentCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.once, cls.shared, cls.event = cls.env["distributor.fee.purpose"].create(
            [
                {"name": "Display", "code": "T1", "once_a_period": True},
                {"name": "Advertising", "code": "T2", "company_share": 50},
                {"name": "Feast", "code": "T3", "needs_evidence": True},
            ]
        )
        cls.customer = cls.customers[0]
        cls.env["tier.definition"].search(
            [("model", "=", "distributor.fee.application")]
        ).active = False

    def _statement(self, purpose, user=None, months=2, state="signed", payable=80):
        statement = self._create_statement(
            (self.customer, payable),
            user=user,
            month=self._month_back(months),
            state=state,
        )
        statement.line_ids.purpose_id = purpose
        return statement

    # -- once a customer and month ---------------------------------------------------

    def test_asked_for_twice_is_neither_signed_nor_paid(self):
        """The customer has moved: both representatives ask for the same display."""
        first = self._statement(self.once)
        self.assertFalse(first.has_repeats)
        second = self._statement(self.once, user=self.colleague, state="submitted")
        second.reopened_until = self.today
        self.env.invalidate_all()
        self.assertTrue(second.has_repeats)
        self.assertIn("once a customer and month", second.purpose_hints)
        self.assertIn(self.rep.name, second.line_ids.purpose_hint)
        with self._refused(UserError, "once a customer and month"):
            second.with_user(self.payer)._sign("password")
        with self._refused(UserError, "once a customer and month"):
            self._prepare(first)
        # With another purpose both may go on.
        second.with_context(skip_validation_check=True)._return_to_draft()
        second.line_ids.with_user(self.colleague).purpose_id = self.purpose
        self.env.invalidate_all()
        self.assertFalse(first.has_repeats)
        self._pay_out(first)

    def test_between_signature_and_payment(self):
        """Handed in after the payout was prepared: held back as it is posted."""
        first = self._statement(self.once)
        payout = self._prepare(first)
        self._receipt(payout)
        other = self._statement(self.once, user=self.colleague, state="submitted")
        with self._refused(UserError, "once a customer and month"):
            payout.action_post()
        other._void("Filed in error")
        payout.action_post()

    def test_one_claim_in_many_lines(self):
        """Two products, and a later collection, are one claim; so is another month."""
        first = self._create_statement(
            (self.customer, 80), (self.customer, 20, self.cups)
        )
        first.line_ids.purpose_id = self.once
        later = self._create_statement(
            (self.customer, 10), month=self._month_back(1), state="submitted"
        )
        later.line_ids.write({"purpose_id": self.once.id, "origin_month": first.month})
        other_month = self._statement(self.once, user=self.colleague, months=4)
        self.env.invalidate_all()
        for statement in (first, later, other_month):
            self.assertFalse(statement.has_repeats)

    def test_a_draft_of_others_does_not_bind(self):
        """What is not handed in claims nothing; who enters it is warned."""
        first = self._statement(self.once)
        draft = self._statement(self.once, user=self.colleague, state="draft")
        self.env.invalidate_all()
        self.assertTrue(draft.line_ids.is_repeated)
        self.assertFalse(first.line_ids.is_repeated)

    def test_application_and_statement(self):
        """A special fee claims the month in which it was handed in."""
        month = self.today.replace(day=1)
        statement = self._create_statement((self.customer, 80), month=month)
        statement.line_ids.purpose_id = self.once
        form = Form(self.env["distributor.fee.application"].with_user(self.colleague))
        form.partner_id = self.customer
        form.purpose_id = self.once
        form.amount = 20
        self.assertTrue(form.has_repeats)
        form.purpose_id = self.shared
        self.assertFalse(form.has_repeats)

    def test_many_lines_take_the_queries_of_one(self):
        few = self._statement(self.once)
        many = self._create_statement(
            *((customer, 10) for customer in self.customers), user=self.colleague
        )
        many.line_ids.purpose_id = self.once
        self.env.flush_all()
        counts = []
        # Once more at first, as caches of the registry are filled then.
        for statement in (few, few, many):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            statement.line_ids.mapped("is_repeated")
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[2], counts[1] + 2)

    # -- our share -------------------------------------------------------------------

    def test_our_share_is_paid_on_all_costs(self):
        """We bear half: for 80 the payee proves costs of 160."""
        statement = self._statement(self.shared)
        self.assertIn("160.00", statement.purpose_hints)
        payout = self._prepare(statement)
        self.assertEqual((payout.amount, payout.to_prove), (80, 160))
        self._receipt(payout, amount=159.99)
        with self._refused(UserError, r"Receipts are missing.*160\.00"):
            payout.action_post()
        self._receipt(payout, amount=0.01)
        payout.action_post()
        self.assertEqual(sum(self._booked().values()), 8000)

    # -- evidence --------------------------------------------------------------------

    def test_paid_on_evidence(self):
        """A picture for each customer; one that proved another payout does not count."""
        statement = self._create_statement((self.customer, 80), (self.customers[1], 20))
        statement.line_ids.purpose_id = self.event
        self.assertIn("needs evidence", statement.purpose_hints)
        payout = self._prepare(statement)
        self._receipt(payout)
        self.assertEqual(payout.evidence_needed, 2)
        with self._refused(UserError, "Evidence is missing for Customer 1, Feast"):
            payout.action_post()
        first = photo(seed=1)
        payout.with_user(self.rep)._keep_evidence([("a.jpg", first)])
        with self._refused(UserError, "2 pictures and has 1"):
            payout.action_post()
        payout.with_user(self.rep)._keep_evidence([("b.jpg", photo(seed=2))])
        payout.action_post()
        with self._refused(UserError, "for payouts in status"):
            payout._check_evidence_wanted()
        other = self._statement(self.event, user=self.colleague)
        payout = self._prepare(other)
        self._receipt(payout)
        payout._keep_evidence([("c.jpg", first)])
        with self._refused(UserError, "1 pictures and has 0"):
            payout.action_post()
        for user in (self.payer, self.auditor, self.sales_manager, self.colleague):
            self.assertEqual(len(payout.with_user(user).evidence_ids), 1)
        with self.assertRaises(Exception):  # noqa: B017 - whatever keeps him out
            payout.with_user(self.rep).evidence_ids.mapped("sha256")
