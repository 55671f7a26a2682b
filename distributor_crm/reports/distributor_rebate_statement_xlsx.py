# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from itertools import chain

from odoo import models
from odoo.fields import Domain

# Lines read at a time: what is in memory at once, whatever is written.
CHUNK = 10_000
# What is read of a line.
LINE = (
    "statement_id",
    "date",
    "id",
    "move_name",
    "product_id",
    "quantity",
    "amount",
    "collected",
    "reason",
)
# A sheet of Excel holds no more; further rows go to a further sheet.
MAX_ROWS = 1_048_576
MONEY = "#,##0.00"
NUMBER = "#,##0.####"
PERCENT = '0.####"%"'
DATE = "yyyy-mm-dd"


class Sheet:
    """A table that is written row by row, and goes on in further sheets when full.

    Texts are written as texts: one that begins like a formula stays what it is.

    :param columns: label, width and format of each column; no format for a text
    """

    def __init__(self, workbook, title, columns, formats):
        self._workbook, self._title = workbook, title
        self._columns, self._formats = columns, formats
        self._count = 0
        self._open()

    def _open(self):
        self._count += 1
        number = f" {self._count}" if self._count > 1 else ""
        sheet = self._workbook.add_worksheet(f"{self._title[:25]}{number}")
        sheet.freeze_panes(1, 0)
        for column, (label, width, _format) in enumerate(self._columns):
            sheet.set_column(column, column, width)
            sheet.write_string(0, column, label, self._formats["head"])
        self._sheet, self._row = sheet, 1

    def add(self, values):
        """Write a row; what is False or None stays empty."""
        if self._row >= MAX_ROWS:
            self._open()
        for column, (value, (_label, _width, style)) in enumerate(
            zip(values, self._columns, strict=True)
        ):
            # Nothing is an empty cell; zero is a figure.
            if value is None or value is False:
                continue
            if style is None:
                self._sheet.write_string(self._row, column, str(value))
            elif style == DATE:
                self._sheet.write_datetime(
                    self._row, column, value, self._formats[style]
                )
            else:
                self._sheet.write_number(self._row, column, value, self._formats[style])
        self._row += 1


class ReportRebateStatementXlsx(models.AbstractModel):
    """Statements with every invoice line behind them, for any number of statements."""

    _name = "report.distributor_crm.rebate_statement_xlsx"
    _description = "Rebate Statements in Excel"
    _inherit = "report.report_xlsx.abstract"

    def get_workbook_options(self):
        # EXTENDS report_xlsx: rows go to disk as they are written, and no text is
        # taken for a formula, a link or a number.
        return {
            **super().get_workbook_options(),
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        }

    def generate_xlsx_report(self, workbook, data, objs):
        objs.check_access("read")
        formats = {
            style: workbook.add_format({"num_format": style})
            for style in (MONEY, NUMBER, PERCENT, DATE)
        }
        formats["head"] = workbook.add_format(
            {"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"}
        )
        self._write_statements(workbook, formats, objs)
        self._write_evidence(workbook, formats, objs)

    # -- statements ------------------------------------------------------------------

    def _get_statement_columns(self):
        """Return label, width, format and the value's getter of each column."""
        return [
            (self.env._("Distributor"), 28, None, lambda s: s.partner_id.name),
            (self.env._("Code"), 12, None, lambda s: s.partner_ref),
            (self.env._("Program"), 28, None, lambda s: s.program_id.name),
            (self.env._("Period"), 20, None, lambda s: s._get_period_label()),
            (self.env._("From"), 11, DATE, lambda s: s.date_from),
            (self.env._("To"), 11, DATE, lambda s: s.date_to),
            (self.env._("Status"), 12, None, self._selection("state")),
            (
                self.env._("Distributor's Answer"),
                14,
                None,
                self._selection("partner_state"),
            ),
            (self.env._("Currency"), 9, None, lambda s: s.currency_id.name),
            (self.env._("Invoice Lines"), 9, NUMBER, lambda s: s.line_count),
            (self.env._("Sales"), 14, MONEY, lambda s: s.basis),
            (
                self.env._("Quantity"),
                11,
                NUMBER,
                lambda s: s.shows_quantity and s.quantity,
            ),
            (self.env._("Sales Added Up"), 14, MONEY, lambda s: s.window_basis),
            (
                self.env._("Collected"),
                14,
                MONEY,
                lambda s: s.shows_collected and s.collected,
            ),
            (self.env._("Measured"), 14, NUMBER, lambda s: s.measure),
            (
                self.env._("Baseline or Target"),
                14,
                NUMBER,
                lambda s: s.baseline or None,
            ),
            (self.env._("Tier Reached"), 20, None, lambda s: s.tier_id.display_name),
            (self.env._("To Next Tier"), 14, NUMBER, lambda s: s.missing or None),
            (self.env._("Effective Rate"), 10, PERCENT, lambda s: s.effective_rate),
            (self.env._("Rebate"), 14, MONEY, lambda s: s.earned),
            (self.env._("Free Units"), 10, NUMBER, lambda s: s.earned_quantity or None),
            (self.env._("Released"), 14, MONEY, lambda s: s.released),
            (self.env._("Settled Before"), 14, MONEY, lambda s: s.settled_before),
            (self.env._("True-up"), 14, MONEY, lambda s: s.true_up),
            (self.env._("Adjustments"), 14, MONEY, lambda s: s.adjustment),
            (self.env._("Due"), 14, MONEY, lambda s: s.due),
            (self.env._("To Settle"), 14, MONEY, lambda s: s.settled),
            (self.env._("Checksum"), 20, None, lambda s: s.checksum),
        ]

    def _selection(self, name):
        """Return the getter of a selection field's label."""
        field = self.env["distributor.rebate.statement"]._fields[name]
        labels = dict(field._description_selection(self.env))
        return lambda statement: labels.get(statement[name])

    def _write_statements(self, workbook, formats, objs):
        columns = self._get_statement_columns()
        shape = [column[:3] for column in columns]
        sheet = Sheet(workbook, self.env._("Statements"), shape, formats)
        for statement in objs:
            sheet.add([get(statement) for _label, _width, _format, get in columns])

    # -- evidence --------------------------------------------------------------------

    def _get_line_columns(self):
        return [
            (self.env._("Distributor"), 28, None),
            (self.env._("Code"), 12, None),
            (self.env._("Program"), 28, None),
            (self.env._("Period"), 20, None),
            (self.env._("Invoice Date"), 11, DATE),
            (self.env._("Invoice"), 20, None),
            (self.env._("Product"), 34, None),
            (self.env._("Quantity"), 11, NUMBER),
            (self.env._("Amount"), 14, MONEY),
            (self.env._("Collected"), 14, MONEY),
        ]

    def _write_evidence(self, workbook, formats, objs):
        """Write the lines of the periods, and what changed in closed ones."""
        columns = self._get_line_columns()
        lines = Sheet(workbook, self.env._("Invoice Lines"), columns, formats)
        extra = [
            (self.env._("Reason"), 40, None),
            (self.env._("Adjustment"), 14, MONEY),
        ]
        corrections = Sheet(
            workbook, self.env._("Corrections"), [*columns, *extra], formats
        )
        reasons = dict(
            self.env["distributor.rebate.line"]
            ._fields["reason"]
            ._description_selection(self.env)
        )
        starts = {}
        for statement, cells, reason in self._read_lines(objs):
            if statement not in starts:
                starts[statement] = self._describe_statement(statement)
            if reason:
                row = [*starts[statement], *cells, reasons[reason], None]
                corrections.add(row)
            else:
                lines.add([*starts[statement], *cells])
        for statement in objs:
            for adjustment in statement._get_approved_adjustments():
                start = self._describe_statement(statement)
                rest = [adjustment.reason, adjustment.amount]
                corrections.add([*start, *[None] * 6, *rest])

    def _describe_statement(self, statement):
        return [
            statement.partner_id.name,
            statement.partner_ref,
            statement.program_id.name,
            statement._get_period_label(),
        ]

    def _read_lines(self, objs):
        """Yield statement, cells and reason of each line, a chunk in memory at a time.

        The statements come in their order, the lines of each by date.
        """
        statements = {statement.id: statement for statement in objs}
        place = {number: place for place, number in enumerate(objs.ids)}
        names = {None: None}
        for batch in self._cut(objs):
            for chunk in self._read_batch(batch):
                # Whoever reads the evidence may read what was sold.
                new = {row[4] for row in chunk} - names.keys()
                products = self.env["product.product"].sudo().browse(new)
                names.update((p.id, p.display_name) for p in products)
                chunk.sort(key=lambda row: place[row[0]])
                for row in chunk:
                    _number, day, _id, invoice, product, *figures, reason = row
                    statement = statements[row[0]]
                    quantity, amount, collected = figures
                    cells = [
                        day,
                        invoice,
                        names[product],
                        quantity if statement.shows_quantity else None,
                        amount,
                        collected if statement.shows_collected else None,
                    ]
                    yield statement, cells, reason

    def _cut(self, objs):
        """Yield the ids of statements that have about one chunk of lines together."""
        counts = dict(
            self.env["distributor.rebate.line"]._read_group(
                [("statement_id", "in", objs.ids)], ["statement_id"], ["__count"]
            )
        )
        batch, size = [], 0
        for statement in chain(objs, [None]):
            count = counts.get(statement, 0)
            if batch and (statement is None or size + count > CHUNK):
                yield batch
                batch, size = [], 0
            if statement is not None:
                batch.append(statement.id)
                size += count

    def _read_batch(self, batch):
        """Yield the lines of a batch in chunks, by date, as plain rows.

        Records would take several times as long; the rules of access are applied.
        """
        Line = self.env["distributor.rebate.line"]
        mine = Domain("statement_id", "in", batch)
        after = Domain.TRUE
        while True:
            query = Line._search(mine & after, limit=CHUNK, order="date, id")
            columns = [Line._field_to_sql(Line._table, name, query) for name in LINE]
            chunk = self.env.execute_query(query.select(*columns))
            if not chunk:
                return
            _number, day, last, *_rest = chunk[-1]
            yield chunk
            if len(chunk) < CHUNK:
                return
            after = Domain("date", ">", day)
            after |= Domain("date", "=", day) & Domain("id", ">", last)
