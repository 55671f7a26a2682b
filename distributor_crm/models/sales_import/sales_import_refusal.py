# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class SalesImportRefusal(models.Model):
    """An order that could be read but not invoiced, and what Odoo said about it."""

    _name = "distributor.sales.import.refusal"
    _description = "Sales Import Refusal"

    import_id = fields.Many2one(
        comodel_name="distributor.sales.import",
        required=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(related="import_id.company_id", store=True)
    order_number = fields.Char(required=True)
    reason = fields.Text(required=True)
