# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    @api.model
    def _update_foreign_keys(self, src_partners, dst_partner):
        # EXTENDS base: where two agents who are merged both bring somebody at this
        # moment, base would delete the visits of one.
        # All companies' visits are looked through.
        visits = self.env["distributor.visit"].sudo()
        running = visits.search(
            [
                ("agent_id", "in", (src_partners | dst_partner).ids),
                ("state", "in", ("arrived", "reception")),
                ("agent_left_at", "=", False),
            ]
        )
        running.filtered(
            lambda visit: visit.agent_id in src_partners
        ).agent_left_at = fields.Datetime.now()
        self.env.flush_all()
        return super()._update_foreign_keys(src_partners, dst_partner)
