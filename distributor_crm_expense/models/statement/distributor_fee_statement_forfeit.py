# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from collections import defaultdict

from odoo import fields, models
from odoo.fields import Domain

from ...fee.netting import never_paid


class DistributorFeeStatementLine(models.Model):
    """What is never paid: what compliance refused, and what a void statement granted.

    A later return takes back only what was granted and not refused. What a void
    statement took back is still to be given back.
    """

    _inherit = "distributor.fee.statement.line"

    forfeited = fields.Monetary(
        string="Never Paid",
        readonly=True,
        copy=False,
        default=0.0,
        help="Refused by compliance, or granted by a void statement; less than 0: what "
        "took that back, and is not taken from anybody.",
    )

    def _get_sale_everywhere(self):
        """Return what names these sales in all statements that speak of them."""
        return (self.company_id.id, self.user_id.id, *self._get_sale()[1:])

    def _is_forfeited(self) -> bool:
        """Whether nothing of this is paid any more."""
        return self._is_refused() or self.state == "void"

    def _is_refused(self) -> bool:
        return self.compliance_state == "refused"

    def _update_forfeited(self):
        """Work out what is never paid of the sales that these lines speak of."""
        sales = defaultdict(list)
        for line in self._get_same_sales().sorted(lambda one: (one.month, one.id)):
            sales[line._get_sale_everywhere()].append(line)
        for lines in sales.values():
            rows = [(line.payable, line._is_forfeited()) for line in lines]
            for line, amount in zip(lines, never_paid(rows), strict=True):
                if line.currency_id.compare_amounts(line.forfeited, amount):
                    line.forfeited = amount

    def _get_same_sales(self):
        """Return all lines, of whatever month, that speak of the same sales."""
        if not self:
            return self
        names = ("company_id", "user_id", "partner_id", "product_id")
        found = self.search(
            Domain("span_from", "in", sorted(set(self.mapped("span_from"))))
            & Domain.AND([(name, "in", self[name].ids)] for name in names)
        )
        sales = {line._get_sale_everywhere() for line in self}
        return found.filtered(lambda line: line._get_sale_everywhere() in sales)

    def _get_owed(self) -> float:
        """Return what this counts for: nothing where it is refused or void."""
        return self.currency_id.round(self.payable - self.forfeited)


class DistributorFeeStatement(models.Model):
    _inherit = "distributor.fee.statement"

    def _fill(self, figures):
        # EXTENDS: what takes back, takes back first what was never paid.
        result = super()._fill(figures)
        self.line_ids.filtered(
            lambda line: line.payable < 0 or line.forfeited
        )._update_forfeited()
        return result

    def _void(self, reason):
        # EXTENDS distributor.fee.document
        result = super()._void(reason)
        self.sudo().line_ids._update_forfeited()  # figures are the system's
        return result
