# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import date
from unittest.mock import patch

from freezegun import freeze_time
from psycopg2.errors import UniqueViolation

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .fee_common import FeeStatementCommon


@tagged("post_install", "-at_install")
class TestFeeStatementFigures(FeeStatementCommon):
    """What a statement says, from sales and collections (R084-R087, R093, R111)."""

    def _lines(self, statement):
        return [
            (line.kind, line.origin_month.month, line.net_sales, line.payable)
            for line in statement.line_ids.sorted("id")
        ]

    def test_fee_in_proportion_to_what_is_collected(self):
        """5 % of 1000 is 50; 75 % is collected, so 37.50 are payable (R085)."""
        move = self._sell("2025-03-10", 1000)
        self._pay(move, "2025-03-20", 750)
        statement = self._build("2025-03")
        line = statement.line_ids
        self.assertEqual(
            (line.net_sales, line.collected, line.collection_rate), (1000, 750, 75)
        )
        self.assertEqual((line.fee_full, line.fee_due, line.payable), (50, 37.5, 37.5))
        self.assertEqual((statement.payable, statement.not_released), (37.5, 12.5))
        self.assertEqual(line.payee_id, self.customer)
        self.assertTrue(line.purpose_id and line.occasion)

    def test_two_purposes_make_two_lines_of_one_sale(self):
        """3 % for the buyer and 2 % for purchasing are two lines; the totals count the
        sale once (R078-R083)."""
        product = self.env["product.product"].create(
            {"name": "Fee Two Purposes", "taxes_id": [Command.clear()]}
        )
        purposes = [
            self.env.ref(f"distributor_crm_expense.fee_purpose_{name}")
            for name in ("buyer", "purchasing")
        ]
        for purpose, rate in zip(purposes, (3, 2), strict=True):
            self._standard(
                product_tmpl_id=product.product_tmpl_id.id,
                purpose_id=purpose.id,
                rate=rate,
            )
        move = self._sell("2025-03-10", 1000, product=product)
        self._pay(move, "2025-03-20", 500)
        statement = self._build("2025-03")
        self.assertEqual(
            [(line.purpose_id, line.payable) for line in statement.line_ids],
            [(purposes[0], 15), (purposes[1], 10)],
        )
        self.assertEqual((statement.net_sales, statement.collected), (1000, 500))
        self.assertEqual((statement.fee_full, statement.payable), (50, 25))
        self._pay(move, "2025-04-15", 500)
        april = self._build("2025-04")
        self.assertEqual(sorted(april.line_ids.mapped("payable")), [10, 15])
        self.assertEqual(april.line_ids.purpose_id, purposes[0] + purposes[1])

    def test_later_collection_releases_the_rest_once(self):
        """What is paid in April of a sale in March stands in April's statement."""
        move = self._sell("2025-03-10", 1000)
        self._pay(move, "2025-03-20", 750)
        self._build("2025-03")
        self._pay(move, "2025-04-15", 250)
        april = self._build("2025-04")
        self.assertEqual(self._lines(april), [("late_collection", 3, 1000, 12.5)])
        line = april.line_ids
        self.assertEqual((line.fee_due, line.paid_before), (50, 37.5))
        may = self._build("2025-05")
        self.assertFalse(may.line_ids)

    def test_after_full_collection(self):
        """Where the policy says so, nothing is released before all is paid (R084)."""
        self.policy.collection_mode = "after_full"
        move = self._sell("2025-03-10", 1000)
        self._pay(move, "2025-03-20", 999)
        march = self._build("2025-03")
        self.assertEqual(march.payable, 0)
        self._pay(move, "2025-04-15", 1)
        self.assertEqual(self._build("2025-04").payable, 50)

    def test_return_takes_back(self):
        """A credit note after the month takes its part of the fee back."""
        move = self._sell("2025-03-10", 1000)
        self._pay(move, "2025-03-20", 800)
        march = self._build("2025-03")
        self.assertEqual(march.payable, 40)
        self._return(move, "2025-04-05", 200)
        # 800 are sold and 800 collected: the fee is 40, nothing changes.
        move = self._sell("2025-04-10", 500)
        self._pay(move, "2025-04-11", 500)
        self.assertEqual(self._build("2025-04").payable, 25)
        refund = move._reverse_moves([{"invoice_date": "2025-05-02"}])
        refund.action_post()
        may = self._build("2025-05")
        self.assertEqual(self._lines(may), [("return", 4, 0, -25)])
        self.assertEqual(may.line_ids.origin_line_id, self._build("2025-04").line_ids)

    def test_payment_that_bounced_takes_back(self):
        """A payment set back to draft collects nothing any more."""
        move = self._sell("2025-03-10", 1000)
        payment = self._pay(move, "2025-03-20", 1000)
        self.assertEqual(self._build("2025-03").payable, 50)
        payment.action_draft()
        april = self._build("2025-04")
        self.assertEqual(self._lines(april), [("bad_debt", 3, 1000, -50)])

    def test_standard_that_changes_within_the_month_splits_it(self):
        """Each sale has the standard of its own day."""
        self._standard("2025-03-16", rate=10)
        for day in ("2025-03-15", "2025-03-16"):
            self._pay(self._sell(day, 100), day, 100)
        lines = self._build("2025-03").line_ids.sorted("span_from")
        self.assertEqual(lines.mapped("payable"), [5, 10])
        self.assertEqual(
            lines.mapped("span_from"), [date(2025, 3, 1), date(2025, 3, 16)]
        )

    def test_customer_moves_to_another_representative(self):
        """A sale stays with the representative of its invoice; one that names nobody
        stays with whom it was granted to."""
        move = self._sell("2025-03-10", 1000, user=self.env["res.users"])
        move.invoice_user_id = False
        self._pay(move, "2025-03-20", 500)
        self.assertEqual(self._build("2025-03").payable, 25)
        self.customer.user_id = self.other_rep
        self._pay(move, "2025-04-15", 500)
        everybody = self._build("2025-04") | self.env[
            "distributor.fee.statement"
        ].search([("month", "=", "2025-04-01")])
        self.assertEqual(
            everybody.filtered("payable").mapped(lambda s: (s.user_id, s.payable)),
            [(self.rep, 25)],
        )

    def test_tier_change_does_not_touch_earlier_months(self):
        """What was granted keeps its standard, whatever tier the customer has now."""
        gold = self.env["res.partner.grade"].create({"name": "Fee Gold"})
        self._standard(grade_id=gold.id, rate=20)
        move = self._sell("2025-03-10", 1000)
        self._pay(move, "2025-03-20", 1000)
        self.assertEqual(self._build("2025-03").payable, 50)
        self.customer.grade_id = gold
        self.assertFalse(self._build("2025-04").line_ids)

    def test_product_without_standard_is_listed_with_nothing(self):
        """Undecided products grant nothing and are counted (R089)."""
        self._pay(
            self._sell("2025-03-10", 400, product=self.undecided), "2025-03-11", 400
        )
        statement = self._build("2025-03")
        self.assertEqual((statement.undecided_count, statement.payable), (1, 0))
        self.assertEqual(statement.net_sales, 400)

    def test_fee_per_unit_in_the_products_unit(self):
        """A dozen counts twelve units of the product."""
        product = self.env["product.product"].create(
            {"name": "Fee Bottles", "taxes_id": [Command.clear()]}
        )
        self._standard(
            product_tmpl_id=product.product_tmpl_id.id, basis="unit", amount=2
        )
        move = self._sell("2025-03-10", 100, product=product)
        dozen = self.env.ref("uom.product_uom_dozen")
        move.button_draft()
        move.invoice_line_ids.product_uom_id = dozen
        move.invoice_line_ids.price_unit = 1200
        move.action_post()
        self._pay(move, "2025-03-11", 1200)
        line = self._build("2025-03").line_ids
        self.assertEqual((line.quantity, line.payable), (12, 24))

    def test_another_currency_counts_in_the_companys(self):
        """Amounts are the ledger's, in company currency."""
        currency = self.setup_other_currency("EUR", rates=[("2025-01-01", 0.5)])
        move = self._sell("2025-03-10", 100, currency_id=currency.id)
        self._pay(move, "2025-03-11", 50)
        line = self._build("2025-03").line_ids
        self.assertEqual((line.net_sales, line.collected), (200, 100))

    def test_running_again_changes_nothing(self):
        """The same ledger gives the same lines, and what people said stays."""
        self._pay(self._sell("2025-03-10", 1000), "2025-03-20", 750)
        statement = self._build("2025-03")
        with freeze_time("2025-04-01"):
            statement.line_ids.with_user(self.rep).explanation = "Fair in May"
        before = self._lines(statement)
        self.assertEqual(self._build("2025-03"), statement)
        self.assertEqual(self._lines(statement), before)
        self.assertEqual(statement.line_ids.explanation, "Fair in May")

    def test_month_that_is_not_over(self):
        """A statement for this month or a later one is refused."""
        for day in ("2025-03-31", "2025-02-01"):
            with self.subTest(day), self.assertRaisesRegex(UserError, "is not over"):
                self._build("2025-03", day)

    def test_two_for_one_month(self):
        """The database keeps one statement a representative and month."""
        self._sell("2025-03-10", 1000)
        statement = self._build("2025-03")
        with self.assertRaises(UniqueViolation), mute_logger("odoo.sql_db"):
            statement.copy({"month": statement.month, "user_id": statement.user_id.id})

    def test_void_month_is_forfeited(self):
        """What a void statement said is not granted by the next one (R097)."""
        move = self._sell("2025-03-10", 1000)
        self._pay(move, "2025-03-20", 500)
        march = self._build("2025-03")
        with freeze_time("2025-04-20"):
            self.env["distributor.fee.statement"]._cron_watch()
        self.assertEqual(march.state, "void")
        self._pay(move, "2025-04-25", 500)
        self.assertEqual(self._build("2025-04").payable, 25)

    def test_without_policy(self):
        """Without a policy the error says who sets one."""
        with self.assertRaisesRegex(UserError, "has no fee policy"):
            self._build("2023-11")

    def test_many_representatives_take_the_queries_of_one(self):
        """The number of queries does not grow with the statements (R093)."""
        self._sell("2025-03-10", 1000)
        self._build("2025-03")
        counts = []
        for month, number in (("2025-04", 2), ("2025-05", 12)):
            for index in range(number):
                user = self._new_user(
                    f"fs_{month}_{index}", "distributor_crm.group_sales_rep"
                )
                self._sell(f"{month}-10", 100, user=user)
            self.env.invalidate_all()
            cursor = type(self.env.cr)
            with patch.object(
                cursor, "execute", autospec=True, side_effect=cursor.execute
            ) as executed:
                self._build(month)
                self.env.flush_all()
            counts.append(executed.call_count)
        self.assertLessEqual(counts[1], counts[0] + 12)
