# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import format_datetime

from odoo.addons.distributor_crm.guard import hold_in_state

from ...visit import verdicts


class DistributorVisit(models.Model):
    """What is found about each criterion, and where from (R048-R051)."""

    _inherit = "distributor.visit"

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
            if (
                self.state not in ("judged", "registered", "signed")
                and not self.left_at
            ):
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
