# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Files that distributors send: few, small, and of a kind that their content shows."""

import re
from urllib.parse import urlsplit

from odoo.exceptions import UserError
from odoo.tools.mimetypes import guess_mimetype

MAX_FILES = 5
MAX_BYTES = 10 * 1024 * 1024
ALLOWED = {"image/png", "image/jpeg", "image/gif", "image/webp", "application/pdf"}


def check_content(env, name, content):
    """Refuse a file that is too big, or none of the kinds that are looked at.

    :param content: its bytes; the name and what the browser says are not believed
    :return: the kind that the content shows
    :raises UserError: names the file, and says what is accepted
    """
    kind = guess_mimetype(content, default="application/octet-stream")
    label = str(name)[:80]
    if len(content) > MAX_BYTES or kind not in ALLOWED:
        raise UserError(
            env._(
                "%s is not accepted. Send pictures (PNG, JPEG, GIF, WebP) or PDF files "
                "of at most 10 MB each.",
                label,
            )
        )
    return kind


def check_attachments(attachments):
    """Refuse attachments as check_content does, and too many of them."""
    check_number(attachments.env, len(attachments))
    for attachment in attachments:
        check_content(attachments.env, attachment.name, attachment.raw or b"")


def check_number(env, number):
    """Refuse more files than are looked at."""
    if number > MAX_FILES:
        raise UserError(env._("Send at most %s files at a time.", MAX_FILES))


def read_uploads(env, files):
    """Return name, content and kind of each file of a form.

    :param files: what the request carries, untrusted
    :raises UserError: one is not accepted
    """
    given = [file for file in files if file and file.filename]
    check_number(env, len(given))
    found = []
    for file in given:
        content = file.read(MAX_BYTES + 1)
        name = file.filename.replace("\\", "/").rpartition("/")[2][-80:]
        found.append((name, content, check_content(env, name, content)))
    return found


def attach(record, uploads):
    """Attach read files to a record.

    :return: the attachments
    """
    return record.env["ir.attachment"].create(
        [
            {
                "name": name,
                "raw": content,
                "mimetype": kind,
                "res_model": record._name,
                "res_id": record.id,
            }
            for name, content, kind in uploads
        ]
    )


def check_address(env, address):
    """Return a web address that someone typed, or refuse it.

    :raises UserError: it is none that a browser opens over the web
    """
    address = (address or "").strip()
    try:
        parts = urlsplit(address)
        is_web = parts.scheme in ("http", "https") and "." in (parts.hostname or "")
    except ValueError:
        is_web = False
    if not is_web or len(address) > 500 or re.search(r"[\s<>\"']", address):
        raise UserError(
            env._("Enter a complete web address that starts with http:// or https://.")
        )
    return address
