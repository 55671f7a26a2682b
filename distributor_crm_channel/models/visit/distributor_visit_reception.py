# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo import fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.distributor_crm.guard import hold_in_state


class DistributorVisit(models.Model):
    """Who receives a brought customer, from when to when (R047, R050, R066)."""

    _inherit = "distributor.visit"

    def _assign_receptionist(self):
        """Give the visit to the first of the queue who is free, if the policy says so."""
        for visit in self.filtered(lambda visit: not visit.user_id):
            if visit.policy_id.assignment != "queue":
                continue
            user = visit.env["distributor.visit.queue"]._take(visit)
            if user:
                visit.user_id = user
                visit.activity_schedule(
                    "mail.mail_activity_data_todo",
                    user_id=user.id,
                    summary=visit.env._("A customer waits: receive him"),
                )

    def _is_of_agency(self, user) -> bool:
        """Whether a user belongs to the agency that brings the customer."""
        partner = user.sudo().partner_id
        mine = partner | partner.commercial_partner_id | partner.visit_agency_id
        return bool(self.sudo().agency_id & mine) or partner == self.sudo().agent_id

    def _check_receives(self):
        """Check that this user receives and judges (R047).

        :raises AccessError: it is another one's, or he belongs to the agency
        """
        self.check_access("write")
        for visit in self:
            if visit._is_of_agency(self.env.user):
                raise AccessError(
                    self.env._(
                        "Nobody of the agency that brings a customer judges him."
                    )
                )
            if visit.user_id != self.env.user:
                raise AccessError(
                    self.env._(
                        "%(visit)s is received by %(user)s. Let a sales manager hand it "
                        "to you.",
                        visit=visit.name,
                        user=visit.user_id.name or self.env._("nobody yet"),
                    )
                )

    def action_take(self):
        """Receive a customer whom nobody receives yet."""
        self.check_access("write")
        for visit in self:
            hold_in_state(visit, ["arrived"])
            own = visit.sudo()
            own.invalidate_recordset(["user_id"])
            if not own._is_brought() or (own.user_id and own.user_id != self.env.user):
                raise UserError(
                    self.env._("%s is received by somebody already.", own.name)
                )
            own.user_id = self.env.user
        self.action_start_reception()

    def action_assign(self):
        """Let the queue choose who receives."""
        self.check_access("write")
        for visit in self:
            hold_in_state(visit, ["arrived"])
            own = visit.sudo()
            own._assign_receptionist()
            if not own.user_id:
                raise UserError(
                    self.env._(
                        "Nobody in the queue is free and on duty. Wait a moment, or "
                        "take the visit yourself."
                    )
                )

    def action_start_reception(self):
        """Begin the reception: from now on its length is measured.

        :raises UserError: one is receiving somebody already
        """
        self._check_receives()
        for visit in self:
            hold_in_state(visit, ["arrived"])
            own = visit.sudo()
            if not own._is_brought():
                raise UserError(self.env._("Only brought customers are received."))
            other = own.search(
                [
                    ("user_id", "=", self.env.uid),
                    ("state", "=", "reception"),
                    ("left_at", "=", False),
                ],
                limit=1,
            )
            if other:
                raise UserError(
                    self.env._(
                        "You are receiving %s. End that reception first.",
                        other.display_name,
                    )
                )
            own.write({"state": "reception", "reception_at": fields.Datetime.now()})
            own.activity_feedback(["mail.mail_activity_data_todo"])

    def action_end_reception(self):
        """End the reception: what is left is to judge."""
        self._check_receives()
        for visit in self:
            hold_in_state(visit, ["reception"])
            own = visit.sudo()
            if not own.left_at:
                own._note_leaving(fields.Datetime.now())

    def _note_leaving(self, at, facts=None):
        """Write when somebody left, and how long he stayed."""
        since = self.reception_at or self.arrived_at
        facts = facts or {}
        at = max(at, since)
        self.write(
            {
                "left_at": at,
                "device_left_at": facts.get("device_at"),
                "clock_wrong": self.clock_wrong or facts.get("clock_wrong", False),
                "sent_late": self.sent_late or facts.get("sent_late", False),
                "minutes": (at - since).total_seconds() / 60,
            }
        )
