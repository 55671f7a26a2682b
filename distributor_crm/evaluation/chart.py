# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The geometry of the charts: where each point stands, in the units of the drawing."""

from collections.abc import Sequence
from math import cos, pi, sin
from textwrap import wrap

CENTRE = 150
RADIUS = 100
# How long a line of a label may be, and how high it is.
LETTERS = 13
LINE = 12.5


def _at(place: int, count: int, radius: float) -> tuple[float, float]:
    """Return where a spoke ends; the first points upwards, the others go clockwise."""
    angle = 2 * pi * place / count - pi / 2
    return (
        round(CENTRE + radius * cos(angle), 1),
        round(CENTRE + radius * sin(angle), 1),
    )


def _polygon(points) -> str:
    return " ".join(f"{x},{y}" for x, y in points)


def _label(text: str, tail: str, y: float) -> list[tuple[str, float]]:
    """Return the lines of a label, each with where it stands: above the drawing they
    end at its edge, below it they begin there."""
    lines = [*wrap(text, LETTERS, max_lines=3, placeholder="…"), tail]
    above = (CENTRE + RADIUS - y) / (2 * RADIUS)
    first = y - above * (len(lines) - 1) * LINE + (1 - above) * LINE / 2
    return [(line, round(first + LINE * place, 1)) for place, line in enumerate(lines)]


def radar(labels: Sequence[tuple[str, str]], values: Sequence[float]) -> dict:
    """Return a radar of values from 0 to 100.

    :param labels: name of each value, and how it is written
    :return: `rings` and `shape` as points of polygons, `spokes` with the end of each
        line, and its label
    """
    count = len(values)
    spokes = []
    for place in range(count):
        x, y = _at(place, count, RADIUS)
        label_x, label_y = _at(place, count, RADIUS + 14)
        middle = abs(label_x - CENTRE) < 8
        anchor = "middle" if middle else "start" if label_x > CENTRE else "end"
        label = _label(*labels[place], label_y)
        spokes.append({"x": x, "y": y, "lx": label_x, "anchor": anchor, "label": label})
    return {
        "rings": [
            _polygon(_at(place, count, RADIUS * part / 4) for place in range(count))
            for part in (1, 2, 3, 4)
        ],
        "shape": _polygon(
            _at(place, count, RADIUS * max(0, min(value, 100)) / 100)
            for place, value in enumerate(values)
        ),
        "dots": [
            _at(place, count, RADIUS * max(0, min(value, 100)) / 100)
            for place, value in enumerate(values)
        ],
        "spokes": spokes,
    }


def trend(values: Sequence[float], width: int = 300, height: int = 120) -> dict:
    """Return a line over periods, for values from 0 to 100.

    :return: `line` as the points of a polyline, `dots` with x and y of each value
    """
    left, top, bottom = 26, 22, height - 22
    left += 14
    step = (width - left - 20) / max(len(values) - 1, 1)
    dots = [
        (
            round(left + step * place, 1) if len(values) > 1 else width / 2,
            round(bottom - (bottom - top) * max(0, min(value, 100)) / 100, 1),
        )
        for place, value in enumerate(values)
    ]
    return {"line": _polygon(dots), "dots": dots, "top": top, "bottom": bottom}
