# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from decimal import Decimal

from odoo import fields, models


class DistributorFeeStatementLine(models.Model):
    """What a line owes, to whom, and by which payout it is settled."""

    _inherit = "distributor.fee.statement.line"

    settled_ids = fields.One2many(
        comodel_name="distributor.fee.payout.line",
        inverse_name="statement_line_id",
        string="Settled By",
        readonly=True,
    )

    def _filter_unsettled(self, payout=None):
        """Return those that no payout settles, but for this one."""
        return self.filtered(
            lambda line: (
                not line.settled_ids.filtered(
                    lambda own: not own.is_void and own.payout_id != payout
                )
            )
        )

    def _filter_cleared(self):
        """Return those that nobody has to agree to any more.

        What takes back needs no agreement, but waits with the grant it takes back.
        """
        back = self.filtered(lambda line: line.payable < 0)
        undecided = {
            line._get_sale_everywhere()
            for line in back._get_same_sales()
            if line._is_undecided() and line.state != "void"
        }
        return self.filtered(
            lambda line: (
                line._get_sale_everywhere() not in undecided
                if line.payable < 0
                else line.compliance_state in ("not_needed", "cleared")
            )
        )

    def _is_undecided(self) -> bool:
        """Whether the compliance reviewer has yet to decide on what this grants."""
        return self.payable > 0 and self.compliance_state == "waiting"

    def _get_payout_payee(self):
        """Return whom this is paid to; what is taken back, is from whom it was paid."""
        origin = self.origin_line_id if self.payable < 0 else self.browse()
        return origin.payee_id or self.payee_id or self.partner_id

    def _get_payout_dues(self, payout=None):
        """Return what these owe now, for `distributor.fee.payout`.

        :param payout: what this one settles counts as open
        """
        return [
            {
                "payee": line._get_payout_payee(),
                "user": line.statement_id.user_id,
                "partner": line.partner_id,
                "product": line.product_id,
                "purpose": line.purpose_id,
                "amount": Decimal(str(line._get_owed())),
                "line": line,
                "settles": "statement_line_id",
            }
            for line in self._filter_unsettled(payout)._filter_cleared()
            if line._get_owed()
        ]
