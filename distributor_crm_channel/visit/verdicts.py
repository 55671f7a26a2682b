# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""From what was found, criterion by criterion, to valid or invalid."""

from collections.abc import Iterable

PASSED, FAILED, OPEN, UNSURE = "passed", "failed", "pending", "unverifiable"


def longer(seconds: float, limit: float, operator: str) -> bool:
    """Whether a stay is long enough.

    :param limit: seconds
    :param operator: `gt` for longer than, `ge` for at least
    """
    return seconds >= limit if operator == "ge" else seconds > limit


def join(outcomes: Iterable[str], mode: str) -> str:
    """Return the outcome of a criterion from those of its questions.

    :param mode: `all` must have passed, or `any`
    """
    found = list(outcomes)
    if mode == "any":
        for outcome in (PASSED, OPEN, UNSURE):
            if outcome in found:
                return outcome
        return FAILED
    for outcome in (FAILED, OPEN, UNSURE):
        if outcome in found:
            return outcome
    return PASSED


def verdict(outcomes: Iterable[str]) -> str:
    """Return `valid`, `invalid` or `pending` of all criteria: each must have passed.

    What cannot be verified is neither: somebody has to look at it.
    """
    outcome = join(outcomes, "all")
    return {PASSED: "valid", FAILED: "invalid"}.get(outcome, "pending")
