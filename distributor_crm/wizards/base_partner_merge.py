# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, models


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    @api.model
    def _update_foreign_keys(self, src_partners, dst_partner):
        # EXTENDS base: where signed agreements or histories collide, base would delete.
        Agreement = self.env["distributor.agreement"].sudo()
        Agreement._check_merge(src_partners | dst_partner)
        self.env["distributor.assignment"].sudo()._prepare_merge(
            src_partners, dst_partner
        )
        Evaluation = self.env["distributor.evaluation"].sudo()
        Evaluation._prepare_merge(src_partners, dst_partner)
        Target = self.env["distributor.target"].sudo()
        Target._prepare_merge(src_partners, dst_partner)
        # Where two statements of a period collide, base would delete one.
        Statement = self.env["distributor.rebate.statement"].sudo()
        Statement._prepare_merge(src_partners, dst_partner)
        result = super()._update_foreign_keys(src_partners, dst_partner)
        self.env["distributor.rebate.change"]._note(dst_partner)
        return result
