# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from decimal import Decimal

from odoo import Command, api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from odoo.addons.distributor_crm.guard import lock_or_refuse

from ...fee import netting

OPEN_FIELDS = {
    "activity_ids",
    "activity_user_id",
    "message_follower_ids",
    "message_ids",
    "message_main_attachment_id",
    "message_partner_ids",
    "statement",
}


class DistributorFeeRecovery(models.Model):
    """A payment that its customer denies: heard, then recovered or dropped (R109).

    While it is open, the representative borrows nothing. Booked, he owes it on the
    account for advances, and his next reimbursement is set against it.
    """

    _name = "distributor.fee.recovery"
    _description = "Fee Recovery"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "id desc"
    _check_company_auto = True
    _mail_post_access = "read"

    name = fields.Char(string="Number", readonly=True, copy=False, default="/")
    check_line_id = fields.Many2one(
        comodel_name="distributor.fee.check.line",
        required=True,
        readonly=True,
        ondelete="restrict",
    )
    check_id = fields.Many2one(related="check_line_id.check_id", store=True, index=True)
    company_id = fields.Many2one(related="check_line_id.company_id", store=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    user_id = fields.Many2one(
        related="check_line_id.user_id",
        string="Representative",
        store=True,
        index=True,
    )
    partner_id = fields.Many2one(
        related="check_line_id.partner_id", string="Customer", store=True
    )
    amount = fields.Monetary(readonly=True, required=True)
    statement = fields.Text(
        string="The Representative Says",
        help="He is heard before it is decided.",
    )
    state = fields.Selection(
        selection=[
            ("open", "Open"),
            ("booked", "To Be Recovered"),
            ("recovered", "Recovered"),
            ("dropped", "Dropped"),
        ],
        string="Status",
        compute="_compute_state",
        store=True,
        precompute=True,
        index=True,
        tracking=True,
        group_expand=True,
    )
    move_id = fields.Many2one(
        comodel_name="account.move",
        string="Journal Entry",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    outstanding = fields.Monetary(compute="_compute_outstanding", compute_sudo=True)
    decided_by_id = fields.Many2one(comodel_name="res.users", readonly=True)
    decided_on = fields.Date(readonly=True)
    drop_reason = fields.Text(string="Why It Was Dropped", readonly=True)

    _one_a_customer = models.Constraint(
        "UNIQUE(check_line_id)", "There is a recovery for this customer already."
    )
    _amount_positive = models.Constraint(
        "CHECK(amount > 0 AND amount <> 'NaN')", "A recovery is more than 0."
    )
    _four_eyes = models.Constraint(
        "CHECK(decided_by_id <> user_id)",
        "Nobody decides on his own case.",
    )

    @api.depends("move_id.line_ids.amount_residual", "drop_reason")
    def _compute_state(self):
        for recovery in self.sudo():  # entries are closed to sales
            if recovery.drop_reason:
                recovery.state = "dropped"
            elif not recovery.move_id:
                recovery.state = "open"
            elif recovery._get_open_items():
                recovery.state = "booked"
            else:
                recovery.state = "recovered"

    @api.depends("move_id.line_ids.amount_residual")
    def _compute_outstanding(self):
        for recovery in self:
            recovery.outstanding = sum(
                recovery._get_open_items().mapped("amount_residual")
            )

    def _get_open_items(self):
        return self.move_id.line_ids.filtered(
            lambda line: (
                line.account_id == line.company_id.fee_advance_account_id
                and not line.reconciled
            )
        )

    # -- create, change, delete ------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            raise AccessError(self.env._("Recoveries follow from spot checks."))
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su:
            if vals.keys() - OPEN_FIELDS:
                raise AccessError(
                    self.env._("A recovery is not edited. Use its buttons.")
                )
            if "statement" in vals and any(one.state != "open" for one in self):
                raise UserError(self.env._("It is decided; what was said stays."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("Recoveries stay on record. Drop it instead."))

    @api.model
    def _open(self, lines):
        """Open a recovery of what was paid for each of these customers."""
        recoveries = self.create(
            [
                {
                    "name": self.env["ir.sequence"]
                    .with_company(line.company_id)
                    .next_by_code("distributor.fee.recovery"),
                    "check_line_id": line.id,
                    "amount": line.sudo().amount,
                }
                for line in lines
            ]
        )
        for recovery in recoveries:
            recovery.message_post(
                body=self.env._(
                    "%(customer)s denies having got %(amount)s. Say what you know of it.",
                    customer=recovery.partner_id.name,
                    amount=recovery.currency_id.format(recovery.amount),
                ),
                partner_ids=recovery.user_id.partner_id.ids,
            )
        return recoveries

    @api.model
    def _get_booked(self, company, user):
        """Return what a representative still owes, the oldest first."""
        return self.search(
            Domain("company_id", "=", company.id)
            & Domain("user_id", "=", user.id)
            & Domain("state", "=", "booked"),
            order="id",
        )

    # -- decisions -------------------------------------------------------------------

    def action_book(self):
        """Book that the representative owes it: the fee is taken back from the cost of
        its products and put on his account (no deduction from wages)."""
        recoveries = self._check_decider()
        today = fields.Date.context_today(self)
        for recovery in recoveries:
            company = recovery.company_id
            move = (
                self.env["account.move"]
                .sudo()
                .with_company(company)
                .create(recovery._prepare_entry(today))
            )
            move._post()
            recovery.write(
                {
                    "move_id": move.id,
                    "decided_by_id": self.env.uid,
                    "decided_on": today,
                }
            )
        return True

    def _prepare_entry(self, day):
        company = self.company_id
        employee = self.user_id._get_fee_employee(company)
        fee_account = company._get_fee_setting("fee_expense_account_id")
        items = self.check_line_id._get_items().filtered("paid")
        shares = netting.split(
            Decimal(str(self.amount)),
            {item: Decimal(str(item.paid)) for item in items},
            Decimal(str(self.currency_id.rounding)),
        )
        owed = {
            "name": self.name,
            "account_id": company._get_fee_setting("fee_advance_account_id").id,
            "partner_id": employee._get_fee_contact().id,
            "balance": self.amount,
        }
        return {
            "move_type": "entry",
            "journal_id": company._get_fee_setting("fee_journal_id").id,
            "date": day,
            "ref": self.name,
            "company_id": company.id,
            "line_ids": [Command.create(owed)]
            + [
                Command.create(
                    {
                        "name": item.display_name,
                        "account_id": fee_account.id,
                        "partner_id": item.payee_id.id,
                        "balance": -float(share),
                        "analytic_distribution": item._get_distribution(),
                        "fee_item_id": item.id,
                        "tax_ids": [Command.clear()],
                    }
                )
                for item, share in shares.items()
                if share
            ],
        }

    def action_drop(self):
        """Open the form that asks for the reason."""
        self._check_decider()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Drop Recovery"),
            "res_model": "distributor.fee.recovery.drop",
            "view_mode": "form",
            "target": "new",
            "context": {"default_recovery_ids": self.ids},
        }

    def _drop(self, reason):
        """Close cases without a recovery: the customer was mistaken, or it is written
        off.

        :param reason: required, kept on the case
        """
        recoveries = self._check_decider()
        reason = (reason or "").strip()[:2000]
        if not reason:
            raise UserError(self.env._("Say why nothing is recovered."))
        recoveries.write(
            {
                "drop_reason": reason,
                "decided_by_id": self.env.uid,
                "decided_on": fields.Date.context_today(self),
            }
        )

    def _check_decider(self):
        """Return open cases that this user decides on, for our own code.

        :raises AccessError: not finance, or his own case
        :raises UserError: it is decided already
        """
        self.check_access("read")
        if not self.env.user.has_group("distributor_crm.group_finance"):
            raise AccessError(self.env._("Finance decides on recoveries."))
        if self.env.user in self.user_id:
            raise AccessError(self.env._("Nobody decides on his own case."))
        if self.env.user in self.check_line_id.checked_by_id:
            raise AccessError(
                self.env._("You checked it: a colleague in finance decides.")
            )
        # Who decides was checked; the fields are closed to users.
        recoveries = self.sudo()
        lock_or_refuse(recoveries, allow_referencing=True)
        if any(recovery.state != "open" for recovery in recoveries):
            raise UserError(self.env._("This case is decided already."))
        return recoveries

    def action_view_move(self):
        return self.move_id._get_records_action()
