# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""From figures to points, from points to a score and its band. Plain values in and out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

ZERO = Decimal(0)
FULL = Decimal(100)
CENT = Decimal("0.01")


def rounded(value: Decimal) -> Decimal:
    """Return a value to two decimals, halves up."""
    return value.quantize(CENT, ROUND_HALF_UP)


@dataclass(frozen=True)
class Kpi:
    """How a figure is turned into points from 0 to 100.

    :ivar method: "bands" (the highest floor reached gives its points), "target" (linear
        from `zero` to `full`, whichever is higher), "scale" (a grade out of `full`) or
        "deduction" (`each` per unit, `most` in all, taken off the total)
    """

    kpi_id: int
    method: str
    weight: Decimal = ZERO
    bands: Sequence[tuple[Decimal, Decimal]] = ()
    zero: Decimal = ZERO
    full: Decimal = FULL
    each: Decimal = ZERO
    most: Decimal = ZERO

    def points(self, figure: Decimal) -> Decimal:
        """Return the points of a figure: 0 to 100, or what a deduction takes off."""
        if self.method == "deduction":
            return -min(max(figure, ZERO) * self.each, self.most)
        if self.method == "bands":
            reached = [
                points for floor, points in sorted(self.bands) if figure >= floor
            ]
            return reached[-1] if reached else ZERO
        low = ZERO if self.method == "scale" else self.zero
        part = (figure - low) / (self.full - low)
        return rounded(FULL * min(max(part, ZERO), Decimal(1)))


@dataclass(frozen=True)
class Line:
    """What one KPI brings: its points, the weight it had, and its part of the score."""

    points: Decimal | None
    weight: Decimal
    score: Decimal


@dataclass(frozen=True)
class Result:
    """A score, None where nothing is known, and what it is made of."""

    total: Decimal | None
    lines: Mapping[int, Line]


def evaluate(kpis: Sequence[Kpi], figures: Mapping[int, Decimal | None]) -> Result:
    """Return the score of one distributor.

    A KPI that nobody knows is left out, and the weights of the others are scaled up to
    100: what is not measured is held against nobody. The scores of the lines add up to
    the total to the cent. A score is never below zero.

    :param figures: by KPI; missing or None where not known
    """
    known = {
        kpi.kpi_id: kpi.points(figures[kpi.kpi_id])
        for kpi in kpis
        if figures.get(kpi.kpi_id) is not None
    }
    weighed = [k for k in kpis if k.kpi_id in known and k.method != "deduction"]
    scale = sum((kpi.weight for kpi in weighed), ZERO)
    lines = {kpi.kpi_id: Line(known.get(kpi.kpi_id), ZERO, ZERO) for kpi in kpis}
    if not scale:
        return Result(None, lines)
    exact = before = weight_sum = weight_before = ZERO
    for kpi in weighed:
        exact += known[kpi.kpi_id] * kpi.weight / scale
        weight_sum += kpi.weight * FULL / scale
        score, weight = rounded(exact) - before, rounded(weight_sum) - weight_before
        lines[kpi.kpi_id] = Line(known[kpi.kpi_id], weight, score)
        before += score
        weight_before += weight
    total = before
    for kpi in kpis:
        if kpi.kpi_id in known and kpi.method == "deduction":
            # No more is taken off than there is, so that the lines still add up.
            taken = max(rounded(known[kpi.kpi_id]), -total)
            lines[kpi.kpi_id] = Line(known[kpi.kpi_id], ZERO, taken)
            total += taken
    return Result(total, lines)


def band(total: Decimal | None, floors: Mapping[int, Decimal]) -> int | None:
    """Return the band whose floor is the highest that the total reaches."""
    reached = [
        (floor, name)
        for name, floor in floors.items()
        if total is not None and total >= floor
    ]
    return max(reached)[1] if reached else None
