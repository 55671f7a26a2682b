# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, models


class DistributorEvidence(models.Model):
    _inherit = "distributor.evidence"

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        model = "distributor.price.observation"
        seen = records.filtered(lambda one: one.res_model == model).mapped("res_id")
        if seen:
            # A screenshot that comes later proves the case that is open already.
            self.env[model].sudo().browse(seen)._add_evidence()
        return records
