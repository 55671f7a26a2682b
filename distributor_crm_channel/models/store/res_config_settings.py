# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    store_link_rule = fields.Selection(
        related="website_id.store_link_rule", readonly=False
    )
    store_link_days = fields.Integer(
        related="website_id.store_link_days", readonly=False
    )
    store_binding = fields.Selection(related="website_id.store_binding", readonly=False)
    store_binding_rule = fields.Selection(
        related="website_id.store_binding_rule", readonly=False
    )
    store_binding_days = fields.Integer(
        related="website_id.store_binding_days", readonly=False
    )
    store_own_orders = fields.Boolean(
        related="website_id.store_own_orders", readonly=False
    )
