# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from io import BytesIO
from unittest.mock import patch

from lxml import html
from openpyxl import load_workbook

from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..reports import distributor_rebate_statement_xlsx as xlsx
from .common import DistributorCommon

PDF = "distributor_crm.distributor_rebate_statement_report"


@tagged("post_install", "-at_install")
class TestRebateDocuments(DistributorCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.product = cls.env["product.product"].create(
            {"name": "=1+1", "default_code": "-9"}
        )
        cls._sell(cls.north, 900, product=cls.product)
        cls._sell(cls.north, 700.5, "2024-05-02", product=cls.product)
        cls._sell(cls.south, 3000)
        cls.program = cls._create_program(period_type="half_year", window_type="year")
        cls.program.action_compute()
        cls.first = cls._statement(cls.north)
        cls.first.with_user(cls.sales_manager).action_approve()
        cls._sell(cls.north, 450, "2024-06-01", product=cls.product)
        cls._sell(cls.north, 50, "2024-08-01", product=cls.product)
        cls.program.action_compute()
        cls.second = cls._statement(cls.north, "2024-07-01")

    @classmethod
    def _statement(cls, partner, first="2024-01-01"):
        return cls.program.statement_ids.filtered(
            lambda s: s.partner_id == partner and str(s.date_from) == first
        )

    def _adjust(self, statement, amount, reason):
        adjustment = (
            self.env["distributor.rebate.adjustment"]
            .with_user(self.finance)
            .create({"statement_id": statement.id, "amount": amount, "reason": reason})
        )
        adjustment.with_user(self.sales_manager).action_approve()

    # -- on paper --------------------------------------------------------------------

    def _print(self, statements, user=None):
        report = self.env["ir.actions.report"].with_user(user or self.sales_manager)
        content, _kind = report._render_qweb_html(PDF, statements.ids)
        return html.fromstring(content)

    def _text(self, node):
        return " ".join(node.text_content().split())

    def test_every_role_that_reads_prints(self):
        for user in (
            self.sales_rep,
            self.account_manager,
            self.sales_manager,
            self.channel_admin,
            self.finance,
        ):
            self.assertIn("North Trading", self._text(self._print(self.first, user)))

    def test_print_menu(self):
        reports = self.env["ir.actions.actions"].with_user(self.sales_rep)
        bound = reports.get_bindings("distributor.rebate.statement")["report"]
        self.assertEqual(
            {action["name"] for action in bound},
            {"Rebate Statement", "Rebate Statements with Invoice Lines (Excel)"},
        )

    def test_figures_terms_and_evidence(self):
        text = self._text(self._print(self.first))
        for part in (
            "1,600.50",  # sales
            "16.01",  # rebate
            "1% of the sales",
            "399.50 missing",
            "The reached rate pays on everything",
            "INV/2024/00001",
            "INV/2024/00002",
            self.first.checksum,
            f"Approved by {self.sales_manager.name}",
        ):
            self.assertIn(part, text)

    def test_calculation_adds_up_to_the_due(self):
        """Released less settled before plus true-up plus adjustments is the due."""
        self._adjust(self.second, -2.5, "Agreed on the phone")
        figures = {row["name"]: row for row in self.second._get_calculation()}
        self.assertEqual(
            list(figures),
            [
                "basis",
                "window_basis",
                "tier_id",
                "earned",
                "settled_before",
                "adjustment",
                "due",
            ],
        )
        s = self.second
        self.assertAlmostEqual(
            s.due, s.released - s.settled_before + s.true_up + s.adjustment
        )
        self.assertAlmostEqual(s.due, 42.01 - 16.01 - 2.5)
        self.assertIn("Agreed on the phone", figures["adjustment"]["note"])

    def test_corrections_with_their_reasons(self):
        self._adjust(self.second, 5, "Promised")
        text = self._text(self._print(self.second))
        self.assertIn("What changed in earlier periods", text)
        self.assertIn("Entered later", text)
        self.assertIn("Promised", text)
        self.assertNotIn(self.finance.name, text)

    def test_ladder_says_where_one_stands(self):
        rows = self._print(self.first).xpath("//tr[@data-state]")
        self.assertEqual([row.get("data-state") for row in rows], ["next", "here"])
        bars = [row.xpath(".//div/div/@style")[0] for row in rows]
        self.assertIn("width: 80%", bars[0])
        self.assertIn("width: 100%", bars[1])

    def test_in_the_language_of_the_distributor(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.program.with_context(lang="zh_CN").name = "年度返利"
        self.north.write({"lang": "zh_CN", "name": "北方商贸有限公司"})
        text = self._text(self._print(self.first))
        self.assertIn("年度返利", text)
        self.assertIn("北方商贸有限公司", text)

    def test_long_evidence_is_summed_up(self):
        rows = self.first._get_invoices(1)
        self.assertEqual(len(rows), 2)
        self.assertEqual(rows[0]["amount"], 900)

    # -- in Excel --------------------------------------------------------------------

    def _export(self, statements, user=None):
        report = self.env["report.distributor_crm.rebate_statement_xlsx"]
        content, _kind = (
            report.with_user(user or self.sales_manager)
            .with_context(active_model=statements._name)
            .create_xlsx_report(statements.ids, {})
        )
        return load_workbook(BytesIO(content))

    def _rows(self, sheet):
        head, *rows = sheet.iter_rows(values_only=True)
        return [dict(zip(head, row, strict=True)) for row in rows]

    def test_sums_equal_the_statements(self):
        self._adjust(self.second, 7.25, "Freight")
        statements = self.program.statement_ids
        book = self._export(statements)
        self.assertEqual(
            book.sheetnames, ["Statements", "Invoice Lines", "Corrections"]
        )
        said, lines, corrections = map(self._rows, book.worksheets)
        self.assertEqual(len(said), len(statements))
        self.assertEqual(len(lines), sum(statements.mapped("line_count")))
        for statement, row in zip(statements, said, strict=True):
            key = row["Distributor"], row["Period"]
            self.assertEqual(key, (statement.partner_id.name, statement.period))
            self.assertAlmostEqual(row["Due"], statement.due)
            mine = [r for r in lines if (r["Distributor"], r["Period"]) == key]
            self.assertAlmostEqual(sum(r["Amount"] for r in mine), statement.basis)
            changed = [r for r in corrections if (r["Distributor"], r["Period"]) == key]
            self.assertAlmostEqual(
                sum(r["Adjustment"] or 0 for r in changed), statement.adjustment
            )
        self.assertIn("Entered later", [r["Reason"] for r in corrections])
        self.assertIn("Freight", [r["Reason"] for r in corrections])

    def test_texts_are_no_formulas(self):
        self.north.name = '=HYPERLINK("http://bad.example","Click")'
        self.north.ref = "@SUM(1)"
        self._adjust(self.second, 1, "+1+1")
        book = self._export(self.first + self.second)
        texts = [
            cell
            for sheet in book
            for row in sheet.iter_rows()
            for cell in row
            if isinstance(cell.value, str) and cell.value[0] in "=+-@"
        ]
        self.assertEqual(
            {cell.value for cell in texts},
            {self.north.name, "@SUM(1)", "+1+1"},
        )
        self.assertEqual({cell.data_type for cell in texts} - {"s", "inlineStr"}, set())
        self.assertFalse([cell for cell in texts if cell.hyperlink])

    def test_small_chunks_give_the_same(self):
        """However little is read at a time, no line is lost, and none comes twice."""
        statements = self.program.statement_ids
        whole = [self._rows(sheet) for sheet in self._export(statements)]
        for size in (1, 2, 3):
            with patch.object(xlsx, "CHUNK", size):
                self.assertEqual(
                    [self._rows(sheet) for sheet in self._export(statements)], whole
                )

    def test_full_sheets_go_on(self):
        with patch.object(xlsx, "MAX_ROWS", 3):
            book = self._export(self.program.statement_ids)
        self.assertIn("Invoice Lines 2", book.sheetnames)
        count = sum(
            len(self._rows(book[name]))
            for name in book.sheetnames
            if name.startswith("Invoice Lines")
        )
        self.assertEqual(count, sum(self.program.statement_ids.mapped("line_count")))

    def test_only_what_one_may_read(self):
        self.south.user_id = False
        with self.assertRaises(AccessError):
            self._export(self.program.statement_ids, self.sales_rep)
        self.assertEqual(
            {
                r["Distributor"]
                for r in self._rows(
                    self._export(self.first, self.sales_rep)["Invoice Lines"]
                )
            },
            {"North Trading"},
        )
