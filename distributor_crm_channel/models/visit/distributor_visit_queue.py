# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


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
    taken_count = fields.Integer(string="Received", readonly=True)

    _once = models.UniqueIndex(
        "(company_id, user_id)", "This receptionist is in the queue already."
    )
