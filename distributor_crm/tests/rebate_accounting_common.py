# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import Command

from .common import DistributorCommon


class RebateAccountingCommon(DistributorCommon):
    """Accounts and journals of accruals; helpers that settle and accrue."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.liability = cls.env["account.account"].create(
            {
                "name": "Accrued rebates",
                "code": "219900",
                "account_type": "liability_current",
            }
        )
        cls.tax_a = cls._create_tax("A", 15)
        cls.tax_b = cls._create_tax("B", 5)

    @classmethod
    def _create_tax(cls, name, amount, **values):
        return cls.env["account.tax"].create(
            {
                "name": f"Tax {name}",
                "amount": amount,
                "type_tax_use": "sale",
                "tax_group_id": cls.tax_group.id
                if hasattr(cls, "tax_group")
                else cls._create_tax_group().id,
                "country_id": cls.company.account_fiscal_country_id.id,
                **values,
            }
        )

    @classmethod
    def _create_tax_group(cls):
        cls.tax_group = cls.env["account.tax.group"].create(
            {"name": "Group", "company_id": cls.company.id}
        )
        return cls.tax_group

    @classmethod
    def _sell_taxed(cls, partner, amount, tax, day="2024-03-15", **line):
        """Post an invoice of one line, whose price is `amount`."""
        move = cls.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": partner.id,
                "invoice_date": day,
                "invoice_line_ids": [
                    Command.create(
                        {
                            "name": "Goods",
                            "price_unit": amount,
                            "tax_ids": [Command.set(tax.ids)],
                            **line,
                        }
                    )
                ],
            }
        )
        move.action_post()
        return move

    @classmethod
    def _statement(cls, program, partner=None, period=None):
        return program.statement_ids.filtered(
            lambda s: (
                s.partner_id == (partner or cls.north)
                and (not period or s.period == period)
            )
        )

    def _approve(self, statements):
        statements.with_user(self.sales_manager).action_approve()
        return statements.with_user(self.finance)

    def _settle(self, statements, **options):
        return self._approve(statements)._settle(**options)

    @classmethod
    def _create_accruing(cls, *steps, basis="reached", **values):
        return cls._create_program(
            *steps,
            **{
                "accrual_basis": basis,
                "accrual_account_id": cls.liability.id,
                **values,
            },
        )

    def _accrue(self, day, programs=None):
        run = (
            self.env["distributor.rebate.accrual"]
            .with_user(self.finance)
            .create({"date": day, "program_ids": programs and programs.ids})
        )
        run.action_post()
        return run

    def _accrued(self, account=None, program=None, partner=None):
        """The balance in the ledger, as a liability."""
        domain = [
            ("account_id", "=", (account or self.liability).id),
            ("parent_state", "=", "posted"),
        ]
        if program:
            domain.append(("move_id.rebate_program_id", "=", program.id))
        if partner:
            domain.append(("partner_id", "=", partner.id))
        lines = self.env["account.move.line"].search(domain)
        return round(-sum(lines.mapped("balance")), 2)
