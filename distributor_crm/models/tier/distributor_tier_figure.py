# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class DistributorTierFigure(models.Model):
    """A figure of the day behind a change of tier: kept as it was, in words too."""

    _name = "distributor.tier.figure"
    _description = "Figure behind a Change of Tier"
    _order = "change_id, id"

    change_id = fields.Many2one(
        comodel_name="distributor.tier.change",
        required=True,
        index=True,
        ondelete="cascade",
    )
    condition = fields.Char(required=True)
    figure = fields.Float(digits=(16, 2))
    threshold = fields.Float(digits=(16, 2))
    is_met = fields.Boolean(string="Met")
