# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import base64

from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from ..rebate import ledger
from .common import DistributorCommon


@tagged("post_install", "-at_install")
class TestRebatePriceProtection(DistributorCommon):
    """R121: what falls in price is made good on the stock in the channel."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.program = cls._create_program(
            name="Price protection 2024",
            kind="price_protection",
            period_type="quarter",
            tier_ids=False,
        )
        cls.wine = cls._create_product(
            name="Wine", default_code="W1", lst_price=28, taxes_id=False
        )
        cls.north.ref, cls.south.ref = "N", "S"

    def _buy(self, partner, quantity, day="2024-05-20", **values):
        move = self.env["account.move"].create(
            {
                "move_type": "out_invoice" if quantity > 0 else "out_refund",
                "partner_id": partner.id,
                "invoice_date": day,
                "invoice_line_ids": [
                    Command.create(
                        {
                            "product_id": self.wine.id,
                            "quantity": abs(quantity),
                            "price_unit": 28,
                            **values,
                        }
                    )
                ],
            }
        )
        move.action_post()
        return move

    def _wizard(self, **values):
        return (
            self.env["distributor.rebate.price.protection"]
            .with_user(self.sales_manager)
            .create(
                {
                    "program_id": self.program.id,
                    "date": "2024-06-01",
                    "price_ids": [
                        Command.create(
                            {
                                "product_id": self.wine.id,
                                "old_price": 28,
                                "new_price": 25,
                            }
                        )
                    ],
                    **values,
                }
            )
        )

    def _stock(self, wizard, partner):
        return wizard.stock_ids.filtered(lambda stock: stock.partner_id == partner)

    def test_declared_stock_is_capped_by_what_was_bought(self):
        """Bought 100 less 20 returned, 24 of it in dozens; declared 90 and 30."""
        self._buy(self.north, 76)
        self._buy(
            self.north, 2, product_uom_id=self.env.ref("uom.product_uom_dozen").id
        )
        self._buy(self.north, -20)
        self._buy(self.north, 500, "2024-02-01")  # too long ago
        self._buy(self.north, 500, "2024-06-01")  # at the new price
        self._buy(self.south, 50)
        wizard = self._wizard()
        wizard.action_find()
        self.assertEqual(self._stock(wizard, self.north).bought, 80)
        self._stock(wizard, self.north).declared = 90
        self._stock(wizard, self.south).declared = 30
        self.assertEqual(wizard.amount_total, 80 * 3 + 30 * 3)
        wizard.action_create_claims()
        claims = self.program.claim_ids.sorted("amount")
        self.assertRecordValues(
            claims,
            [
                {
                    "partner_id": partner.id,
                    "quantity": quantity,
                    "unit_amount": 3,
                    "amount": quantity * 3,
                    "state": "draft",
                    "user_id": self.sales_manager.id,
                }
                for partner, quantity in ((self.south, 30), (self.north, 80))
            ],
        )
        self.assertIn("90", claims[1].description)
        claims.with_user(self.sales_manager).action_submit()
        claims.with_user(self.channel_admin).action_approve()
        self.program.action_compute()
        self.assertEqual(sorted(self.program.statement_ids.mapped("due")), [90, 240])

    def test_returns_of_old_sales_do_not_count(self):
        """A return counts where its invoice does."""
        old = self._buy(self.north, 40, "2024-01-10")
        self._buy(self.north, 10)
        old._reverse_moves([{"invoice_date": "2024-05-25"}], cancel=True)
        wizard = self._wizard()
        wizard.action_find()
        self.assertEqual(self._stock(wizard, self.north).bought, 10)

    def test_stock_from_a_file(self):
        self._buy(self.north, 100)
        text = "Distributor Code;Product Code;Quantity\nN;W1;30\nN;W1;12\nS;W1;5\n"
        wizard = self._wizard(file=base64.b64encode(text.encode()))
        wizard.action_read_file()
        self.assertEqual(self._stock(wizard, self.north).counted, 42)
        self.assertEqual(self._stock(wizard, self.south).declared, 5)
        self.assertEqual(self._stock(wizard, self.south).counted, 0)
        for line in ("X;W1;5", "N;X;5", "N;W1;-5", "N;W1;", "N;W1;many"):
            bad = "Distributor Code;Product Code;Quantity\n" + line
            wizard.file = base64.b64encode(bad.encode())
            with self.subTest(line), self.assertRaisesRegex(UserError, "Line 2"):
                wizard.action_read_file()
        wizard.file = base64.b64encode(b"Quantity\n5\n")
        with self.assertRaises(UserError):
            wizard.action_read_file()

    def test_prices_come_from_the_product(self):
        self.env.cr.precommit.run()  # what was created is not a change
        self.wine.product_tmpl_id.with_env(self.env(context={})).list_price = 25
        self.env.flush_all()
        self.env.cr.precommit.run()
        form = Form(
            self.env["distributor.rebate.price.protection"].with_context(
                default_program_id=self.program.id
            )
        )
        with form.price_ids.new() as line:
            line.product_id = self.wine
            self.assertEqual((line.old_price, line.new_price), (28, 25))
            self.assertEqual(line.drop, 3)

    def test_what_cannot_be_claimed(self):
        wizard = self._wizard()
        with self.assertRaisesRegex(UserError, "Nothing to claim"):
            wizard.action_create_claims()
        wizard.price_ids.new_price = 30
        with self.assertRaisesRegex(UserError, "does not fall"):
            wizard.action_find()
        wizard.price_ids = [Command.clear()]
        with self.assertRaises(UserError):
            wizard.action_find()
        with self.assertRaises(AccessError):
            wizard.with_user(self.sales_rep).action_find()

    def test_no_second_claim_for_the_same_fall(self):
        self._buy(self.north, 10)
        wizard = self._wizard()
        wizard.action_find()
        wizard.stock_ids.declared = 5
        wizard.action_create_claims()
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(IntegrityError),
            self.env.cr.savepoint(),
        ):
            wizard.action_create_claims()

    def test_queries_do_not_grow_with_distributors(self):
        """The limit of everybody is one SQL statement."""
        wizard = self._wizard()
        self._buy(self.north, 10)
        self.env.flush_all()
        scope = wizard._get_scope()
        self._buy(self.south, 10)
        self.env.flush_all()
        with self.assertQueryCount(1):
            rows = self.env.execute_query(ledger.bought(scope))
        self.assertEqual(
            {(partner, float(quantity)) for partner, _product, quantity in rows},
            {(self.north.id, 10), (self.south.id, 10)},
        )
