# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Fingerprints of pictures: one that every change breaks, and one that survives most."""

import hashlib

from PIL import Image

SIDE = 8
BITS = SIDE * SIDE
BANDS = 4
BAND_BITS = BITS // BANDS
# Pictures that differ in at most so many bits look the same. With fewer differences
# than there are bands at least one band is equal, so that an index finds them all.
NEAR = BANDS - 1
# A picture of one colour has no edges to compare: all of them would look the same.
MIN_EDGES = 6


def sha256(data: bytes) -> str:
    """Return the checksum of the bytes, as 64 hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()


def difference_hash(image: Image.Image) -> str:
    """Return which pixels are brighter than their left neighbour, as 16 hex digits.

    Size, compression, brightness and contrast leave it nearly as it is.
    """
    small = image.convert("L").resize((SIDE + 1, SIDE), Image.Resampling.LANCZOS)
    pixels = small.tobytes()
    value = 0
    for row in range(SIDE):
        start = row * (SIDE + 1)
        for column in range(start, start + SIDE):
            value = value << 1 | (pixels[column] < pixels[column + 1])
    return f"{value:016x}"


def get_variants(image: Image.Image) -> set[str]:
    """Return the hashes of the picture as it is, mirrored, and turned by quarters."""
    small = image.convert("L")
    small.thumbnail((256, 256))
    turns = (None, *Image.Transpose)
    return {
        difference_hash(small if turn is None else small.transpose(turn))
        for turn in turns
    }


def get_bands(phash: str) -> tuple[int, ...]:
    """Return the four numbers of 16 bits that a hash consists of."""
    width = len(phash) // BANDS
    return tuple(
        int(phash[start : start + width], 16) for start in range(0, len(phash), width)
    )


def measure_distance(one: str, other: str) -> int:
    """Return in how many of the 64 bits two hashes differ."""
    return (int(one, 16) ^ int(other, 16)).bit_count()


def is_telling(phash: str) -> bool:
    """Whether a hash has enough edges to tell its picture from others."""
    ones = int(phash, 16).bit_count()
    return MIN_EDGES <= ones <= BITS - MIN_EDGES
