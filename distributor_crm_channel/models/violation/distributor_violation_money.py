# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import Command, api, fields, models
from odoo.exceptions import AccessError, UserError

FINANCE = "distributor_crm.group_finance"


class DistributorViolation(models.Model):
    """Collecting the money of final cases, once, through documents that are there.

    A deduction from rebates is an adjustment that somebody else approves; one from
    earnings is a journal entry on their account; a debit note is an invoice.
    """

    _inherit = "distributor.violation"

    collect_by = fields.Selection(
        selection=lambda self: (
            self.env["distributor.violation.policy"]
            ._fields["collect_by"]
            ._description_selection(self.env)
        ),
        string="Money",
        compute="_compute_collect_by",
        store=True,
        index=True,
    )
    adjustment_ids = fields.One2many(
        comodel_name="distributor.rebate.adjustment", inverse_name="violation_id"
    )
    move_ids = fields.One2many(
        comodel_name="account.move", inverse_name="violation_id", readonly=True
    )

    @api.depends("policy_id.collect_by", "penalty_ids.collect_by", "penalty_ids.state")
    def _compute_collect_by(self):
        for case in self:
            # How it is collected is no secret to whoever reads the case.
            money = case.sudo().penalty_ids.filtered(
                lambda p: p.kind == "money" and p.state not in ("cancelled", "lifted")
            )[:1]
            case.collect_by = money.collect_by or case.sudo().policy_id.collect_by

    def action_collect(self):
        """Collect the money of final cases in the way that was decided.

        :raises AccessError: not finance
        :raises UserError: not final, collected before, or nothing to deduct it from
        """
        if not self.env.user.has_group(FINANCE):
            raise AccessError(self.env._("Distributor finance collects penalties."))
        self.check_access("read")
        for case in self:
            how = case._get_money().collect_by
            if how not in ("rebate", "earning", "debit_note"):
                raise UserError(
                    self.env._("%s: nothing is to be collected here.", case.name)
                )
            # Finance collects; what it books is checked here, cases are closed to it.
            case.sudo()._lock()
            case.sudo()._check_collectable()
            document = getattr(case.sudo(), f"_collect_by_{how}")()
            case._mark_settled(document)
        return True

    def _get_money(self):
        """Return the money penalty of this case that stands, with full rights."""
        return self.sudo().penalty_ids.filtered(
            lambda p: p.kind == "money" and p.state in ("waiting", "done")
        )[:1]

    def _check_collectable(self):
        if not self.is_final:
            raise UserError(
                self.env._(
                    "%(case)s is not final: the accused can appeal until %(end)s.",
                    case=self.name,
                    end=self._say_moment(self.appeal_deadline)
                    or self.env._("the delivery of the decision is proved"),
                )
            )
        if self.settled_id:
            raise UserError(
                self.env._(
                    "%s: this was collected before; nothing is collected twice.",
                    self.name,
                )
            )

    def _collect_by_rebate(self):
        """Propose the deduction on the draft statement with the most due."""
        statements = self.env["distributor.rebate.statement"].search(
            [
                ("partner_id", "=", self.partner_id.id),
                ("company_id", "=", self.company_id.id),
                ("currency_id", "=", self.currency_id.id),
                ("approval_state", "=", "draft"),
                ("program_id.reward", "!=", "goods"),
            ]
        )
        statement = statements.filtered(
            lambda s: self.currency_id.compare_amounts(s.due, self.amount) >= 0
        ).sorted("date_to")[:1]
        if not statement:
            raise UserError(
                self.env._(
                    "%(partner)s has no draft rebate statement with %(amount)s due. Wait "
                    "for the next one, or have it collected by a debit note.",
                    partner=self.partner_id.name,
                    amount=self.currency_id.format(self.amount),
                )
            )
        return self._adjust(statement, -self.amount, self._get_money_text())

    def _adjust(self, statement, amount, reason):
        """Propose an adjustment of a rebate statement; a sales manager approves it."""
        return self.env["distributor.rebate.adjustment"].create(
            {
                "statement_id": statement.id,
                "amount": amount,
                "reason": reason,
                "violation_id": self.id,
            }
        )

    def _get_money_text(self):
        return self.env._(
            "%(case)s: %(kind)s", case=self.name, kind=self.policy_id.name
        )

    def _get_penalty_account(self):
        account = self.policy_id.with_company(self.company_id).account_id
        if not account:
            raise UserError(
                self.env._(
                    "Say in “%s” on which account penalties are booked.",
                    self.policy_id.name,
                )
            )
        return account

    def _collect_by_earning(self):
        """Post the deduction to the account of the distributor's earnings."""
        company = self.company_id
        policy = self.env["distributor.earning.policy"]._get_current(company)
        amount = self.currency_id._convert(
            self.amount, company.currency_id, company, fields.Date.context_today(self)
        )
        figures = self.partner_id._get_earning_figures(company)[self.partner_id.id]
        if (
            not policy
            or company.currency_id.compare_amounts(figures["available"], amount) < 0
        ):
            raise UserError(
                self.env._(
                    "%(partner)s has %(available)s of released earnings. Wait for more, "
                    "or have it collected by a debit note.",
                    partner=self.partner_id.name,
                    available=company.currency_id.format(max(figures["available"], 0)),
                )
            )
        both = {"partner_id": self.partner_id.id, "name": self._get_money_text()}
        move = self.env["account.move"].create(
            {
                "move_type": "entry",
                "journal_id": policy.journal_id.id,
                "date": self.env["distributor.earning"]._get_posting_day(policy),
                "ref": self._get_money_text(),
                "company_id": company.id,
                "violation_id": self.id,
                "line_ids": [
                    Command.create(
                        {
                            **both,
                            "account_id": policy.payable_account_id.id,
                            "debit": amount,
                        }
                    ),
                    Command.create(
                        {
                            **both,
                            "account_id": self._get_penalty_account().id,
                            "credit": amount,
                        }
                    ),
                ],
            }
        )
        move._post()
        return move

    def _collect_by_debit_note(self):
        """Invoice the penalty, without tax: it pays for no delivery."""
        move = (
            self.env["account.move"]
            .with_company(self.company_id)
            .create(
                {
                    "move_type": "out_invoice",
                    "partner_id": self.partner_id.id,
                    "company_id": self.company_id.id,
                    "currency_id": self.currency_id.id,
                    "invoice_date": fields.Date.context_today(self),
                    "ref": self.name,
                    "violation_id": self.id,
                    "invoice_line_ids": [
                        Command.create(
                            {
                                "name": self._get_money_text(),
                                "account_id": self._get_penalty_account().id,
                                "quantity": 1,
                                "price_unit": self.amount,
                                "tax_ids": [Command.clear()],
                            }
                        )
                    ],
                }
            )
        )
        move.action_post()
        return move

    # -- giving back -------------------------------------------------------------------

    def _give_back(self):
        """Undo what a lifted case had collected, in the way it was collected.

        What a settlement deducted is given back by the next one: see
        `_collect_refunds`.
        """
        for case in self.filtered("settled_id"):
            document = case.env[case.settled_model].browse(case.settled_id).exists()
            if case.settled_model == "distributor.rebate.adjustment":
                case._give_back_adjustment(document)
            elif case.settled_model == "account.move" and document:
                reversal = document._reverse_moves(
                    [
                        {
                            "ref": case.env._("%s was lifted", case.name),
                            "date": fields.Date.context_today(case),
                            "violation_id": case.id,
                        }
                    ]
                )
                reversal.action_post()
                case._set(settled_amount=0)

    def _give_back_adjustment(self, adjustment):
        """Refuse what is not approved; add the opposite to what is."""
        if adjustment.state == "draft":
            adjustment.write({"state": "refused", "decided_at": fields.Datetime.now()})
            self._set(settled_amount=0)
            return
        if adjustment.state != "approved":
            return
        statement = adjustment.statement_id
        if statement.approval_state != "draft":
            statement = statement.search(
                [
                    ("partner_id", "=", self.partner_id.id),
                    ("program_id", "=", statement.program_id.id),
                    ("approval_state", "=", "draft"),
                ],
                limit=1,
            )
        if statement:
            self._adjust(
                statement,
                -adjustment.amount,
                self.env._("%s was lifted", self.name),
            )
            self._set(settled_amount=0)
            return
        self._tell_responsible(
            self.env._(
                "Give %s back with the next rebate statement",
                self.currency_id.format(self.settled_amount),
            )
        )

    def action_view_documents(self):
        """Open the journal entries and invoices of these cases."""
        # Who may not read entries is told so by the list.
        return self.move_ids._get_records_action(name=self.env._("Documents"))


class AccountMove(models.Model):
    _inherit = "account.move"

    violation_id = fields.Many2one(
        comodel_name="distributor.violation",
        string="Breach Case",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )

    def _check_penalty_entries(self):
        """Keep what collected a penalty.

        :raises UserError: says what to do instead
        """
        # Whether they are ours does not depend on who asks.
        if self.sudo().filtered(
            lambda move: move.violation_id and move.state == "posted"
        ):
            raise UserError(
                self.env._("This collected a penalty. Lift the case to take it back.")
            )

    def button_draft(self):
        # EXTENDS account
        self._check_penalty_entries()
        return super().button_draft()

    def button_cancel(self):
        # EXTENDS account
        self._check_penalty_entries()
        return super().button_cancel()


class DistributorRebateAdjustment(models.Model):
    _inherit = "distributor.rebate.adjustment"

    violation_id = fields.Many2one(
        comodel_name="distributor.violation",
        string="Breach Case",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )

    def action_refuse(self):
        # EXTENDS distributor_crm: what was refused is still to be collected.
        result = super().action_refuse()
        # The decision was checked; cases are closed to users.
        self.sudo().violation_id._free_settled(self)
        return result
