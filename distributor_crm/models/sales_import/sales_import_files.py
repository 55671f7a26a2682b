# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import base64
import re
from dataclasses import dataclass
from pathlib import Path

from odoo import api, models
from odoo.exceptions import UserError

from ...sales_import import (
    FileProblem,
    Source,
    read_customers,
    read_orders,
    read_products,
    write_report,
)
from ...sales_import.book import OrderBook, Rules
from ...sales_import.columns import CUSTOMER_COLUMNS, ORDER_COLUMNS, PRODUCT_COLUMNS
from ...sales_import.masters import Masters
from .messages import file_message, line_message
from .sales_import import FILE_FIELDS, OPTION_FIELDS

# How the files of a folder are told apart, most specific first.
NAME_PATTERNS = {
    "orders_file": r"^fact.*sales|^orders|sales.*order|^sales|订单",
    "customers_file": r"^resellers|^customers|^distributors|^dealers|客户|分销商",
    "products_file": r"^products?\b|产品|商品",
}

COLUMNS = {
    "orders_file": ORDER_COLUMNS,
    "customers_file": CUSTOMER_COLUMNS,
    "products_file": PRODUCT_COLUMNS,
}

# The files as read, of the one import at work in this process: a large file is read
# once, not at every call of the scheduled action.
_files_read = {}


@dataclass(slots=True)
class Files:
    """What the files of an import say, before the database is asked."""

    orders: Source
    book: OrderBook
    customers: Source | None
    customer_rows: Masters
    products: Source | None
    product_rows: Masters


class SalesImport(models.Model):
    # One model, a file for each of its tasks.
    # pylint: disable=consider-merging-classes-inherited
    _inherit = "distributor.sales.import"

    def _get_files(self) -> Files:
        """The files, read. Raises UserError with what to do about a wrong file."""
        self.ensure_one()
        signature = self._get_files_signature()
        if signature not in _files_read:
            files = self._read_files()
            _files_read.clear()
            _files_read[signature] = files
        return _files_read[signature]

    def _forget_files(self):
        _files_read.clear()

    def _get_files_signature(self):
        attachments = self._get_attachments()
        return (
            self.env.cr.dbname,
            *(
                attachments[name].checksum
                for name in FILE_FIELDS
                if name in attachments
            ),
            *(str(self[name]) for name in OPTION_FIELDS),
            *(self._get_digits()),
        )

    def _get_attachments(self):
        # sudo: the attachments of binary fields are found by no one else; access to
        # the import itself has been checked
        attachments = (
            self.env["ir.attachment"]
            .sudo()
            .search(
                [
                    ("res_model", "=", self._name),
                    ("res_id", "=", self.id),
                    ("res_field", "in", FILE_FIELDS),
                ]
            )
        )
        return {attachment.res_field: attachment for attachment in attachments}

    def _get_digits(self):
        precision = self.env["decimal.precision"].precision_get
        return precision("Product Unit"), precision("Product Price")

    def _read_files(self):
        orders = self._open_source("orders_file")
        if not orders:
            raise UserError(self.env._("Choose the file with the orders."))
        rules = Rules(self.date_order or "", self.comma or "", *self._get_digits())
        customers = self._open_source("customers_file")
        products = self._open_source("products_file")
        return Files(
            orders,
            self._read(read_orders, orders, rules),
            customers,
            self._read(read_customers, customers),
            products,
            self._read(read_products, products, rules.comma),
        )

    def _open_source(self, field):
        attachment = self._get_attachments().get(field)
        if not attachment and not self[field.replace("_file", "_filename")]:
            return None
        name = self[field.replace("_file", "_filename")] or self._fields[field].string
        with self._explained(name):
            # An empty file leaves a file name and no attachment.
            data = attachment.raw if attachment else b""
            return Source(data or b"", COLUMNS[field], name, self.encoding or None)

    def _read(self, reader, source, *args):
        if source is None:
            return Masters({}, [])
        with self._explained(source.name):
            return reader(source, *args)

    def _explained(self, name):
        return _Explained(self.env, name)

    def _write_error_file(self, files, reasons):
        """Write the error file.

        :param reasons: {row: reason} of the refused rows of the orders file
        """
        parts = [
            (files.orders, reasons),
            *self._get_master_parts(files.customers, files.customer_rows),
            *self._get_master_parts(files.products, files.product_rows),
        ]
        count = sum(len(rows) for _source, rows in parts)
        labels = (self.env._("File"), self.env._("Line"), self.env._("Reason"))
        self.error_line_count = count
        self.error_file = (
            base64.b64encode(write_report(parts, labels)) if count else False
        )

    def _get_error_bytes(self):
        """The error file's contents."""
        return base64.b64decode(self.with_context(bin_size=False).error_file or b"")

    def _get_master_parts(self, source, masters):
        if masters.problems:
            yield (
                source,
                {row: line_message(self.env, bad) for row, bad in masters.problems},
            )

    @api.private
    def load_directory(self, path):
        """An import of the files in a folder, ready to check.

        An import of the same files that was interrupted is taken up again.

        :param path: folder with an orders file and, if need be, the customers and the
            products, as CSV or CSV.gz
        :return: the import
        :raises UserError: if the folder holds no orders file, or two
        """
        values = {}
        for field, found in self._find_files(Path(path)).items():
            values[field] = base64.b64encode(found.read_bytes())
            values[field.replace("_file", "_filename")] = found.name
        record = self.create(values)
        checksums = record._get_files_signature()
        unfinished = self.search(
            [
                ("state", "in", ("running", "stopped", "failed")),
                ("company_id", "=", record.company_id.id),
                ("id", "!=", record.id),
            ]
        )
        for other in unfinished:
            if other._get_files_signature() == checksums:
                record.unlink()
                return other
        return record

    def _find_files(self, path):
        if not path.is_dir():
            raise UserError(self.env._("There is no folder %s.", path))
        names = [
            p for p in sorted(path.iterdir()) if re.search(r"\.csv(\.gz)?$", p.name)
        ]
        found = {}
        for field, pattern in NAME_PATTERNS.items():
            matches = [p for p in names if re.search(pattern, p.name.lower())]
            matches = [p for p in matches if p not in found.values()]
            if len(matches) > 1:
                matches = [p for p in matches if _fits(p, COLUMNS[field])] or matches
            if len(matches) > 1:
                raise UserError(
                    self.env._(
                        "The folder holds several files for the same purpose: %s. "
                        "Leave one.",
                        [match.name for match in matches],
                    )
                )
            if matches:
                found[field] = matches[0]
        if "orders_file" not in found:
            raise UserError(
                self.env._(
                    "%s holds no file of orders: name it orders.csv, or orders.csv.gz.",
                    path,
                )
            )
        return found


def _fits(path, columns):
    """Whether the file's header is of this kind, where its name leaves a doubt."""
    try:
        return bool(Source(path.read_bytes(), columns))
    except FileProblem:
        return False


class _Explained:
    """Turns a problem of a file into a UserError that names the file."""

    def __init__(self, env, name):
        self.env = env
        self.name = name

    def __enter__(self):
        return self

    def __exit__(self, _kind, error, _traceback):
        if isinstance(error, FileProblem):
            text = file_message(self.env, error.problem)
            raise UserError(
                self.env._("%(file)s: %(problem)s", file=self.name, problem=text)
            ) from error
        return False
