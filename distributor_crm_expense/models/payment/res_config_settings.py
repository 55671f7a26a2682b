# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    fee_product_id = fields.Many2one(
        related="company_id.fee_product_id", readonly=False
    )
    fee_expense_account_id = fields.Many2one(
        related="company_id.fee_expense_account_id", readonly=False
    )
    fee_advance_account_id = fields.Many2one(
        related="company_id.fee_advance_account_id", readonly=False
    )
    fee_journal_id = fields.Many2one(
        related="company_id.fee_journal_id", readonly=False
    )
    fee_payment_journal_id = fields.Many2one(
        related="company_id.fee_payment_journal_id", readonly=False
    )

    def action_set_up_fee_accounting(self):
        """Create the accounts that are missing for this company."""
        self.check_access("write")
        self.company_id._set_up_fee_accounting()
        return {"type": "ir.actions.client", "tag": "reload"}
