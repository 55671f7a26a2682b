# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models

from .distributor_fee_budget_usage import FeeAsked


class DistributorFeeDocument(models.AbstractModel):
    """The last signature grants what the budgets cover, and says where they end."""

    _inherit = "distributor.fee.document"

    budget_ids = fields.Many2many(
        comodel_name="distributor.fee.budget",
        string="Budgets",
        compute="_compute_budget_ids",
        groups="distributor_crm.group_sales_manager,distributor_crm.group_finance,"
        "distributor_crm_expense.group_fee_clerk,"
        "distributor_crm_expense.group_fee_auditor,"
        "distributor_crm_expense.group_fee_admin",
        help="The budgets that cover this, and what is left of them.",
    )

    def _compute_budget_ids(self):
        Budget = self.env["distributor.fee.budget"]
        for document in self:
            rows = document._get_fees_asked()
            document.budget_ids = Budget.union(
                *Budget._find_covering(document.company_id, rows)
            )

    def _check_may_be_granted(self):
        # EXTENDS distributor.fee.document
        result = super()._check_may_be_granted()
        Budget = self.env["distributor.fee.budget"]
        for company, documents in self.grouped("company_id").items():
            rows = {one: one._get_fees_asked() for one in documents}
            warnings = Budget._check_available(
                company, [row for some in rows.values() for row in some]
            )
            for budget, text in warnings.items():
                for document, some in rows.items():
                    if any(budget._covers(row) for row in some):
                        document.message_post(body=text)
        return result

    def _get_fees_asked(self):
        """Hook: return what this would grant, as a list of `FeeAsked`."""
        return []


class DistributorFeeStatement(models.Model):
    _inherit = "distributor.fee.statement"

    def _get_fees_asked(self):
        return [
            FeeAsked(
                line.user_id,
                line.partner_id,
                line.product_id,
                line.purpose_id,
                line.payable,
                line.month,
            )
            for line in self.line_ids
            if line.payable and line.compliance_state != "refused"
        ]


class DistributorFeeApplication(models.Model):
    _inherit = "distributor.fee.application"

    def _get_fees_asked(self):
        # Budgets count it on the day it was handed in, by the server's clock.
        when = self.submitted_on or fields.Datetime.now()
        return [
            FeeAsked(
                self.user_id,
                self.partner_id,
                self.env["product.product"],
                self.purpose_id,
                self.amount,
                when.date(),
            )
        ]
