# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""How far a phone is from a place, and what that proves."""

from math import isfinite

NEAR = 2


def is_position(latitude, longitude) -> bool:
    """Whether two numbers are a place on earth; 0, 0 is what broken phones say."""
    try:
        return (
            isfinite(latitude)
            and isfinite(longitude)
            and -90 <= latitude <= 90
            and -180 <= longitude <= 180
            and (latitude, longitude) != (0, 0)
        )
    except TypeError:
        return False


def judge(metres: float, accuracy: float, radius: float) -> str:
    """Return `in`, `near`, `out` or `unverifiable` of a position.

    The phone is somewhere within the accuracy around what it says. It is in range where
    all of that is, or where what it says is and the accuracy is no worse than the radius;
    out where none of it is.

    :param metres: from the place to what the phone says
    :param accuracy: metres, 0 or less where the phone does not know
    """
    if accuracy <= 0 or accuracy > NEAR * radius:
        return "unverifiable"
    if metres - accuracy > radius:
        return "out"
    if metres <= radius and accuracy <= radius:
        return "in"
    return "near"
