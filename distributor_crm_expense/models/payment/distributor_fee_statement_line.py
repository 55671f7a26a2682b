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

    def _is_cleared(self) -> bool:
        """Whether nobody has to agree to the payee any more; taking back needs none."""
        return self.payable < 0 or self.compliance_state in ("not_needed", "cleared")

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
                "amount": Decimal(str(line.payable)),
                "line": line,
                "settles": "statement_line_id",
            }
            for line in self._filter_unsettled(payout)
            if line.payable and line._is_cleared()
        ]
