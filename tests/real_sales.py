# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Real-shaped sales for tests: a wholesaler's three years, imported in part."""

import base64
import csv
import gzip
import io
import os
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from unittest import skipUnless

from odoo import SUPERUSER_ID

from odoo.addons.distributor_crm.tests.common import CompanyCommon

FOLDER = Path(
    os.environ.get("SALES_DIR")
    or Path(__file__).resolve().parents[2] / "shared" / "data" / "adventureworks"
)
FILES = {
    "orders": "FactResellerSales.csv.gz",
    "customers": "Resellers.csv.gz",
    "products": "Product.csv.gz",
}

needs_real_sales = skipUnless(
    FOLDER.is_dir(), "announced: the real-shaped sales are not on this machine"
)


def read(name):
    """Return the rows of one of the files, as dictionaries."""
    with gzip.open(FOLDER / FILES[name], "rt", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def by_category(rows):
    """What an order has of one category, as one row: the same amounts in fewer lines."""
    categories = {
        product["ProductKey"]: product["EnglishProductCategoryName"]
        for product in read("products")
    }
    merged = {}
    for row in rows:
        cents = Decimal(row["SalesAmount"]).quantize(Decimal("0.01"), ROUND_HALF_UP)
        key = row["SalesOrderNumber"], categories[row["ProductKey"]]
        first = merged.setdefault(
            key, {**row, "OrderQuantity": 1, "SalesAmount": Decimal(0)}
        )
        first["SalesAmount"] += cents
        first["UnitPrice"] = first["SalesAmount"]
    return list(merged.values())


class RealSalesCommon(CompanyCommon):
    """A company of its own, and an import that stays in the test's transaction."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        company = cls.env.company
        context = {"allowed_company_ids": company.ids}
        cls.env = cls.env(user=SUPERUSER_ID, context=context)
        cls.classPatch(
            cls.env.registry["distributor.sales.import"],
            "_may_commit",
            lambda self: False,
        )

    @classmethod
    def _import_sales(cls, part, change=None):
        """Import the orders whose date starts with `part`, such as 2019-02; `change` is
        given their rows first."""
        values = {}
        for name, file in FILES.items():
            values[f"{name}_filename"] = file
            if name != "orders":
                values[f"{name}_file"] = base64.b64encode((FOLDER / file).read_bytes())
        rows = [
            row for row in read("orders") if row["OrderDate"].startswith(f"{part}-")
        ]
        text = io.StringIO()
        writer = csv.DictWriter(text, rows[0])
        writer.writeheader()
        writer.writerows(change(rows) if change else rows)
        values["orders_file"] = base64.b64encode(text.getvalue().encode())
        record = cls.env["distributor.sales.import"].create(values)
        record.action_check()
        record.action_import()
        record._cron_work()
        record.invalidate_recordset()
        return record
