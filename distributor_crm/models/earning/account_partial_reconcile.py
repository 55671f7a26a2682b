# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, models


class AccountPartialReconcile(models.Model):
    """Paying an invoice, and undoing it, changes what a store earned on it."""

    _inherit = "account.partial.reconcile"

    @api.model_create_multi
    def create(self, vals_list):
        # EXTENDS account
        partials = super().create(vals_list)
        partials._note_earnings()
        return partials

    def unlink(self):
        # EXTENDS account: what is gone tells nothing afterwards
        moves = self._get_sides()
        result = super().unlink()
        self.env["distributor.earning.change"]._note_invoices(moves)
        return result

    def _get_sides(self):
        return (self.debit_move_id | self.credit_move_id).move_id

    def _note_earnings(self):
        self.env["distributor.earning.change"]._note_invoices(self._get_sides())
