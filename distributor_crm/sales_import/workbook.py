# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The rows of an Excel file, read as those of a CSV file are."""

import io
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from .columns import Column, check_required, match_header
from .problems import FileProblem
from .source import MAX_BYTES, Source, below_header

ZIP = b"PK\x03\x04"
# A broken workbook breaks its reader in many ways, all of which mean the same.
BROKEN = (
    *(InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, OSError),
    *(IndexError, SyntaxError, TypeError, AttributeError),
)


class Workbook:
    """The first sheet of a workbook: header and rows out, any number of times.

    It answers to what :class:`Source` answers to. Rows are read one by one: the sheet
    is never in memory as a whole.

    :raises FileProblem: on opening, if the file as a whole cannot be used
    """

    encoding = None
    delimiter = None

    def __init__(self, data: bytes, columns: tuple[Column, ...], name: str = ""):
        self.data = data
        self.name = name
        self._check_size()
        self.header = next(self._read(), (0, None))[1]
        if self.header is None:
            raise FileProblem("empty")
        self.positions = match_header(self.header, columns)
        check_required(self.positions, columns)

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """(row number in the sheet, cells) of each row below the header."""
        return below_header(self._read())

    def _check_size(self):
        """Refuse what unpacks to more than is read of any file."""
        try:
            with zipfile.ZipFile(io.BytesIO(self.data)) as archive:
                size = sum(item.file_size for item in archive.infolist())
        except zipfile.BadZipFile as error:
            raise FileProblem("broken_archive") from error
        if size > MAX_BYTES:
            raise FileProblem("too_large", limit=MAX_BYTES // 2**20)

    def _read(self) -> Iterator[tuple[int, list[str]]]:
        try:
            book = openpyxl.load_workbook(
                io.BytesIO(self.data), read_only=True, data_only=True
            )
            for number, row in enumerate(
                book.worksheets[0].iter_rows(values_only=True), start=1
            ):
                cells = [_text(value) for value in row]
                if any(cells):
                    yield number, cells
        except BROKEN as error:
            raise FileProblem("broken_archive") from error


def open_table(
    data: bytes, columns: tuple[Column, ...], name: str = "", encoding: str = ""
) -> Source | Workbook:
    """Open a CSV or an Excel file by what its bytes say, not by its name.

    :raises FileProblem: the file as a whole cannot be used
    """
    if data.startswith(ZIP):
        return Workbook(data, columns, name)
    return Source(data, columns, name, encoding or None)


def _text(value) -> str:
    """A cell as it would stand in a CSV file."""
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{Decimal(repr(value)):f}"
    if isinstance(value, datetime):
        return value.isoformat(" ", "seconds")
    if isinstance(value, date):
        return value.isoformat()
    return str(value).strip()
