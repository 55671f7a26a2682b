# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models

TOPICS = [
    ("satisfaction", "Satisfaction"),
    ("expectation", "Expectation"),
    ("reputation", "Reputation"),
    ("named", "Asked For by Name"),
    ("recommendation", "Would Recommend"),
]


class SurveyQuestion(models.Model):
    _inherit = "survey.question"

    distributor_topic = fields.Selection(
        selection=TOPICS,
        string="Topic at Distributors",
        help="What the answers on a scale are compared by, whatever survey they are from.",
    )
