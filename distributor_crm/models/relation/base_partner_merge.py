# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, models


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    @api.model
    def _update_foreign_keys(self, src_partners, dst_partner):
        # EXTENDS base: where one row meets another, base deletes all rows of a contact.
        # All companies' rows are looked through.
        self.env["distributor.relation"].sudo()._join_for_merge(
            src_partners, dst_partner
        )
        self.env["distributor.survey.invitation"].sudo()._rename_for_merge(
            src_partners, dst_partner
        )
        return super()._update_foreign_keys(src_partners, dst_partner)
