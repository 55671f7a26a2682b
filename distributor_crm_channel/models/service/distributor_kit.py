# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models


class DistributorKit(models.Model):
    """Where products are authorized, a distributor takes the data of his own (R168)."""

    _inherit = "distributor.kit"

    def _get_files(self, partner):
        # EXTENDS distributor_crm
        files = super()._get_files(partner)
        # What a distributor may sell does not depend on who asks.
        Authorization = self.env["distributor.authorization"].sudo()
        of_company = [("company_id", "in", (False, self.company_id.id))]
        if not Authorization.search_count(of_company, limit=1):
            return files  # this company authorizes nobody by product
        held = Authorization.search(
            [
                *of_company,
                ("partner_id", "=", partner.id),
                ("state", "in", ("in_force", "expiring")),
            ]
        )
        if any(not authorization.categ_id for authorization in held):
            return files
        allowed = self.env["product.category"].search(
            [("id", "child_of", held.categ_id.ids)]
        )
        return files.filtered(
            lambda file: not file.categ_id or file.categ_id in allowed
        )
