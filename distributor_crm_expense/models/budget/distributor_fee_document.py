# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models

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

    # Whoever asks for a fee sees what is left for it, and nothing else of a budget.
    budget_left = fields.Monetary(
        string="Left in the Budget",
        compute="_compute_budget_left",
        compute_sudo=True,
        help="What may still be granted, by the tightest of the budgets that cover "
        "this: nothing more is, where that budget stops.",
    )
    has_budget = fields.Boolean(compute="_compute_budget_left", compute_sudo=True)
    budget_warning = fields.Char(
        compute="_compute_budget_left",
        compute_sudo=True,
        help="Which budget would not cover it.",
    )
    # Of the company; each model says where from.
    currency_id = fields.Many2one(comodel_name="res.currency")

    def _compute_budget_left(self):
        Budget = self.env["distributor.fee.budget"]
        for document in self:
            rows = document._get_fees_asked()
            covering = Budget._find_covering(document.company_id, rows)
            room = {budget: budget._get_room() for budget in covering}
            document.has_budget = bool(room)
            document.budget_left = min(room.values(), default=0.0)
            document.budget_warning = document._describe_excess(covering, room)

    def _describe_excess(self, covering, room):
        """Return the first budget that would be exceeded, in words."""
        if self.state not in ("draft", "submitted"):
            return False
        for budget, rows in covering.items():
            asked = sum(row.amount for row in rows)
            if budget.currency_id.compare_amounts(asked, room[budget]) > 0:
                return budget._describe_excess(asked, room[budget])
        return False

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

    @api.depends("line_ids.payable", "line_ids.purpose_id", "state")
    def _compute_budget_left(self):
        return super()._compute_budget_left()

    def _get_fees_asked(self):
        return [
            FeeAsked(
                line.user_id,
                line.partner_id,
                line.product_id,
                line.purpose_id,
                line._get_owed(),
                line.month,
            )
            for line in self.line_ids
            if line._get_owed()
        ]


class DistributorFeeApplication(models.Model):
    _inherit = "distributor.fee.application"

    @api.depends("amount", "partner_id", "purpose_id", "user_id", "state")
    def _compute_budget_left(self):
        return super()._compute_budget_left()

    def _get_fees_asked(self):
        # Budgets count it on the day it was handed in, by the server's clock.
        when = self.submitted_on or fields.Datetime.now()
        if not self.amount:
            return []
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
