# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import base64
import io

import openpyxl

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .target_common import TargetCommon


@tagged("post_install", "-at_install")
class TestTargetImport(TargetCommon):
    """A list of targets is taken over whole, as drafts, or not at all."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.north.ref, cls.south.ref = "N1", "S1"

    def load(self, data, name="targets.csv", user=None, **values):
        if isinstance(data, str):
            data = data.encode()
        wizard = (
            self.env["distributor.target.import"]
            .with_user(user or self.sales_manager)
            .create(
                {
                    "file": base64.b64encode(data),
                    "filename": name,
                    "company_id": self.company.id,
                    **values,
                }
            )
        )
        wizard.action_check()
        return wizard

    def found(self, wizard):
        return self.Target.search(wizard.action_import()["domain"])

    def test_preview_then_import(self):
        wizard = self.load(
            "Target For,Reference,Target\n"
            "Distributor,N1,1000\n"
            f'Account Manager,{self.account_manager.login},"2,000.50"\n'
            f"Province,{self.yunnan.name},50\n"
            "Whole Company,,9000\n"
        )
        self.assertFalse(wizard.bad_count, wizard.bad_ids.mapped("problem"))
        self.assertEqual(set(wizard.line_ids.mapped("effect")), {"create"})
        self.assertFalse(self.Target.search([]), "a preview writes nothing")
        targets = self.found(wizard)
        self.assertEqual(
            {(t.scope, t.amount, t.state, t.year) for t in targets},
            {
                ("partner", 1000, "draft", 2024),
                ("manager", 2000.5, "draft", 2024),
                ("state", 50, "draft", 2024),
                ("company", 9000, "draft", 2024),
            },
        )
        own = targets.filtered(lambda t: t.partner_id == self.north)
        self.assertEqual(self.months(own)[0], 750, "split by last year's season")

    def test_every_bad_row_is_told_and_nothing_is_imported(self):
        wizard = self.load(
            "Reference,Target,Year,Target For,Jan\n"
            "N1,1000,,,\n"
            "X9,10,,,\n"
            "S1,-5,,,\n"
            "S1,,,,\n"
            "S1,ten,,,\n"
            "S1,10,1x,,\n"
            "S1,10,,Planet,\n"
            "N1,10,,,\n"
            "S1,10,,,5\n"
            ",10,,Distributor,\n"
        )
        told = {line.line: line.problem for line in wizard.bad_ids}
        for line, text in (
            (3, "There is no"),
            (4, "not above zero"),
            (5, "target is missing"),
            (6, "not a number"),
            (7, "no year"),
            (8, "says not for whom"),
            (9, "in line 2 already"),
            (10, "all twelve months"),
            (11, "It is missing for whom"),
        ):
            with self.subTest(line=line):
                self.assertIn(text, told[line])
        self.assertEqual(len(told), 9)
        with self._refused(UserError, "9 rows are wrong, so nothing"):
            wizard.action_import()
        self.assertFalse(self.Target.search([]))

    def test_names_that_two_have(self):
        self.south.name = self.north.name
        wizard = self.load(f"Reference,Target\n{self.north.name},5\nN1,5\n")
        self.assertIn("several", wizard.line_ids[0].problem)
        self.assertFalse(wizard.line_ids[1].problem)

    def test_months_of_the_file(self):
        months = ",".join(["100"] * 11 + ["50.5"])
        head = "Reference,Target,Jan,Feb,Mar,Apr,May,Jun,Jul,Aug,Sep,Oct,Nov,Dec\n"
        wizard = self.load(f"{head}N1,1151,{months}\n")
        self.assertIn("The months make 1150.50", wizard.line_ids.problem)
        target = self.found(self.load(f"{head}N1,1150.5,{months}\n"))
        self.assertEqual(self.months(target), [100] * 11 + [50.5])
        self.assertFalse(target.month_gap)
        # A second file changes the draft, and what was fixed with it.
        again = self.load("Reference,Target\nN1,80\n")
        self.assertEqual(again.line_ids.effect, "update")
        self.assertEqual(self.found(again), target)
        self.assertEqual((target.amount, self.months(target)[0]), (80, 60))

    def test_approved_gets_a_version(self):
        first = self.approve(self.make(1200))
        wizard = self.load("Reference,Target\nN1,1300\n")
        self.assertEqual(wizard.line_ids.effect, "version")
        second = self.found(wizard)
        self.assertEqual((second.version, second.amount), (2, 1300))
        self.assertEqual((first.state, first.amount), ("approved", 1200))
        second.action_submit()
        wizard = self.load("Reference,Target\nN1,1400\n")
        self.assertIn("waits for approval", wizard.line_ids.problem)

    def test_excel_and_template(self):
        """The template that is downloaded can be imported as it is."""
        self.env["distributor.target.import"].create({})
        wizard = self.env["distributor.target.import"].with_user(self.sales_manager)
        blank = wizard.create({"company_id": self.company.id})
        self.assertIn("template_file", blank.action_template()["url"])
        data = base64.b64decode(blank.template_file)
        sheet = openpyxl.load_workbook(io.BytesIO(data)).active
        self.assertEqual(sheet.max_row, 4)
        loaded = self.load(data, "targets.xlsx")
        self.assertFalse(loaded.bad_count, loaded.bad_ids.mapped("problem"))
        self.assertEqual(len(self.found(loaded)), 3)

    def test_files_that_are_none(self):
        for data, text in (
            (b"PK\x03\x04 broken", "damaged"),
            (b"%PDF-1.4 x", "not a CSV file"),
            (b"Name\nx\n", "Columns are missing"),
            (b"Reference,Target\n", "no lines below"),
        ):
            with self.subTest(text=text), self._refused(UserError, text):
                self.load(data)

    def test_only_managers_import(self):
        with self.assertRaises(AccessError):
            self.load("Reference,Target\nN1,5\n", user=self.account_manager)

    def test_preview_is_closed(self):
        wizard = self.load("Reference,Target\nN1,5\n")
        with self.assertRaises(AccessError):
            wizard.line_ids.with_user(self.sales_manager).write({"amount": 9})
