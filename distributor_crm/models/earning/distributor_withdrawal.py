# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ...guard import find_other_states

# What people may write; everything else is the actions' alone, over RPC too.
OPEN_FIELDS = {
    "activity_ids",
    "activity_user_id",
    "bill_id",
    "message_follower_ids",
    "message_ids",
    "message_main_attachment_id",
    "message_partner_ids",
}


class DistributorWithdrawal(models.Model):
    """A distributor's request to be paid out of posted earnings (提现, R015).

    It is made in one piece by `_request`, with the items that it draws, and never
    edited. While it is open its amount is reserved.
    """

    _name = "distributor.withdrawal"
    _description = "Withdrawal"
    _inherit = ["mail.thread", "mail.activity.mixin", "tier.validation"]
    _order = "date desc, id desc"
    _check_company_auto = True
    _mail_post_access = "read"

    _state_from = ["requested"]
    # Paid is a step further: the approval stands.
    _state_to = ["approved", "paid"]
    _cancel_state = "cancelled"

    name = fields.Char(string="Number", readonly=True, copy=False, default="/")
    company_id = fields.Many2one(
        comodel_name="res.company", required=True, readonly=True, index=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id", store=True)
    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Distributor",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    account_manager_id = fields.Many2one(related="partner_id.account_manager_id")
    policy_id = fields.Many2one(
        comodel_name="distributor.earning.policy",
        required=True,
        readonly=True,
        ondelete="restrict",
        check_company=True,
    )
    number = fields.Integer(
        string="No. of Distributor",
        required=True,
        readonly=True,
        aggregator=None,
        help="Counts the withdrawals of the distributor. Two that are made at the same "
        "moment get the same number, and one of them is refused.",
    )
    date = fields.Date(string="Requested On", required=True, readonly=True)
    user_id = fields.Many2one(
        comodel_name="res.users", string="Requested By", required=True, readonly=True
    )
    amount = fields.Monetary(
        compute="_compute_amount",
        store=True,
        precompute=True,
        tracking=True,
        help="What is drawn from the account: the sum of the lines.",
    )
    fee = fields.Monetary(readonly=True)
    tax = fields.Monetary(string="Tax Withheld", readonly=True)
    net = fields.Monetary(string="To Be Paid", readonly=True)
    tax_mode = fields.Selection(
        selection=lambda self: (
            self.env["distributor.earning.policy"]
            ._fields["tax_mode"]
            ._description_selection(self.env)
        ),
        string="Tax",
        required=True,
        readonly=True,
    )
    bank_account_id = fields.Many2one(
        comodel_name="res.partner.bank",
        required=True,
        readonly=True,
        ondelete="restrict",
    )
    account_number = fields.Char(
        required=True,
        readonly=True,
        help="The bank account's number when it was requested; paid to no other.",
    )
    line_ids = fields.One2many(
        comodel_name="distributor.withdrawal.line",
        inverse_name="withdrawal_id",
        string="Drawn From",
        readonly=True,
    )
    bill_id = fields.Many2one(
        comodel_name="account.move",
        string="Distributor's Invoice",
        copy=False,
        ondelete="restrict",
        domain="[('move_type', '=', 'in_invoice'), ('state', '=', 'posted'), "
        "('commercial_partner_id', '=', partner_id), ('company_id', '=', company_id)]",
        help="The invoice that the distributor wrote for what he withdraws.",
    )
    state = fields.Selection(
        selection=[
            ("requested", "Requested"),
            ("approved", "Approved"),
            ("paid", "Paid"),
            ("rejected", "Rejected"),
            ("cancelled", "Cancelled"),
        ],
        string="Status",
        required=True,
        readonly=True,
        default="requested",
        copy=False,
        index=True,
        tracking=True,
        group_expand=True,
    )
    approved_by_id = fields.Many2one(
        comodel_name="res.users", readonly=True, copy=False
    )
    paid_by_id = fields.Many2one(comodel_name="res.users", readonly=True, copy=False)
    paid_on = fields.Date(readonly=True, copy=False)
    payment_id = fields.Many2one(
        comodel_name="account.payment",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    move_id = fields.Many2one(
        comodel_name="account.move",
        string="Journal Entry",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        help="Books fee and withheld tax, or sets the distributor's invoice against what "
        "he earned.",
    )
    reject_reason = fields.Text(string="Reason", readonly=True, copy=False)

    # With the snapshot of the one who comes second it is the same number.
    _one_at_a_time = models.UniqueIndex(
        "(company_id, partner_id, number)",
        "Another withdrawal of this distributor was requested at the same moment. Look "
        "at what is left, and try again.",
    )
    _bill_once = models.UniqueIndex(
        "(bill_id) WHERE state NOT IN ('rejected', 'cancelled')",
        "This invoice belongs to another withdrawal.",
    )
    _amount_positive = models.Constraint(
        "CHECK(amount > 0 AND amount <> 'NaN' AND amount < 1000000000000)",
        "A withdrawal is more than 0.",
    )
    _adds_up = models.Constraint(
        "CHECK(net > 0 AND COALESCE(fee, 0) >= 0 AND COALESCE(tax, 0) >= 0 "
        "AND amount = net + COALESCE(fee, 0) + COALESCE(tax, 0))",
        "What is paid, the fee and the tax add up to what is withdrawn.",
    )
    _four_eyes = models.Constraint(
        "CHECK(state <> 'paid' OR (paid_by_id IS NOT NULL "
        "AND paid_by_id IS DISTINCT FROM approved_by_id AND paid_by_id <> user_id))",
        "Nobody pays a withdrawal that he requested or approved. Ask a colleague.",
    )
    _rejected_has_reason = models.Constraint(
        "CHECK(state <> 'rejected' OR COALESCE(reject_reason, '') <> '')",
        "A rejected withdrawal has its reason.",
    )

    @api.depends("line_ids.amount")
    def _compute_amount(self):
        for withdrawal in self:
            total = sum(withdrawal.line_ids.mapped("amount"))
            withdrawal.amount = withdrawal.company_id.currency_id.round(total)

    @api.model
    def _get_signed_fields(self):
        # EXTENDS tier.validation. Not the distributor: two of them may be merged later.
        return (
            *super()._get_signed_fields(),
            "company_id",
            "amount",
            "fee",
            "tax",
            "net",
            "bank_account_id",
            "account_number",
        )

    def _get_approval_owners(self):
        # EXTENDS tier.validation: whoever logs in for the distributor gains by it.
        owners = self.env["res.users"].search(
            [("partner_id", "child_of", self.partner_id.ids)]
        )
        return super()._get_approval_owners() | owners

    def _may_ask_for_approval(self):
        # REPLACES tier.validation: asked for by requesting alone.
        return self.env.su

    def _get_masked_account(self):
        """Return the end of the bank account's number: enough to know it by."""
        return f"**** {(self.account_number or '').replace(' ', '')[-4:]}"

    # -- create, change, delete ------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            raise AccessError(
                self.env._("Request a withdrawal: it is checked against the balance.")
            )
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su:
            if vals.keys() - OPEN_FIELDS:
                raise AccessError(
                    self.env._("A withdrawal is not edited. Use its buttons.")
                )
            if "bill_id" in vals:
                self._check_finance()
                self._check_state("requested", "approved")
                # The invoice proves the withdrawal, it does not change what was signed.
                trusted = self.with_context(skip_validation_check=True).sudo()
                trusted.write({"bill_id": vals["bill_id"]})
                vals = {key: vals[key] for key in vals if key != "bill_id"}
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(
            self.env._("Withdrawals stay on record. Cancel or reject it instead.")
        )

    @api.model
    def _renumber_for_merge(self, partners, target):
        """Give the withdrawals of partners numbers after those of another one."""
        everyone = partners | target
        taken = dict(
            self._read_group(
                [("partner_id", "in", everyone.ids)], ["company_id"], ["number:max"]
            )
        )
        for withdrawal in self.search([("partner_id", "in", (partners - target).ids)]):
            taken[withdrawal.company_id] += 1
            withdrawal.with_context(skip_validation_check=True).number = taken[
                withdrawal.company_id
            ]
        self.flush_model(["number"])

    # -- checks ----------------------------------------------------------------------

    @api.model
    def _check_finance(self):
        if not self.env.user.has_group("distributor_crm.group_finance"):
            raise AccessError(self.env._("Only finance pays distributors."))

    def _check_state(self, *states):
        """Refuse what is done to withdrawals in another state.

        :raises UserError: names them
        """
        if wrong := find_other_states(self, states, "name"):
            raise UserError(
                self.env._(
                    "%(withdrawals)s: this is for withdrawals in status %(states)s only.",
                    withdrawals=wrong["records"],
                    states=wrong["states"],
                )
            )
