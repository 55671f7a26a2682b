# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Pictures that strangers send: taken apart and made anew, never kept as they came."""

import base64
import binascii
import io

from PIL import Image, ImageOps, UnidentifiedImageError

from odoo.exceptions import ValidationError
from odoo.tools.image import IMAGE_MAX_RESOLUTION

# What phones and programs make. SVG is a program itself, and none of these.
FORMATS = ("PNG", "JPEG", "GIF")
MAX_BYTES = 10 * 1024 * 1024


def redraw(env, data, size):
    """Return a picture drawn anew from its points alone, in base 64.

    Whatever else a file carries (a script, a place, a second file behind it) is gone.

    :param data: the file in base 64
    :param size: the width and height that the result fits into
    :raises ValidationError: no picture of a known kind, or too large; says what to do
    """
    try:
        content = base64.b64decode(data, validate=False)
    except binascii.Error:
        content = b""
    if len(content) > MAX_BYTES:
        raise ValidationError(
            env._("This picture is larger than %s MB. Send a smaller one.", 10)
        )
    try:
        picture = Image.open(io.BytesIO(content), formats=FORMATS)
        if picture.width * picture.height > IMAGE_MAX_RESOLUTION:
            raise ValidationError(
                env._("This picture has too many points. Send a smaller one.")
            )
        picture = ImageOps.exif_transpose(picture)
        return base64.b64encode(_encode(picture, size))
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
        raise ValidationError(
            env._("This is no picture that we can show. Send a PNG, JPEG or GIF.")
        ) from error


def _encode(picture, size):
    """Return the bytes of a picture made smaller: JPEG, or PNG where it lets through."""
    is_transparent = "A" in picture.getbands() or "transparency" in picture.info
    picture = picture.convert("RGBA" if is_transparent else "RGB")
    picture.thumbnail(size)
    # A picture of its own: nothing that the first one carried along.
    clean = Image.new(picture.mode, picture.size)
    clean.paste(picture)
    stream = io.BytesIO()
    if is_transparent:
        clean.save(stream, "PNG", optimize=True)
    else:
        clean.save(stream, "JPEG", quality=85)
    return stream.getvalue()
