# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The import on real-shaped sales: a wholesaler's three years, a quarter invoiced."""

from decimal import Decimal

from real_sales import FOLDER, RealSalesCommon, needs_real_sales

from odoo.tests import tagged

YEARS = {
    2017: Decimal("8069755.58"),
    2018: Decimal("24328786.25"),
    2019: Decimal("32500005.58"),
    2020: Decimal("12650022.79"),
}
MONTH = "2019-02"


@tagged("post_install", "-at_install")
@needs_real_sales
class TestRealSales(RealSalesCommon):
    """Distributors, products and invoices add up to what the files add up to."""

    def test_whole_file_is_understood(self):
        """57,851 lines are 3,616 orders of 632 customers, with the known totals."""
        record = self.env["distributor.sales.import"].load_directory(FOLDER)
        record.action_check()
        self.assertEqual(record.line_count, 57851)
        self.assertEqual(record.todo_count, 3616)
        self.assertFalse(record.error_line_count)
        self.assertEqual(record.customer_new_count, 701)
        self.assertEqual(record.product_new_count, 397)
        self.assertEqual(record.amount_total, 77548570.20)
        orders = record._get_files().book.good()
        self.assertEqual(len({order.customer for order in orders}), 632)
        totals = dict.fromkeys(YEARS, Decimal(0))
        for order in orders:
            totals[order.date.year] += order.amount
        self.assertEqual(totals, YEARS)

    def test_a_month_in_the_ledger(self):
        """Each order of a month is a posted invoice of its amount, customer and date;
        doing it twice changes nothing."""
        record = self._import_sales(MONTH)
        self.assertEqual(record.state, "done")
        moves = self.env["account.move"].search(
            [("distributor_import_id", "=", record.id)]
        )
        orders = record._get_files().book.good()
        self.assertGreater(len(orders), 30)
        self.assertEqual(
            {
                (move.ref, move.partner_id.ref, move.invoice_date, move.state)
                for move in moves
            },
            {(order.number, order.customer, order.date, "posted") for order in orders},
        )
        amounts = {move.ref: Decimal(f"{move.amount_untaxed:.2f}") for move in moves}
        self.assertEqual(
            amounts, {order.number: round(order.amount, 2) for order in orders}
        )
        self.assertEqual(
            len(moves.invoice_line_ids), sum(len(order.lines) for order in orders)
        )
        again = self._import_sales(MONTH)
        self.assertEqual((again.invoice_count, again.skipped_count), (0, len(orders)))
