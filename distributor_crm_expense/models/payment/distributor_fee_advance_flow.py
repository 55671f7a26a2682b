# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.distributor_crm.guard import lock_or_refuse

DECIDERS = "distributor_crm.group_sales_manager,distributor_crm.group_finance"


class DistributorFeeAdvance(models.Model):
    """From the request to the money, and back."""

    _inherit = "distributor.fee.advance"

    def action_request(self):
        """Ask for advances: the limits are checked, and the chain is asked.

        :raises AccessError: somebody else's
        :raises UserError: says what to do first
        """
        self.check_access("read")
        if any(advance.user_id != self.env.user for advance in self):
            raise AccessError(self.env._("Everybody asks for his own advance."))
        self._check_state("draft")
        # Ledger, employee and signatures are closed to representatives.
        for advance in self.sudo():
            employee = advance.user_id._get_fee_employee(advance.company_id)
            lock_or_refuse(employee, allow_referencing=True)
            advance._check_may_borrow()
            if advance.name == "/":
                advance.name = (
                    self.env["ir.sequence"]
                    .sudo()
                    .with_company(advance.company_id)
                    .next_by_code("distributor.fee.advance")
                )
            advance.write(
                {
                    "employee_id": employee.id,
                    "requested_on": fields.Date.context_today(self),
                    "state": "requested",
                }
            )
            advance.request_validation()
        return True

    def action_approve(self):
        """Sign for this user; what has all signatures of the chain is approved.

        :raises UserError: names the advances that wait for somebody else
        """
        self._check_decider()
        self._check_state("requested")
        # The right to decide was checked; who may sign is asked per advance.
        advances = self.sudo()
        lock_or_refuse(advances, allow_referencing=True)
        if self.env.user in self.user_id:
            raise AccessError(self.env._("Nobody approves his own advance."))
        unsigned = advances._sign_turns()
        done = (advances - unsigned).filtered(
            lambda one: one.validation_status in ("validated", "no")
        )
        done.with_context(skip_validation_check=True).approved_by_id = self.env.uid
        done.state = "approved"
        if unsigned:
            raise UserError(
                self.env._(
                    "It is not your turn to approve %(advances)s. Waiting for "
                    "%(reviewers)s.",
                    advances=", ".join(unsigned[:5].mapped("name")),
                    reviewers=", ".join(unsigned.reviewer_ids.mapped("name")),
                )
            )
        return True

    def action_issue(self):
        """Pay approved advances out: an ordinary payment onto the employee's account.

        :raises AccessError: not finance, his own, or approved by him
        :raises UserError: the limits no longer hold, or a setting is missing
        """
        self._check_finance()
        self._check_state("approved")
        for advance in self.sudo():  # reviews are closed to users
            hands = advance.user_id | advance.approved_by_id
            if self.env.user in hands | advance.review_ids.done_by:
                raise AccessError(
                    self.env._(
                        "You approved %s, or it is yours: a colleague in finance issues "
                        "it.",
                        advance.name,
                    )
                )
        # Finance may; what it books is checked here, the fields are closed to users.
        advances = self.sudo().with_context(skip_validation_check=True)
        lock_or_refuse(advances, allow_referencing=True)
        for advance in advances:
            advance = advance.with_company(advance.company_id)
            lock_or_refuse(advance.employee_id, allow_referencing=True)
            advance._check_signatures_stand()
            advance._check_may_borrow()
            advance._issue(self.env.user)
        return True

    def _issue(self, user):
        today = fields.Date.context_today(self)
        payment = (
            self.env["account.payment"]
            # With an entry at once: what is outstanding is what the ledger says.
            .with_context(force_payment_move=True)
            .create(self._prepare_payment(today))
        )
        payment.action_post()
        payment.move_id.fee_advance_id = self
        self.write(
            {
                "state": "issued",
                "issued_by_id": user.id,
                "issued_on": today,
                "payment_id": payment.id,
            }
        )

    def _prepare_payment(self, day):
        company = self.company_id
        journal = company._get_fee_setting("fee_payment_journal_id")
        company._check_fee_cash(journal, day)
        return {
            "payment_type": "outbound",
            "partner_type": "supplier",
            "partner_id": self.employee_id._get_fee_contact().id,
            "amount": self.amount,
            "currency_id": self.currency_id.id,
            "date": day,
            "journal_id": journal.id,
            "destination_account_id": company._get_fee_setting(
                "fee_advance_account_id"
            ).id,
            "memo": self.name,
        }

    def action_clear(self):
        """Open the form that clears an advance."""
        self._check_finance()
        self._check_state("issued")
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Clear Advance"),
            "res_model": "distributor.fee.clearing",
            "view_mode": "form",
            "target": "new",
            "context": {"default_advance_id": self.id},
        }

    def _note_cleared(self):
        """Say of advances that nothing of them is outstanding any more."""
        self.invalidate_recordset(["outstanding"])
        cleared = self.filtered(
            lambda advance: (
                advance.state == "issued"
                and advance.currency_id.is_zero(advance.outstanding)
            )
        )
        cleared.with_context(skip_validation_check=True).write(
            {"state": "cleared", "cleared_on": fields.Date.context_today(self)}
        )

    def action_reject(self):
        """Open the form that asks for the reason."""
        self._check_decider()
        self._check_state("requested", "approved")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Reject Advance"),
            "res_model": "distributor.fee.advance.reject",
            "view_mode": "form",
            "target": "new",
            "context": {"default_advance_ids": self.ids},
        }

    def _reject(self, reason):
        """Reject advances that are not issued yet.

        :param reason: told to the representative, required
        """
        self._check_decider()
        self._check_state("requested", "approved")
        reason = (reason or "").strip()[:2000]
        if not reason:
            raise UserError(self.env._("Say why: the representative is told."))
        self._end("rejected", reason)
        for advance in self:
            advance.message_post(
                body=reason, partner_ids=advance.user_id.partner_id.ids
            )

    def action_cancel(self):
        """Take back requests whose money is not out yet; the representative does so.

        :raises AccessError: neither his own, nor finance
        """
        self.check_access("read")
        if not self.env.user.has_group("distributor_crm.group_finance") and any(
            advance.user_id != self.env.user for advance in self
        ):
            raise AccessError(
                self.env._("Whoever asked for an advance cancels it, or finance.")
            )
        self._check_state("requested", "approved")
        self._end("cancelled")

    def action_draft(self):
        """Start again with one that was rejected or cancelled."""
        self.check_access("read")
        if any(advance.user_id != self.env.user for advance in self):
            raise AccessError(self.env._("Everybody asks for his own advance."))
        self._check_state("rejected", "cancelled")
        self._end("draft")

    def _end(self, state, reason=False):
        # Who may end it was checked; reviews and fields are closed to users.
        advances = self.sudo().with_context(skip_validation_check=True)
        lock_or_refuse(advances, allow_referencing=True)
        advances._end_round("cancelled" if state == "cancelled" else "withdrawn")
        advances.write(
            {"state": state, "reject_reason": reason, "approved_by_id": False}
        )

    def _check_decider(self):
        self.check_access("read")
        if not self.env.user.has_groups(DECIDERS):
            raise AccessError(
                self.env._("Only sales managers and finance decide on advances.")
            )

    def _check_finance(self):
        self.check_access("read")
        if not self.env.user.has_group("distributor_crm.group_finance"):
            raise AccessError(self.env._("Only finance issues and clears advances."))

    def action_view_moves(self):
        """Open the journal entries of these advances."""
        self._check_finance()
        return self.move_ids._get_records_action(name=self.env._("Journal Entries"))
