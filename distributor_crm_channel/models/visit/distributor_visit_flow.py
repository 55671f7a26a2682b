# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.distributor_crm.guard import hold_in_state

from .distributor_visit_policy import BROUGHT

# Whoever has not checked out by then forgot it.
FORGOTTEN = timedelta(hours=12)


class DistributorVisit(models.Model):
    """From the plan to the end of the reception; the clock of the server counts.

    Who may is checked first; states and times are closed to users and written with
    superuser rights.
    """

    _inherit = "distributor.visit"

    def _is_brought(self) -> bool:
        return self.kind in BROUGHT

    # -- arrival ---------------------------------------------------------------------

    def action_arrive(self):
        """Check in here and now, at the desk: the customer has come, or we have."""
        self.check_access("write")
        for visit in self:
            visit._arrive()

    def _arrive(self, facts=None):
        """Note the arrival, find older records, and assign who receives (R047, R066).

        :param dict facts: what a phone said besides: `at`, when it happened by our
            clock; `device_at`, `clock_wrong`, `sent_late`, `geo_state`
        :raises UserError: it is not planned, or another visit is in progress
        """
        self.ensure_one()
        facts = facts or {}
        hold_in_state(self, ["planned"])
        own = self.sudo()
        own._check_agent_works()
        own._check_nothing_in_progress()
        now = own._claim_customer() if own._is_brought() else fields.Datetime.now()
        at = facts.get("at") or now
        policy = own.env["distributor.visit.policy"]._get(
            own.kind, own.company_id, fields.Date.context_today(own, at)
        )
        own.write(
            {
                "state": "arrived",
                "policy_id": policy.id,
                "arrived_at": at,
                "known_at": now,
                "device_arrived_at": facts.get("device_at"),
                "clock_wrong": own.clock_wrong or facts.get("clock_wrong", False),
                "sent_late": own.sent_late or facts.get("sent_late", False),
                "geo_state": facts.get("geo_state", False),
            }
        )
        own._start_criteria()
        if own._is_brought():
            own._look_for_first()
            own._assign_receptionist()

    def _check_agent_works(self):
        """:raises UserError: the agent was dismissed, or is no longer of the agency"""
        agent = self.agent_id
        if not agent:
            return
        if not (agent.active and agent.is_field_agent):
            raise UserError(
                self.env._(
                    "%(agent)s no longer brings customers for %(agency)s.",
                    agent=agent.name,
                    agency=self.agency_id.name,
                )
            )
        if agent.visit_agency_id != self.agency_id:
            raise UserError(
                self.env._(
                    "%(agent)s works for %(agency)s now: plan the visit anew.",
                    agent=agent.name,
                    agency=agent.visit_agency_id.name,
                )
            )

    def _check_nothing_in_progress(self):
        """:raises UserError: names the visit that is in progress (one at a time)"""
        if self._is_brought():
            domain = [
                ("agent_id", "=", self.agent_id.id),
                ("agent_id", "!=", False),
                ("state", "in", ("arrived", "reception")),
                ("left_at", "=", False),
                ("agent_left_at", "=", False),
            ]
        else:
            domain = [
                ("user_id", "=", self.user_id.id),
                ("kind", "not in", BROUGHT),
                ("state", "=", "arrived"),
            ]
        other = self.search([*domain, ("id", "!=", self.id)], limit=1)
        if other:
            raise UserError(
                self.env._(
                    "Another visit is in progress: %(visit)s, since %(time)s. Check out "
                    "of it first.",
                    visit=other.display_name,
                    time=fields.Datetime.context_timestamp(
                        self, other.arrived_at
                    ).strftime("%H:%M"),
                )
            )

    def _look_for_first(self):
        """Dispute this visit where another agent brought the customer just before."""
        first = self._find_first_brought()
        if not first:
            return
        self.verdict = "disputed"
        self.env["distributor.visit.dispute"]._open(
            self,
            "same_customer",
            self.env._(
                "%(agent)s brought this customer before, with %(visit)s.",
                agent=(first.agent_id or first.agency_id).name,
                visit=first.name,
            ),
            first,
        )

    # -- leaving ---------------------------------------------------------------------

    def action_leave(self):
        """Check out here and now."""
        self.check_access("write")
        for visit in self:
            visit._leave()

    def _leave(self, facts=None):
        """Note that the visitor left; visits of our own are judged by that.

        :param dict facts: as in _arrive
        :raises UserError: nobody checked in before
        """
        self.ensure_one()
        facts = facts or {}
        own = self.sudo()
        own.invalidate_recordset(["state"])
        if own.state == "planned":
            raise UserError(self.env._("Check in to %s first.", own.name))
        at = facts.get("at") or fields.Datetime.now()
        if own._is_brought():
            if own.state == "cancelled":
                raise UserError(self.env._("%s is cancelled.", own.name))
            if not own.agent_left_at:
                # The agent goes; the reception has its own clock.
                own.agent_left_at = max(at, own.arrived_at)
            return
        hold_in_state(self, ["arrived"])
        own._note_leaving(at, facts)
        own._judge()

    def action_cancel(self):
        """Ask why a visit is cancelled."""
        self.check_access("write")
        return self._ask_reason("cancel", self.env._("Cancel"))

    def _cancel(self, reason):
        """Cancel visits that are not judged.

        :raises UserError: they are judged, or no reason is given
        """
        hold_in_state(self, ["planned", "arrived", "reception"])
        own = self.sudo()
        own.write({"state": "cancelled", "cancel_reason": reason})
        own.activity_unlink(["mail.mail_activity_data_todo"])
        own.dispute_ids._drop()

    def _ask_reason(self, act, title, **defaults):
        """Open the form that asks for the reason of an act."""
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": "distributor.visit.reason",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_visit_ids": self.ids,
                "default_act": act,
                **{f"default_{name}": value for name, value in defaults.items()},
            },
        }

    def _check_manager(self):
        """:raises AccessError: no sales manager"""
        self.check_access("read")
        if not self.env.user.has_group("distributor_crm.group_sales_manager"):
            raise AccessError(self.env._("A sales manager does this."))

    def action_confirm_minutes(self):
        """Ask a manager how long it really was, where the clock proves nothing."""
        self._check_manager()
        self.ensure_one()
        return self._ask_reason(
            "minutes", self.env._("Confirm Length"), minutes=self.minutes
        )

    def _confirm_minutes(self, minutes, reason):
        """Let a manager say how long it was (R050).

        :raises UserError: it is longer than since the arrival, or judged for good
        """
        self._check_manager()
        hold_in_state(self, ["reception", "judged"])
        own = self.sudo()
        for visit in own:
            longest = fields.Datetime.now() - visit.arrived_at
            if not 0 < minutes <= longest.total_seconds() / 60:
                raise UserError(
                    self.env._("It was no longer than since the arrival, and above 0.")
                )
            if visit.user_id == self.env.user:
                raise UserError(self.env._("Nobody confirms his own time."))
        own.write({"manual_minutes": minutes, "manual_reason": reason})
        own.filtered(lambda visit: visit.state == "judged")._judge()

    @api.model
    def _cron_close_forgotten(self):
        """Close visits of ours that nobody checked out of, and free agents.

        Nobody knows how long they were: that cannot be verified, and is never valid by
        itself.
        """
        before = fields.Datetime.now() - FORGOTTEN
        stays = self.search(
            [
                ("kind", "not in", BROUGHT),
                ("state", "=", "arrived"),
                ("arrived_at", "<", before),
            ],
            limit=500,
        )
        for visit in stays:
            visit._note_leaving(visit.arrived_at)
            visit._judge()
            visit._message_log(
                body=visit.env._("Nobody checked out: closed by the clock.")
            )
        brought = self.search(
            [
                ("kind", "in", BROUGHT),
                ("state", "in", ("arrived", "reception")),
                ("agent_left_at", "=", False),
                ("arrived_at", "<", before),
            ],
            limit=500,
        )
        brought.agent_left_at = fields.Datetime.now()
