# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from odoo import Command, fields

from .common import DistributorCommon


class EarningCommon(DistributorCommon):
    """A policy, a store with a sub-store, and orders that go through them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        account = cls.env["account.account"]
        cls.payable = account.create(
            {
                "name": "Owed to distributors",
                "code": "221990",
                "account_type": "liability_payable",
                "reconcile": True,
            }
        )
        cls.fee_account = account.create(
            {"name": "Fees", "code": "499001", "account_type": "income_other"}
        )
        cls.tax_account = account.create(
            {"name": "Withheld", "code": "219991", "account_type": "liability_current"}
        )
        cls.today = fields.Date.context_today(cls.env.user)
        cls.policy = cls._create_policy()
        cls.store = cls._create_store(cls.north, "north")
        cls.sub_store = cls._create_store(cls.south, "south", parent_id=cls.store.id)
        cls.goods = cls.env["product.product"].create(
            {
                "name": "Spirits",
                "type": "consu",
                "list_price": 200,
                "invoice_policy": "order",
                "taxes_id": [Command.clear()],
            }
        )
        cls.customer = cls.env["res.partner"].create({"name": "Shopper"})
        cls.validator = cls.env.ref("account.group_validate_bank_account")
        cls.bank = cls._create_bank(cls.north, "6222 0000 1111")

    @classmethod
    def _create_policy(cls, **values):
        return cls.env["distributor.earning.policy"].create(
            {
                "name": "Stores",
                "date_from": "2024-01-01",
                "own_rate": 5,
                "freeze_days": 7,
                "expense_account_id": cls.company_data["default_account_expense"].id,
                "payable_account_id": cls.payable.id,
                "fee_account_id": cls.fee_account.id,
                "tax_account_id": cls.tax_account.id,
                "journal_id": cls.company_data["default_journal_misc"].id,
                "payment_journal_id": cls.company_data["default_journal_bank"].id,
                **values,
            }
        )

    @classmethod
    def _create_store(cls, owner, slug, **values):
        store = cls.env["distributor.store"].create(
            {"name": slug.title(), "slug": slug, "partner_id": owner.id, **values}
        )
        store.action_open()
        return store

    @classmethod
    def _create_bank(cls, partner, number, trusted=True, **values):
        bank = cls.env["res.partner.bank"].create(
            {"partner_id": partner.id, "acc_number": number, **values}
        )
        # Only people of accounting's own group may; here the ledger itself does.
        cls.env.cr.execute(
            "UPDATE res_partner_bank SET allow_out_payment = %s WHERE id = %s",
            [trusted, bank.id],
        )
        bank.invalidate_recordset()
        return bank

    @classmethod
    def _store_opinion(cls, policy=None):
        policy = policy or cls.policy
        policy.write(
            {
                "opinion_file": b"JVBERi0=",
                "opinion_filename": "opinion.pdf",
                "opinion_author": "Li & Partners",
                "opinion_date": "2024-01-01",
                "opinion_text": "Sound, if nobody is paid for recruiting.",
            }
        )
        policy.with_user(cls.sales_manager).action_store_opinion()

    @classmethod
    def _order(cls, *lines, store=None, **values):
        """A confirmed order of lines given as (price, ) or values, through a store."""
        order = cls.env["sale.order"].create(
            {
                "partner_id": cls.customer.id,
                "store_id": (cls.store if store is None else store).id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": cls.goods.id,
                            "product_uom_qty": 1,
                            "tax_ids": [Command.clear()],
                            **(
                                line if isinstance(line, dict) else {"price_unit": line}
                            ),
                        }
                    )
                    for line in lines or (200,)
                ],
                **values,
            }
        )
        order.action_confirm()
        return order

    @classmethod
    def _invoice(cls, order):
        invoice = order._create_invoices()
        invoice.action_post()
        return invoice

    @classmethod
    def _pay(cls, invoice, amount=None, **values):
        register = (
            cls.env["account.payment.register"]
            .with_context(active_model="account.move", active_ids=invoice.ids)
            .create({**({"amount": amount} if amount else {}), **values})
        )
        return register._create_payments()

    @classmethod
    def _deliver(cls, order, days_ago=0):
        for line in order.order_line:
            line.qty_delivered = line.product_uom_qty
        order.flush_recordset()
        order.delivered_on = cls.today - timedelta(days_ago)

    @classmethod
    def _follow(cls):
        cls.env["distributor.earning.change"]._work_off()

    @classmethod
    def _release(cls):
        cls._follow()
        return cls.env["distributor.earning"]._release(cls.company)

    @classmethod
    def _earn(cls, price=200, store=None):
        """A paid and delivered order whose time to return it is over, released."""
        order = cls._order(price, store=store)
        invoice = cls._invoice(order)
        cls._pay(invoice)
        cls._deliver(order, days_ago=30)
        cls._release()
        return order, invoice

    @classmethod
    def _refund(cls, invoice, **values):
        return invoice._reverse_moves(
            [{"invoice_date": cls.today, **values}], cancel=True
        )

    def _earned(self, partner=None, **values):
        domain = [("partner_id", "=", (partner or self.north).id)]
        domain += [(name, "=", value) for name, value in values.items()]
        rows = self.env["distributor.earning"].search(domain)
        return round(sum(rows.mapped("amount")), 2)

    def _figures(self, partner=None):
        partner = partner or self.north
        return partner._get_earning_figures(self.company)[partner.id]

    def _available(self, partner=None):
        return self._figures(partner)["available"]

    def _ask(self, amount, partner=None, bank=None, user=None):
        model = self.env["distributor.withdrawal"]
        return model.with_user(user or self.account_manager)._request(
            self.company, partner or self.north, bank or self.bank, amount
        )

    def _ask_and_approve(self, amount, **values):
        withdrawal = self._ask(amount, **values)
        withdrawal.with_user(self.sales_manager).action_approve()
        return withdrawal.with_user(self.finance)
