# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""One spelling for what tells people and shops apart: numbers, phones, addresses."""

import re
from urllib.parse import urlsplit

# What Odoo leaves out of a phone number that it searches for.
PHONE_SIGNS = re.compile(r"[\s\\./()\-]")
HOST = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+(:\d+)?", re.IGNORECASE)
# What leads to the same shop as the address without it.
TRACKING = re.compile(r"^(utm_|spm$|from$|share|ref$|source$)")


def normalize_number(number):
    """Return the number of a document without blanks and signs, False for none."""
    return re.sub(r"[\W_]", "", number or "").upper() or False


def normalize_url(url):
    """Return the address of a shop in one spelling, empty where it is none.

    :param url: as somebody typed it, with or without scheme
    """
    text = (url or "").strip()
    if not text:
        return ""
    if "://" not in text:
        text = f"https://{text}"
    try:
        parts = urlsplit(text)
        host = parts.hostname or ""
    except ValueError:
        return ""
    if parts.scheme not in ("http", "https") or not HOST.fullmatch(host):
        return ""
    query = "&".join(
        sorted(
            part
            for part in parts.query.split("&")
            if part and not TRACKING.match(part.split("=")[0])
        )
    )
    host = host.lower().removeprefix("www.").removeprefix("m.")
    path = parts.path.rstrip("/")
    return f"{host}{path}{f'?{query}' if query else ''}"
