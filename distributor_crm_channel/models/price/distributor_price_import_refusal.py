# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class DistributorPriceImportRefusal(models.Model):
    """A row that was not taken in, and why."""

    _name = "distributor.price.import.refusal"
    _description = "Refused Row"
    _order = "row, id"

    import_id = fields.Many2one(
        comodel_name="distributor.price.import",
        required=True,
        index=True,
        ondelete="cascade",
    )
    row = fields.Integer(required=True)
    reason = fields.Char(required=True)
