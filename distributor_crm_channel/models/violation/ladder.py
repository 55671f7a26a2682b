# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Which band a breach falls into, and what follows from it. Plain values in and out."""

from datetime import datetime, timedelta
from operator import ge, gt, le, lt

COMPARE = {"<=": le, "<": lt, ">=": ge, ">": gt}
# Share and depth are percentages with two digits: what is 10.00% is not beyond 10%.
DIGITS = 2


def pick_band(severity: float, bands):
    """Return the first band that a severity falls into, None if it falls into none.

    :param severity: in the unit of the bands, mostly percent
    :param bands: (key, operator, value), in their order
    """
    figure = round(severity or 0.0, DIGITS)
    for key, operator, value in bands:
        if COMPARE[operator](figure, round(value, DIGITS)):
            return key
    return None


def pick_steps(offence: int, outcome: str, steps):
    """Return the keys of the steps of the ladder that a breach has reached.

    Of each outcome the highest rung counts that the number of offences reaches; what is
    said of every outcome comes on top.

    :param offence: 1 for the first one in the period
    :param outcome: corrected | not_corrected | none (there is nothing to correct)
    :param steps: (key, outcome or "any", from which offence on)
    """
    chosen = []
    for wanted in (outcome, "any"):
        reached = [step for step in steps if step[1] == wanted and step[2] <= offence]
        top = max((step[2] for step in reached), default=0)
        chosen += [step[0] for step in reached if step[2] == top]
    return chosen


def deadline(start: datetime, hours: float = 0.0, days: int = 0) -> datetime:
    """Return when so many natural hours after a moment are over.

    Both are in UTC, where every day has 24 hours: a change to daylight-saving time makes
    no deadline longer or shorter.
    """
    return start + timedelta(days=days, seconds=round((hours or 0.0) * 3600))
