# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What is known of an order line: what was sold, what it earns, what was booked."""

from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple


class Sold(NamedTuple):
    """What was invoiced of an order line, less what was credited."""

    untaxed: Decimal
    taxed: Decimal
    quantity: Decimal
    refunded: bool


class Wanted(NamedTuple):
    """What an order line has earned in all on one level."""

    amount: Decimal
    base: Decimal
    rate: float
    unit_cost: float
    reason: str


NOTHING = Wanted(Decimal(0), Decimal(0), 0.0, 0.0, "reopened")


class Booked(NamedTuple):
    """What was booked for an order line on one level."""

    amount: Decimal
    base: Decimal
    number: int
    partner: Any
    policy: Any
    rate: float
    unit_cost: float
    delivered_on: date | None
