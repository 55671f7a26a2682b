# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, models, tools


class TierValidationException(models.Model):
    _inherit = "tier.validation.exception"

    @api.model
    @tools.ormcache()
    def _get_excepted_models(self):
        """Return the names of the models with exceptions: rarely any, asked each write."""
        # sudo: who writes a document need not see its exceptions
        return frozenset(
            self.sudo().search([("model_name", "!=", False)]).mapped("model_name")
        )

    @api.model_create_multi
    def create(self, vals_list):
        self.env.registry.clear_cache()
        return super().create(vals_list)

    def write(self, vals):
        self.env.registry.clear_cache()
        return super().write(vals)

    def unlink(self):
        self.env.registry.clear_cache()
        return super().unlink()
