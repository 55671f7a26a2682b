# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from odoo import api, fields, models

from ..evaluation.spans import last_complete, span
from ..rebate.period import ONE_DAY

# Grades of display and co-operation, by distributor, one a quarter; what a grade says.
GRADES = {
    "chengdu": ((4, 5), (5, 5)),
    "guangzhou": ((4, 4), (4, 5)),
    "xian": ((3, 3), (4, 3)),
    "wuhan": ((3, 4), (3, 4)),
    "hangzhou": ((4, 4), (3, 4)),
    "nanjing": ((3, 2), (2, 2)),
    "kunming": ((2, 2), (1, 2)),
    "harbin": ((2, 3), (2, 3)),
}
DISPLAY = {
    1: "Two of three shelves were empty on the last visit.",
    2: "Old labels in front, price tags missing.",
    3: "Clean, but below eye level.",
    4: "Good place, well stocked.",
    5: "Shop window of our own, always fresh.",
}
COOPERATION = {
    2: "Reports come late or not at all.",
    3: "Does what was agreed when asked.",
    4: "Plans the quarter with us.",
    5: "Brings ideas that others copy.",
}
# Of these the last quarter is still being worked on.
WAITING = ("wuhan", "nanjing")
TO_APPROVE = ("hangzhou", "xian")


class DistributorDemo(models.AbstractModel):
    """The demo's evaluations: the last two quarters, and what followed."""

    _inherit = "distributor.demo"

    @api.model
    def _tell_evaluations(self):
        """Evaluate the last two quarters from the demo's sales."""
        template = self._ref("evaluation_template_quarter")
        template.action_publish()
        last = last_complete("quarter", fields.Date.context_today(self))
        before = span("quarter", last.start - ONE_DAY)
        evaluations = self.env["distributor.evaluation"]
        for number, period in enumerate((before, last)):
            evaluations._compute_period(template, period)
            found = evaluations.search(
                [("template_id", "=", template.id), ("date_from", "=", period.start)]
            )
            for name, grades in GRADES.items():
                partner = self._ref(f"partner_{name}")
                own = found.filtered(lambda e, p=partner: e.partner_id == p)
                is_last = period == last
                if not own or is_last and name in WAITING:
                    continue
                self._grade(own, grades[number])
                if own.is_scored:
                    self._conclude(own, not (is_last and name in TO_APPROVE))
        self._follow_plan()
        self._tell_promises()

    def _tell_promises(self):
        """What the tiers were promised a month ago: some done, one dropped, some late."""
        self.env["distributor.service.plan"]._start_due()
        promises = self.env["distributor.service.promise"].search(
            [("service_plan_id", "!=", False)], order="id"
        )
        for promise in promises:
            promise.deadline -= timedelta(days=20)
            promise.promised_on -= timedelta(days=20)
            promise.activity_id.date_deadline = promise.deadline
        promises[1::7].activity_id.unlink()
        for promise in promises[::2].filtered("activity_id"):
            promise.activity_id.action_feedback()

    def _grade(self, evaluation, grades):
        """Let the account manager of a distributor grade him."""
        manager = evaluation.account_manager_id
        lines = evaluation.line_ids.filtered(lambda line: line.source == "judged")
        for line, grade, notes in zip(
            lines.with_user(manager), grades, (DISPLAY, COOPERATION), strict=True
        ):
            line.write({"grade": grade, "note": notes[grade]})

    def _conclude(self, evaluation, is_published):
        """Let the account manager submit, and another manager publish."""
        manager, admin = self._ref("user_manager"), self._ref("user_channel_admin")
        judge = evaluation.account_manager_id
        evaluation.with_user(judge).action_submit()
        if is_published:
            evaluation.with_user(
                admin if judge == manager else manager
            ).action_publish()
            # Published soon after the quarter, not today.
            evaluation.with_context(
                skip_validation_check=True
            ).sudo().published_on = min(
                evaluation.date_to + timedelta(days=10),
                fields.Date.context_today(self),
            )

    def _follow_plan(self):
        """One action of the first plan is done already."""
        plan = self.env["distributor.improvement"].search([], limit=1, order="id")
        plan.action_ids[:1].write(
            {"is_done": True, "result": "Agreed on a monthly order with the owner."}
        )
