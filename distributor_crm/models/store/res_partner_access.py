# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models
from odoo.tools import email_normalize


class ResPartner(models.Model):
    """What a distributor gets when a store opens: a tier, its prices, an account."""

    _inherit = "res.partner"

    def _take_tier(self, grade):
        """Give distributors without a tier this one, and to all the prices of theirs.

        A price list that was agreed with one of them stays.

        :param grade: of the agreement, possibly none
        """
        for partner in self:
            if grade and not partner.grade_id:
                # This sets the price list of the current company with it.
                partner.grade_id = grade
            pricelist = partner.grade_id.default_pricelist_id
            if pricelist and not partner.specific_property_product_pricelist:
                partner.specific_property_product_pricelist = pricelist

    def _get_portal_contact(self):
        """Return who of this distributor gets the account: a person with an e-mail."""
        self.ensure_one()
        people = self.child_ids.filtered(
            lambda child: child.type == "contact" and email_normalize(child.email)
        )
        return people[:1] if self.is_company and people else self

    def _grant_portal_access(self):
        """Invite a distributor to the portal, where nobody of his has access yet.

        An account of the same e-mail is left alone: it may be somebody else's.

        :return: what a person has to clear up, as text; None when all is well
        """
        self.ensure_one()
        everybody = self | self.child_ids
        if everybody.user_ids:
            return None
        contact = self._get_portal_contact()
        wizard = self.env["portal.wizard"].create({"partner_ids": contact.ids})
        access = wizard.user_ids
        if access.email_state == "ko":
            return self.env._(
                "%s has no valid e-mail address. Enter one and grant portal access.",
                contact.name,
            )
        if access.email_state == "exist":
            return self.env._(
                "Somebody logs in as %(email)s already. Find out whether that is "
                "%(name)s, and link the contact or ask for another address.",
                email=contact.email,
                name=contact.name,
            )
        access.action_grant_access()
        return None
