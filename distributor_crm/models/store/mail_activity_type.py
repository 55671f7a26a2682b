# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class MailActivityType(models.Model):
    _inherit = "mail.activity.type"

    is_distributor_onboarding = fields.Boolean(
        string="Store Onboarding",
        help="A topic that a new store is trained in; it counts in its progress.",
    )
