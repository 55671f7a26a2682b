# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class DistributorCompetitorCategory(models.Model):
    """A kind of competitor, with the characteristics that are noted of each (R220)."""

    _name = "distributor.competitor.category"
    _description = "Kind of Competitor"
    _order = "sequence, id"

    sequence = fields.Integer(default=10)
    name = fields.Char(required=True, translate=True)
    characteristic_definition = fields.PropertiesDefinition(string="Characteristics")
