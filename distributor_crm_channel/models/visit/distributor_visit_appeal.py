# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.distributor_crm.guard import hold_in_state

EXACT = 100  # metres


class DistributorVisit(models.Model):
    """Verdicts that are doubted, and what turns out to be false later (R052, R072)."""

    _inherit = "distributor.visit"

    can_appeal = fields.Boolean(compute="_compute_can_appeal", compute_sudo=True)

    @api.depends("state", "verdict", "verdict_at", "policy_id", "dispute_ids.kind")
    def _compute_can_appeal(self):
        now = fields.Datetime.now()
        for visit in self:
            last = visit.verdict_at and visit.verdict_at + timedelta(
                days=visit.policy_id.appeal_days
            )
            appealed = "appeal" in visit.dispute_ids.mapped("kind")
            visit.can_appeal = (
                visit.verdict == "invalid"
                and visit.state == "judged"
                and not visit.found_false
                and not appealed
                and now <= last
            )

    def _appeal(self, text):
        """Let the agency appeal: the verdict is disputed until somebody else decides.

        Who may speak for the agency is checked by the caller.

        :raises UserError: too late, not invalid, or without a reason
        """
        self.ensure_one()
        hold_in_state(self, ["judged"])
        own = self.sudo()
        own.invalidate_recordset(["verdict", "dispute_ids"])
        text = (text or "").strip()[:4000]
        if not text:
            raise UserError(self.env._("Say why the verdict is wrong."))
        if not own.can_appeal:
            raise UserError(
                self.env._(
                    "An appeal is made once, against an invalid visit, within %s days.",
                    own.policy_id.appeal_days,
                )
            )
        dispute = own.env["distributor.visit.dispute"]._open(own, "appeal", text)
        own.verdict = "disputed"
        return dispute

    def action_doubt(self):
        """Ask for a second opinion about a verdict of somebody else."""
        self.check_access("write")
        self.ensure_one()
        return self._ask_reason("doubt", self.env._("Ask for a Second Opinion"))

    def _doubt(self, reason):
        """Dispute a verdict from inside, before a form is signed on it."""
        self.check_access("write")
        hold_in_state(self, ["judged"])
        own = self.sudo()
        for visit in own:
            if visit.verdict not in ("valid", "invalid"):
                raise UserError(self.env._("There is no verdict to doubt yet."))
            own.env["distributor.visit.dispute"]._open(visit, "appeal", reason)
            visit.verdict = "disputed"

    def _apply_opinion(self, dispute):
        """Write what the second opinion decided, and what follows from it."""
        self.ensure_one()
        if self.state == "cancelled":
            return
        if dispute.kind == "same_customer" and dispute.state == "valid":
            # Both may be right; the other criteria are looked at as ever.
            self.result_ids.filtered(lambda one: one.kind == "new_customer").write(
                {
                    "outcome": "passed",
                    "source": "manager",
                    "note": dispute.opinion,
                    "judged_by_id": dispute.decided_by_id.id,
                    "judged_at": dispute.decided_at,
                }
            )
            self.verdict = "pending"
            if self.state == "judged":
                self._judge()
            return
        self.write(
            {
                "state": "judged",
                "verdict": dispute.state,
                "verdict_at": dispute.decided_at,
                "verdict_by_id": dispute.decided_by_id.id,
                "left_at": self.left_at or dispute.decided_at,
                "verdict_reason": dispute.opinion,
            }
        )
        self.activity_feedback(["mail.mail_activity_data_todo"])
        self._follow_verdict()

    # -- found false -----------------------------------------------------------------

    def action_found_false(self):
        """Ask in what way a customer was not genuine."""
        self._check_manager()
        self.ensure_one()
        return self._ask_reason("false", self.env._("Customer Was Not Genuine"))

    def _mark_false(self, kind, reason):
        """Say that customers were no genuine ones; what was paid is recovered (R072).

        :param kind: water, fake or collusion
        :raises UserError: it is said already
        """
        self._check_manager()
        own = self.sudo()
        hold_in_state(self, ["reception", "judged", "registered", "signed"])
        for visit in own:
            if visit.found_false:
                raise UserError(self.env._("%s was found false already.", visit.name))
            if visit.user_id == self.env.user:
                raise UserError(
                    self.env._("Let somebody else say so of a visit you received.")
                )
        now = fields.Datetime.now()
        own.write(
            {
                "found_false": True,
                "found_false_at": now,
                "false_kind": kind,
                "found_false_reason": reason,
                "verdict": "invalid",
                "verdict_at": now,
                "verdict_by_id": self.env.uid,
                "verdict_reason": reason,
                "protected_until": False,
            }
        )
        own.filtered(lambda visit: visit.state == "reception").write(
            {"state": "judged", "left_at": now}
        )
        own.form_ids._void_unsigned()
        own._follow_false()

    def _follow_false(self):
        """Hook: what follows when customers turn out not to be genuine."""

    # -- the place -------------------------------------------------------------------

    def action_take_position(self):
        """Take where the phone was at the check-in as the position of the place.

        :raises AccessError: no sales manager
        :raises UserError: the phone gave none, or one that is too inexact
        """
        self._check_manager()
        self.ensure_one()
        event = self.event_ids.filtered(
            lambda one: one.kind == "arrive" and one.latitude and one.accuracy > 0
        )[:1]
        if not event or event.accuracy > EXACT:
            raise UserError(
                self.env._(
                    "The phone gave no position that is exact to %s m at the check-in.",
                    EXACT,
                )
            )
        # Sales managers say where distributors are; who may was checked.
        place = self.sudo().place_id
        place.write(
            {"partner_latitude": event.latitude, "partner_longitude": event.longitude}
        )
        place._message_log(
            body=self.env._(
                "Position %(latitude).6f, %(longitude).6f taken from %(visit)s.",
                latitude=event.latitude,
                longitude=event.longitude,
                visit=self.name,
            )
        )
