# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .service_common import ServicePortalCase


@tagged("post_install", "-at_install")
class TestServiceGift(ServicePortalCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.gift_yearly_cap = 500

    def give(self, quantity=2, submit=True, **values):
        gift = (
            self.env["distributor.gift"]
            .with_user(self.account_manager)
            .create(
                {
                    "partner_id": self.north.id,
                    "company_id": self.company.id,
                    "reason": "Group-buy of 400 boxes",
                    "line_ids": [
                        Command.create(
                            {"product_id": self.goods.id, "quantity": quantity}
                        )
                    ],
                    **values,
                }
            )
        )
        if submit:
            gift.action_submit()
        return gift

    def approve(self, gift):
        gift.with_user(self.sales_manager).action_approve()

    def test_an_order_at_no_price_that_earns_nothing(self):
        """Marked as the free goods of rebates are, and locked (R033)."""
        gift = self.give()
        self.assertEqual(gift.value, 200)
        self.approve(gift)
        order, line = gift.order_id, gift.order_id.order_line
        self.assertEqual((order.state, order.amount_total), ("sale", 0))
        self.assertTrue(order.locked)
        self.assertFalse(order.store_id)
        self.assertIn(gift.name, line.rebate_exclusion)
        self.assertEqual(line.product_uom_qty, 2)

    def test_yearly_limit(self):
        """At sales prices, in the year of the gift; each approval counts at once."""
        first, second = self.give(3), self.give(2)
        last_year = self.give(5, date="2020-05-01")
        self.approve(last_year)
        self.approve(first | second)
        self.assertEqual(second.given_before, 300)
        with self._refused(UserError, "0.00 more this year"):
            self.give(1)
        self.company.gift_yearly_cap = 600
        third, fourth = self.give(1), self.give(1)
        self.approve(third)
        with self.assertRaises(UserError):
            self.approve(fourth)

    def test_employees_of_customers_receive_nothing(self):
        """Unless the company wrote down on which legal basis."""
        with self._refused(UserError, "bribery"):
            self.give(recipient="employee", recipient_name="Buyer Li")
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(IntegrityError),
            self.env.cr.savepoint(),
        ):
            self.company.gift_allow_employee = True
            self.env.flush_all()
        self.env.invalidate_all()
        self.company.write(
            {"gift_allow_employee": True, "gift_legal_note": "Opinion of 3 May"}
        )
        self.give(recipient="employee", recipient_name="Buyer Li")

    def test_four_eyes(self):
        gift = (
            self.env["distributor.gift"]
            .with_user(self.sales_manager)
            .create(
                {
                    "partner_id": self.north.id,
                    "company_id": self.company.id,
                    "reason": "x",
                    "user_id": self.account_manager.id,
                    "line_ids": [Command.create({"product_id": self.goods.id})],
                }
            )
        )
        self.assertEqual(gift.user_id, self.sales_manager)
        gift.action_submit()
        with self.assertRaises(AccessError):
            gift.action_approve()
        for user in (self.account_manager, self.sales_rep):
            with self.assertRaises(UserError):
                gift.with_user(user).action_approve()
        with self.assertRaises(AccessError):
            gift.with_user(self.finance).action_approve()

    def test_what_is_submitted_stands(self):
        gift = self.give()
        for values in (
            {"recipient": "customer"},
            {"state": "approved"},
            {"line_ids": False},
        ):
            with self.assertRaises(UserError):
                gift.write(values)
        with self.assertRaises(UserError):
            gift.line_ids.quantity = 9
        self.goods.list_price = 1000
        self.assertEqual(gift.value, 200)
        with self.assertRaises(UserError):
            self.give(line_ids=False)

    def test_receipt_on_the_portal(self):
        gift, draft = self.give(), self.give(1)
        self.approve(gift)
        self._login("south_owner")
        for number in (gift.id, draft.id):
            self.assertTrue(self._is_home(self._post(f"/my/gifts/{number}/received")))
        self._login()
        page = self.url_open("/my/gifts").text
        self.assertIn(gift.name, page)
        self.assertNotIn(draft.name, page)
        self.assertTrue(self._is_home(self._post(f"/my/gifts/{draft.id}/received")))
        self._post(f"/my/gifts/{gift.id}/received")
        self.assertEqual(
            (gift.state, gift.received_by_id), ("received", self.north_user.partner_id)
        )
