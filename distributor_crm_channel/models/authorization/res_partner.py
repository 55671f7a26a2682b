# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models


class ResPartner(models.Model):
    """Nothing that hangs on a distributor who was taken off stays valid (R181, R184)."""

    _inherit = "res.partner"

    def _get_authorization_obstacle(self, company):
        """Return why a distributor may not hold an authorization; empty if he may.

        :param company: that authorizes
        """
        self.ensure_one()
        partner = self.sudo().commercial_partner_id  # the public page asks, too
        if partner.is_blacklisted_distributor:
            return self.env._("%s is on the blacklist of distributors.", partner.name)
        if not self.sudo().is_distributor or not partner.active:
            return self.env._("%s is no distributor.", partner.name)
        if partner.has_reduced_access:
            return self.env._(
                "The agreement of %s is over. Sign a new one first.", partner.name
            )
        holds = partner._get_distributor_holds("store", company)
        return "; ".join(holds.get(partner, []))

    def _blacklist_distributor(self, reason, legal_basis):
        # EXTENDS distributor_crm
        result = super()._blacklist_distributor(reason, legal_basis)
        for partner in self:
            self.env["distributor.authorization"]._withdraw_of(partner, reason, partner)
        return result

    def write(self, vals):
        result = super().write(vals)
        ends = vals.get("is_distributor", True) and vals.get("active", True)
        if not ends:
            self.env["distributor.authorization"]._withdraw_of(
                self, self.env._("The co-operation has ended.")
            )
        return result
