# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ...guard import without_defaults

DECIDERS = "distributor_crm.group_sales_manager"
# Set by the buttons alone, over RPC too.
CLOSED = {"state", "user_id", "editor_id", "decided_by_id", "decided_at"}


class DistributorRebateAdjustment(models.Model):
    """An amount that somebody adds to a statement by hand, and somebody else approves."""

    _name = "distributor.rebate.adjustment"
    _description = "Rebate Adjustment"
    _order = "statement_id, id"
    _rec_name = "reason"

    statement_id = fields.Many2one(
        comodel_name="distributor.rebate.statement",
        required=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        related="statement_id.company_id", store=True, precompute=True, index=True
    )
    currency_id = fields.Many2one(related="statement_id.currency_id")
    amount = fields.Monetary(required=True, help="Negative to take something off.")
    reason = fields.Char(required=True)
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Author",
        required=True,
        readonly=True,
        default=lambda self: self.env.user,
    )
    editor_id = fields.Many2one(
        comodel_name="res.users",
        string="Last Changed By",
        readonly=True,
        copy=False,
        help="Who last changed the amount. He does not approve it either.",
    )
    state = fields.Selection(
        selection=[
            ("draft", "To Approve"),
            ("approved", "Approved"),
            ("refused", "Refused"),
        ],
        string="Status",
        default="draft",
        required=True,
        readonly=True,
    )
    decided_by_id = fields.Many2one(comodel_name="res.users", readonly=True)
    decided_at = fields.Datetime(string="Decided On", readonly=True)

    _amount_not_zero = models.Constraint(
        "CHECK(amount <> 0)", "An adjustment of nothing adjusts nothing."
    )
    _four_eyes = models.Constraint(
        "CHECK(state <> 'approved' OR (decided_by_id IS NOT NULL "
        "AND decided_by_id <> user_id AND decided_by_id IS DISTINCT FROM editor_id))",
        "Nobody approves his own adjustment. Ask another sales manager.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        adjustments = super(
            DistributorRebateAdjustment, without_defaults(self, CLOSED)
        ).create(
            [{k: v for k, v in vals.items() if k not in CLOSED} for vals in vals_list]
        )
        adjustments.statement_id._check_open()
        adjustments.statement_id._check_paid_in_money()
        return adjustments

    def write(self, vals):
        if not self.env.su:
            self._check_undecided()
            if vals.keys() - {"amount", "reason"}:
                raise AccessError(
                    self.env._(
                        "An adjustment is decided on with its buttons. Only its amount "
                        "and its reason are edited."
                    )
                )
            vals = {**vals, "editor_id": self.env.uid}
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_decided(self):
        self._check_undecided()

    def _check_undecided(self):
        """Refuse changes of what was decided.

        :raises UserError: says what to do
        """
        if any(adjustment.state != "draft" for adjustment in self):
            raise UserError(
                self.env._(
                    "This adjustment was decided on and stays on record. Add another "
                    "one to correct it."
                )
            )

    def action_approve(self):
        """Approve: the statement is due that much more or less."""
        self._decide("approved")

    def action_refuse(self):
        """Refuse: the adjustment stays on record and counts nothing."""
        self._decide("refused")

    def _decide(self, state):
        """Decide, and bring the statements up to date.

        :raises AccessError: the user may not, or wrote the adjustment himself
        """
        if not self.env.user.has_group(DECIDERS):
            raise AccessError(self.env._("Only sales managers decide on adjustments."))
        self.check_access("write")
        self._check_undecided()
        if state == "approved" and self.env.user in self.user_id | self.editor_id:
            raise AccessError(
                self.env._(
                    "Nobody approves his own adjustment. Ask another sales manager."
                )
            )
        self.statement_id._check_open()
        # The decision was checked; its fields are closed to users.
        self.sudo().write(
            {
                "state": state,
                "decided_by_id": self.env.uid,
                "decided_at": fields.Datetime.now(),
            }
        )
        self.statement_id._recompute_now()


class DistributorRebateStatement(models.Model):
    """What can be adjusted."""

    _inherit = "distributor.rebate.statement"

    def _check_paid_in_money(self):
        """Refuse amounts where units are due.

        :raises UserError: says what to do
        """
        goods = self.filtered(lambda s: s.program_id.reward == "goods")
        if goods:
            raise UserError(
                self.env._(
                    "%(statements)s is due in free goods, which an amount does not "
                    "change. Correct the invoices behind it, or pay the amount under "
                    "another program.",
                    statements=goods._describe(),
                )
            )
