# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import Command, models
from odoo.exceptions import UserError


class DistributorApplication(models.Model):
    """What a reviewer does about an applicant who is known: use or merge (R219)."""

    _inherit = "distributor.application"

    def action_compare(self):
        """Show the contacts that the applicant may be, to use or merge one of them."""
        self.ensure_one()
        self._check_reviewer()
        me = self.sudo()  # a duplicate is one whoever looks after it
        _others, partners = me._find_duplicates()[self.id]
        if not partners:
            return self.action_view_duplicates()
        own = me._get_marks()
        marks = me._search_partners(me._group_marks(own))
        match = self.env["distributor.application.match"].create(
            {
                "application_id": self.id,
                "line_ids": [
                    Command.create(
                        {
                            "partner_id": partner.id,
                            "shared": self._name_marks(own & marks[partner]),
                        }
                    )
                    for partner in partners
                ],
            }
        )
        return match._get_records_action(
            name=self.env._("Known Contacts"),
            target="new",
            context={"dialog_size": "extra-large"},
        )

    def _name_marks(self, marks):
        """Return the kinds of marks in words, those that certify most first."""
        Mark = self.env["distributor.duplicate.mark"]
        labels = Mark._fields["kind"]._description_selection(self.env)
        kinds = {kind for kind, value in marks if value}
        return ", ".join(label for kind, label in labels if kind in kinds)

    def _use_partner(self, partner):
        """Tie an application to a known contact, who becomes its distributor.

        His account on the portal, his tier and who looks after him stay.

        :raises UserError: it is decided already, or the contact cannot be used
        """
        self.ensure_one()
        self._check_reviewer()
        self._check_state("submitted", "verified", "negotiation", "waiting")
        self._check_partner_usable(partner)
        self.partner_id = partner
        self._message_log(
            body=self.env._("Applies as the known contact %s.", partner.display_name)
        )

    def _check_partner_usable(self, partner):
        """Check that a contact may be the distributor of this application.

        :raises UserError: blacklisted, archived, of another company, or part of one
        """
        if partner.is_blacklisted_distributor:
            raise UserError(
                self.env._("%s is on the blacklist of distributors.", partner.name)
            )
        if not partner.active:
            raise UserError(
                self.env._("%s is archived. Restore the contact first.", partner.name)
            )
        if partner != partner.commercial_partner_id:
            raise UserError(
                self.env._(
                    "%(contact)s is a contact of %(company)s: use the latter.",
                    contact=partner.name,
                    company=partner.commercial_partner_id.name,
                )
            )
        if partner.company_id and partner.company_id != self.company_id:
            raise UserError(self.env._("%s belongs to another company.", partner.name))
