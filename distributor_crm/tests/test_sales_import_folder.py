# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import gzip
import tempfile
from pathlib import Path

from odoo import SUPERUSER_ID
from odoo.exceptions import UserError
from odoo.tests import tagged

from .sales_import_common import CUSTOMERS, ORDERS, PRODUCTS, SalesImportCase


@tagged("post_install", "-at_install")
class TestSalesImportFolder(SalesImportCase):
    """A folder of files is imported like an upload, and taken up again if cut off."""

    def setUp(self):
        super().setUp()
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.model = (
            self.env["distributor.sales.import"]
            .with_user(SUPERUSER_ID)
            .with_company(self.env.company)
        )

    def _put(self, **files):
        for name, text in files.items():
            (self.folder / f"{name}.csv.gz").write_bytes(gzip.compress(text.encode()))

    def test_files_are_found_by_name(self):
        self._put(FactResellerSales=ORDERS, Resellers=CUSTOMERS, Product=PRODUCTS)
        self._put(EmployeeRegions="id,region\n1,2\n")
        record = self.model.load_directory(self.folder)
        self.assertEqual(record.orders_filename, "FactResellerSales.csv.gz")
        self.assertEqual(record.customers_filename, "Resellers.csv.gz")
        self.assertEqual(record.products_filename, "Product.csv.gz")
        self._run(record)
        self.assertEqual(len(self._moves(record)), 3)

    def test_header_decides_between_names(self):
        self._put(orders=ORDERS, Resellers=CUSTOMERS)
        self._put(ResellerTargets="Year,Employee,M01\n2019,1,5\n")
        record = self.model.load_directory(self.folder)
        self.assertEqual(record.customers_filename, "Resellers.csv.gz")

    def test_two_files_for_one_purpose(self):
        self._put(orders_2018=ORDERS, orders_2019=ORDERS)
        with self.assertRaisesRegex(UserError, "several files for the same purpose"):
            self.model.load_directory(self.folder)

    def test_nothing_to_load(self):
        with self.assertRaisesRegex(UserError, "no file of orders"):
            self.model.load_directory(self.folder)
        with self.assertRaisesRegex(UserError, "There is no folder"):
            self.model.load_directory(self.folder / "none")

    def test_cut_off_import_is_taken_up(self):
        self._put(orders=ORDERS, customers=CUSTOMERS, products=PRODUCTS)
        record = self.model.load_directory(self.folder)
        record.action_check()
        record.action_import()
        self.assertEqual(self.model.load_directory(self.folder), record)
        self._work(record)
        self.assertEqual(record.state, "done")
        self.assertNotEqual(self.model.load_directory(self.folder), record)
