# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models


class DistributorVisitQueue(models.Model):
    """Who receives the next customer: the first, position A, then he goes last (R066)."""

    _name = "distributor.visit.queue"
    _description = "Position of a Receptionist"
    _order = "company_id, position, id"
    _rec_name = "user_id"

    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Receptionist",
        required=True,
        ondelete="cascade",
        domain=[("share", "=", False)],
    )
    position = fields.Integer(default=10)
    on_duty = fields.Boolean(default=True)
    last_taken_at = fields.Datetime(readonly=True)
    taken_count = fields.Integer(string="Customers Received", readonly=True)

    _once = models.UniqueIndex(
        "(company_id, user_id)", "This receptionist is in the queue already."
    )

    @api.model
    def _take(self, visit):
        """Return who receives a visit: the first who is free, and let him go last.

        :return: an empty user where nobody is free, on duty and of another house
        """
        busy = (
            self.env["distributor.visit"]
            .search(
                [
                    ("company_id", "=", visit.company_id.id),
                    ("user_id", "!=", False),
                    ("kind", "in", ("promoter", "external")),
                    ("state", "in", ("arrived", "reception")),
                    ("left_at", "=", False),
                ]
            )
            .user_id
        )
        waiting = self.search(
            [
                ("company_id", "=", visit.company_id.id),
                ("on_duty", "=", True),
                ("user_id.active", "=", True),
                ("user_id", "not in", busy.ids),
            ]
        ).filtered(lambda one: not visit._is_of_agency(one.user_id))
        first = waiting.sorted(
            lambda one: (
                one.last_taken_at or fields.Datetime.from_string("1970-01-01"),
                one.position,
                one.id,
            )
        )[:1]
        # Two who arrive at once do not get the same receptionist: whoever comes second
        # fails on this row and is started anew by Odoo.
        first.write(
            {
                "last_taken_at": fields.Datetime.now(),
                "taken_count": first.taken_count + 1,
            }
        )
        return first.user_id
