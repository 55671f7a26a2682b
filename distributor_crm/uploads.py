# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Files that distributors send: few, small, and of a kind that their content shows."""

import re
from io import BytesIO
from urllib.parse import urlsplit

from PIL import Image

from odoo.exceptions import UserError

from . import evidence

MAX_FILES = 5
MAX_PICTURES = 10
MAX_BYTES = 10 * 1024 * 1024
MAX_PIXELS = 60_000_000


def sniff(data: bytes) -> str | None:
    """Return the type of a file by its content; None for what is not accepted."""
    if data.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if data.startswith((b"GIF87a", b"GIF89a")):
        return "image/gif"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    if data.startswith(b"%PDF-") and b"%%EOF" in data[-2048:]:
        return "application/pdf"
    return None


def is_readable_image(data: bytes) -> bool:
    """Whether the bytes are an image of a sane size, by its header and structure."""
    try:
        with Image.open(BytesIO(data)) as image:
            width, height = image.size
            if not 0 < width * height <= MAX_PIXELS:
                return False
            image.verify()
    # Broken files break PIL in many ways, all of which mean the same.
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return False
    return True


def check_content(env, name, content):
    """Refuse a file that is too big, or none of the kinds that are looked at.

    :param content: its bytes; the name and what the browser says are not believed
    :return: the kind that the content shows
    :raises UserError: names the file, and says what is accepted
    """
    kind = sniff(content) if len(content) <= MAX_BYTES else None
    label = str(name)[:80]
    if not kind or (kind.startswith("image/") and not is_readable_image(content)):
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


def check_number(env, number, limit=MAX_FILES):
    """Refuse more files than are looked at."""
    if number > limit:
        raise UserError(env._("Send at most %s files at a time.", limit))


def read_uploads(env, files):
    """Return name, content and kind of each file of a form.

    :param files: what the request carries, untrusted
    :raises UserError: one is not accepted
    """
    return [
        (name, content, check_content(env, name, content))
        for name, content in _read_files(env, files, MAX_FILES, MAX_BYTES)
    ]


def _read_files(env, files, limit, size):
    """Return name and content of each file, of its content one byte more than allowed."""
    given = [file for file in files if file and file.filename]
    check_number(env, len(given), limit)
    return [
        (
            file.filename.replace("\\", "/").rpartition("/")[2][-80:],
            file.read(size + 1),
        )
        for file in given
    ]


def read_pictures(env, files):
    """Return name and bytes of each photo of a form, for `distributor.evidence._keep`.

    :param files: what the request carries, untrusted
    :raises UserError: there are too many, or one is empty or too big
    """
    return _read_files(env, files, MAX_PICTURES, evidence.MAX_BYTES)


def check_picture(env, name, content):
    """Return what a photo tells, or refuse it.

    :param bytes content: the original as it was sent
    :return: `evidence.Facts`
    :raises UserError: names the file, and says what is accepted
    """
    try:
        return evidence.read_picture(content)
    except evidence.Unreadable as error:
        raise UserError(
            env._(
                "%(file)s is not accepted. Send photos (JPEG, PNG, WebP, HEIC) of at "
                "most %(size)s MB and %(pixels)s megapixels.",
                file=str(name)[:80],
                size=evidence.MAX_BYTES // 1024**2,
                pixels=evidence.MAX_PIXELS // 10**6,
            )
        ) from error


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
