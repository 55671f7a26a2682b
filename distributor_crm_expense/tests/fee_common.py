# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import date

from freezegun import freeze_time

from odoo import SUPERUSER_ID, Command

from odoo.addons.distributor_crm.tests.common import CompanyCommon, UsersCommon

CRM = "distributor_crm.group_"
FEE = "distributor_crm_expense.group_fee_"


class FeeStatementCommon(UsersCommon, CompanyCommon):
    """A company of its own in 2025, two representatives with customers, three signers."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env.company
        # Odoo's accountant of the tests may not do everything; what people may is
        # tested as themselves.
        cls.env = cls.env(
            user=SUPERUSER_ID,
            context={
                **cls.env.context,
                "tracking_disable": True,
                "allowed_company_ids": cls.company.ids,
            },
        )
        cls.company = cls.company.with_env(cls.env)
        cls.company.country_id = cls.env.ref("base.cn")
        cls.env["tier.definition"].search(
            [("model", "=", "distributor.fee.statement")]
        ).company_id = False
        cls.rep, cls.other_rep, cls.clerk = cls._new_users(
            {
                "fs_rep": f"{CRM}sales_rep",
                "fs_other": f"{CRM}sales_rep",
                "fs_clerk": f"base.group_user,{FEE}clerk",
            }
        )
        cls.manager, cls.finance, cls.auditor = cls._new_users(
            {
                "fs_manager": f"{CRM}sales_manager",
                "fs_finance": f"{CRM}finance",
                "fs_auditor": f"base.group_user,{FEE}auditor",
            }
        )
        cls.policy = cls.env["distributor.fee.policy"].create(
            {"company_id": cls.company.id, "date_from": "2024-01-01"}
        )
        cls.customer, cls.other_customer = cls.env["res.partner"].create(
            [
                {
                    "name": name,
                    "is_company": True,
                    "user_id": cls.rep.id,
                    "property_account_position_id": False,
                }
                for name in ("Fee Customer", "Fee Other")
            ]
        )
        cls.product, cls.undecided = cls.env["product.product"].create(
            [
                {"name": name, "list_price": 100, "taxes_id": [Command.clear()]}
                for name in ("Fee Product", "Undecided Product")
            ]
        )
        cls.standard = cls._standard()

    @classmethod
    def _standard(cls, start="2024-01-01", **values):
        """A standard of 5 % of net sales, in force; a predecessor ends the day before."""
        with freeze_time(start):
            standard = cls.env["distributor.fee.standard"].create(
                {
                    "company_id": cls.company.id,
                    "product_tmpl_id": cls.product.product_tmpl_id.id,
                    "rate": 5,
                    "date_from": start,
                    **values,
                }
            )
            standard.action_confirm()
        return standard

    @classmethod
    def _sell(cls, day, amount, quantity=1, **values):
        """Post an invoice of the representative over `quantity` x `amount`."""
        product = values.pop("product", cls.product)
        move = cls.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": values.pop("partner", cls.customer).id,
                "invoice_date": day,
                "invoice_user_id": values.pop("user", cls.rep).id,
                "invoice_line_ids": [
                    Command.create(
                        {
                            "product_id": product.id,
                            "quantity": quantity,
                            "price_unit": amount,
                            "tax_ids": [Command.clear()],
                        }
                    )
                ],
                **values,
            }
        )
        move.action_post()
        return move

    @classmethod
    def _pay(cls, move, day, amount):
        return (
            cls.env["account.payment.register"]
            .with_context(active_model="account.move", active_ids=move.ids)
            .create({"payment_date": day, "amount": amount})
            ._create_payments()
        )

    @classmethod
    def _return(cls, move, day, amount):
        """Post a credit note over a part of an invoice."""
        refund = move._reverse_moves([{"invoice_date": day, "date": day}])
        refund.invoice_line_ids.write({"price_unit": amount, "quantity": 1})
        refund.action_post()
        (refund + move).line_ids.filtered(
            lambda line: (
                line.account_id.account_type == "asset_receivable"
                and not line.reconciled
            )
        ).reconcile()
        return refund

    @classmethod
    def _build(cls, month, day=None, users=None):
        """Work out a month on the first of the following one."""
        month = date.fromisoformat(f"{month}-01")
        following = date(month.year + month.month // 12, month.month % 12 + 1, 1)
        with freeze_time(day or following):
            statements = cls.env["distributor.fee.statement"]._build(
                cls.company, month, users
            )
        return statements.filtered(lambda one: one.user_id == cls.rep)

    def _sign_all(self, statement, day):
        """Submit, and sign by all three."""
        with freeze_time(day):
            if statement.state == "draft":
                statement.with_user(self.rep).action_submit()
            for user in (self.clerk, self.manager, self.finance):
                statement.with_user(user)._sign("password")
