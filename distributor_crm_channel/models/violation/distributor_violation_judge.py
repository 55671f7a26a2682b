# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from odoo.addons.distributor_crm.guard import hold_until_committed

from .distributor_violation import FOUND
from .ladder import pick_steps


class DistributorViolation(models.Model):
    """Judging: a first opinion, a second one by another person, approvals, the appeal."""

    _inherit = "distributor.violation"

    @api.model
    def _get_signed_fields(self):
        # EXTENDS tier.validation. Not the accused: two of them may be merged later.
        return (
            *super()._get_signed_fields(),
            "policy_id",
            "company_id",
            "occurred_at",
            "facts",
            "severity",
            "outcome",
            "opinion",
            "decision",
        )

    def _get_approval_owners(self):
        # EXTENDS tier.validation: who judged first does not approve.
        return super()._get_approval_owners() | self.judge_id

    def _may_ask_for_approval(self):
        # REPLACES tier.validation: asked for by the button alone, which checks first.
        return self.env.su

    def _is_unmatched_refused(self):
        # EXTENDS tier.validation: only what is serious needs the chain.
        return self.is_serious and super()._is_unmatched_refused()

    # -- first opinion -----------------------------------------------------------------

    def _judge(self, opinion, outcome=None):
        """Give the first opinion: it is a breach. What follows is proposed by the ladder.

        :param opinion: why
        :param outcome: corrected | not_corrected, where there was something to correct
        :raises UserError: the notice is not proved, or the time to answer runs
        """
        self.ensure_one()
        self._check_handler()
        self._lock()
        self._check_state("notified", "answered", "watched")
        self._check_judgeable()
        if not (opinion or "").strip():
            raise UserError(self.env._("Say why it is a breach."))
        if not self.correct_deadline:
            outcome = "none"
        elif outcome not in ("corrected", "not_corrected"):
            outcome = self.outcome or "not_corrected"
        offence = self._count_offences() + 1
        self._set(
            state="judged",
            opinion=opinion,
            outcome=outcome,
            judge_id=self.env.uid,
            judged_at=fields.Datetime.now(),
            offence_number=offence,
            next_check_at=False,
        )
        self._propose_penalties()
        self.sudo().activity_unlink(["mail.mail_activity_data_todo"])

    def _check_judgeable(self):
        """Refuse to judge who was not told, or can still answer or correct.

        :raises UserError: says what is missing, and until when
        """
        if not self.delivered_at:
            raise UserError(
                self.env._(
                    "%s: the delivery of the notice is not proved. Nobody is judged "
                    "before he was told.",
                    self.name,
                )
            )
        now = fields.Datetime.now()
        ends = []
        if self.state == "notified":
            ends.append(self.answer_deadline)
        if self.state != "watched" and self.outcome != "not_corrected":
            ends.append(self.correct_deadline)
        running = [end for end in ends if end and end >= now]
        if running:
            raise UserError(
                self.env._(
                    "%(case)s: the accused can answer and correct until %(end)s.",
                    case=self.name,
                    end=self._say_moment(max(running)),
                )
            )

    def _count_offences(self) -> int:
        """Return how many breaches of this kind were found in the period before.

        Who judges two cases of one accused at the same moment does so one after the
        other: the second is refused by the database and begins anew.
        """
        case = self.sudo()
        hold_until_committed(case.partner_id)
        since = fields.Datetime.subtract(
            case.occurred_at, days=case.policy_id.repeat_days
        )
        return self.sudo().search_count(
            Domain("policy_code", "=", case.policy_code)
            & Domain("partner_id", "=", case.partner_id.id)
            & Domain("company_id", "=", case.company_id.id)
            & Domain("id", "!=", case.id)
            & Domain("state", "in", (*FOUND, "judged"))
            & Domain("occurred_at", ">=", since)
            & Domain("occurred_at", "<=", case.occurred_at)
        )

    def _get_steps_reached(self):
        """Return the steps of the ladder that this case has reached."""
        case = self.sudo()  # rules bind whoever judges
        steps = case.policy_id.step_ids.filtered(
            lambda step: not step.band_id or step.band_id == case.band_id
        )
        return steps.browse(
            pick_steps(
                case.offence_number,
                case.outcome or "none",
                [(step.id, step.outcome, step.offence_from) for step in steps],
            )
        )

    def _propose_penalties(self):
        """Replace what was proposed by what the ladder says now."""
        case = self.sudo()
        case.penalty_ids.filtered(lambda p: p.state == "proposed").unlink()
        steps = case._get_steps_reached()
        if not case.policy_id._may_punish():
            held = steps.filtered(lambda step: step.kind != "warning")
            if held:
                case._message_log(
                    body=self.env._(
                        "Not proposed, as these rules have no legal opinion yet: %s",
                        ", ".join(step._say_kind() for step in held),
                    )
                )
            steps = steps - held
        values = {}
        for step in steps:
            values.setdefault(step.kind, case._prepare_penalty(step))
        if not values:
            values["warning"] = {"kind": "warning", "violation_id": case.id}
        case.env["distributor.violation.penalty"].create(
            [v for v in values.values() if v]
        )
        case._follow_amount()

    def _prepare_penalty(self, step):
        values = {
            "violation_id": self.id,
            "kind": step.kind,
            "step_id": step.id,
            "duration_days": step.duration_days,
        }
        if step.kind == "money":
            reported = self.amount
            amount = step.currency_id._convert(
                step.amount, self.currency_id, self.company_id, self.occurred_at.date()
            )
            values["amount"] = reported or amount
            values["collect_by"] = self.policy_id.collect_by
            if not values["amount"] or values["collect_by"] == "none":
                return None
        if step.kind == "ban_person" and not self.person_id:
            return None
        return values

    def _follow_amount(self):
        """The amount of a judged case is what its penalties say."""
        for case in self.sudo():
            money = case.penalty_ids.filtered(
                lambda p: p.kind == "money" and p.state not in ("cancelled", "lifted")
            )
            case._set(amount=sum(money.mapped("amount")))

    # -- second opinion ----------------------------------------------------------------

    def action_submit(self):
        """Ask for the approval of what is serious; the proposal stands from now on.

        :raises UserError: nothing here needs approval
        """
        self._check_handler()
        self._lock()
        self._check_state("judged")
        for case in self:
            case._check_lawful()
            if not case.is_serious:
                raise UserError(
                    self.env._(
                        "%s needs no approval: another person confirms it.", case.name
                    )
                )
        # The right to ask was checked; reviews are closed to users.
        self.sudo().request_validation()
        return True

    def action_confirm(self):
        """Confirm judged cases: the penalties are imposed, and the accused is told.

        What is serious is signed here by whose turn it is.

        :raises AccessError: no sales manager, or who judged first
        :raises UserError: waits for somebody else
        """
        self._check_decider()
        self._lock()
        self._check_state("judged")
        for case in self:
            case._check_lawful()
            if case.judge_id == self.env.user and (
                case.policy_id.second_opinion or case.is_serious
            ):
                raise AccessError(
                    self.env._(
                        "You judged %s first. Somebody else confirms it.", case.name
                    )
                )
        # The right to decide was checked; reviews and states are closed to users.
        cases = self.sudo()
        unasked = cases.filtered(lambda c: c.is_serious and not c.review_ids)
        if unasked:
            raise UserError(
                self.env._(
                    "Ask for the approval of %s first.",
                    ", ".join(unasked.mapped("name")),
                )
            )
        serious = cases.filtered("is_serious")
        unsigned = serious._sign_turns() if serious else serious
        (cases - unsigned).filtered(
            lambda c: not c.is_serious or c.validation_status == "validated"
        )._impose()
        if unsigned:
            raise UserError(
                self.env._(
                    "It is not your turn to approve %(cases)s. Waiting for "
                    "%(reviewers)s.",
                    cases=", ".join(unsigned.mapped("name")),
                    reviewers=", ".join(unsigned.reviewer_ids.mapped("name")),
                )
            )
        return True

    def _check_lawful(self):
        """Refuse penalties whose rules still wait for a legal opinion."""
        if not self.policy_id._may_punish() and any(
            penalty.kind != "warning"
            for penalty in self.penalty_ids
            if penalty.state == "proposed"
        ):
            raise UserError(
                self.env._(
                    "“%s” needs a legal opinion before anything but a warning follows. "
                    "A channel administrator stores it under Rules for Breaches.",
                    self.policy_id.name,
                )
            )

    def action_back_to_answer(self):
        """Take back a first opinion; signatures given so far are void."""
        self._check_handler()
        self._lock()
        self._check_state("judged")
        # The right was checked; reviews and states are closed to users.
        for case in self.sudo():
            case._end_round("withdrawn")
            case.penalty_ids.filtered(lambda p: p.state == "proposed").unlink()
            case._set(
                state="answered", judge_id=False, judged_at=False, offence_number=0
            )
        return True

    def _impose(self):
        """Confirm: penalties take effect, the decision goes out."""
        now = fields.Datetime.now()
        for case in self:
            case._set(
                state="confirmed",
                confirmed_by_id=self.env.uid,
                confirmed_at=now,
                is_told=False,
            )
            case.penalty_ids.filtered(lambda p: p.state == "proposed")._begin()
            case._send_notice("decision")

    def _dismiss(self, reason):
        """End cases that are no breach, or that nobody can prove.

        :param reason: told to the accused, if he knows of the case
        """
        self._check_decider()
        self._lock()
        self._check_state("draft", "notified", "answered", "watched", "judged")
        self._check_reason(reason)
        # The right was checked; reviews and states are closed to users.
        for case in self.sudo():
            case._end_round("withdrawn")
            case.penalty_ids.filtered(
                lambda p: p.state == "proposed"
            ).state = "cancelled"
            was_told = case.state != "draft"
            case._set(
                state="dismissed",
                end_reason=reason,
                ended_at=fields.Datetime.now(),
                amount=0,
                next_check_at=False,
            )
            case.activity_unlink(["mail.mail_activity_data_todo"])
            if was_told:
                case._send_notice("end")

    def _check_reason(self, reason):
        if not (reason or "").strip():
            raise UserError(self.env._("Say why."))
