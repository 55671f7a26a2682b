# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What a camera writes into a photo (EXIF); all of it may be missing, or a lie."""

import math
import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from PIL import Image
from PIL.ExifTags import GPS, IFD, Base

# Programs that change what a picture shows; phones name their own software here, too.
EDITORS = re.compile(
    r"photoshop|lightroom|gimp|snapseed|picsart|meitu|美图|beautyplus|faceapp|canva"
    r"|pixlr|affinity|paint\.net|醒图|remini|vsco|b612",
    re.IGNORECASE,
)
TEXT = 120


@dataclass(frozen=True)
class Shot:
    """When, where and with what a photo was taken, as far as it says.

    `taken` is the time on the camera's clock, `utc_offset` what that clock is ahead of
    UTC, `satellite_time` the time of the satellites in UTC.
    """

    taken: datetime | None = None
    utc_offset: timedelta | None = None
    satellite_time: datetime | None = None
    latitude: float | None = None
    longitude: float | None = None
    device: str = ""
    software: str = ""

    @property
    def is_edited(self) -> bool:
        """Whether it was saved by a program that changes pictures."""
        return bool(EDITORS.search(self.software))


def read_shot(exif: Image.Exif) -> Shot:
    """Return what the metadata of a photo say; nothing of what makes no sense."""
    detail, place = _read_part(exif, IFD.Exif), _read_part(exif, IFD.GPSInfo)
    taken = (
        detail.get(Base.DateTimeOriginal)
        or detail.get(Base.DateTimeDigitized)
        or exif.get(Base.DateTime)
    )
    latitude, longitude = _read_position(place)
    maker, model = _as_text(exif.get(Base.Make)), _as_text(exif.get(Base.Model))
    if model.lower().startswith(maker.lower()):
        maker = ""
    return Shot(
        taken=_as_time(taken),
        utc_offset=_as_offset(
            detail.get(Base.OffsetTimeOriginal) or detail.get(Base.OffsetTime)
        ),
        satellite_time=_read_satellite_time(place),
        latitude=latitude,
        longitude=longitude,
        device=f"{maker} {model}".strip()[:TEXT],
        software=_as_text(exif.get(Base.Software)),
    )


def _read_part(exif, part):
    try:
        return exif.get_ifd(part) or {}
    # Broken metadata break the parser in many ways, all of which mean the same.
    except Exception:
        return {}


def _as_text(value):
    if isinstance(value, bytes):
        value = value.decode("utf-8", "replace")
    text = value if isinstance(value, str) else ""
    return "".join(char for char in text if char.isprintable()).strip()[:TEXT]


def _as_time(value):
    try:
        time = datetime.strptime(_as_text(value)[:19], "%Y:%m:%d %H:%M:%S")
    except ValueError:
        return None
    return time if 1990 <= time.year <= 2200 else None


def _as_offset(value):
    found = re.fullmatch(r"([+-])(\d\d):(\d\d)", _as_text(value))
    if not found:
        return None
    sign, hours, minutes = found.groups()
    offset = timedelta(hours=int(hours), minutes=int(minutes))
    return -offset if sign == "-" else offset


def _as_numbers(value, count):
    try:
        numbers = [float(part) for part in value]
    except (TypeError, ValueError, ZeroDivisionError):
        return None
    is_whole = len(numbers) == count and all(map(math.isfinite, numbers))
    return numbers if is_whole else None


def _read_position(place):
    latitude = _read_degrees(place, GPS.GPSLatitude, GPS.GPSLatitudeRef, 90)
    longitude = _read_degrees(place, GPS.GPSLongitude, GPS.GPSLongitudeRef, 180)
    # Cameras without a fix write zeros: a point in the sea off Africa.
    if latitude is None or longitude is None or (not latitude and not longitude):
        return None, None
    return latitude, longitude


def _read_degrees(place, tag, reference, limit):
    parts = _as_numbers(place.get(tag), 3)
    if not parts:
        return None
    degrees = parts[0] + parts[1] / 60 + parts[2] / 3600
    if _as_text(place.get(reference)).upper() in ("S", "W"):
        degrees = -degrees
    return degrees if abs(degrees) <= limit else None


def _read_satellite_time(place):
    parts = _as_numbers(place.get(GPS.GPSTimeStamp), 3)
    try:
        day = datetime.strptime(_as_text(place.get(GPS.GPSDateStamp)), "%Y:%m:%d")
        return parts and day + timedelta(
            hours=parts[0], minutes=parts[1], seconds=int(parts[2])
        )
    except (ValueError, OverflowError):
        return None
