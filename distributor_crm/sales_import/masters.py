# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Customers and products: one row each."""

from dataclasses import dataclass
from typing import NamedTuple

from .problems import Problem, ValueProblem
from .source import Source
from .values import read_number, read_text


class Customer(NamedTuple):
    """A row of the customers file."""

    key: str
    name: str
    city: str
    state: str
    country: str
    type: str


class Product(NamedTuple):
    """A row of the products file; ``cost`` is a number."""

    key: str
    name: str
    category: str
    subcategory: str
    cost: float


@dataclass(slots=True)
class Masters:
    """key → row of a master file, and (row number, problem) of the bad rows."""

    rows: dict
    problems: list[tuple[int, Problem]]


def read_customers(source: Source) -> Masters:
    """The customers of the file, by key."""
    return _read(source, _customer)


def read_products(source: Source, comma: str = "") -> Masters:
    """The products of the file, by key."""
    return _read(source, lambda cells: _product(cells, comma))


def _customer(cells) -> Customer:
    return Customer(*(cells(name) for name in Customer._fields))


def _product(cells, comma) -> Product:
    texts = (cells(name) for name in Product._fields[:-1])
    return Product(*texts, float(read_number(cells("cost"), comma) or 0))


def _read(source: Source, make) -> Masters:
    masters = Masters({}, [])
    for line, cells in source.rows():
        try:
            row = make(_Cells(cells, source))
            _check(row, masters.rows.get(row.key))
        except ValueProblem as error:
            masters.problems.append((line, error.problem))
        else:
            masters.rows[row.key] = row
    return masters


def _check(row, known) -> None:
    if not row.key:
        raise ValueProblem("no_key")
    if not row.name:
        raise ValueProblem("no_name")
    if known and known != row:
        raise ValueProblem("two_rows", key=row.key)


class _Cells:
    """The cells of a row by column name."""

    def __init__(self, cells, source):
        if len(cells) > len(source.header) and any(cells[len(source.header) :]):
            raise ValueProblem(
                "too_many_cells", cells=len(cells), header=len(source.header)
            )
        self.cells = cells
        self.positions = source.positions

    def __call__(self, name: str) -> str:
        position = self.positions.get(name)
        if position is None or position >= len(self.cells):
            return ""
        return read_text(self.cells[position])
