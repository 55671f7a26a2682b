# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.distributor_crm.guard import find_other_states

# What people may write; everything else is the actions' alone, over RPC too.
OPEN_FIELDS = {
    "activity_ids",
    "activity_user_id",
    "item_ids",
    "message_follower_ids",
    "message_ids",
    "message_main_attachment_id",
    "message_partner_ids",
    "note",
    "payment_method_line_id",
    "receipt_ids",
}


class DistributorFeePayout(models.Model):
    """The payment of a signed fee statement, or of an approved application.

    Each statement line is in one payout that counts, by a constraint of the database.
    Receipts are collected first; then finance posts it, which makes the expenses and
    their entries in one go, or nothing at all (R084, R091, R106).
    """

    _name = "distributor.fee.payout"
    _description = "Fee Payout"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "id desc"
    _check_company_auto = True
    _mail_post_access = "read"

    name = fields.Char(string="Number", readonly=True, copy=False, default="/")
    company_id = fields.Many2one(
        comodel_name="res.company", required=True, readonly=True, index=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id", store=True)
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Representative",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    employee_id = fields.Many2one(
        comodel_name="hr.employee",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
        # Representatives see their payouts, not the files of colleagues.
        groups="hr.group_hr_user,distributor_crm.group_finance",
    )
    statement_id = fields.Many2one(
        comodel_name="distributor.fee.statement",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
    )
    application_id = fields.Many2one(
        comodel_name="distributor.fee.application",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
    )
    state = fields.Selection(
        selection=[
            ("draft", "Collecting Receipts"),
            ("posted", "Paid Out"),
            ("cancelled", "Cancelled"),
        ],
        string="Status",
        required=True,
        readonly=True,
        default="draft",
        copy=False,
        index=True,
        tracking=True,
        group_expand=True,
    )
    payment_method_line_id = fields.Many2one(
        comodel_name="account.payment.method.line",
        string="Company Pays By",
        ondelete="restrict",
        domain="[('payment_type', '=', 'outbound'), ('company_id', '=', company_id)]",
        help="How the company pays those payees that it pays itself.",
    )
    item_ids = fields.One2many(
        comodel_name="distributor.fee.payout.item",
        inverse_name="payout_id",
        string="Payments",
    )
    line_ids = fields.One2many(
        comodel_name="distributor.fee.payout.line",
        inverse_name="payout_id",
        string="Settled",
        readonly=True,
    )
    receipt_ids = fields.One2many(
        comodel_name="distributor.fee.receipt",
        inverse_name="payout_id",
        string="Receipts",
    )
    amount = fields.Monetary(
        string="Paid Out",
        compute="_compute_amount",
        store=True,
        precompute=True,
        tracking=True,
        help="What is paid now: what is due, less what is taken back.",
    )
    taken_back = fields.Monetary(
        compute="_compute_amount",
        store=True,
        precompute=True,
        help="What was paid too much before and is kept from this payout.",
    )
    receipted = fields.Monetary(compute="_compute_receipted", string="With Receipts")
    has_duplicates = fields.Boolean(compute="_compute_receipted")
    posted_on = fields.Date(string="Paid On", readonly=True, copy=False)
    posted_by_id = fields.Many2one(
        comodel_name="res.users", string="Paid By", readonly=True, copy=False
    )
    offset_move_id = fields.Many2one(
        comodel_name="account.move",
        string="Offset Entry",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        help="Books what is taken back from one product against what is due for "
        "another.",
    )
    expense_count = fields.Integer(compute="_compute_counts", compute_sudo=True)
    move_count = fields.Integer(compute="_compute_counts", compute_sudo=True)
    note = fields.Text()
    hold_reason = fields.Text(
        string="Held",
        readonly=True,
        copy=False,
        help="Why it was not paid out when it was tried last.",
    )
    cancel_reason = fields.Text(string="Reason", readonly=True, copy=False)

    _one_source = models.Constraint(
        "CHECK((statement_id IS NULL) <> (application_id IS NULL))",
        "A payout pays a statement or an application.",
    )
    _one_draft_of_a_statement = models.UniqueIndex(
        "(statement_id) WHERE state = 'draft'",
        "This statement has a payout in preparation already. Go on with that one.",
    )
    _amount_sane = models.Constraint(
        "CHECK(amount >= 0 AND amount <> 'NaN')", "A payout is 0 or more."
    )
    _four_eyes = models.Constraint(
        "CHECK(state <> 'posted' OR (posted_by_id IS NOT NULL "
        "AND posted_by_id <> user_id AND posted_on IS NOT NULL))",
        "Nobody pays out his own fees. Ask a colleague in finance.",
    )
    _cancelled_has_reason = models.Constraint(
        "CHECK(state <> 'cancelled' OR COALESCE(cancel_reason, '') <> '')",
        "A cancelled payout has its reason.",
    )

    @api.depends("item_ids.paid", "item_ids.amount")
    def _compute_amount(self):
        for payout in self:
            currency = payout.company_id.currency_id
            payout.amount = currency.round(sum(payout.item_ids.mapped("paid")))
            payout.taken_back = currency.round(
                sum(-item.amount for item in payout.item_ids if item.amount < 0)
            )

    @api.depends("receipt_ids.amount", "receipt_ids.duplicate_state")
    def _compute_receipted(self):
        for payout in self:
            receipts = payout.receipt_ids
            payout.receipted = sum(receipts.mapped("amount"))
            payout.has_duplicates = "suspect" in receipts.mapped("duplicate_state")

    @api.depends("item_ids.expense_id", "offset_move_id")
    def _compute_counts(self):
        for payout in self:
            payout.expense_count = len(payout.item_ids.expense_id)
            payout.move_count = len(payout._get_moves())

    def _get_moves(self):
        """Return the entries that these payouts made."""
        return self.item_ids.expense_id.account_move_id | self.offset_move_id

    # -- create, change, delete ------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            raise AccessError(
                self.env._(
                    "Payouts are prepared from a signed statement or application, by its "
                    "button."
                )
            )
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su:
            if vals.keys() - OPEN_FIELDS:
                raise AccessError(
                    self.env._("A payout is not edited. Use its buttons.")
                )
            if vals.keys() & {"payment_method_line_id", "item_ids"}:
                self._check_finance()
                self._check_state("draft")
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("Payouts stay on record. Cancel it instead."))

    # -- checks ----------------------------------------------------------------------

    @api.model
    def _check_finance(self):
        if not self.env.user.has_group("distributor_crm.group_finance"):
            raise AccessError(self.env._("Only finance pays out fees."))

    def _check_state(self, *states):
        """Refuse what is done to payouts in another state.

        :raises UserError: names them
        """
        if wrong := find_other_states(self, states, "name"):
            raise UserError(
                self.env._(
                    "%(payouts)s: this is for payouts in status %(states)s only.",
                    payouts=wrong["records"],
                    states=wrong["states"],
                )
            )

    # -- forms -----------------------------------------------------------------------

    def action_view_expenses(self):
        return self.item_ids.expense_id._get_records_action(name=self.env._("Expenses"))

    def action_view_moves(self):
        return self._get_moves()._get_records_action(name=self.env._("Journal Entries"))

    def action_view_source(self):
        self.ensure_one()
        return self._get_source()._get_records_action()

    def _get_source(self):
        """Return the statement or application that this pays."""
        return self.statement_id or self.application_id
