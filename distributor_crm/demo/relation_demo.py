# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models

# Distributor, competitor, what, price, months ago.
SEEN = [
    ("chengdu", "north", "price", 388, 0),
    ("chengdu", "north", "promotion", 0, 1),
    ("guangzhou", "south", "display", 0, 1),
    ("guangzhou", "north", "poaching", 0, 2),
    ("xian", "north", "terms", 0, 2),
    ("wuhan", "south", "new_product", 218, 3),
]
# Grades of satisfaction, expectation, reputation, brand asked for, recommendation.
ANSWERS = [
    ("chengdu", 0, (9, 8, 9, 7, 9)),
    ("guangzhou", 0, (4, 3, 7, 6, 4)),
    ("xian", 1, (8, 7, 8, 6, 8)),
    ("hongkong", 2, (7, 7, 9, 8, 7)),
    ("wuhan", 3, (6, 5, 7, 5, 6)),
]


class DistributorDemo(models.AbstractModel):
    """The demo's relations, competitors, surveys and minutes."""

    _inherit = "distributor.demo"

    @api.model
    def _tell_relations(self):
        """Note what competitors do, ask how satisfied distributors are, hold a talk."""
        today = fields.Date.today()
        self._tell_contacts(today)
        for name, rival, kind, price, months in SEEN:
            self.env["distributor.competitor.observation"].create(
                {
                    "partner_id": self._ref(f"partner_{name}").id,
                    "competitor_id": self._ref(f"competitor_{rival}").id,
                    "kind": kind,
                    "price": price,
                    "date": today - relativedelta(months=months),
                    "user_id": self._ref("user_account_manager").id,
                }
            )
        self._tell_surveys(today)
        minutes = self.env["distributor.minutes"].create(
            {
                "name": self.env._("Quarterly talk"),
                "partner_id": self._ref("partner_chengdu").id,
                "user_id": self._ref("user_account_manager").id,
                "date": today - timedelta(days=6),
                "contact_ids": self._ref("contact_chengdu_buyer").ids,
                "text": self.env._(
                    "The autumn campaign goes on; samples of the new label are wanted."
                ),
            }
        )
        minutes.activity_schedule(
            "mail.mail_activity_data_todo",
            summary=self.env._("Send samples of the new label"),
            user_id=self._ref("user_account_manager").id,
            date_deadline=today + timedelta(days=8),
        )

    def _tell_contacts(self, today):
        """A meeting with the buyer last week: one relation is warm, others are not."""
        people = self._ref("contact_chengdu_buyer")
        people |= self._ref("user_account_manager").partner_id
        start = fields.Datetime.to_datetime(today) - timedelta(days=6, hours=-2)
        self.env["calendar.event"].with_context(no_mail_to_attendees=True).create(
            {
                "name": self.env._("Quarterly talk"),
                "start": start,
                "stop": start + timedelta(hours=1),
                "partner_ids": [fields.Command.set(people.ids)],
            }
        )

    def _tell_surveys(self, today):
        """A survey a year, answered over the last months."""
        survey = self._ref("survey_satisfaction")
        rule = self._ref("survey_rule_yearly")
        rule.write(
            {
                "active": True,
                "start_on": today - relativedelta(years=1, months=-2),
                "purpose": self.env._("Who would leave us, and for what reason?"),
            }
        )
        scales = survey.question_ids.filtered(
            lambda question: question.question_type == "scale"
        )
        for name, months, grades in ANSWERS:
            partner = self._ref(f"partner_{name}")
            answers = survey._create_answer(partner=partner, check_attempts=False)
            invitation = self.env["distributor.survey.invitation"].create(
                {
                    "rule_id": rule.id,
                    "partner_id": partner.id,
                    "contact_id": partner.id,
                    "source": "year,demo",
                    "label": str(today.year),
                    "sent_on": today - relativedelta(months=months, days=5),
                    "user_input_id": answers.id,
                    "grade_id": partner.grade_id.id,
                    "state_id": partner.state_id.id,
                }
            )
            for question, grade in zip(scales, grades, strict=True):
                answers._save_lines(question, str(grade))
            answers._mark_done()
            invitation.answered_on = today - relativedelta(months=months)
