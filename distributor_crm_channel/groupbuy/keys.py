# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""By what a recipient is known again, however it was typed."""

import re
import unicodedata

CHINA = "86"
MOBILE_DIGITS = 11


def phone_key(phone: str | None) -> str:
    """Return the digits of a number without signs, China's code and leading zeros."""
    digits = re.sub(r"\D", "", unicodedata.normalize("NFKC", phone or "")).lstrip("0")
    if digits.startswith(CHINA) and len(digits) >= MOBILE_DIGITS:
        digits = digits.removeprefix(CHINA).lstrip("0")
    return digits


def address_key(address: str | None) -> str:
    """Return the letters and digits of an address, wide ones narrow, all small."""
    plain = unicodedata.normalize("NFKC", address or "").casefold()
    return "".join(char for char in plain if char.isalnum())
