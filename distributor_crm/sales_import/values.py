# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""One cell at a time: text, numbers, dates."""

import re
import unicodedata
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache

from .problems import ValueProblem

BLANKS = {"", "NULL", "\\N"}
MAX_NUMBER = Decimal(10) ** 12
MAX_TEXT = 128
OLDEST = date(1970, 1, 1)

# -3, 3- (as SAP writes it), (3) (as accountants write it)
NEGATIVES = tuple(map(re.compile, (r"-([^-]+)", r"([^-]+)-", r"\(([^-]+)\)")))
PLAIN = re.compile(r"\d+(\.\d*)?|\.\d+")
GROUPED = re.compile(r"\d{1,3}(,\d{3})+(\.\d*)?")
GROUPED_COMMA = re.compile(r"\d{1,3}(\.\d{3})+(,\d*)?")
DECIMAL_COMMA = re.compile(r"\d+(,\d*)?|,\d+")
YEAR_FIRST = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")
COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
YEAR_LAST = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4})")
TIME = re.compile(r"[T ]\s*\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?\s*(Z|[+-]\d{2}:?\d{2})?$")


def read_text(cell: str, limit: int = MAX_TEXT) -> str:
    """The cell without blanks around it; NULL is nothing."""
    text = cell.strip()
    if text.upper() in BLANKS:
        return ""
    if len(text) > limit:
        raise ValueProblem("too_long", limit=limit)
    return text


@lru_cache(maxsize=65536)
def read_number(cell: str, comma: str = "") -> Decimal | None:
    """The number in the cell, None if it is blank.

    :param comma: what a comma means: ``thousands``, ``decimal``, ``either`` (three
        digits behind it: thousands), or nothing to refuse what has two readings
    :raises ValueProblem: not a number, or one that can be read in two ways
    """
    text = unicodedata.normalize("NFKC", cell).strip()
    if text.upper() in BLANKS:
        return None
    number = re.sub(r"[\s¥$€£']|^(CNY|RMB|USD|EUR)", "", text).replace("−", "-")
    negative, digits = False, number.removeprefix("+")
    for pattern in NEGATIVES:
        if match := pattern.fullmatch(number):
            negative, digits = True, match[1]
    value = Decimal(_point(digits, comma, text))
    if value >= MAX_NUMBER:
        raise ValueProblem("too_big", value=text)
    return -value if negative else value


def _point(digits: str, comma: str, text: str) -> str:
    """The digits with a decimal point and nothing else."""
    if comma != "decimal":
        if PLAIN.fullmatch(digits):
            return digits
        if GROUPED.fullmatch(digits):
            if not comma and digits.count(",") == 1 and "." not in digits:
                raise ValueProblem("ambiguous_number", value=text)
            return digits.replace(",", "")
    if comma != "thousands" and (
        GROUPED_COMMA.fullmatch(digits) or DECIMAL_COMMA.fullmatch(digits)
    ):
        return digits.replace(".", "").replace(",", ".")
    raise ValueProblem("not_a_number", value=text)


@lru_cache(maxsize=16384)
def read_date(cell: str, order: str = "") -> date | None:
    """The date in the cell, None if it is blank.

    :param order: ``dmy`` or ``mdy`` where the year comes last; without it such a date
        is read only if it can be read in one way
    :raises ValueProblem: not a date, an impossible one, or one with two readings
    """
    text = unicodedata.normalize("NFKC", cell).strip()
    if text.upper() in BLANKS:
        return None
    try:
        found = date(*_year_month_day(TIME.sub("", text), order, text))
    except ValueError as error:
        raise ValueProblem("bad_date", value=text) from error
    if not OLDEST <= found <= date.today() + timedelta(days=366):
        raise ValueProblem("far_date", value=text)
    return found


def _year_month_day(day: str, order: str, text: str) -> tuple[int, int, int]:
    if match := YEAR_FIRST.fullmatch(day) or COMPACT.fullmatch(day):
        return int(match[1]), int(match[2]), int(match[3])
    match = YEAR_LAST.fullmatch(day)
    if not match:
        raise ValueProblem("bad_date", value=text)
    first, second, year = int(match[1]), int(match[3]), int(match[4])
    if order == "mdy" or (not order and second > 12):
        return year, first, second
    # With dots the day comes first wherever dots are used.
    if order == "dmy" or match[2] == "." or first > 12 or first == second:
        return year, second, first
    raise ValueProblem("ambiguous_date", value=text)


def normalise_name(text: str) -> str:
    """What two spellings of a place have in common."""
    return " ".join(unicodedata.normalize("NFKC", text or "").casefold().split())
