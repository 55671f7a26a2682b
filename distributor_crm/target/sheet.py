# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""From the bytes of a list of targets to its rows: CSV as sales files are, or Excel."""

import io
from dataclasses import dataclass
from decimal import Decimal

import xlsxwriter

from ..sales_import.columns import Column
from ..sales_import.problems import FileProblem, Problem, ValueProblem
from ..sales_import.values import read_number, read_text
from ..sales_import.workbook import open_table
from .split import CENT, MONTHS

MAX_BYTES = 5 * 1024 * 1024
MAX_ROWS = 20_000
ENGLISH = ("Jan", "Feb", "Mar", "Apr", "May", "Jun") + (
    *("Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
)
COLUMNS = (
    Column("year", ("Year", "年度", "年份", "年")),
    Column("scope", ("Target For", "Scope", "Kind", "目标对象", "对象类型", "类型")),
    Column(
        "reference",
        (
            *("Reference", "Code", "Distributor Code", "Ref", "Name"),
            *("编码", "编号", "分销商编码", "经销商编码", "客户编码", "名称"),
        ),
    ),
    Column("line", ("Product Line", "Product Category", "Category", "产品线", "类别")),
    Column(
        "target",
        ("Target", "Amount", "Yearly Target", "年度目标", "目标", "金额", "年目标"),
        required=True,
    ),
    *(
        Column(f"m{number}", (name, f"{number}月", f"M{number}", f"{number:02}"))
        for number, name in enumerate(ENGLISH, start=1)
    ),
)


@dataclass
class Row:
    """One target as the file gives it.

    :ivar line: number of the row in the file
    :ivar months: twelve amounts, or none
    :ivar problem: why it cannot be used, as far as the file alone tells
    """

    line: int
    year: int | None = None
    scope: str = ""
    reference: str = ""
    category: str = ""
    amount: Decimal | None = None
    months: tuple[Decimal, ...] = ()
    problem: Problem | None = None


def read(data: bytes, name: str, comma: str = "") -> list[Row]:
    """Return the rows of a file.

    :param comma: what a comma means in a number, see `read_number`
    :raises FileProblem: the file as a whole cannot be used
    """
    if len(data) > MAX_BYTES:
        raise FileProblem("too_large", limit=MAX_BYTES // (1024 * 1024))
    table = open_table(data, COLUMNS, name)
    found = []
    for line, cells in table.rows():
        if len(found) >= MAX_ROWS:
            raise FileProblem("too_many_rows", limit=MAX_ROWS)
        found.append(_read_row(line, cells, table.positions, comma))
    return found


def _read_row(line, cells, positions, comma) -> Row:
    def cell(name):
        place = positions.get(name)
        return cells[place] if place is not None and place < len(cells) else ""

    row = Row(line)
    try:
        row.scope, row.reference = (
            read_text(cell("scope")),
            read_text(cell("reference")),
        )
        row.category = read_text(cell("line"))
        row.year = _read_year(read_text(cell("year")))
        row.amount = _read_amount(cell("target"), comma)
        months = [
            read_number(cell(f"m{number}"), comma) for number in range(1, MONTHS + 1)
        ]
        row.months = _check_months(months, row.amount)
    except ValueProblem as error:
        row.problem = error.problem
    return row


def _read_year(text) -> int | None:
    if not text:
        return None
    year = text.removesuffix(".0").removesuffix("年")
    if not (year.isascii() and year.isdigit() and 2000 <= int(year) <= 2100):
        raise ValueProblem("bad_year", value=text)
    return int(year)


def _read_amount(text, comma) -> Decimal:
    amount = read_number(text, comma)
    if amount is None:
        raise ValueProblem("no_target")
    if amount <= 0:
        raise ValueProblem("target_not_positive", value=text.strip())
    return amount.quantize(CENT)


def _check_months(months, amount) -> tuple[Decimal, ...]:
    """Return twelve amounts that add up, or none."""
    if all(month is None for month in months):
        return ()
    if None in months:
        raise ValueProblem("some_months")
    months = tuple(month.quantize(CENT) for month in months)
    if min(months) < 0:
        raise ValueProblem("month_negative", value=str(min(months)))
    if sum(months) != amount:
        raise ValueProblem("months_differ", value=str(sum(months)), amount=str(amount))
    return months


def write_template(headers: list[str], rows: list[list], widths=(10, 22, 22, 18, 14)):
    """Return an Excel file with a header and examples."""
    output = io.BytesIO()
    book = xlsxwriter.Workbook(output, {"in_memory": True})
    sheet = book.add_worksheet()
    bold = book.add_format({"bold": True, "bg_color": "#E9ECEF"})
    sheet.write_row(0, 0, headers, bold)
    for number, row in enumerate(rows, start=1):
        sheet.write_row(number, 0, row)
    for place, width in enumerate(widths):
        sheet.set_column(place, place, width)
    sheet.freeze_panes(1, 0)
    book.close()
    return output.getvalue()
