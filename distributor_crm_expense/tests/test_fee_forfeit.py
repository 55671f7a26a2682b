# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What is never paid is never taken back either, and waits for nobody (R079-R085)."""

from odoo.exceptions import UserError
from odoo.tests import tagged

from .fee_payment_common import FeePaymentCommon


@tagged("post_install", "-at_install")
class TestFeeForfeit(FeePaymentCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policy = cls.company._get_fee_policy(cls.today)
        cls.policy.write(
            {"allow_person": True, "person_year_limit": 500, "legal_basis": "Tasting"}
        )
        cls.compliance = cls._new_user(
            "fee_compliance", "distributor_crm_expense.group_fee_compliance"
        )
        cls.customer = cls.customers[0]
        cls.person = cls.env["res.partner"].create(
            {"name": "Buyer", "parent_id": cls.customer.id}
        )

    def _line(self, statement, payable, payee=None, home=None, **values):
        line = self.env["distributor.fee.statement.line"].create(
            {
                **self._prepare_line(statement, self.customer, payable, **values),
                "payee_id": (payee or self.customer).id,
                "statement_id": statement.id,
                "origin_line_id": home and home.id,
                "span_from": home.span_from if home else statement.month,
            }
        )
        line.filtered(lambda one: one.payable < 0)._update_forfeited()
        return line

    def _signed(self, months=2, **values):
        return self._create_statement(month=self._month_back(months), **values)

    def _refuse(self, line):
        line.with_user(self.compliance).action_compliance_refuse("Tender")

    # -- refused ---------------------------------------------------------------------

    def test_refusing_the_last_line_settles_the_statement(self):
        """Nothing is left to pay: nobody has to press a button that pays nothing."""
        statement = self._signed()
        line = self._line(statement, 50, self.person)
        self.assertEqual(line.compliance_state, "waiting")
        self._refuse(line)
        self.assertEqual(statement.state, "paid")
        self.assertEqual(statement.open_payable, 0)
        self.assertFalse(statement.payout_ids)

    def test_refusing_after_the_rest_was_paid(self):
        """The rest was paid; with the refusal it is settled and customers are asked."""
        statement = self._signed()
        line = self._line(statement, 50, self.person)
        self._line(statement, 30, product=self.cups)
        self._pay_out(statement)
        self.assertEqual(statement.state, "signed")
        self.assertFalse(statement.check_ids)
        self._refuse(line)
        self.assertEqual(statement.state, "paid")
        self.assertEqual(statement.check_ids.line_ids.partner_id, self.customer)

    def test_refusing_leaves_what_is_still_to_be_paid(self):
        """What others are due keeps it open; a payout in preparation does so too."""
        statement = self._signed()
        line = self._line(statement, 50, self.person)
        other = self._line(statement, 20, self.person, product=self.cups)
        glasses = self.env["product.product"].create({"name": "Glasses"})
        self._line(statement, 30, product=glasses)
        payout = self._prepare(statement)
        self._refuse(line)
        self._refuse(other)
        self.assertEqual(statement.state, "signed")
        payout._cancel("Prepared in error")
        self.assertEqual((statement.state, statement.open_payable), ("signed", 30))
        self._pay_out(statement)
        self.assertEqual(statement.state, "paid")

    def test_signed_with_nothing_to_pay_is_settled(self):
        """What compliance refused before the last signature leaves nothing, too."""
        statement = self._signed(state="submitted")
        line = self._line(statement, 50, self.person)
        self._refuse(line)
        self.assertEqual(statement.state, "submitted")
        statement.with_context(skip_validation_check=True).state = "signed"
        statement._close_if_nothing_left()
        self.assertEqual(statement.state, "paid")

    # -- taken back ------------------------------------------------------------------

    def test_taking_back_what_was_refused_takes_nothing(self):
        """50 were refused and never paid; the goods come back: the buyer keeps the 40
        that he is due for others."""
        first = self._signed(3)
        refused = self._line(first, 50, self.person)
        self._refuse(refused)
        second = self._signed(2)
        back = self._line(second, -50, self.person, home=refused)
        due = self._line(second, 40, self.person, product=self.cups)
        due.with_user(self.compliance).action_compliance_agree()
        self.assertEqual(back.forfeited, -50)
        payout = self._pay_out(second)
        self.assertEqual((payout.amount, payout.taken_back), (40, 0))
        account = self.env["distributor.fee.account"].search(
            [("user_id", "=", self.rep.id), ("product_id", "=", self.product.id)]
        )
        self.assertEqual(sum(account.mapped("open")), 0)

    def test_taking_back_more_than_was_refused(self):
        """100 were granted, 50 of them refused; 30 are right: 20 are taken back."""
        first = self._signed(4)
        refused = self._line(first, 50, self.person)
        self._refuse(refused)
        second = self._signed(3)
        self._line(second, 50, home=refused)
        self._pay_out(second)
        third = self._signed(2)
        self._line(third, -70, self.customer, home=refused)
        self._line(third, 60, product=self.cups)
        # It is taken back from whom it was paid, as far as it was.
        refused.origin_line_id = False
        third.line_ids.origin_line_id = False
        payout = self._pay_out(third)
        self.assertEqual((payout.amount, payout.taken_back), (40, 20))

    def test_taking_back_waits_for_the_reviewer(self):
        """Whether 50 are ever paid is open: what takes them back waits with them."""
        first = self._signed(3)
        waiting = self._line(first, 50, self.person)
        second = self._signed(2)
        self._line(second, -50, self.person, home=waiting)
        due = self._line(second, 80, self.person, product=self.cups)
        due.with_user(self.compliance).action_compliance_agree()
        self.assertEqual(second.open_payable, 80)
        waiting.with_user(self.compliance).action_compliance_agree()
        self.env.invalidate_all()
        self.assertEqual(second.open_payable, 30)

    def test_a_payout_in_preparation_when_it_is_refused(self):
        """It would take back what is now refused: it is prepared anew."""
        first = self._signed(3)
        refused = self._line(first, 50, self.person)
        second = self._signed(2)
        self._line(second, -50, self.person, home=refused)
        self._line(second, 80, product=self.cups)
        payout = self._prepare(second)
        self.assertEqual(payout.amount, 80)
        self._refuse(refused)
        self._receipt(payout)
        payout.action_post()
        self.assertEqual(sum(self._booked().values()), 8000)

    # -- void ------------------------------------------------------------------------

    def test_void_forfeits_what_it_grants_not_what_it_takes_back(self):
        """A void statement pays nothing, and hides nothing that has to be given back."""
        first = self._signed(5)
        paid = self._line(first, 100)
        self._pay_out(first)
        void = self._signed(4, state="submitted")
        granted = self._line(void, 70, product=self.cups)
        back = self._line(void, -30, home=paid)
        void._void("Not signed in time")
        self.assertEqual((granted.forfeited, back.forfeited), (70, 0))
        third = self._signed(3)
        self._line(third, -70, home=granted, product=self.cups)
        self._line(third, 90, product=self.product)
        # Of the 90, the 30 of the void one are kept, and nothing of its 70.
        payout = self._pay_out(third)
        self.assertEqual(payout.amount, 60)
        with self._refused(UserError, "already"):
            void.with_user(self.payer)._reopen("Ill", self.today)

    def test_reopened_counts_again(self):
        void = self._signed(2, state="submitted")
        granted = self._line(void, 70)
        void._void("Not signed in time")
        void.with_user(self.payer)._reopen("Ill", self.today)
        self.assertEqual((void.state, granted.forfeited), ("draft", 0))
