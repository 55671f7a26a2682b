# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What a code on a bottle or box says: typed, or scanned from a bar or square code."""

import re
from typing import NamedTuple
from urllib.parse import parse_qs, unquote, urlsplit

MAX_LENGTH = 64
# GS1 application identifiers of a fixed length, without the two digits themselves.
FIXED = {"00": 18, "01": 14, "02": 14, "11": 6, "13": 6, "15": 6, "17": 6, "20": 2}
SEPARATOR = "\x1d"
BRACKETS = re.compile(r"\((\d{2,4})\)([^(]+)")


class Code(NamedTuple):
    """The number of a lot or bottle, and the product's barcode if it was there too."""

    text: str
    barcode: str = ""


def read_code(text):
    """Return what stands in a code; an empty one for what can be none.

    :param text: what was typed or scanned: a number, the link of a verification page
        (its last part, or ``code=``), or GS1 with brackets or separators; a serial
        number goes before a lot
    """
    text = (text or "").strip()
    if len(text) > 4 * MAX_LENGTH:
        return Code("")
    if text.lower().startswith(("http://", "https://")):
        text = _read_link(text)
    elements = dict(BRACKETS.findall(text)) or _read_elements(text)
    serial = elements.get("21") or elements.get("10")
    if serial:
        return Code(_clean(serial), elements.get("01", ""))
    return Code(_clean(text))


def _clean(text):
    """Return a number as it is compared; nothing where it has what no label has."""
    text = " ".join(text.split()).upper()
    is_printable = text.isprintable() and len(text) <= MAX_LENGTH
    return text if is_printable else ""


def spellings(text):
    """Return how a lot may be written that was typed so: with and without blanks."""
    return {text, text.replace(" ", "")} - {""}


def _read_link(text):
    try:
        parts = urlsplit(text)
    except ValueError:
        return ""
    given = parse_qs(parts.query).get("code")
    return given[0] if given else unquote(parts.path.rstrip("/").rpartition("/")[2])


def _read_elements(text):
    """Return the parts of a GS1 code that begins with a product's barcode."""
    text = text.removeprefix("]C1").removeprefix("]d2").lstrip(SEPARATOR)
    if not re.match(r"01\d{14}(?:1[01357]|2[01])", text):
        return {}
    found = {}
    while len(text) > 2:
        key, text = text[:2], text[2:]
        if key in FIXED:
            found[key], text = text[: FIXED[key]], text[FIXED[key] :]
        elif key in ("10", "21"):
            found[key], _separator, text = text.partition(SEPARATOR)
        else:
            break
        text = text.lstrip(SEPARATOR)
    return found
