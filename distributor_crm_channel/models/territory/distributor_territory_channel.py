# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class DistributorTerritoryChannel(models.Model):
    """By what way goods reach the shopper: shops, restaurants, online (R122)."""

    _name = "distributor.territory.channel"
    _description = "Sales Channel"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)

    _name_unique = models.UniqueIndex(
        "(name)", "There is a channel of this name already."
    )
