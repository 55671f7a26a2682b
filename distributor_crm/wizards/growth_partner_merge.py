# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, models


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    @api.model
    def _update_foreign_keys(self, src_partners, dst_partner):
        # EXTENDS base: what the two have both of is told apart before keys collide.
        Duplicate = self.env["distributor.duplicate"].sudo()
        Duplicate._prepare_merge(src_partners, dst_partner)
        # Reckoned anew each night; the figures of one part would mislead.
        rows = self.env["distributor.portfolio"].sudo()
        rows.search([("partner_id", "in", src_partners.ids)]).unlink()
        self._close_adoptions(src_partners, dst_partner)
        return super()._update_foreign_keys(src_partners, dst_partner)

    def _close_adoptions(self, src_partners, dst_partner):
        """Drop offers for both by the same person: one of them is enough."""
        # Whose offers they are does not matter to the merge.
        offers = self.env["distributor.adoption"].sudo()
        waiting = offers.search(
            [
                ("partner_id", "in", (src_partners | dst_partner).ids),
                ("state", "=", "asked"),
            ]
        )
        for own in waiting.grouped("user_id").values():
            kept = own.filtered(lambda offer: offer.partner_id == dst_partner)[:1]
            (own - (kept or own[:1])).unlink()
        self.env.flush_all()
