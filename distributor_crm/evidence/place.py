# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from math import asin, cos, radians, sin, sqrt

EARTH_METRES = 6_371_000


def measure_metres(
    latitude: float, longitude: float, other_latitude: float, other_longitude: float
) -> float:
    """Return the metres between two points on the globe, given in degrees."""
    one, other = radians(latitude), radians(other_latitude)
    across = sin((other - one) / 2) ** 2
    along = sin(radians(other_longitude - longitude) / 2) ** 2
    return (
        2 * EARTH_METRES * asin(sqrt(min(1.0, across + cos(one) * cos(other) * along)))
    )
