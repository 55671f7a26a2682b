# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What a photo tells of itself: its fingerprints, when, where and with what it was taken.

Plain bytes in, plain values out; nothing here knows of a database.
"""

from .exif import Shot, read_shot
from .fingerprint import (
    BANDS,
    NEAR,
    difference_hash,
    get_bands,
    get_variants,
    is_telling,
    measure_distance,
    sha256,
)
from .picture import (
    MAX_BYTES,
    MAX_PIXELS,
    Facts,
    Unreadable,
    read_picture,
    sniff_picture,
)
from .place import measure_metres
