# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from odoo import models
from odoo.exceptions import AccessError, UserError
from odoo.tools.misc import format_date


class DistributorExit(models.Model):
    """From draft to confirmed, settled and done."""

    _inherit = "distributor.exit"

    def _check_not_own(self):
        """Check that somebody else decides than who drafted it.

        :raises AccessError: says who may
        """
        for record in self:
            if self.env.user in record._get_drafters() and not self.env.su:
                raise AccessError(
                    self.env._(
                        "You drafted the exit of %s or look after him: another sales "
                        "manager confirms it.",
                        record.partner_id.name,
                    )
                )

    def action_confirm(self):
        """Freeze the list, ask for the goods, and give the distributor notice.

        :raises UserError: not a draft, the notice too short, or a price unknown
        """
        self._check_decider()
        self._check_not_own()
        self._lock()
        self._check_state("draft")
        for record in self:
            record._check_notice()
            record._draw_up()
            record._check_stock()
            record._set(state="confirmed")
            # Returns and credit notes follow from the decision: the manager, whose
            # right to it was checked, need not have a right to make documents.
            record.sudo().with_company(record.company_id)._take_back()
            record.sudo().activity_unlink(["mail.mail_activity_data_todo"])
            record._tell_partner(record._get_notice())
            record._hand_out_work()
        return True

    def _check_notice(self):
        """Check that after a failed plan the agreed notice is kept."""
        if self.reason != "plan":
            return
        for agreement in self.agreement_ids:
            first = agreement._get_today() + timedelta(days=agreement.notice_days)
            first = min(first, agreement.date_to)
            if self.planned_date < first:
                raise UserError(
                    self.env._(
                        "%(agreement)s: %(days)s days of notice are agreed. Plan the "
                        "end for %(date)s or later.",
                        agreement=agreement.name,
                        days=agreement.notice_days,
                        date=format_date(self.env, first),
                    )
                )

    def _get_notice(self):
        return self.env._(
            "We end our co-operation on %s. What is open between us is settled until "
            "then.",
            format_date(self.env, self.planned_date),
        )

    def _hand_out_work(self):
        """Tell the account manager and finance what is to be done."""
        company = self.company_id
        # Who confirms may not read all users.
        for user, summary in (
            (
                self.partner_id.account_manager_id,
                self.env._("Exit confirmed: see the goods back and cases closed"),
            ),
            (
                company.sudo()._get_settlement_user(),
                self.env._("Exit confirmed: settle what is open"),
            ),
        ):
            if user:
                self.sudo().activity_schedule(
                    "mail.mail_activity_data_todo",
                    date_deadline=self.planned_date,
                    user_id=user.id,
                    summary=summary,
                )

    def action_settle(self):
        """State that nothing is open any more.

        :raises AccessError: the user is not in distributor finance
        :raises UserError: something is open; it says what, and what to do
        """
        if not self.env.user.has_group("distributor_crm.group_finance"):
            raise AccessError(self.env._("Only distributor finance settles exits."))
        # Finance reads exits and writes none of them but by this button.
        self.check_access("read")
        self._lock()
        self._check_state("confirmed")
        self._check_nothing_open()
        self._set(state="settled")
        return True

    def _check_nothing_open(self):
        for record in self.sudo():  # as when the list is drawn up
            waived = {line._get_key() for line in record.line_ids if line.is_waived}
            still = [
                item["name"]
                for item in record._get_open_items()
                if (item["kind"], item["res_model"], item["res_id"]) not in waived
            ]
            if still:
                raise UserError(
                    self.env._(
                        "%(exit)s, still open: %(items)s. Pay, reconcile or close each "
                        "of them; where that is not needed, finance ticks Needs No "
                        "Settling on its line and notes why.",
                        exit=record.name,
                        items=", ".join(still[:10] + ["…"] * (len(still) > 10)),
                    )
                )

    def action_done(self):
        """End the agreements, which closes the stores.

        :raises UserError: not settled, or something came up since
        """
        self._check_decider()
        self._lock()
        self._check_state("confirmed", "settled")
        # Whoever is too early reads what is open, and then who says that nothing is.
        self._check_nothing_open()
        self._check_settled()
        for record in self:
            for agreement in record.agreement_ids.filtered(
                lambda a: a.state == "signed"
            ):
                later = record.planned_date > agreement._get_today()
                agreement._end(
                    min(record.planned_date, agreement.date_to) if later else None,
                    record._get_end_reason(),
                )
        self._set(state="done")
        self.sudo().activity_unlink(["mail.mail_activity_data_todo"])
        return True

    def _check_settled(self):
        if waiting := self.filtered(lambda e: e.state == "confirmed"):
            raise UserError(
                self.env._(
                    "%s: distributor finance marks it as settled first.",
                    ", ".join(waiting.mapped("name")),
                )
            )

    def _get_end_reason(self):
        label = dict(self._fields["reason"]._description_selection(self.env))
        return self.explanation or label[self.reason]

    def action_cancel(self):
        """Go on with the distributor after all; goods that are back stay back.

        :raises UserError: goods were taken back already
        """
        self.check_access("write")
        if any(record.state != "draft" for record in self):
            self._check_decider()
        self._lock()
        self._check_state("draft", "confirmed")
        # What the decision made goes with it, whoever may write such documents.
        for record in self.sudo():
            kept = record.return_ids.filtered(
                lambda r: r.state in ("received", "done")
            ) or record.move_ids.filtered(lambda m: m.state == "posted")
            if kept:
                raise UserError(
                    self.env._(
                        "%s: goods were taken back already. Settle the exit.",
                        record.name,
                    )
                )
            record.return_ids.filtered(
                lambda r: r.state in ("submitted", "approved")
            )._cancel()
            record.move_ids.filtered(lambda m: m.state == "draft").button_cancel()
            record.activity_unlink(["mail.mail_activity_data_todo"])
            if record.state == "confirmed":
                record._tell_partner(record.env._("Our co-operation goes on."))
        self._set(state="cancelled")
        return True
