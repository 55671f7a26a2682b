# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    rebate_account_id = fields.Many2one(
        related="company_id.rebate_account_id", readonly=False
    )
    rebate_purchase_journal_id = fields.Many2one(
        related="company_id.rebate_purchase_journal_id", readonly=False
    )
    rebate_accrual_basis = fields.Selection(
        related="company_id.rebate_accrual_basis", readonly=False
    )
    rebate_accrual_account_id = fields.Many2one(
        related="company_id.rebate_accrual_account_id", readonly=False
    )
    rebate_accrual_journal_id = fields.Many2one(
        related="company_id.rebate_accrual_journal_id", readonly=False
    )
