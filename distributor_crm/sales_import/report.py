# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The error file: the refused rows as they were, each with its reason."""

import csv
import io
import re

from .source import Source

# A spreadsheet runs a cell that starts like this as a formula.
FORMULA = re.compile(r"^\s*([=@]|[+-](?!\s*[\d.,]+\s*$))")


def write_report(
    parts: list[tuple[Source, dict[int, str]]], labels: tuple[str, ...]
) -> bytes:
    """A CSV file of the refused rows, in UTF-8 with BOM for Excel.

    The files are read again, so that no row has to be kept in memory. The columns keep
    their names: a corrected error file can be imported as it is.

    :param parts: (file, {row number: reason}) for each file with refused rows
    :param labels: headers of the file, the line and the reason
    """
    header = list(dict.fromkeys(name for source, _ in parts for name in source.header))
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([*labels, *header])
    for source, reasons in parts:
        if not reasons:
            continue
        places = [source.header.index(n) if n in source.header else -1 for n in header]
        for row, cells in source.rows():
            if row in reasons:
                kept = [cells[i] if 0 <= i < len(cells) else "" for i in places]
                writer.writerow(map(_safe, [source.name, row, reasons[row], *kept]))
    return out.getvalue().encode("utf-8-sig")


def _safe(cell) -> str:
    text = str(cell)
    return f"'{text}" if FORMULA.match(text) else text
