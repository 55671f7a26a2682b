# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The geometry of a year's chart: bars of target and sales, a line of last year."""

from collections.abc import Sequence

WIDTH, HEIGHT = 720, 220
LEFT, TOP, BOTTOM = 52, 12, HEIGHT - 24
GAP = 0.22
# What a mark of the scale may be, times a power of ten.
STEPS = (1, 2, 2.5, 5, 10)


def scale(most: float) -> tuple[float, list[float]]:
    """Return the upper end of a scale that holds a value, and its marks from zero."""
    if most <= 1:
        return 1.0, [0.0, 1.0]
    power = 10.0 ** (len(str(int(most))) - 1)
    step = next(
        (power * size / 2 for size in STEPS if power * size * 2 >= most), power * 5
    )
    marks = [step * place for place in range(6) if step * (place - 1) < most]
    return marks[-1], marks


def short(value: float) -> str:
    """Return a number as it is written at a scale: 1.5k, 20k, 3M."""
    for limit, letter in ((1_000_000, "M"), (1_000, "k")):
        if abs(value) >= limit:
            return f"{value / limit:g}{letter}"
    return f"{value:g}"


def year_chart(
    targets: Sequence[float],
    sold: Sequence[float],
    before: Sequence[float],
    begun: Sequence[bool],
) -> dict:
    """Return where each bar and mark stands.

    :param begun: whether a month has begun: later ones have no bar of sales
    :return: `bars` with x, width, and y and height of target and sales, whether the
        month `is_reached`; `line` as the points of a polyline; `marks` with y and text
    """
    most = max([*targets, *sold, *before, 0])
    top, marks = scale(most)
    step = (WIDTH - LEFT) / len(targets)

    def level(value):
        return round(BOTTOM - (BOTTOM - TOP) * max(value, 0) / top, 1)

    bars = []
    for place, (target, actual, has_begun) in enumerate(
        zip(targets, sold, begun, strict=True)
    ):
        x = LEFT + step * (place + GAP / 2)
        width = step * (1 - GAP)
        bars.append(
            {
                "x": round(x, 1),
                "width": round(width, 1),
                "inner_x": round(x + width * 0.18, 1),
                "inner_width": round(width * 0.64, 1),
                "middle": round(x + width / 2, 1),
                "target_y": level(target),
                "target_height": round(BOTTOM - level(target), 1),
                "actual_y": level(actual),
                "actual_height": round(BOTTOM - level(actual), 1) if has_begun else 0,
                "is_reached": actual >= target,
            }
        )
    line = " ".join(
        f"{bar['middle']},{level(value)}"
        for bar, value in zip(bars, before, strict=True)
    )
    return {
        "width": WIDTH,
        "height": HEIGHT,
        "left": LEFT,
        "bottom": BOTTOM,
        "bars": bars,
        "line": line if any(before) else "",
        "marks": [{"y": level(mark), "text": short(mark)} for mark in marks],
    }
