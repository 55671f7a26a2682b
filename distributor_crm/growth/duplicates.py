# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Which distributors may be the same: pairs that share marks (R219)."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from itertools import combinations

# A mark that so many share tells nothing: a market's address, a bank's switchboard.
CROWD = 8
# What company names in any language carry without telling them apart.
FORMS = re.compile(
    r"(有限责任公司|股份有限公司|有限公司|集团|公司|\b(co|ltd|limited|inc|llc|gmbh|corp|"
    r"company|corporation|group)\b)"
)


def normalize_name(name: str | None) -> str:
    """Return a name without its legal form, blanks and signs, empty for none."""
    bare = FORMS.sub("", (name or "").lower().replace(".", " "))
    return re.sub(r"[\W_]", "", bare)


def pairs(
    marks: Iterable[tuple[int, str, str]], weights: Mapping[str, int], least: int
) -> dict[tuple[int, int], tuple[int, list[str]]]:
    """Return the pairs that share enough, with score and kinds of marks.

    :param marks: whose, of which kind, and the value in one spelling
    :param weights: what a shared mark of a kind counts; kinds without are ignored
    :param least: pairs of a lower score are left out
    """
    owners = defaultdict(set)
    for owner, kind, value in marks:
        if value and weights.get(kind):
            owners[kind, value].add(owner)
    shared = defaultdict(set)
    for (kind, _value), group in owners.items():
        if len(group) <= CROWD:
            for pair in combinations(sorted(group), 2):
                shared[pair].add(kind)
    found = {}
    for pair, kinds in shared.items():
        score = min(100, sum(weights[kind] for kind in kinds))
        if score >= least:
            found[pair] = score, sorted(kinds)
    return found
