# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Orders: rows become lines, lines become orders, bad ones are kept apart."""

import datetime
import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from hashlib import blake2b
from sys import intern
from typing import NamedTuple

from .problems import FileProblem, Problem, ValueProblem
from .source import Source
from .values import read_date, read_number, read_text

CENT = Decimal("0.01")
CURRENCY_NAMES = {
    "RMB": "CNY",
    "人民币": "CNY",
    "美元": "USD",
    "欧元": "EUR",
    "港币": "HKD",
}
INVOICE, REFUND = "out_invoice", "out_refund"


class OrderLine(NamedTuple):
    """A line that can be read: where it stands, what, how many, at what price."""

    row: int
    product: str
    quantity: float
    price: float


@dataclass(slots=True)
class Order:
    """All lines of one order number.

    ``problems`` holds (row or None for the whole order, problem); an order with one
    is refused as a whole.
    """

    number: str
    rows: list[int] = field(default_factory=list)
    lines: list[OrderLine] = field(default_factory=list)
    problems: list[tuple[int | None, Problem]] = field(default_factory=list)
    date: datetime.date | None = None
    customer: str | None = None
    currency: str | None = None
    amount: Decimal = Decimal(0)

    def documents(self) -> Iterator[tuple[str, list[OrderLine]]]:
        """(invoice or credit note, its lines): what is sold, then what came back."""
        sold = [line for line in self.lines if line.quantity > 0]
        back = [
            line._replace(quantity=-line.quantity)
            for line in self.lines
            if line.quantity < 0
        ]
        if sold:
            yield INVOICE, sold
        if back:
            yield REFUND, back

    def key(self, kind: str) -> str:
        """What names this document for ever, whatever file it comes from."""
        return f"{kind}:{self.number}"

    def digest(self) -> str:
        """A fingerprint of what the order says, to know it again."""
        lines = sorted(line[1:] for line in self.lines)
        text = repr((self.date, self.customer, self.currency, lines))
        return blake2b(text.encode(), digest_size=16).hexdigest()


@dataclass(slots=True)
class OrderBook:
    """Everything one orders file says.

    :param orders: number → order, the good and the refused ones
    :param stray: (row, problem) of lines that belong to no order
    :param line_count: rows read
    """

    orders: dict[str, Order] = field(default_factory=dict)
    stray: list[tuple[int, Problem]] = field(default_factory=list)
    line_count: int = 0

    def good(self) -> list[Order]:
        """Orders without a problem, by date and number: invoices get their numbers
        in that order."""
        orders = [order for order in self.orders.values() if not order.problems]
        return sorted(orders, key=lambda order: (order.date, order.number))


class Rules(NamedTuple):
    """How to read what can be read in two ways, and how exact the ledger is.

    :param date_order: ``dmy``, ``mdy`` or nothing
    :param comma: ``thousands``, ``decimal`` or nothing
    :param quantity_digits: decimals of a quantity
    :param price_digits: decimals of a price
    """

    date_order: str = ""
    comma: str = ""
    quantity_digits: int = 2
    price_digits: int = 2


DEFAULT_RULES = Rules()


def read_orders(source: Source, rules: Rules = DEFAULT_RULES) -> OrderBook:
    """Read the orders file.

    :raises FileProblem: the file holds no line
    """
    # In a file separated by commas a comma inside a number stands in quotes: it groups
    # thousands. Elsewhere "1,234" can be both.
    if not rules.comma and source.delimiter == ",":
        rules = rules._replace(comma="either")
    reader = _Reader(source.positions, len(source.header), rules)
    for row, cells in source.rows():
        reader.add(row, cells)
    return reader.finish()


class _Reader:
    def __init__(self, positions, width, rules):
        self.book = OrderBook()
        self.positions = positions
        self.width = width
        self.rules = rules

    def add(self, row: int, cells: list[str]) -> None:
        """One row into its order, or its problem."""
        self.book.line_count += 1
        try:
            number = self._text(cells, "order", "no_order")
        except ValueProblem as error:
            self.book.stray.append((row, error.problem))
            return
        order = self.book.orders.get(number)
        if order is None:
            order = self.book.orders[number] = Order(number)
        order.rows.append(row)
        try:
            self._add_line(order, row, cells)
        except ValueProblem as error:
            order.problems.append((row, error.problem))

    def finish(self) -> OrderBook:
        """Look at each order as a whole."""
        if not self.book.line_count:
            raise FileProblem("no_rows")
        for order in self.book.orders.values():
            if order.problems:
                continue
            counts = Counter(line[1:] for line in order.lines).values()
            times = math.gcd(*counts)
            if times > 1:
                problem = Problem("order_twice", {"times": times})
                order.problems.append((None, problem))
        return self.book

    def _add_line(self, order: Order, row: int, cells: list[str]) -> None:
        if len(cells) > self.width and any(map(str.strip, cells[self.width :])):
            raise ValueProblem("too_many_cells", cells=len(cells), header=self.width)
        self._add_head(order, cells)
        product = self._text(cells, "product", "no_product")
        quantity = self._number(cells, "quantity")
        amount = self._number(cells, "amount") if "amount" in self.positions else None
        price = self._price(cells, quantity, amount)
        if price < 0:
            raise ValueProblem("negative_price", value=str(price))
        value = quantity * price
        if amount is not None and abs(value - amount) > CENT:
            raise ValueProblem("amount", amount=str(amount), value=f"{value:f}")
        self._check_digits(quantity, price, value)
        order.lines.append(
            OrderLine(row, intern(product), float(quantity), float(price))
        )
        order.amount += value

    def _add_head(self, order: Order, cells: list[str]) -> None:
        """What all lines of an order say alike."""
        day = read_date(self._cell(cells, "date"), self.rules.date_order)
        if day is None:
            raise ValueProblem("no_date")
        currency = read_text(self._cell(cells, "currency")).upper()
        for name, value in (
            ("date", day),
            ("customer", intern(self._text(cells, "customer", "no_customer"))),
            ("currency", intern(CURRENCY_NAMES.get(currency, currency))),
        ):
            known = getattr(order, name)
            if known is None:
                setattr(order, name, value)
            elif known != value:
                raise ValueProblem(f"two_{name}s", first=str(known), second=str(value))

    def _price(self, cells, quantity: Decimal, amount: Decimal | None) -> Decimal:
        price = self._number(cells, "price") if "price" in self.positions else None
        if quantity is None:
            raise ValueProblem("no_quantity")
        if not quantity:
            raise ValueProblem("zero_quantity")
        if price is None and amount is not None:
            price = round(amount / quantity, self.rules.price_digits)
        if price is None:
            raise ValueProblem("no_price")
        return price

    def _check_digits(self, quantity, price, value) -> None:
        """The ledger rounds quantities and prices; it must not change the amount."""
        kept_quantity = round(quantity, self.rules.quantity_digits)
        kept = kept_quantity * round(price, self.rules.price_digits)
        if not kept_quantity or abs(kept - value) > CENT:
            raise ValueProblem(
                "digits",
                quantity=self.rules.quantity_digits,
                price=self.rules.price_digits,
            )

    def _number(self, cells, name: str) -> Decimal | None:
        return read_number(self._cell(cells, name), self.rules.comma)

    def _text(self, cells, name: str, problem: str) -> str:
        text = read_text(self._cell(cells, name))
        if not text:
            raise ValueProblem(problem)
        return text

    def _cell(self, cells, name: str) -> str:
        position = self.positions.get(name)
        return cells[position] if position is not None and position < len(cells) else ""
