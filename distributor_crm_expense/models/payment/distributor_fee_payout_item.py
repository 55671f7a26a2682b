# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models

OPEN_FIELDS = {"payment_mode"}


class DistributorFeePayoutItem(models.Model):
    """What one payee gets for one product of one customer: one expense."""

    _name = "distributor.fee.payout.item"
    _description = "Fee Payment"
    _inherit = ["distributor.closed.rows"]
    _order = "payout_id desc, partner_id, id"
    _check_company_auto = True

    payout_id = fields.Many2one(
        comodel_name="distributor.fee.payout",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(related="payout_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="payout_id.currency_id")
    state = fields.Selection(related="payout_id.state", store=True)
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Representative",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Customer",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    product_id = fields.Many2one(
        comodel_name="product.product", readonly=True, index=True, ondelete="restrict"
    )
    purpose_id = fields.Many2one(
        comodel_name="distributor.fee.purpose", readonly=True, ondelete="restrict"
    )
    payee_id = fields.Many2one(
        comodel_name="res.partner",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    amount = fields.Monetary(
        string="Due", readonly=True, help="Less than 0: to be taken back."
    )
    kept = fields.Monetary(
        readonly=True,
        help="What is kept for what was paid too much elsewhere; less than 0: what is "
        "taken back here.",
    )
    paid = fields.Monetary(string="To Be Paid", readonly=True)
    payment_mode = fields.Selection(
        selection=[
            ("company_account", "Company"),
            ("own_account", "Representative (to reimburse)"),
        ],
        string="Paid By",
        required=True,
        default="company_account",
    )
    expense_id = fields.Many2one(
        comodel_name="hr.expense",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    line_ids = fields.One2many(
        comodel_name="distributor.fee.payout.line", inverse_name="item_id"
    )
    move_line_ids = fields.One2many(
        comodel_name="account.move.line", inverse_name="fee_item_id"
    )

    _expense_once = models.UniqueIndex(
        "(expense_id) WHERE expense_id IS NOT NULL", "An expense pays one fee."
    )
    _adds_up = models.Constraint(
        "CHECK(paid >= 0 AND kept + paid = amount AND amount <> 'NaN')",
        "What is paid and what is kept add up to what is due.",
    )

    @api.depends("partner_id", "product_id")
    def _compute_display_name(self):
        for item in self:
            item.display_name = " – ".join(
                filter(None, (item.partner_id.name, item.product_id.display_name))
            )

    @api.model
    def _get_open_names(self):
        return OPEN_FIELDS

    def _say_closed(self):
        return self.env._("What is paid follows the statement; it is not edited.")

    def write(self, vals):
        if not (self.env.su or vals.keys() - OPEN_FIELDS):
            self.payout_id._check_finance()
            self.payout_id._check_state("draft")
        return super().write(vals)
