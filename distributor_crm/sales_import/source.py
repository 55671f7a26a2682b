# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""From the bytes of an uploaded file to its rows: unpack, decode, split."""

import codecs
import csv
import gzip
import io
import re
import zlib
from collections.abc import Iterator

from .columns import Column, check_required, match_header
from .problems import FileProblem

MAX_BYTES = 512 * 1024 * 1024
MAX_ROWS = 1_000_000
BLOCK = 1024 * 1024
DELIMITERS = ",;\t|"
ENCODINGS = ("utf-8", "gb18030", "cp1252", "utf-16")

BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# What people upload instead of a CSV file: zip (xlsx, ods), old Excel, PDF, images.
WORKBOOKS = (b"PK\x03\x04", b"PK\x05\x06", b"\xd0\xcf\x11\xe0")
BINARIES = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"Rar!", b"7z\xbc\xaf", b"BZh")
# A Western "é" read as Chinese becomes one rare character inside a Latin word.
LONE_HANZI = re.compile(r"[A-Za-z][\u3400-\u9fff](?=[A-Za-z\s,;]|$)")


class _Bounded(io.RawIOBase):
    """A stream that refuses to give more than a limit: a small gzip can hold 1 TB."""

    def __init__(self, stream, limit):
        self._stream = stream
        self._left = limit

    def readable(self):
        return True

    def readinto(self, buffer):
        try:
            data = self._stream.read(min(len(buffer), BLOCK))
        except (OSError, EOFError, zlib.error) as error:
            raise FileProblem("broken_archive") from error
        self._left -= len(data)
        if self._left < 0:
            raise FileProblem("too_large", limit=MAX_BYTES // BLOCK)
        buffer[: len(data)] = data
        return len(data)


def below_header(rows: Iterator) -> Iterator:
    """Give the rows below the first; refuse too many, and none."""
    next(rows)
    count = 0
    for count, row in enumerate(rows, start=1):
        if count > MAX_ROWS:
            raise FileProblem("too_many_rows", limit=MAX_ROWS)
        yield row
    if not count:
        raise FileProblem("no_rows")


class Source:
    """One file: bytes in, header and rows out, any number of times.

    :param data: the file as uploaded, plain or gzip
    :param columns: the columns to look for
    :param name: the file's name, for messages
    :param encoding: one of ``ENCODINGS``, or nothing to find out
    :raises FileProblem: on opening, if the file as a whole cannot be used
    """

    def __init__(
        self,
        data: bytes,
        columns: tuple[Column, ...],
        name: str = "",
        encoding: str | None = None,
    ):
        self.data = data
        self.name = name
        self.encoding = self._find_encoding(encoding)
        self.delimiter = self._find_delimiter(columns)
        self.header = self._read_header()
        self.positions = match_header(self.header, columns)
        check_required(self.positions, columns)

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """(line number in the file, cells) of each row below the header."""
        return below_header(self._split())

    def _binary(self) -> io.BufferedReader:
        stream = io.BytesIO(self.data)
        if self.data[:2] == b"\x1f\x8b":
            stream = gzip.GzipFile(fileobj=stream)
        return io.BufferedReader(_Bounded(stream, MAX_BYTES), BLOCK)

    def _text(self) -> io.TextIOWrapper:
        return io.TextIOWrapper(self._binary(), self.encoding, newline="")

    def _find_encoding(self, wished: str | None) -> str:
        head = self._binary().read(8)
        if not head:
            raise FileProblem("empty")
        if head.startswith(WORKBOOKS):
            raise FileProblem("workbook")
        if head.startswith((b"\x1f\x8b", *BINARIES)):
            raise FileProblem("not_csv")
        for bom, encoding in BOMS:
            if head.startswith(bom):
                return self._checked((encoding,))
        return self._checked((wished,) if wished else ("utf-8", "gb18030"))

    def _checked(self, encodings: tuple[str, ...]) -> str:
        """The first encoding that the whole file can be read in."""
        for encoding in encodings:
            try:
                lone = self._scan(encoding)
            except UnicodeDecodeError:
                continue
            if encoding == "gb18030" and len(encodings) > 1 and lone:
                break
            return encoding
        raise FileProblem("encoding")

    def _scan(self, encoding: str) -> bool:
        """Decode the whole file; whether it looks like Western text read as GBK."""
        stream, lone, hanzi, blank = self._binary(), 0, 0, True
        decoder = codecs.getincrementaldecoder(encoding)()
        while block := stream.read(BLOCK):
            text = decoder.decode(block)
            if "\0" in text:
                raise FileProblem("not_csv")
            blank = blank and not text.strip()
            if encoding == "gb18030":
                lone += len(LONE_HANZI.findall(text))
                hanzi += sum("\u3400" <= char <= "\u9fff" for char in text)
        blank = blank and not decoder.decode(b"", final=True).strip()
        if blank:
            raise FileProblem("empty")
        return bool(lone) and lone * 2 > hanzi

    def _find_delimiter(self, columns: tuple[Column, ...]) -> str:
        with self._text() as text:
            line = next((line for line in text if line.strip()), "")
        if match := re.fullmatch(r"sep=(.)\s*", line):
            return match[1]

        def score(delimiter):
            cells = next(csv.reader([line], delimiter=delimiter), [])
            try:
                return len(match_header(cells, columns)), len(cells)
            except FileProblem:
                return len(cells), len(cells)

        return max(DELIMITERS, key=score)

    def _read_header(self) -> list[str]:
        return next(self._split())[1]

    def _split(self) -> Iterator[tuple[int, list[str]]]:
        with self._text() as text:
            reader = csv.reader(text, delimiter=self.delimiter, strict=True)
            line = 1
            try:
                for cells in reader:
                    if any(map(str.strip, cells)) and not _is_separator_hint(cells):
                        yield line, cells
                    line = reader.line_num + 1
            except csv.Error as error:
                raise FileProblem("broken_quotes", line=line) from error


def _is_separator_hint(cells: list[str]) -> bool:
    """``sep=;`` as Excel writes it above the header."""
    return cells[0].strip() == "sep=" and not any(cells[1:])
