# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Photos for tests, as cameras write them."""

import random
from io import BytesIO

from PIL import Image
from PIL.ExifTags import GPS, IFD, Base


def scene(seed=1, size=(400, 300)):
    """Return a picture that looks like no picture of another seed."""
    dice = random.Random(seed)
    spots = bytes(dice.randrange(256) for _ in range(12 * 9 * 3))
    small = Image.frombytes("RGB", (12, 9), spots)
    return small.resize(size, Image.Resampling.BICUBIC)


def exif(taken=None, offset=None, latitude=None, longitude=None, **more):
    """Return the metadata of a photo.

    :param datetime taken: on the clock of the camera
    :param more: `software`, `satellite` (datetime in UTC)
    """
    data = Image.Exif()
    data[Base.Make], data[Base.Model] = "Huawei", "Huawei P60"
    if more.get("software"):
        data[Base.Software] = more["software"]
    detail = data.get_ifd(IFD.Exif)
    if taken:
        detail[Base.DateTimeOriginal] = taken.strftime("%Y:%m:%d %H:%M:%S")
    if offset:
        detail[Base.OffsetTimeOriginal] = offset
    place = data.get_ifd(IFD.GPSInfo)
    if latitude is not None:
        for tag, degrees in (
            (GPS.GPSLatitude, latitude),
            (GPS.GPSLongitude, longitude),
        ):
            whole = int(abs(degrees))
            rest = (abs(degrees) - whole) * 60
            place[tag] = (float(whole), float(int(rest)), (rest - int(rest)) * 60)
        place[GPS.GPSLatitudeRef] = "N" if latitude >= 0 else "S"
        place[GPS.GPSLongitudeRef] = "E" if longitude >= 0 else "W"
    if moment := more.get("satellite"):
        place[GPS.GPSDateStamp] = moment.strftime("%Y:%m:%d")
        place[GPS.GPSTimeStamp] = (
            float(moment.hour),
            float(moment.minute),
            float(moment.second),
        )
    return data


def photo(seed=1, size=(400, 300), kind="JPEG", quality=90, image=None, **metadata):
    """Return the bytes of a photo; with metadata only if some are given."""
    stream = BytesIO()
    more = {"exif": exif(**metadata)} if metadata else {}
    (image or scene(seed, size)).save(stream, kind, quality=quality, **more)
    return stream.getvalue()


def heic(**metadata):
    """Return what looks like the file of an iPhone; its pixels are none."""
    head = b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic"
    return head + b"\x00" * 64 + exif(**metadata).tobytes() + b"\x00" * 64
