# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""How much two texts or names are alike; no record, no request."""

import re
import unicodedata
from difflib import SequenceMatcher

MAX_TEXT = 4000
_SPACE = re.compile(r"\s+")


def normalize_name(name: str | None) -> str:
    """Return what writings of the same shop name share: no case, width, space or sign."""
    text = unicodedata.normalize("NFKC", name or "").casefold()
    return "".join(char for char in text if char.isalnum())


def normalize_text(text: str | None) -> str:
    """Return a text with its words alone, cut to what is compared."""
    text = unicodedata.normalize("NFKC", text or "").casefold()
    return _SPACE.sub(" ", text).strip()[:MAX_TEXT]


def ratio(one: str, other: str) -> float:
    """Return how much two strings are alike, from 0 to 1.

    Of both orders the smaller counts: difflib's answer depends on which comes first.
    """
    if not one or not other:
        return 0.0
    return min(
        SequenceMatcher(None, one, other, autojunk=False).ratio(),
        SequenceMatcher(None, other, one, autojunk=False).ratio(),
    )


def text_likeness(one: str | None, other: str | None) -> float:
    """Return how much two texts are alike, from 0 to 1 (R176)."""
    return ratio(normalize_text(one), normalize_text(other))
