# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.fields import Domain


class DistributorViolation(models.Model):
    """How far a case is: final, ripe to be judged, and what it comes to."""

    _inherit = "distributor.violation"

    @api.depends("state", "appeal_deadline")
    def _compute_is_final(self):
        now = fields.Datetime.now()
        for case in self:
            case.is_final = case.state in ("upheld", "closed") or bool(
                case.state == "confirmed"
                and case.appeal_deadline
                and case.appeal_deadline <= now
            )

    def _search_is_final(self, operator, value):
        if operator != "in":
            return NotImplemented
        final = Domain("state", "in", ("upheld", "closed")) | (
            Domain("state", "=", "confirmed")
            & Domain("appeal_deadline", "<=", fields.Datetime.now())
        )
        if set(value) == {True, False}:
            return Domain.TRUE
        return final if True in value else ~final

    @api.depends(
        "penalty_ids.kind",
        "penalty_ids.state",
        "penalty_ids.amount",
        "penalty_ids.duration_days",
        "penalty_ids.collect_by",
    )
    def _compute_decision(self):
        for case in self:
            # Whoever reads the case reads what it comes to.
            counting = case.sudo().penalty_ids.filtered(
                lambda p: p.state not in ("cancelled", "lifted")
            )
            case.is_serious = any(counting.mapped("is_serious"))
            case.decision = "; ".join(p._say_decided() for p in counting.sorted("kind"))

    @api.depends("state", "answer_deadline", "correct_deadline", "watch_until")
    def _compute_is_ripe(self):
        now = fields.Datetime.now()
        for case in self:
            case.is_ripe = bool(
                case.state == "answered"
                or (
                    case.state == "notified"
                    and case.answer_deadline
                    and max(
                        case.answer_deadline,
                        case.correct_deadline or case.answer_deadline,
                    )
                    < now
                )
                or (
                    case.state == "watched"
                    and case.watch_until
                    and case.watch_until <= now
                )
            )

    def _search_is_ripe(self, operator, value):
        if operator != "in":
            return NotImplemented
        now = fields.Datetime.now()
        ripe = (
            Domain("state", "=", "answered")
            | (
                Domain("state", "=", "notified")
                & Domain("answer_deadline", "<", now)
                & (
                    Domain("correct_deadline", "=", False)
                    | Domain("correct_deadline", "<", now)
                )
            )
            | (Domain("state", "=", "watched") & Domain("watch_until", "<=", now))
        )
        if set(value) == {True, False}:
            return Domain.TRUE
        return ripe if True in value else ~ripe
