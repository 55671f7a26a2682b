# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What the pages of the application take from a form: untrusted text in, values out."""

import re

MAX_TEXT = 200
MAX_LONG = 4000


def text(form, name, limit=MAX_TEXT):
    """Return a line of text without control characters, cut to its bound."""
    value = form.get(name) or ""
    value = re.sub(r"[\x00-\x1f\x7f\u202a-\u202e]+", " ", str(value))
    return value.strip()[:limit]


def long_text(form, name):
    """Return several lines of text, cut to their bound."""
    value = re.sub(
        r"[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e]+", " ", str(form.get(name) or "")
    )
    return value.strip()[:MAX_LONG]


def number(form, name, top):
    """Return a number from 0 to a bound, 0 for an empty field.

    :raises ValueError: no such number
    """
    value = text(form, name, 20).replace("%", "").replace(" ", "").replace(",", ".")
    if not value:
        return 0
    if not re.fullmatch(r"\d{1,12}(\.\d{1,6})?", value):
        raise ValueError(name)
    result = float(value)
    if result > top:
        raise ValueError(name)
    return result


def choice(form, name, choices):
    """Return one of the codes; False for an empty field or anything else."""
    value = text(form, name)
    return value if value in choices else False


def ids(form, name, allowed):
    """Return those of the ids of a list of checkboxes that may be chosen."""
    values = form.getlist(name) if hasattr(form, "getlist") else []
    chosen = {int(value) for value in values if re.fullmatch(r"\d{1,9}", value)}
    return sorted(chosen & set(allowed))
