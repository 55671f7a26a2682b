# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo.tests import BaseCase

from ..models.sales_import.messages import FILES
from ..sales_import import (
    FileProblem,
    Source,
    read_orders,
)
from ..sales_import.book import Rules
from ..sales_import.columns import ORDER_COLUMNS

HEADER = "order,date,customer,product,quantity,price,amount"


class ReaderCase(BaseCase):
    def _source(self, *lines, header=HEADER, encoding="utf-8", **options):
        text = "\n".join((header, *lines)) + "\n"
        return Source(text.encode(encoding), ORDER_COLUMNS, "orders.csv", **options)

    def _book(self, *lines, rules=None, **options):
        return read_orders(self._source(*lines, **options), rules or Rules())

    def _codes(self, book, number="A1"):
        return [problem.code for _row, problem in book.orders[number].problems]

    def _assert_file_problem(self, code, data, columns=ORDER_COLUMNS):
        with self.assertRaises(FileProblem) as caught:
            list(Source(data, columns).rows())
        self.assertEqual(caught.exception.problem.code, code)
        self.assertIn(code, FILES, "the user gets a sentence")
        return caught.exception.problem.params
