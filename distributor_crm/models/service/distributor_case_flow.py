# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError

from .distributor_case import OPEN


class DistributorCase(models.Model):
    """The life of a case, from its opening to the rating."""

    _inherit = "distributor.case"

    @api.model_create_multi
    def create(self, vals_list):
        cases = super().create(vals_list)
        for case in cases:
            case._start_clock()
            contact = case._get_contacts()
            case.message_subscribe(contact.ids)
            if case.user_id:
                case._ask_for_answer()
        return cases

    def _start_clock(self):
        """Set both deadlines by the policy in force; what was promised stays."""
        policy = self.env["distributor.case.policy"]._find(self.company_id, self.kind)
        if policy:
            self._set(
                policy_id=policy.id,
                response_deadline=policy._plan(policy.response_hours, self.opened_at),
                solve_deadline=policy._plan(policy.solve_hours, self.opened_at),
            )

    def _ask_for_answer(self):
        day = self.response_deadline or fields.Datetime.now()
        self.sudo().activity_schedule(  # whoever opens it gives the activity
            "mail.mail_activity_data_todo",
            date_deadline=fields.Datetime.context_timestamp(self, day).date(),
            summary=self.env._("Answer the distributor"),
            user_id=self.user_id.id,
        )

    # -- buttons ----------------------------------------------------------------------

    def action_start(self):
        """Take cases in hand, or go on with what waited for the distributor."""
        self.check_access("write")
        self._check_state("new", "waiting")
        self._go_on()
        return True

    def action_wait(self):
        """Wait for the distributor: the clock of the solution stands still."""
        self.check_access("write")
        self._check_state("new", "in_progress")
        self._set(state="waiting", waiting_since=fields.Datetime.now())
        return True

    def action_solve(self):
        """Call cases solved; the distributor is told, and asked how it was."""
        self.check_access("write")
        self._check_state(*OPEN)
        now = fields.Datetime.now()
        for case in self:
            case._go_on()
            case._set(
                state="solved",
                solved_at=now,
                solve_hours=case._get_policy()._count_hours(case.opened_at, now),
            )
            # What is solved needs no answer any more; whose it was does not matter.
            case.sudo().activity_unlink(["mail.mail_activity_data_todo"])
            case._tell_partner(
                case.env._(
                    "We consider your case solved. Tell us on your portal how we did; "
                    "if it is not solved, reopen it there or answer this message."
                )
            )
        return True

    def action_reopen(self):
        """Take up again what was not solved after all."""
        self.check_access("write")
        return self._reopen()

    def action_close(self):
        """Close solved cases for good."""
        self.check_access("write")
        self._check_state("solved")
        self._set(state="closed", closed_at=fields.Datetime.now())
        return True

    def action_create_lead(self):
        """Make an opportunity out of a case, tied to it both ways.

        :return: the action that opens it
        """
        self.ensure_one()
        self.check_access("write")
        lead = self.lead_ids[:1] or self.env["crm.lead"].create(
            {
                "name": self.subject,
                "type": "opportunity",
                "partner_id": (self.contact_id or self.partner_id).id,
                "user_id": self.user_id.id,
                "company_id": self.company_id.id,
                "description": self.description,
                "distributor_case_id": self.id,
            }
        )
        return lead._get_records_action(name=self.env._("Opportunity"))

    def action_view_leads(self):
        """Open the opportunities that came of these cases."""
        return self.lead_ids._get_records_action(name=self.env._("Opportunities"))

    # -- what the buttons and the portal share ----------------------------------------

    def _get_policy(self):
        """Return the policy by which this case is judged, with full rights."""
        return self.sudo().policy_id

    def _go_on(self):
        """Set cases in progress; the hours that one waited are given back."""
        now = fields.Datetime.now()
        for case in self:
            values = {"state": "in_progress", "waiting_since": False}
            since, deadline = case.waiting_since, case.solve_deadline
            policy = case._get_policy()
            if since and deadline and policy and deadline > since:
                left = policy._count_hours(since, deadline)
                values["solve_deadline"] = policy._plan(left, now)
            case._set(**values)

    def _reopen(self):
        """Open solved or closed cases again, with a new time to solve them."""
        self._check_state("solved", "closed")
        now = fields.Datetime.now()
        for case in self:
            policy = case._get_policy()
            case._set(
                state="in_progress",
                solved_at=False,
                closed_at=False,
                solve_hours=0,
                reopen_count=case.reopen_count + 1,
                # The new deadline may be missed anew, and is then told anew.
                escalation_level=min(case.escalation_level, 1),
                solve_deadline=policy and policy._plan(policy.solve_hours, now),
            )
            if case.user_id:
                case._ask_for_answer()
        return True

    def _rate(self, rating, comment):
        """Keep how the distributor rates the solution; he may change his mind.

        :param rating: 1 to 5, untrusted
        :raises UserError: it is not solved, or the rating is none
        """
        self.ensure_one()
        self._check_state("solved", "closed")
        if rating not in {"1", "2", "3", "4", "5"}:
            raise UserError(self.env._("Choose one to five stars."))
        self._set(rating=int(rating), rating_comment=(comment or "")[:2000])
