# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import Command, api, fields, models
from odoo.exceptions import AccessError, UserError

from ...guard import lock_or_refuse


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
        "settlement_ids.is_standing",
        "settlement_ids.move_id",
        "settlement_ids.order_id.state",
        "settlement_ids.order_id.order_line.qty_delivered",
    )
    def _compute_state(self):
        for statement in self:
            # The ledger decides: a document that was cancelled or reversed pays
            # nothing, so its statement is to be settled again.
            standing = statement._get_standing()
            progress = standing._get_progress() if standing else False
            statement.state = progress or statement.approval_state

    @api.depends(
        "approval_state", "settled", "due_quantity", "settlement_ids.is_standing"
    )
    def _compute_is_payable(self):
        for statement in self:
            statement.is_payable = (
                statement.approval_state == "approved"
                and not statement._get_standing()
                and statement._has_due()
            )

    def _has_due(self) -> bool:
        """Whether there is something to settle; free goods may cost nothing."""
        return not self.currency_id.is_zero(self.settled) or self.due_quantity > 0

    def action_view_move(self):
        """Open the document that settles this statement."""
        self.ensure_one()
        last = self._get_standing() or self.settlement_ids[:1]
        return (last.order_id or last.move_id)._get_records_action()

    def _get_standing(self):
        """Return the settlements that were neither cancelled nor reversed."""
        return self.settlement_ids.filtered("is_standing")

    def action_settle(self):
        """Settle approved statements in the form of their programs, dated today.

        Statements that earned nothing are passed over. All or nothing: documents and
        the marks on the statements are one transaction.

        :raises AccessError: the user is not in distributor finance
        :raises UserError: a statement is not approved or already settled, or its
            program is not set up for it
        """
        return self._settle()._get_settled_action()

    def action_open_settle(self):
        """Ask how to settle: day, one document a distributor, invoices to offset."""
        self._check_settler()
        wizard = self.env["distributor.rebate.settle"].create(
            {"statement_ids": [Command.set(self.filtered("is_payable").ids)]}
        )
        return {
            **wizard._get_records_action(name=self.env._("Settle")),
            "target": "new",
        }

    def _settle(self, day=None, together=False):
        """Settle statements; return their settlements.

        :param day: the date of the documents, today when left out
        :param together: one document for all statements of a distributor
        """
        self._check_settler()
        self._lock_for_settlement()
        self._check_settleable()
        due = self.filtered("is_payable")
        if not due:
            raise UserError(
                self.env._("Nothing to settle: no rebate was earned in this period.")
            )
        day = fields.Date.to_date(day) or fields.Date.context_today(self)
        due._check_settlement_date(day)
        documents = []
        for form, statements in due.grouped(lambda s: s._get_form()).items():
            documents += getattr(statements, f"_settle_{form}")(day, together)
        settlements = self._record_settlements(day, documents)
        settlements.move_id.action_post()
        settlements._release_accruals()
        return settlements

    def _record_settlements(self, day, documents):
        """Tie statements to the documents that settle them.

        :param documents: statements, and the fields that name their document
        """
        # Users hold no right on settlements; finance was checked before.
        Settlement = self.env["distributor.rebate.settlement"].sudo()
        # One that stands no longer makes room before the next one comes.
        Settlement.flush_model(["is_standing"])
        return Settlement.create(
            [
                {
                    "statement_id": statement.id,
                    "form": statement.program_id.settlement_form,
                    "date": day,
                    "amount": statement.settled,
                    **document,
                }
                for statements, document in documents
                for statement in statements
            ]
        ).sudo(False)

    def _get_form(self) -> str:
        """Return the form in which this statement is settled: free goods are given,
        never taken back; what is too much of them is invoiced."""
        form = self.program_id.settlement_form
        if form == "free_goods" and self.due_quantity <= 0:
            return "credit_note"
        return form

    # -- checks ------------------------------------------------------------------------

    def _check_settler(self):
        """Check that this user settles.

        :raises AccessError: he is not in distributor finance
        """
        if not self.env.user.has_group("distributor_crm.group_finance"):
            raise AccessError(self.env._("Only distributor finance settles rebates."))
        self.check_access("write")

    def _lock_for_settlement(self):
        """Let one process settle these statements at a time, on fresh figures."""
        lock_or_refuse(self)
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
                    "%(statements)s cannot be settled: only approved statements that "
                    "no document settles can.",
                    statements=wrong._describe(),
                )
            )
        for company, statements in self.grouped("company_id").items():
            statements.partner_id._check_distributor_holds("rebate", company)
        for form, statements in self.grouped(lambda s: s._get_form()).items():
            statements.program_id._check_settlement_setup(form)

    def _check_settlement_date(self, day):
        """Refuse a day in a closed period before anything is written."""
        for company, statements in self.grouped("company_id").items():
            programs = statements.program_id
            journals = (
                programs.journal_id
                | programs.purchase_journal_id
                | programs.accrual_journal_id
            )
            untaxed = set(programs.mapped("tax_policy")) == {"none"}
            company._check_rebate_date(day, journals, has_tax=not untaxed)
