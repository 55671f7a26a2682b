# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import base64
import logging
from contextlib import contextmanager
from io import BytesIO

from dateutil.relativedelta import relativedelta
from PIL import Image, ImageDraw

from odoo import Command, api, fields, models
from odoo.exceptions import UserError


class DistributorDemo(models.AbstractModel):
    """The demo's fees: two months paid, one borrowed on, a customer who denies."""

    _inherit = "distributor.demo"

    @api.model
    def _tell_fee_payments(self):
        """Pay what was signed, or sign it first; nothing without accounts or sales."""
        company = self.env.company
        if not company.chart_template:
            return
        company._set_up_fee_accounting()
        self._employ_fee_people()
        for months in (4, 3, 2):
            self._collect_for_fees(months)
        statements = [
            statement
            for months in (4, 3, 2)
            if (statement := self._get_signed_fees(months))
            and statement.open_payable > 0
        ]
        if len(statements) < 3:
            return
        first, second, third = statements
        self._pay_fees(first)
        self._ask_customers(first)
        self._lend_on(third)
        self._pay_fees(second)
        self._ask_customers(second, denied=1, left=1)

    def _employ_fee_people(self):
        """Representatives are paid as employees; their manager is asked to check."""
        Employee = self.env["hr.employee"]
        made = {}
        for name in ("manager", "sales", "account_manager"):
            user = self._ref(f"user_{name}")
            made[name] = Employee.search([("user_id", "=", user.id)], limit=1)
            if not made[name]:
                made[name] = Employee.create(
                    {
                        "name": user.name,
                        "user_id": user.id,
                        "company_id": self.env.company.id,
                        "parent_id": made["manager"].id if name != "manager" else False,
                    }
                )

    def _collect_for_fees(self, months):
        """Have most customers pay what they bought in a month, within the month."""
        first = fields.Date.context_today(self).replace(day=1) - relativedelta(
            months=months
        )
        last = first + relativedelta(months=1, days=-1)
        invoices = self.env["account.move"].search(
            [
                ("move_type", "=", "out_invoice"),
                ("state", "=", "posted"),
                ("payment_state", "=", "not_paid"),
                ("invoice_user_id", "=", self._ref("user_sales").id),
                ("company_id", "=", self.env.company.id),
                ("invoice_date", ">=", first),
                ("invoice_date", "<=", last),
            ],
            order="invoice_date, id",
        )
        for number, invoice in enumerate(invoices):
            if number % 4 == 3:
                continue  # pays later, and releases the rest then
            self.env["account.payment.register"].with_context(
                active_model="account.move", active_ids=invoice.ids
            ).create(
                {
                    "payment_date": min(
                        invoice.invoice_date + relativedelta(days=9), last
                    )
                }
            )._create_payments()

    def _get_signed_fees(self, months):
        """Return the statement of the representative who sold most in a month."""
        company = self.env.company
        month = fields.Date.context_today(self).replace(day=1) - relativedelta(
            months=months
        )
        Statement = self.env["distributor.fee.statement"]
        user = self._ref("user_sales")
        domain = [
            ("company_id", "=", company.id),
            ("month", "=", month),
            ("user_id", "=", user.id),
        ]
        statement = Statement.search(domain) or Statement._build(company, month, user)
        if statement.state == "signed":
            return statement
        if statement.state != "draft":
            return Statement
        lines = statement.line_ids
        for line in lines:
            line.write(
                {
                    "payee_id": line.payee_id.id or line.partner_id.id,
                    "purpose_id": line.purpose_id.id
                    or self.env.ref(
                        "distributor_crm_expense.fee_purpose_purchasing"
                    ).id,
                    "occasion": line.occasion or self.env._("Monthly care"),
                }
            )
        clerk = self._get_fee_clerk()
        # Long ago by the calendar: signed today, as finance can let it.
        statement.reopened_until = fields.Date.context_today(self)
        statement.with_user(user)._submit()
        for signer in (
            clerk,
            self._ref("user_manager"),
            self._ref("user_finance"),
        ):
            if statement.state == "submitted":
                self._sign_fees(statement.with_user(signer))
        return statement if statement.state == "signed" else Statement

    def _sign_fees(self, statement):
        try:
            with self._quiet_printing():
                statement._sign("password")
        except UserError:
            # It tells who is next.
            statement.invalidate_recordset()

    @contextmanager
    def _quiet_printing(self):
        """The wkhtmltopdf of some systems tells on each print that it knows no headers;
        an installation is no place for it."""
        logger = logging.getLogger("odoo.addons.base.models.ir_actions_report")
        level = logger.level
        logger.setLevel(logging.ERROR)
        try:
            yield
        finally:
            logger.setLevel(level)

    def _get_fee_clerk(self):
        group = self.env.ref("distributor_crm_expense.group_fee_clerk")
        return group.user_ids[:1] or self.env["res.users"].with_context(
            no_reset_password=True
        ).create(
            {
                "name": "Wu Ting (clerk)",
                "login": "clerk",
                "password": "clerk",
                "group_ids": [Command.set(group.ids)],
            }
        )

    def _pay_fees(self, statement):
        finance = self._ref("user_finance")
        payout = self.env["distributor.fee.payout"].with_user(finance)
        payout = payout._prepare_for(statement.with_user(finance))
        for number, payee in enumerate(payout.item_ids.payee_id):
            paid = sum(
                payout.item_ids.filtered(lambda i, p=payee: i.payee_id == p).mapped(
                    "paid"
                )
            )
            if paid:
                self._add_fee_receipt(payout, payee, paid, number)
        payout.action_post()

    def _add_fee_receipt(self, payout, payee, amount, number):
        text = f"{payout.name} / {number + 1}"
        self.env["distributor.fee.receipt"].create(
            {
                "payout_id": payout.id,
                "payee_id": payee.id,
                "number": f"R-{payout.id:03d}{number + 1:02d}",
                "date": fields.Date.context_today(self) - relativedelta(days=number),
                "amount": amount,
                "file": self._draw_fee_receipt(text, f"{amount:,.2f}"),
                "filename": "receipt.png",
            }
        )

    def _draw_fee_receipt(self, *lines):
        image = Image.new("RGB", (420, 220), "white")
        pen = ImageDraw.Draw(image)
        pen.rectangle((8, 8, 411, 211), outline="black")
        for number, line in enumerate(("RECEIPT", *lines)):
            pen.text((30, 30 + 50 * number), line, fill="black", font_size=24)
        output = BytesIO()
        image.save(output, "PNG")
        return base64.b64encode(output.getvalue())

    def _lend_on(self, statement):
        amount = min(1500, int(statement.open_payable))
        if amount < 1:
            return
        advance = self.env["distributor.fee.advance"].with_user(statement.user_id)
        advance = advance.create({"statement_id": statement.id, "amount": amount})
        advance.action_request()
        advance.with_user(self._ref("user_manager")).action_approve()
        advance.with_user(self._ref("user_finance")).action_issue()

    def _ask_customers(self, statement, denied=0, left=0):
        lines = statement.check_ids.line_ids.sorted("sequence")
        manager = self._ref("user_manager")
        for number, line in enumerate(lines.with_user(manager)):
            if number >= len(lines) - left:
                break
            line.write(
                {
                    "contact": self.env._("Head of purchasing"),
                    "note": self.env._("We know nothing of it.")
                    if number < denied
                    else self.env._("Received, with thanks."),
                }
            )
            if number < denied:
                line.action_deny()
            else:
                line.action_confirm()
