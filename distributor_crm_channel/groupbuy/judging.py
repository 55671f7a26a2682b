# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The verdict on a group-buy: the worst of what was found."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

RESULTS = ("consistent", "minor", "inconsistent", "diverted")
MINOR, INCONSISTENT, DIVERTED = 1, 2, 3
# What a code on the goods tells of them.
CODE_LEVELS = {
    "own": 0,
    "other_order": MINOR,
    "undelivered": INCONSISTENT,
    "unknown": INCONSISTENT,
    "repeated": INCONSISTENT,
    "foreign": DIVERTED,
}


@dataclass(frozen=True)
class Limits:
    """What a policy lets pass. Percents are of the quantity; zero asks for nothing."""

    minor: Decimal
    major: Decimal
    photos: int = 0
    days: int = 0
    units_low: Decimal = Decimal(0)
    units_high: Decimal = Decimal(0)
    guests_high: int = 0


@dataclass(frozen=True)
class Code:
    """A product code that was read on site, and what is known of it."""

    name: str
    outcome: str


@dataclass(frozen=True)
class Use:
    """One of the uses of the goods; `held_on` is empty where nobody reported it."""

    number: int
    planned_on: date
    held_on: date | None = None
    guests: int = 0
    tables: int = 0
    photos: int = 0
    used: Mapping[int, Decimal] = field(default_factory=dict)
    codes: Sequence[Code] = ()

    @property
    def quantity(self) -> Decimal:
        return sum(self.used.values(), Decimal(0))


@dataclass(frozen=True)
class Finding:
    """One thing that is not as filed: how bad, what, and the figures of it."""

    level: int
    kind: str
    use: int = 0
    facts: Mapping = field(default_factory=dict)


def measure_variance(
    expected: Mapping[int, Decimal], used: Mapping[int, Decimal]
) -> Decimal:
    """Return in percent of what was delivered how much of it was not used as filed.

    Too little and too much of the products do not make up for each other.
    """
    total = sum(expected.values(), Decimal(0))
    gaps = [
        used.get(key, Decimal(0)) - expected.get(key, Decimal(0))
        for key in expected.keys() | used.keys()
    ]
    missing = -sum((gap for gap in gaps if gap < 0), Decimal(0))
    extra = sum((gap for gap in gaps if gap > 0), Decimal(0))
    if not total:
        return Decimal(100) if extra else Decimal(0)
    return max(missing, extra) * 100 / total


def judge(
    limits: Limits, expected: Mapping[int, Decimal], uses: Sequence[Use]
) -> list[Finding]:
    """Return what is not as filed, the worst first; nothing where all is.

    :param expected: what was delivered of each product
    """
    used = {}
    for use in uses:
        for product, quantity in use.used.items():
            used[product] = used.get(product, Decimal(0)) + quantity
    variance = measure_variance(expected, used)
    findings = []
    if variance > limits.major:
        findings.append(Finding(INCONSISTENT, "goods", facts={"percent": variance}))
    elif variance > limits.minor:
        findings.append(Finding(MINOR, "goods", facts={"percent": variance}))
    for use in uses:
        findings += _judge_use(limits, use)
    return sorted(findings, key=lambda finding: (-finding.level, finding.use))


def get_result(findings: Sequence[Finding]) -> str:
    """Return the verdict: one of RESULTS."""
    return RESULTS[max((finding.level for finding in findings), default=0)]


def _judge_use(limits, use):
    if not use.held_on:
        return [Finding(INCONSISTENT, "unreported", use.number)]
    findings = [
        Finding(level, code.outcome, use.number, {"code": code.name})
        for code in use.codes
        if (level := CODE_LEVELS[code.outcome])
    ]
    if use.photos < limits.photos:
        facts = {"photos": use.photos, "needed": limits.photos}
        findings.append(Finding(INCONSISTENT, "photos", use.number, facts))
    days = abs((use.held_on - use.planned_on).days)
    if days > limits.days:
        findings.append(Finding(MINOR, "date", use.number, {"days": days}))
    return findings + _judge_tables(limits, use)


def _judge_tables(limits, use):
    if not use.tables:
        return []
    findings = []
    units = use.quantity / use.tables
    is_few, is_many = units < limits.units_low, limits.units_high < units
    if is_few or (limits.units_high and is_many):
        findings.append(Finding(MINOR, "tables", use.number, {"units": units}))
    guests = Decimal(use.guests) / use.tables
    if limits.guests_high and guests > limits.guests_high:
        findings.append(Finding(MINOR, "guests", use.number, {"guests": guests}))
    return findings
