# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Real-shaped sales for tests: a wholesaler's three years, imported in part."""

import base64
import gzip
import os
from pathlib import Path
from unittest import skipUnless

from odoo import SUPERUSER_ID

from odoo.addons.account.tests.common import AccountTestInvoicingCommon

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


class RealSalesCommon(AccountTestInvoicingCommon):
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
    def _import_sales(cls, part):
        """Import the orders whose date starts with `part`, such as 2019-02."""
        values = {}
        for name, file in FILES.items():
            data = (FOLDER / file).read_bytes()
            if name == "orders":
                lines = gzip.decompress(data).decode().splitlines(keepends=True)
                lines[1:] = [line for line in lines if f",{part}-" in line]
                data = "".join(lines).encode()
            values[f"{name}_file"] = base64.b64encode(data)
            values[f"{name}_filename"] = file
        record = cls.env["distributor.sales.import"].create(values)
        record.action_check()
        record.action_import()
        record._cron_work()
        record.invalidate_recordset()
        return record
