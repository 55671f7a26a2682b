# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import base64
import time
from datetime import UTC
from itertools import islice
from zoneinfo import ZoneInfo

from odoo import fields, models
from odoo.exceptions import UserError

from odoo.addons.distributor_crm.sales_import import write_report
from odoo.addons.distributor_crm.sales_import.problems import FileProblem, ValueProblem
from odoo.addons.distributor_crm.sales_import.values import normalise_name
from odoo.addons.distributor_crm.sales_import.workbook import open_table

from ...price import sheet
from .messages import file_message, line_message

# Measured: larger chunks gain nothing and make the bar jump.
CHUNK = 5000
# More refused rows than this are counted, not listed: the file is another one.
MAX_REFUSALS = 100_000


class DistributorPriceImport(models.Model):
    # One model, a file for each of its tasks.
    # pylint: disable=consider-merging-classes-inherited
    _inherit = "distributor.price.import"

    def _work_alone(self):
        # OVERRIDES background: read row by row
        table = self._open_file()
        try:
            return self._read_table(table)
        except FileProblem as error:
            raise UserError(file_message(self.env, error.problem)) from error

    def _read_table(self, table):
        reader = Reader(self, table)
        rows = islice(table.rows(), self.row_done, None)
        if not self.row_total:
            self.row_total = max(table.data.count(b"\n") - 1, 0)
        while True:
            started = time.monotonic()
            chunk = list(islice(rows, CHUNK))
            if not chunk:
                break
            if self._is_stopped():
                return True
            self._take_chunk(reader, chunk)
            self.seconds += time.monotonic() - started
            if not self._commit_progress(len(chunk)):
                return False
        self._finish(table)
        return True

    def _take_chunk(self, reader, chunk):
        """Write the good rows of a chunk, note the bad ones."""
        good, bad = reader.read_rows(chunk)
        observations = self.env["distributor.price.observation"]
        new = observations._insert(good) if good else 0
        room = MAX_REFUSALS - self.refused_count
        self.refusal_ids.create(
            [
                {"import_id": self.id, "row": row, "reason": reason}
                for row, reason in bad[: max(room, 0)]
            ]
        )
        self.write(
            {
                "row_done": self.row_done + len(chunk),
                "new_count": self.new_count + new,
                "known_count": self.known_count + len(good) - new,
                "refused_count": self.refused_count + len(bad),
            }
        )

    def _finish(self, table):
        reasons = dict(
            self.env.execute_query(
                self.refusal_ids._search(
                    [("import_id", "=", self.id)], order="id"
                ).select("row", "reason")
            )
        )
        labels = (self.env._("File"), self.env._("Row"), self.env._("Reason"))
        content = write_report([(table, reasons)], labels) if reasons else None
        self.write(
            {
                "state": "done",
                "error_file": content and base64.b64encode(content),
                "row_total": self.row_done,
            }
        )
        self._commit()
        self.env["distributor.price.observation"]._wake()

    def _open_file(self):
        """Return the rows of the file.

        :raises UserError: it is none, with what to do about it
        """
        self.ensure_one()
        # The file is the record's own; who opens it may read or write the record.
        data = base64.b64decode(self.sudo().with_context(bin_size=False).file or b"")
        try:
            return open_table(data, sheet.COLUMNS, self.filename or "")
        except FileProblem as error:
            raise UserError(file_message(self.env, error.problem)) from error


class Reader:
    """Rows of a source become what is written into the table of observations.

    :param record: the import, or nothing for what comes by the interface
    :param table: the open file, or nothing
    """

    def __init__(self, record, table, source=None):
        self.env = record.env
        self.source = source or record.source_id
        company = self.source.company_id
        observations = self.env["distributor.price.observation"]
        self.matcher = observations._make_matcher(company, self.source)
        self.now = fields.Datetime.now()
        self.import_id = (
            record.id if record._name == "distributor.price.import" else None
        )
        self.head = (company.id, self.source.id)
        self.positions = table.positions if table else {}
        self.width = len(table.header) if table else 0
        comma = self.source.comma or ""
        if not comma and table and table.delimiter == ",":
            # In a file separated by commas a comma inside a number stands in quotes.
            comma = "either"
        self.rules = sheet.Rules(
            zone=ZoneInfo(self.source.tz or "UTC"),
            now=self.now.replace(tzinfo=UTC),
            date_order=self.source.date_order or "",
            comma=comma,
            currency=self.source.currency_id.name,
            with_tax=self.source.tax_included,
            channel=self.source.channel,
        )
        self.reasons = {}

    def read_rows(self, rows):
        """Read rows of a file.

        :param rows: list of (row number, cells)
        :return: (values to write, [(row number, reason)])
        """
        seen, bad = [], []
        for number, cells in rows:
            try:
                seen.append((number, self._read_cells(cells)))
            except ValueProblem as error:
                bad.append((number, self.explain(error.problem)))
        good, worse = self.prepare(seen)
        return good, sorted(bad + worse)

    def _read_cells(self, cells):
        if len(cells) > self.width and any(map(str.strip, cells[self.width :])):
            raise ValueProblem("too_many_cells", cells=len(cells), header=self.width)
        positions, size = self.positions, len(cells)

        def cell(name):
            place = positions.get(name)
            return cells[place] if place is not None and place < size else ""

        return sheet.read_row(cell, self.rules)

    def prepare(self, seen):
        """Match observations.

        :param seen: list of (number, Seen)
        :return: (values to write, [(number, reason)])
        """
        self.matcher.learn(one.product for _number, one in seen)
        self.matcher.learn_partners(one.distributor for _number, one in seen)
        good, bad = [], []
        for number, one in seen:
            try:
                good.append(self._match(one))
            except ValueProblem as error:
                bad.append((number, self.explain(error.problem)))
        return good, bad

    def _match(self, one):
        matcher = self.matcher
        currency = matcher.currencies.get(one.currency)
        if not currency:
            raise ValueProblem("bad_currency", value=one.currency)
        promotion = state = country = None
        if one.promotion:
            promotion = matcher.promotions.get(one.promotion.casefold())
            if not promotion:
                raise ValueProblem("bad_promotion", value=one.promotion)
        if one.province:
            place = matcher.states.get(normalise_name(one.province))
            if not place:
                raise ValueProblem("bad_province", value=one.province)
            state, country = place
        product, pieces = matcher.find_product(one.product)
        place = matcher.find_place(
            shop_url=one.shop_url,
            url=one.url,
            platform=one.platform,
            shop_name=one.shop,
            partner=matcher.find_partner(one.distributor),
        )
        user = self.env.uid
        return (
            *(*self.head, sheet.get_reference(one), self.import_id, one.at, one.day),
            *(product or None, one.product, one.platform or None, one.shop or None),
            *(one.shop_url or None, one.url or None, one.channel, country, state),
            *(one.price, one.paid, currency, one.with_tax, one.shipping),
            *(one.pieces or pieces, promotion, place.partner or None),
            *(place.shop or None, place.store or None, place.key, place.undeclared),
            *("new" if product else "unknown_product", user, user, self.now, self.now),
        )

    def explain(self, problem):
        """Return why a row is refused; the same sentence is made once."""
        key = problem.code, str(problem.params)
        if key not in self.reasons:
            if len(self.reasons) > 10_000:
                self.reasons.clear()
            self.reasons[key] = line_message(self.env, problem)
        return self.reasons[key]
