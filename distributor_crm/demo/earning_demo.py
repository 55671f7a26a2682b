# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from dateutil.relativedelta import relativedelta

from odoo import Command, api, fields, models

SHOPPERS = ("He Jia", "Sun Wei", "Guo Tao", "Luo Min", "Xie Fang")
ORDERS = (
    # store, days ago, product, quantity, how far it got
    ("first", 48, "banquet_500", 12, "delivered"),
    ("first", 41, "reserve", 3, "delivered"),
    ("first", 33, "gift_twin", 6, "refunded"),
    ("sub", 30, "banquet_1000", 4, "delivered"),
    ("first", 24, "gift_dragon", 4, "delivered"),
    ("sub", 18, "cups", 10, "delivered"),
    ("first", 15, "banquet_500", 18, "delivered"),
    ("first", 4, "reserve", 2, "delivered"),
    ("sub", 3, "banquet_500", 6, "delivered"),
    ("first", 2, "cups", 8, "paid"),
    ("first", 1, "gift_twin", 2, "invoiced"),
)


class DistributorDemo(models.AbstractModel):
    """The demo's stores: sales that earn, are released, and withdrawn."""

    _inherit = "distributor.demo"

    @api.model
    def _tell_earnings(self):
        """Sell through two stores; nothing where the company keeps no accounts."""
        if not self.env.company.chart_template:
            return
        self._create_earning_policy()
        stores = self._create_earning_stores()
        for number, (store, ago, product, quantity, state) in enumerate(ORDERS):
            self._sell_through(
                stores[store],
                SHOPPERS[number % len(SHOPPERS)],
                fields.Date.context_today(self) - relativedelta(days=ago),
                self._ref(f"product_{product}"),
                quantity,
                state,
            )
        self.env["distributor.earning"]._release(self.env.company)
        self._withdraw(stores["first"].partner_id)

    def _create_earning_policy(self):
        journal = self.env.company._get_journal
        expense = self._get_account("660900", "Store Earnings", "expense")
        payable = self._get_account("220900", "Owed to Stores", "liability_payable")
        fees = self._get_account("605900", "Withdrawal Fees", "income_other")
        today = fields.Date.context_today(self)
        return self.env["distributor.earning.policy"].create(
            {
                "name": "Stores",
                "date_from": today.replace(month=1, day=1) - relativedelta(years=1),
                "own_rate": 12,
                "freeze_days": 7,
                "minimum": 50,
                "fee_fixed": 2,
                "monthly_limit": 4,
                "expense_account_id": expense.id,
                "payable_account_id": payable.id,
                "fee_account_id": fees.id,
                "journal_id": journal("general").id,
                "payment_journal_id": journal("bank").id,
            }
        )

    def _create_earning_stores(self):
        Store = self.env["distributor.store"]
        values = {"mode": "dropship"}
        first = Store.create(
            {
                **values,
                "name": "Wuhou Spirits Corner",
                "slug": "wuhou-spirits-corner",
                "partner_id": self._ref("partner_chengdu").id,
            }
        )
        sub = Store.create(
            {
                **values,
                "name": "West Lake Tastings",
                "slug": "west-lake-tastings",
                "partner_id": self._ref("partner_hangzhou").id,
                "parent_id": first.id,
            }
        )
        (first | sub).action_open()
        return {"first": first, "sub": sub}

    def _sell_through(self, store, shopper, day, product, quantity, state):
        """Order, invoice, pay, deliver and return, as far as it got."""
        Partner = self.env["res.partner"]
        customer = Partner.search([("name", "=", shopper)], limit=1) or Partner.create(
            {"name": shopper}
        )
        order = self.env["sale.order"].create(
            {
                "partner_id": customer.id,
                "store_id": store.id,
                "user_id": store.partner_id.user_id.id,
                "order_line": [
                    Command.create(
                        {"product_id": product.id, "product_uom_qty": quantity}
                    )
                ],
            }
        )
        order.action_confirm()
        order.date_order = fields.Datetime.to_datetime(day)
        for line in order.order_line:
            line.qty_delivered = quantity if state in ("delivered", "refunded") else 0
            line.qty_to_invoice = quantity
        invoice = order._create_invoices()
        invoice.invoice_date = day
        invoice.action_post()
        if state != "invoiced":
            self._collect(invoice, day)
        if state in ("delivered", "refunded"):
            order.flush_recordset()
            order.delivered_on = day + relativedelta(days=2)
        self._book(order, day)
        if state == "refunded":
            back = day + relativedelta(days=6)
            invoice._reverse_moves(
                [{"invoice_date": back, "ref": "Returned unopened"}], cancel=True
            )
            self._book(order, back)

    def _collect(self, invoice, day):
        self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoice.ids
        ).create({"payment_date": day})._create_payments()

    def _book(self, order, day):
        # The demo's days are past: the engine books on the day it runs.
        order._book_earnings().sudo().date = day
        self.env["distributor.earning.change"].sudo().search(
            [("order_id", "=", order.id)]
        ).unlink()

    def _withdraw(self, partner):
        """One withdrawal is paid, one waits for approval."""
        finance, manager = self._ref("user_finance"), self._ref("user_manager")
        # Verifies bank accounts too, so that the demo can be walked from end to end.
        finance.group_ids |= self.env.ref("account.group_validate_bank_account")
        account = (
            self.env["res.partner.bank"]
            .with_user(finance)
            .sudo()
            .create(
                {
                    "partner_id": partner.id,
                    "acc_number": "6222 0244 0200 1234",
                    "allow_out_payment": True,
                }
            )
        )
        available = partner._get_earning_figures(self.env.company)[partner.id]
        Withdrawal = self.env["distributor.withdrawal"].with_user(
            self._ref("user_account_manager")
        )
        for part in (0.5, 0.3):
            amount = round(available["available"] * part, 0)
            if amount < 50:
                return
            withdrawal = Withdrawal._request(self.env.company, partner, account, amount)
            if part == 0.5:
                withdrawal.with_user(manager).action_approve()
                withdrawal.with_user(finance).action_pay()
