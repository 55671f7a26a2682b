# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, models


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    @api.model
    def _update_foreign_keys(self, src_partners, dst_partner):
        # EXTENDS base: cases follow; all companies' are looked through.
        self.env["distributor.violation"].sudo()._prepare_merge(
            src_partners, dst_partner
        )
        return super()._update_foreign_keys(src_partners, dst_partner)
