# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import UserError

from odoo.addons.distributor_crm.guard import hold_in_state

from ...visit import verdicts

# What machines find out at the end of a visit.
MEASURED = ("duration", "place", "photo", "survey", "signature")


class DistributorVisit(models.Model):
    """The verdict: every criterion of the policy's version must hold (R048-R052)."""

    _inherit = "distributor.visit"

    # -- the verdict -----------------------------------------------------------------

    def action_judge(self):
        """End the reception and give the verdict: valid where every criterion holds.

        :raises UserError: names what is not answered yet
        """
        self._check_receives()
        for visit in self:
            hold_in_state(visit, ["reception"])
            own = visit.sudo()
            if not own.left_at:
                own._note_leaving(fields.Datetime.now())
            own._judge()

    def _judge(self):
        """Work out the verdict from what was found, and write it with its reasons."""
        for visit in self:
            # Who was known on arrival is found then, and when the customer is corrected.
            visit._update_results(MEASURED)
            outcomes = visit._get_outcomes()
            if visit._is_brought():
                visit._check_answered(outcomes)
            verdict = verdicts.verdict(
                outcome if outcome != "pending" else "unverifiable"
                for outcome in outcomes.values()
            )
            visit._set_verdict(verdict, visit._explain(outcomes))

    def _get_outcomes(self):
        """Return the outcome of each criterion, its questions taken together."""
        found = {}
        for criterion, results in self.result_ids.grouped("criterion_id").items():
            found[criterion] = verdicts.join(
                results.mapped("outcome"), criterion.item_mode
            )
        return found

    def _check_answered(self, outcomes):
        """:raises UserError: names the criteria that nobody answered"""
        missing = [
            criterion.name
            for criterion, outcome in outcomes.items()
            if outcome == "pending"
        ]
        if missing and "failed" not in outcomes.values():
            raise UserError(
                self.env._(
                    "Answer these first: %(criteria)s.", criteria=", ".join(missing)
                )
            )
        without = self.result_ids.filtered(
            lambda one: (
                one.criterion_id.need_note
                and one.judged_by_id
                and not (one.note or "").strip()
            )
        )
        if without:
            raise UserError(
                self.env._(
                    "Say in words what you found: %s.",
                    ", ".join(dict.fromkeys(without.criterion_id.mapped("name"))),
                )
            )

    def _explain(self, outcomes):
        """Return which criteria did not hold, and why."""
        lines = []
        for criterion, outcome in outcomes.items():
            if outcome == "passed":
                continue
            facts = [
                " – ".join(filter(None, (one.item_id.name, one.fact, one.note)))
                for one in self.result_ids
                if one.criterion_id == criterion and one.outcome != "passed"
            ]
            lines.append(f"{criterion.name}: {'; '.join(filter(None, facts)) or '–'}")
        return "\n".join(lines)

    def _get_reasons_told(self):
        """Return what the agency is told of an invalid visit.

        Who else knows the customer, and whose he is, is not the agency's to know.
        """
        failed = self.result_ids.filtered(lambda one: one.outcome == "failed")
        told = [
            ": ".join(
                filter(
                    None,
                    (one.display_name, one.kind != "new_customer" and one.fact),
                )
            )
            for one in failed
        ]
        decided = self.dispute_ids.filtered(lambda one: one.state == "invalid")
        told += [one.opinion for one in decided if one.opinion]
        if self.found_false:
            told.append(self.env._("The customer was not genuine."))
        return told or [self.env._("Ask your contact for the reason.")]

    def _set_verdict(self, verdict, reason):
        """Write a verdict; a dispute that is open keeps it until it is decided."""
        open_dispute = self.dispute_ids.filtered(lambda one: one.state == "open")
        values = {
            "state": "judged" if self.state != "registered" else self.state,
            "verdict_reason": reason or False,
            "verdict_at": fields.Datetime.now(),
            "verdict_by_id": self.env.uid,
        }
        if open_dispute:
            open_dispute.former_verdict = verdict
            self.write(values)
            return
        self.write({**values, "verdict": verdict})
        self.activity_feedback(["mail.mail_activity_data_todo"])
        if self._is_brought():
            self._follow_verdict()
        else:
            self._note_visited()

    def _follow_verdict(self):
        """Protect the customer and prepare the form of a valid visit; tell the agent."""
        for visit in self:
            if visit.verdict == "valid":
                day = fields.Date.context_today(visit, visit.arrived_at)
                visit.protected_until = day + timedelta(
                    days=visit.policy_id.protection_days
                )
                visit.env["distributor.visit.form"]._prepare(visit)
            else:
                visit.protected_until = False
                visit.form_ids._void_unsigned()
            visit._tell_agent()

    def _tell_agent(self):
        """Tell who brought the customer what became of it, if he has an account."""
        told = self.agent_id.user_ids.partner_id or self.agency_id.user_ids.partner_id
        if not told or self.verdict not in ("valid", "invalid"):
            return
        if self.verdict == "valid":
            body = self.env._("The visit is valid. Fill in the registration form.")
        else:
            body = self.env._(
                "The visit is not valid. %s", "; ".join(self._get_reasons_told())
            )
        self.message_post(
            body=body,
            partner_ids=told.ids,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )
