# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""From a sale through a sub-store to money received, returned goods and the set-off."""

from datetime import timedelta

from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.distributor_crm.tests.test_earning_portal import EarningPortalCase


@tagged("post_install", "-at_install")
class TestEarningJourney(EarningPortalCase):
    def _run_crons(self):
        for name in ("follow", "release"):
            self.env.ref(
                f"distributor_crm.ir_cron_earning_{name}"
            ).method_direct_trigger()
        self.env.invalidate_all()

    def _frozen_and_free(self, partner):
        figures = self._figures(partner)
        return figures["frozen"], figures["available"]

    def test_from_sale_to_money_and_back(self):
        # Second paid level, as a manager decided with a legal opinion.
        self.policy.date_to = self.today - timedelta(1)
        policy = self._create_policy(
            date_from=self.today, fee_fixed=1, tax_mode="withhold", tax_rate=20
        )
        self._store_opinion(policy)
        policy.with_user(self.sales_manager).upper_rate = 2.5
        before = {one: self._available(one) for one in (self.north, self.south)}

        # A shopper buys through the sub-store, pays, and gets the goods.
        order = self._order(2000, store=self.sub_store)
        invoice = self._invoice(order)
        self._run_crons()
        self.assertEqual(self._frozen_and_free(self.south), (0, before[self.south]))
        self._pay(invoice)
        self._run_crons()
        self.assertEqual(self._frozen_and_free(self.south)[0], 100)
        self.assertEqual(self._frozen_and_free(self.north)[0], 50)
        self._deliver(order, days_ago=7)
        self._run_crons()
        self.assertEqual(
            self._frozen_and_free(self.north), (0, before[self.north] + 50)
        )
        self.assertEqual(
            self._frozen_and_free(self.south), (0, before[self.south] + 100)
        )

        # The owner of the upline store withdraws all of it on the portal.
        self._login()
        page = self._post("/my/withdrawals/new", amount="150.00", account=self.bank.id)
        self.assertIn("was requested", page.text)
        withdrawal = self._own()
        self.assertEqual((withdrawal.fee, withdrawal.tax, withdrawal.net), (1, 30, 119))
        self.assertIn(
            "There is nothing to withdraw", self.url_open("/my/withdrawals/new").text
        )

        # A manager approves, finance pays: the bank account got 119.
        withdrawal.with_user(self.sales_manager).action_approve()
        withdrawal.with_user(self.finance).action_pay()
        bank_lines = withdrawal.payment_id.move_id.line_ids.filtered(
            lambda line: line.account_id != self.payable
        )
        self.assertEqual(sum(bank_lines.mapped("credit")), 119)
        mails = withdrawal.message_ids.filtered(
            lambda message: self.north in message.notified_partner_ids
        )
        self.assertEqual(len(mails), 2, "approved and paid are told")
        self.assertIn(">Paid<", self.url_open("/my/withdrawals").text.replace(" ", ""))

        # The goods come back: the next earnings are set off.
        self._refund(invoice)
        self._run_crons()
        self.assertEqual(self._available(self.north), -50)
        page = self._post("/my/withdrawals/new", amount="10", account=self.bank.id)
        self.assertIn("can be withdrawn now", page.text)
        with self.assertRaises(UserError):
            self._ask(1)
        self._earn(3000)  # 150
        self.assertEqual(self._available(self.north), 100)
        rows = self.env["distributor.earning.reconciliation"].search(
            [("company_id", "=", self.company.id)]
        )
        self.assertEqual(set(rows.mapped("difference")), {0})
