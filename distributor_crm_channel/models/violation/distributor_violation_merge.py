# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, models

from .distributor_violation import OPEN


class DistributorViolation(models.Model):
    """What happens to cases when contacts are merged: they follow (R144)."""

    _inherit = "distributor.violation"

    @api.model
    def _prepare_merge(self, sources, target):
        """Make room before two contacts become one.

        Where rows of both would clash, Odoo's merge deletes those of the source: two
        open cases about the same go on under one name each, and a dispute between the
        two has no other party any more.
        """
        both = sources | target
        mine = self.search(
            [
                ("partner_id", "in", both.ids),
                ("subject_key", "!=", False),
                ("state", "in", OPEN),
            ],
            order="id",
        )
        for _key, cases in mine.grouped(
            lambda c: (c.policy_code, c.company_id, c.subject_key)
        ).items():
            for double in cases[1:]:
                double._message_log(
                    body=self.env._(
                        "Goes on beside %s: the accused were merged.", cases[0].name
                    )
                )
            cases[1:].with_context(skip_validation_check=True).subject_key = False
        between = self.search(
            [
                ("partner_id", "in", both.ids),
                ("second_partner_id", "in", both.ids),
            ]
        )
        for case in between:
            case._message_log(
                body=self.env._(
                    "The other party, %s, was merged with the accused.",
                    case.second_partner_id.display_name,
                )
            )
        between.with_context(skip_validation_check=True).second_partner_id = False
        # A case that was opened about the contact itself follows as well.
        about = self.search(
            [("source_model", "=", "res.partner"), ("source_id", "in", sources.ids)]
        )
        taken = set(
            self.search(
                [("source_model", "=", "res.partner"), ("source_id", "=", target.id)]
            ).mapped(lambda c: (c.policy_code, c.company_id))
        )
        for case in about:
            key = case.policy_code, case.company_id
            case.with_context(skip_validation_check=True).source_id = (
                False if key in taken else target.id
            )
            taken.add(key)
        self.flush_model()
