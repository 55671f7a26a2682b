# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import format_datetime

from odoo.addons.distributor_crm.guard import hold_in_state

from ...visit import verdicts

# What machines find out at the end of a visit.
MEASURED = ("duration", "place", "photo", "survey", "signature")


class DistributorVisit(models.Model):
    """The verdict: every criterion of the policy's version must hold (R048-R052)."""

    _inherit = "distributor.visit"

    # -- what is asked ---------------------------------------------------------------

    def _start_criteria(self):
        """Write what is to be found out, one row a question, and what is known already."""
        rows = []
        for visit in self:
            for criterion in visit.policy_id.criterion_ids:
                if criterion._applies_to(visit):
                    rows += criterion._prepare_results(visit)
        self.env["distributor.visit.result"].create(rows)
        for visit in self:
            if not visit.result_ids.filtered(lambda one: one.kind == "new_customer"):
                # Whoever receives a customer is told what is known in any case.
                if visit._is_brought():
                    visit._freeze_matches()
            visit._update_results(("new_customer", "place"))

    def _update_results(self, kinds=None):
        """Find out what machines can; what persons answered stays."""
        for visit in self:
            for result in visit.result_ids:
                if kinds and result.kind not in kinds:
                    continue
                if result.judged_by_id:
                    continue
                finder = getattr(visit, f"_find_{result.kind}", None)
                if finder:
                    result.write(finder(result.criterion_id))

    def _find_duration(self, criterion):
        """Return how long the reception was: measured, and longer than the limit (R050)."""
        own = self.manual_minutes
        minutes = own or self.minutes
        if not own and not self.left_at:
            return {"outcome": "pending"}
        is_long = verdicts.longer(
            round(minutes * 60), criterion.minutes * 60, criterion.operator
        )
        outcome = "passed" if is_long else "failed"
        source = "manager" if own else "clock"
        if not own and self.sent_late and not self.reception_at:
            # Only the phone knows how long it was.
            outcome, source = "unverifiable", "device"
        whole, seconds = divmod(round(minutes * 60), 60)
        return {
            "outcome": outcome,
            "source": source,
            "fact": self.env._(
                "%(minutes)d:%(seconds)02d minutes, asked for: %(sign)s %(limit)g",
                minutes=whole,
                seconds=seconds,
                sign="≥" if criterion.operator == "ge" else ">",
                limit=criterion.minutes,
            ),
        }

    def _find_new_customer(self, criterion):
        """Return whether older records know the customer, as of the arrival (R051)."""
        level = self._freeze_matches(criterion.expiry_days)
        first = self.match_ids.filtered(lambda match: not match.is_expired)[:1]
        said = first and self.env._(
            "%(name)s, known since %(day)s, looked after by %(owner)s (%(kinds)s)",
            name=first.name,
            day=fields.Date.to_string(first.known_on),
            owner=first.owner or "–",
            kinds=first._describe_kinds(),
        )
        values = {"source": "records", "fact": said}
        if level == "certain":
            return {**values, "outcome": "failed"}
        if level == "possible":
            return {**values, "outcome": "pending"}
        if not self.phone_key:
            return {
                **values,
                "outcome": "pending",
                "fact": self.env._("No phone to compare: look for the name yourself"),
            }
        return {**values, "outcome": "passed", "fact": self.env._("No older record")}

    def _find_place(self, criterion):
        """Return whether it took place where it should; unsure is neither yes nor no."""
        event = self.event_ids.filtered(lambda one: one.kind == "arrive")[:1]
        outcome = {"in": "passed", "near": "passed", "out": "failed"}.get(
            self.geo_state, "unverifiable"
        )
        fact = self.env._("The phone gave no position")
        if event.geo_state in ("in", "near", "out"):
            fact = self.env._(
                "%(distance)d m away, accurate to %(accuracy)d m, allowed: %(radius)d m",
                distance=event.distance,
                accuracy=event.accuracy,
                radius=criterion.radius,
            )
        elif event.accuracy:
            fact = self.env._(
                "The position proves nothing: accurate to %(accuracy)d m, %(age)d s old, "
                "or the place has no coordinates",
                accuracy=event.accuracy,
                age=event.fix_age,
            )
        return {"outcome": outcome, "source": "device", "fact": fact}

    def _find_photo(self, criterion):
        """Return whether a photo was taken during the visit, not before, nor elsewhere."""
        since = self.arrived_at - timedelta(minutes=criterion.minutes)
        until = (self.left_at or fields.Datetime.now()) + timedelta(
            minutes=criterion.minutes
        )
        photos = self._get_counting_evidence()
        if not photos:
            if self.state not in ("judged", "registered", "signed") and not self.left_at:
                return {"outcome": "pending"}
            return {
                "outcome": "failed",
                "source": "evidence",
                "fact": self.env._("No photo, or only such that were used before"),
            }
        fresh = photos.filtered(
            lambda one: one.taken_at and since <= one.taken_at <= until
        )
        clean = fresh.filtered(lambda one: not one.is_flagged)
        best = (clean or fresh or photos)[:1]
        if clean:
            outcome = "passed"
        elif fresh or not photos.filtered("taken_at"):
            # A flag is a reason to look, no proof.
            outcome = "unverifiable"
        else:
            outcome = "failed"
        taken = (
            format_datetime(self.env, best.taken_at)
            if best.taken_at
            else self.env._("unknown")
        )
        return {
            "outcome": outcome,
            "source": "evidence",
            "fact": self.env._(
                "%(count)d photos; taken: %(taken)s. %(flags)s",
                count=len(photos),
                taken=taken,
                flags=best.flags or "",
            ).strip(),
        }

    def _find_survey(self, criterion):
        """Return whether the questionnaire is answered, and passed where it has a score."""
        # Whoever judges need not be in the survey app.
        answers = self.sudo().survey_input_id
        if answers.state != "done":
            return {"outcome": "pending"}
        scored = criterion.sudo().survey_id.scoring_type != "no_scoring"
        passed = not scored or answers.scoring_success
        return {
            "outcome": "passed" if passed else "failed",
            "source": "survey",
            "fact": self.env._("Answered: %g %%", answers.scoring_percentage)
            if scored
            else self.env._("Answered"),
        }

    def action_start_survey(self):
        """Open the questionnaire for the customer, one and the same each time."""
        self.ensure_one()
        self._check_receives()
        hold_in_state(self, ["reception"])
        # Whoever receives need not be in the survey app.
        own = self.sudo()
        criterion = own.result_ids.criterion_id.filtered(
            lambda one: one.kind == "survey"
        )[:1]
        if not criterion.survey_id:
            raise UserError(self.env._("The policy asks for no questionnaire."))
        if not own.survey_input_id:
            own.survey_input_id = criterion.survey_id._create_answer(
                partner=own.customer_id, check_attempts=False
            )
        return {
            "type": "ir.actions.act_url",
            "url": own.survey_input_id.get_start_url(),
            "target": "new",
        }

    def _find_signature(self, criterion):
        """Return whether the customer signed."""
        if not self.customer_signed_at:
            return {"outcome": "pending"}
        return {
            "outcome": "passed",
            "source": "customer",
            "fact": self.env._(
                "%(name)s, %(time)s",
                name=self.customer_signed_by,
                time=format_datetime(self.env, self.customer_signed_at),
            ),
        }

    def _note_signature(self):
        """Write when and for whom a customer signed."""
        for visit in self:
            signed = visit.customer_signature
            visit.write(
                {
                    "customer_signed_at": signed and fields.Datetime.now(),
                    "customer_signed_by": signed and visit.customer_name,
                }
            )

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
