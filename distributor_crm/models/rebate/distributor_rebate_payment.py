# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import Command, api, fields, models
from odoo.exceptions import AccessError, LockError, UserError


class DistributorRebateStatement(models.Model):
    """The settlement of approved statements in Odoo's ledger."""

    _inherit = "distributor.rebate.statement"

    settlement_ids = fields.One2many(
        comodel_name="distributor.rebate.settlement",
        inverse_name="statement_id",
        string="Settlements",
        readonly=True,
    )
    move_id = fields.Many2one(
        comodel_name="account.move",
        string="Document",
        compute="_compute_move_id",
        store=True,
        index="btree_not_null",
        help="The document that settles this statement.",
    )
    is_payable = fields.Boolean(compute="_compute_is_payable")

    @api.depends("settlement_ids.move_id", "settlement_ids.is_standing")
    def _compute_move_id(self):
        for statement in self:
            last = statement._get_standing() or statement.settlement_ids[:1]
            statement.move_id = last.move_id

    @api.depends(
        "approval_state",
        # By way of the settlements: a document knows its own, so that posting any
        # invoice need not search the statements.
        "settlement_ids.is_standing",
        "settlement_ids.move_id.state",
        "settlement_ids.move_id.payment_state",
    )
    def _compute_state(self):
        for statement in self:
            # The ledger decides: a document that was cancelled or reversed pays
            # nothing, so its statement is to be settled again.
            statement.state = statement.approval_state
            move = statement._get_standing().move_id
            if move.state == "posted":
                done = move.payment_state in ("paid", "in_payment")
                statement.state = "paid" if done else "posted"

    @api.depends("approval_state", "settled", "settlement_ids.is_standing")
    def _compute_is_payable(self):
        for statement in self:
            statement.is_payable = (
                statement.approval_state == "approved"
                and not statement._get_standing()
                and not statement.currency_id.is_zero(statement.settled)
            )

    def action_view_move(self):
        """Open the document that settles this statement."""
        self.ensure_one()
        return self.move_id._get_records_action()

    def _get_standing(self):
        """Return the settlements that were neither cancelled nor reversed."""
        return self.settlement_ids.filtered("is_standing")

    def action_post_credit_note(self):
        """Create and post a customer credit note for each approved statement.

        Statements that earned nothing are passed over. All or nothing: the credit
        notes and the marks on the statements are one transaction.

        :raises AccessError: the user is not in distributor finance
        :raises UserError: a statement is not approved or already settled, or its
            program names no account
        """
        if not self.env.user.has_group("distributor_crm.group_finance"):
            raise AccessError(
                self.env._("Only distributor finance posts credit notes.")
            )
        self.check_access("write")
        self._lock_for_settlement()
        self._check_settleable()
        due = self.filtered("is_payable")
        if not due:
            raise UserError(
                self.env._("Nothing to post: no rebate was earned in this period.")
            )
        moves = self.env["account.move"].create(
            [statement._prepare_credit_note_vals() for statement in due]
        )
        # Users hold no right on settlements; finance was checked above.
        self.env["distributor.rebate.settlement"].sudo().create(
            [
                {
                    "statement_id": statement.id,
                    "move_id": move.id,
                    "amount": statement.settled,
                }
                for statement, move in zip(due, moves, strict=True)
            ]
        )
        moves.action_post()
        return moves._get_records_action(name=self.env._("Rebate Credit Notes"))

    def _lock_for_settlement(self):
        """Let one process settle these statements at a time, on fresh figures."""
        try:
            self.lock_for_update()
        except LockError as error:
            raise UserError(
                self.env._(
                    "Someone else is settling one of these statements right now. "
                    "Try again in a moment."
                )
            ) from error
        self.invalidate_recordset(
            ["move_id", "approval_state", "state", "settlement_ids"]
        )

    def _check_settleable(self):
        """Check state and accounting set-up before anything is written.

        :raises UserError: says which statement or program, and what to do
        """
        wrong = self.filtered(
            lambda statement: (
                statement.approval_state != "approved" or statement._get_standing()
            )
        )
        if wrong:
            raise UserError(
                self.env._(
                    "%(statements)s cannot be posted: only approved statements "
                    "without a credit note can.",
                    statements=wrong._describe(),
                )
            )
        for program in self.program_id:
            if not program.account_id or not program.journal_id:
                raise UserError(
                    self.env._(
                        "Program %(program)s names no rebate account or no journal. "
                        "Fill in both on its Accounting tab, then post again.",
                        program=program.name,
                    )
                )

    def _prepare_credit_note_vals(self) -> dict:
        """Return the values of the credit note that pays this statement."""
        self.ensure_one()
        program = self.program_id
        return {
            "move_type": "out_refund" if self.settled > 0 else "out_invoice",
            "company_id": self.company_id.id,
            "journal_id": program.journal_id.id,
            "partner_id": self.partner_id.id,
            "currency_id": self.currency_id.id,
            "invoice_date": fields.Date.context_today(self),
            "invoice_origin": program.name,
            "ref": f"{program.name} {self.period}",
            "is_distributor_rebate": True,
            "invoice_line_ids": [
                Command.create(
                    {
                        "name": self._get_credit_note_label(),
                        "account_id": program.account_id.id,
                        "quantity": 1,
                        "price_unit": abs(self.settled),
                        "tax_ids": [Command.clear()],
                    }
                )
            ],
        }

    def _get_credit_note_label(self) -> str:
        """Return the text of the credit note's line, in the distributor's language."""
        record = self.with_context(lang=self.partner_id.lang)
        return record.env._(
            "%(program)s, %(period)s: %(rate)s%% on sales of %(basis)s",
            program=record.program_id.name,
            period=record.period,
            rate=f"{record.effective_rate:.4g}",
            basis=record.currency_id.format(record.basis),
        )
