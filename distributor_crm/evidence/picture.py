# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Opens photos that strangers send, without letting them fill the memory."""

from dataclasses import dataclass, field
from io import BytesIO

from PIL import Image, ImageOps

from .exif import Shot, read_shot
from .fingerprint import difference_hash, get_variants, is_telling, sha256

MAX_BYTES = 25 * 1024 * 1024
# More than any phone takes by default; above, unpacking costs too much memory.
MAX_PIXELS = 60_000_000
SCREEN = 1280
# Pictures of iPhones and some others; their content cannot be unpacked here.
HEIF_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}
# No part of a photo's metadata is longer.
EXIF_BYTES = 65_536


class Unreadable(ValueError):
    """The bytes are no picture, a broken one, or one of too many pixels."""


@dataclass(frozen=True)
class Facts:
    """What the original bytes of a picture tell.

    `phash` is empty where nothing can be compared; `screen` is a smaller JPEG copy
    without metadata, upright, empty where the picture cannot be unpacked.
    """

    mimetype: str
    sha256: str
    width: int = 0
    height: int = 0
    phash: str = ""
    variants: frozenset = field(default_factory=frozenset)
    screen: bytes = b""
    shot: Shot = Shot()


def sniff_picture(data: bytes) -> str | None:
    """Return the type of a picture by its content; None for what is none."""
    if data.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    if data[4:8] == b"ftyp" and data[8:12] in HEIF_BRANDS:
        return "image/heic"
    return None


def read_picture(data: bytes) -> Facts:
    """Return what a picture tells.

    :raises Unreadable: it is none, is broken, too long or of too many pixels
    """
    mimetype = sniff_picture(data)
    if not mimetype or len(data) > MAX_BYTES:
        raise Unreadable(mimetype or "")
    if not _is_whole(data, mimetype):
        raise Unreadable(mimetype)
    if not _can_unpack(mimetype):
        return Facts(mimetype, sha256(data), shot=_find_shot(data))
    try:
        return _read_pixels(data, mimetype)
    # Broken files break PIL in many ways, all of which mean the same.
    except (
        OSError,
        ValueError,
        SyntaxError,
        EOFError,
        MemoryError,
        Image.DecompressionBombError,
    ) as error:
        raise Unreadable(mimetype) from error


def _can_unpack(mimetype):
    """Whether the pixels can be read: never those of HEIC, others by what is installed."""
    Image.init()
    return mimetype.partition("/")[2].upper() in Image.OPEN


def _is_whole(data, mimetype):
    """Whether a file has its end. Others may have told PIL to do without."""
    if mimetype == "image/png":
        return b"IEND" in data
    if mimetype != "image/jpeg":
        return True
    # Behind the notes, each of which says how long it is, the pixels end with a mark
    # that cannot be among them. A small picture in the notes has such a mark, too.
    position = 2
    while data[position : position + 1] == b"\xff" and len(data) > position + 4:
        if data[position + 1] == 0xDA:
            return data.find(b"\xff\xd9", position) > 0
        position += 2 + int.from_bytes(data[position + 2 : position + 4], "big")
    return False


def _read_pixels(data, mimetype):
    kinds = [mimetype.partition("/")[2]]
    with Image.open(BytesIO(data), formats=kinds) as image:
        width, height = image.size
        if not 0 < width * height <= MAX_PIXELS:
            raise Unreadable(mimetype)
        shot = read_shot(_get_exif(image))
        # JPEG is unpacked at a fraction of its size already.
        image.draft("RGB", (SCREEN, SCREEN))
        image.thumbnail((SCREEN, SCREEN))
        copy = _flatten(_turn_upright(image))
    phash = difference_hash(copy)
    stream = BytesIO()
    copy.save(stream, "JPEG", quality=80)
    return Facts(
        mimetype,
        sha256(data),
        width=width,
        height=height,
        phash=phash if is_telling(phash) else "",
        variants=frozenset(filter(is_telling, get_variants(copy) | {phash})),
        screen=stream.getvalue(),
        shot=shot,
    )


def _get_exif(image):
    try:
        return image.getexif()
    # Broken metadata say nothing, the picture may be fine.
    except Exception:
        return Image.Exif()


def _turn_upright(image):
    try:
        return ImageOps.exif_transpose(image)
    # A broken note on which side is up leaves the picture as it is.
    except Exception:
        image.load()
        return image.copy()


def _flatten(image):
    """Return the picture in plain colours; what is transparent becomes white."""
    if image.mode in ("RGB", "L"):
        return image.convert("RGB")
    image = image.convert("RGBA")
    paper = Image.new("RGB", image.size, "white")
    paper.paste(image, mask=image.getchannel("A"))
    return paper


def _find_shot(data):
    """Return the metadata of a file without unpacking it: HEIC has them as JPEG does."""
    for order in (b"II*\x00", b"MM\x00*"):
        start = data.find(b"Exif\x00\x00" + order)
        if start >= 0:
            exif = Image.Exif()
            try:
                exif.load(data[start : start + EXIF_BYTES])
            except Exception:
                return Shot()
            return read_shot(exif)
    return Shot()
