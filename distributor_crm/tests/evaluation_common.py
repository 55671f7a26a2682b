# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import date

from odoo import Command
from odoo.tests import freeze_time

from ..rebate.period import Period
from .common import DistributorCommon

QUARTER = Period(date(2024, 1, 1), date(2024, 3, 31))
TODAY = "2024-04-10"


class EvaluationCommon(DistributorCommon):
    """A published quarterly template: growth, range and a grade by a person."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        partners = cls.north + cls.south
        cls.env["res.partner"].search(
            [("is_distributor", "=", True), ("id", "not in", partners.ids)]
        ).is_distributor = False
        partners[0].email = "north@evaluation.example"
        cls.evaluations = cls.env["distributor.evaluation"]
        cls.template = cls.make_template()
        cls.template.action_publish()

    @classmethod
    def make_template(cls, **values):
        return cls.env["distributor.evaluation.template"].create(
            {
                "name": "Quarterly",
                "company_id": cls.company.id,
                "period_type": "quarter",
                "date_from": "2023-01-01",
                "kpi_ids": [
                    cls.kpi("Growth", "growth", 50, value_zero=0, value_full=20),
                    cls.kpi("Collection", "collection", 30),
                    cls.kpi("Display", "judged", 20),
                    cls.kpi(
                        "Complaints",
                        "complaints",
                        0,
                        method="deduction",
                        points_each=3,
                        points_most=6,
                    ),
                ],
                **values,
            }
        )

    @staticmethod
    def kpi(name, source, weight, **values):
        return Command.create(
            {"name": name, "source": source, "weight": weight, **values}
        )

    @classmethod
    def compute(cls, template=None, period=QUARTER, today=TODAY):
        template = template or cls.template
        with freeze_time(today):
            cls.evaluations._compute_period(template, period)
        return cls.evaluations.search(
            [("template_id", "=", template.id), ("date_from", "=", period.start)]
        )

    @classmethod
    def of(cls, partner, period=QUARTER):
        return cls.evaluations.search(
            [("partner_id", "=", partner.id), ("date_from", "=", period.start)]
        )

    @classmethod
    def line(cls, evaluation, name):
        return evaluation.line_ids.filtered(lambda line: line.kpi_id.name == name)

    @classmethod
    def judge(cls, evaluation, grade, note="Seen in the shop", user=None):
        line = cls.line(evaluation, "Display").with_user(user or cls.account_manager)
        line.write({"grade": grade, "note": note})

    @classmethod
    def publish(cls, evaluation, grade=5, today=TODAY):
        with freeze_time(today):
            if evaluation.open_count:
                cls.judge(evaluation, grade)
            evaluation.with_user(cls.account_manager).action_submit()
            evaluation.with_user(cls.sales_manager).action_publish()
        return evaluation
