# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class DistributorWithdrawalLine(models.Model):
    """From which journal item of released earnings a withdrawal draws how much."""

    _name = "distributor.withdrawal.line"
    _description = "Withdrawal Line"
    _order = "date, id"

    withdrawal_id = fields.Many2one(
        comodel_name="distributor.withdrawal",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    currency_id = fields.Many2one(related="withdrawal_id.currency_id")
    move_line_id = fields.Many2one(
        comodel_name="account.move.line",
        string="Journal Item",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    date = fields.Date(required=True, readonly=True)
    amount = fields.Monetary(required=True, readonly=True)

    _amount_positive = models.Constraint(
        "CHECK(amount > 0)", "A withdrawal is more than 0."
    )
    _once = models.UniqueIndex(
        "(withdrawal_id, move_line_id)", "A withdrawal names each item once."
    )
