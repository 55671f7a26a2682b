# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import base64
from datetime import date
from itertools import count

from odoo import Command, fields

from odoo.addons.distributor_crm.tests.common import DistributorCommon

NUMBERS = count(1)


class FeePaymentCommon(DistributorCommon):
    """Signed statements of a representative, and the people who pay and check them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context={**cls.env.context, "tracking_disable": True})
        # The fees are looked at with all rights here, and asked for by each role.
        cls.env = cls.env(su=True)
        cls.company = cls.company.with_env(cls.env)
        cls.company._set_up_fee_accounting()
        cls.rep, cls.colleague, cls.payer, cls.auditor = cls._new_users(
            {
                "fee_rep": "distributor_crm.group_sales_rep",
                "fee_rep_2": "distributor_crm.group_sales_rep",
                "fee_payer": "distributor_crm.group_finance",
                "fee_auditor": "distributor_crm_expense.group_fee_auditor",
            }
        )
        cls.boss = cls._create_employee(cls.sales_manager)
        cls.employee = cls._create_employee(cls.rep, parent_id=cls.boss.id)
        cls.other_employee = cls._create_employee(cls.colleague, parent_id=cls.boss.id)
        cls.product, cls.cups = cls.env["product.product"].create(
            [{"name": "Reserve", "list_price": 100}, {"name": "Cups"}]
        )
        cls.customers = cls.env["res.partner"].create(
            [
                {"name": f"Customer {number}", "is_company": True}
                for number in range(1, 7)
            ]
        )
        cls.purpose = cls.env["distributor.fee.purpose"].search([], limit=1)
        cls.env["distributor.fee.policy"].create(
            {"company_id": cls.company.id, "date_from": "2024-01-01"}
        )
        # What three have signed is taken for granted here.
        cls.env["tier.definition"].search(
            [("model", "=", "distributor.fee.statement")]
        ).active = False
        cls.today = fields.Date.context_today(cls.env.user)
        cls.month = cls._month_back(2)

    @classmethod
    def _month_back(cls, months):
        number = cls.today.year * 12 + cls.today.month - 1 - months
        return date(number // 12, number % 12 + 1, 1)

    @classmethod
    def _create_employee(cls, user, **values):
        return cls.env["hr.employee"].create(
            {
                "name": user.name,
                "user_id": user.id,
                "company_id": cls.company.id,
                **values,
            }
        )

    @classmethod
    def _create_statement(cls, *lines, user=None, month=None, state="signed"):
        """A statement of lines given as (customer, payable) or (customer, payable,
        product), as if all three had signed it."""
        statement = (
            cls.env["distributor.fee.statement"]
            .create(
                {
                    "company_id": cls.company.id,
                    "user_id": (user or cls.rep).id,
                    "month": month or cls.month,
                }
            )
            .with_context(skip_validation_check=True)
        )
        statement.line_ids = [
            Command.create(cls._prepare_line(statement, *line)) for line in lines
        ]
        statement.state = state
        return statement

    @classmethod
    def _prepare_line(cls, statement, partner, payable, product=None, **values):
        return {
            "origin_month": statement.month,
            "span_from": statement.month,
            "partner_id": partner.id,
            "product_id": (product or cls.product).id,
            "purpose_id": cls.purpose.id,
            "payee_id": partner.id,
            "payable": payable,
            "fee_full": payable,
            "fee_due": payable,
            **values,
        }

    def _prepare(self, source, **values):
        action = source.with_user(self.payer).action_prepare_payout()
        payout = self.env["distributor.fee.payout"].browse(action.get("res_id"))
        if "payment_mode" in values:
            payout.item_ids.payment_mode = values["payment_mode"]
        return payout.with_user(self.payer)

    def _receipt(self, payout, payee=None, amount=None, user=None, **values):
        """Add a receipt over all that a payee is paid, each another file."""
        payees = payee or payout.item_ids.filtered("paid").payee_id
        number = next(NUMBERS)
        return (
            self.env["distributor.fee.receipt"]
            .with_user(user or self.payer)
            .create(
                [
                    {
                        "payout_id": payout.id,
                        "payee_id": one.id,
                        "number": f"INV-{number}-{one.id}",
                        "date": date(2024, 1, 1 + number % 28),
                        "amount": sum(
                            payout.item_ids.filtered(
                                lambda i, p=one: i.payee_id == p
                            ).mapped("paid")
                        )
                        if amount is None
                        else amount,
                        "file": self._file(f"{number} {one.id}"),
                        "filename": "receipt.pdf",
                        **values,
                    }
                    for one in payees
                ]
            )
        )

    def _file(self, text):
        return base64.b64encode(f"%PDF-1.4\n{text}\n%%EOF".encode())

    def _pay_out(self, source, **values):
        payout = self._prepare(source, **values)
        self._receipt(payout)
        payout.action_post()
        return payout

    def _booked(self, **domain):
        """What the ledger says of fees, by customer and product, in cents."""
        lines = self.env["account.move.line"].search(
            [("fee_item_id", "!=", False), ("parent_state", "=", "posted")]
        )
        sums = {}
        for line in lines:
            key = (line.fee_item_id.partner_id, line.fee_item_id.product_id)
            sums[key] = sums.get(key, 0) + round(line.balance * 100)
        return {key: cents for key, cents in sums.items() if cents}

    def _outstanding(self, employee=None):
        employee = employee or self.employee
        return employee._get_fee_outstanding(self.company)[employee.id]

    def _borrow(self, statement, amount, issue=True):
        advance = (
            self.env["distributor.fee.advance"]
            .with_user(statement.user_id)
            .create({"statement_id": statement.id, "amount": amount})
        )
        advance.action_request()
        if issue:
            advance.with_user(self.sales_manager).action_approve()
            advance.with_user(self.payer).action_issue()
        return advance.with_user(self.payer)

    def _clear(self, advance, returned=0):
        clearing = (
            self.env["distributor.fee.clearing"]
            .with_user(self.payer)
            .create({"advance_id": advance.id, "returned": returned})
        )
        clearing.action_clear()
        return clearing
