# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.fields import Domain

from ..document.distributor_fee_document import GRANTED


class DistributorFeeStatement(models.Model):
    """What a signer looks at beside the figures themselves (R112)."""

    _inherit = "distributor.fee.statement"

    fee_ratio = fields.Float(
        string="Fee to Sales (%)",
        compute="_compute_ratio",
        store=True,
        aggregator=None,
        help="The whole fee of the month in % of its net sales.",
    )
    payable_last_month = fields.Monetary(compute="_compute_context")
    payable_last_year = fields.Monetary(
        string="Payable a Year Ago", compute="_compute_context"
    )
    fee_ratio_average = fields.Float(
        string="Fee to Sales, 12 Months (%)", compute="_compute_context"
    )
    waiting_total = fields.Monetary(
        string="Signed, Not Paid",
        compute="_compute_context",
        help="What earlier statements of this representative still wait for.",
    )

    @api.depends("fee_full", "net_sales")
    def _compute_ratio(self):
        for statement in self:
            sales = statement.net_sales
            statement.fee_ratio = 100 * statement.fee_full / sales if sales else 0.0

    @api.depends("user_id", "company_id", "month")
    def _compute_context(self):
        months = [statement.month for statement in self if statement.month]
        rows = {}
        if months:
            # A signer compares with all statements of the representative.
            groups = self.sudo()._read_group(
                Domain("user_id", "in", self.user_id.ids)
                & Domain("company_id", "in", self.company_id.ids)
                & Domain("state", "in", GRANTED)
                & Domain("month", ">=", min(months) - relativedelta(years=1))
                & Domain("month", "<", max(months)),
                ["user_id", "company_id", "month:month", "state"],
                ["payable:sum", "fee_full:sum", "net_sales:sum"],
            )
            for user, company, month, state, *sums in groups:
                rows.setdefault((user, company), {})[month, state] = sums
        for statement in self:
            found = rows.get((statement.user_id, statement.company_id), {})
            statement._set_context(found)

    def _set_context(self, rows):
        def payable(month):
            return sum(rows.get((month, state), (0,))[0] for state in GRANTED)

        year = self.month and self.month - relativedelta(years=1)
        within = [
            sums
            for (month, _state), sums in rows.items()
            if self.month and year <= month < self.month
        ]
        sales = sum(sums[2] for sums in within)
        self.payable_last_month = self.month and payable(
            self.month - relativedelta(months=1)
        )
        self.payable_last_year = self.month and payable(year)
        self.fee_ratio_average = (
            100 * sum(sums[1] for sums in within) / sales if sales else 0.0
        )
        self.waiting_total = sum(
            sums[0]
            for (month, state), sums in rows.items()
            if state == "signed" and self.month and month < self.month
        )
