# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, models


class DistributorFeeStatementLine(models.Model):
    _inherit = "distributor.fee.statement.line"

    _fee_amount_field = "payable"

    @api.depends("payable")
    def _compute_compliance_state(self):
        return super()._compute_compliance_state()

    def _get_involved(self):
        return super()._get_involved() | self.statement_id.submitted_by_id

    def _get_document(self):
        return self.statement_id

    def _set_compliance(self, state, note=False):
        # EXTENDS distributor.fee.payee.mixin: what is refused is never paid, and a
        # statement on which nothing is left to pay waits for nobody.
        result = super()._set_compliance(state, note)
        if state == "refused":
            own = self.sudo()
            own._update_forfeited()
            own.statement_id._close_if_nothing_left()
        return result

    def _apply_reason(self, act, reason, until):
        """Do what a reason was asked for; there is one such act."""
        if act == "refuse":
            self.action_compliance_refuse(reason)

    def action_view_statement(self):
        """Open the statement this is a line of."""
        return self.statement_id._get_records_action()


class DistributorFeeStatement(models.Model):
    _inherit = "distributor.fee.statement"

    def _get_fees(self):
        return self.line_ids
