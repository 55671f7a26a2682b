# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class DistributorVisitMethod(models.Model):
    """How somebody is visited: by appointment, unannounced, by phone … (R153)."""

    _name = "distributor.visit.method"
    _description = "Method of Visiting"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    is_remote = fields.Boolean(
        string="At a Distance",
        help="Nobody travels: place and photo prove nothing and are not asked for.",
    )
