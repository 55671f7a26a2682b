# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import base64
import csv
import io

from odoo import SUPERUSER_ID
from odoo.tests import new_test_user

from .common import CompanyCommon

ORDERS = """order,date,customer,product,quantity,price,amount
A1,2019-05-06,C1,P1,2,10.50,21.00
A1,2019-05-06,C1,P2,-3,1.00,-3.00
A2,2019-05-05,C2,P1,1,10.50,10.50
"""
CUSTOMERS = """code,name,city,state,country,type
C1,First Bikes,Seattle,Washington,United States,Warehouse
C2,Second Bikes,Nowhere,Nostate,Nocountry,
"""
PRODUCTS = """code,name,cost,category,subcategory
P1,Helmet,6.12,Accessories,Helmets
P2,Sock,0.10,Clothing,
"""


class SalesImportCase(CompanyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.admin = new_test_user(
            cls.env,
            login="import_admin",
            groups="distributor_crm.group_channel_admin",
            company_id=cls.env.company.id,
        )
        # The test has one transaction: the work must not commit it.
        cls.classPatch(
            cls.env.registry["distributor.sales.import"],
            "_may_commit",
            lambda self: False,
        )
        cls.env["distributor.sales.import"]._forget_files()

    def _import(self, orders=ORDERS, customers=CUSTOMERS, products=PRODUCTS, **values):
        """An import of these files as the channel administrator uploads it."""
        files = {"orders": orders, "customers": customers, "products": products}
        for name, text in files.items():
            if text is not None:
                data = text if isinstance(text, bytes) else text.encode()
                values[f"{name}_file"] = base64.b64encode(data)
                values[f"{name}_filename"] = f"{name}.csv"
        return self.env["distributor.sales.import"].with_user(self.admin).create(values)

    def _run(self, record):
        """Check and import, as the scheduled action does."""
        record.action_check()
        record.action_import()
        self._work(record)
        return record

    def _work(self, record):
        record.with_user(SUPERUSER_ID)._cron_work()
        record.invalidate_recordset()

    def _moves(self, record=None):
        domain = [("distributor_import_key", "!=", False)]
        if record:
            domain.append(("distributor_import_id", "=", record.id))
        return self.env["account.move"].search(domain, order="ref, move_type")

    def _errors(self, record):
        """(line, reason) of the error file, as a spreadsheet would read it."""
        data = base64.b64decode(record.sudo().error_file or b"").decode("utf-8-sig")
        return [(int(row["Line"]), row["Reason"]) for row in self._rows(data)]

    def _rows(self, text):
        return list(csv.DictReader(io.StringIO(text)))
