# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Reading of sales files: plain Python, no ORM.

Bytes of a file go in; customers, products and orders come out, with a
:class:`~.problems.Problem` for each line that cannot be used. Nothing here knows
the database, so that every wrong file can be tried in milliseconds.
"""

from .book import Order, OrderBook, OrderLine, read_orders
from .masters import Customer, Product, read_customers, read_products
from .problems import FileProblem, Problem
from .report import write_report
from .source import Source

__all__ = [
    "Customer",
    "FileProblem",
    "Order",
    "OrderBook",
    "OrderLine",
    "Problem",
    "Product",
    "Source",
    "read_customers",
    "read_orders",
    "read_products",
    "write_report",
]
