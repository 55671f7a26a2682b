# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain


class DistributorApplication(models.Model):
    """Whom an applicant may be already: another application, a contact, a store (R219).

    Compared are the normalised phone, e-mail, licence or ID number, and shop address.
    Only reviewers see the outcome; to the applicant every answer is the same.
    """

    _inherit = "distributor.application"

    is_not_duplicate = fields.Boolean(
        string="Somebody Else",
        tracking=True,
        help="The reviewer looked at the suspected duplicates: none is the same person.",
    )
    duplicate_count = fields.Integer(compute="_compute_duplicates", compute_sudo=True)
    duplicate_summary = fields.Char(compute="_compute_duplicates", compute_sudo=True)
    is_blacklisted = fields.Boolean(
        string="Blacklisted", compute="_compute_duplicates", compute_sudo=True
    )
    blacklist_summary = fields.Char(compute="_compute_duplicates", compute_sudo=True)

    def _get_identity_domain(self):
        """Return the domain of the other applications of the same person or shop."""
        self.ensure_one()
        domains = []
        for name in ("phone_sanitized", "email_normalized", "id_number_normalized"):
            if self[name]:
                domains.append(Domain(name, "=", self[name]))
        urls = [url for url in self.shop_ids.mapped("url_normalized") if url]
        if urls:
            domains.append(Domain("shop_ids.url_normalized", "in", urls))
        # Without any mark nobody is the same: OR of nothing finds nothing.
        return Domain.OR(domains) & Domain("id", "!=", self._origin.id)

    def _find_duplicates(self):
        """Return the other applications and the contacts that may be the same person.

        :return: (applications, contacts), with full rights
        """
        self.ensure_one()
        me = self.sudo()  # a duplicate is one whoever looks after it
        company = Domain("company_id", "=", me.company_id.id)
        others = me.with_context(active_test=False).search(
            me._get_identity_domain() & company & Domain("state", "!=", "draft")
        )
        others -= others.filtered(lambda other: other.state == "withdrawn")
        partners = me._find_partners() | others.partner_id
        return others, partners - me.partner_id

    def _find_partners(self):
        me = self
        domains = []
        for number in me._get_phone_spellings():
            # Compared without blanks and signs, by the index that Odoo keeps for it.
            domains.append(Domain("phone_mobile_search", "=", number))
        if me.email_normalized:
            domains.append(Domain("email_normalized", "=", me.email_normalized))
        if me.id_number_normalized:
            numbers = list({me.id_number_normalized, me.id_number})
            domains.append(Domain("vat", "in", numbers))
            domains.append(Domain("company_registry", "in", numbers))
        urls = [
            f"{scheme}{prefix}{url}"
            for url in me.shop_ids.mapped("url_normalized")
            if url
            for scheme in ("https://", "http://")
            for prefix in ("", "www.")
        ]
        if urls:
            domains.append(Domain("website", "in", urls))
        if not domains:
            return self.env["res.partner"]
        found = (
            self.env["res.partner"]
            .with_context(active_test=False)
            .search(
                Domain.OR(domains)
                & Domain("company_id", "in", [False, me.company_id.id])
                & Domain("ref_company_ids", "=", False)
            )
        )
        return found.commercial_partner_id

    @api.depends(
        "phone_sanitized",
        "email_normalized",
        "id_number_normalized",
        "shop_ids.url_normalized",
        "partner_id",
    )
    def _compute_duplicates(self):
        for application in self:
            others, partners = application._find_duplicates()
            stores = application._get_stores_of(partners)
            application.duplicate_count = len(others) + len(partners)
            application.duplicate_summary = application._describe_duplicates(
                others, partners, stores
            )
            black = (partners | application.partner_id).filtered(
                "is_blacklisted_distributor"
            )
            application.is_blacklisted = bool(black)
            application.blacklist_summary = "; ".join(
                f"{partner.name}: {partner.blacklist_reason}" for partner in black
            )

    def _get_stores_of(self, partners):
        return self.env["distributor.store"].search(
            [
                ("partner_id", "in", partners.ids),
                ("company_id", "=", self.company_id.id),
            ]
        )

    def _describe_duplicates(self, others, partners, stores):
        states = dict(self._fields["state"]._description_selection(self.env))
        same = defaultdict(list)
        for other in others[:5]:
            text = f"{other.display_name} ({states[other.state]})"
            if other.reapply_from and other.state == "refused":
                text = self.env._(
                    "%(application)s (refused, may apply again from %(day)s)",
                    application=other.display_name,
                    day=other.reapply_from,
                )
            same["applications"].append(text)
        parts = [
            *same["applications"],
            *(partner.display_name for partner in partners[:5]),
            *(self.env._("store %s", store.name) for store in stores[:5]),
        ]
        return ", ".join(parts) or False

    def _check_no_duplicate_left(self):
        """Check that a reviewer has decided about suspected duplicates.

        :raises UserError: they are open, or the applicant is on the blacklist
        """
        if self.is_blacklisted:
            raise UserError(
                self.env._(
                    "%(applicant)s is on the blacklist (%(reason)s). Refuse the "
                    "application, or have a sales manager take the entry off.",
                    applicant=self.name,
                    reason=self.blacklist_summary,
                )
            )
        if self.duplicate_count and not self.is_not_duplicate and not self.partner_id:
            raise UserError(
                self.env._(
                    "%(applicant)s may be known already: %(duplicates)s. Choose the "
                    "contact as Distributor, or tick “Somebody Else”.",
                    applicant=self.name,
                    duplicates=self.duplicate_summary,
                )
            )

    def _warn_of_duplicates(self):
        """Note suspected duplicates in the chatter, for the reviewer."""
        for application in self:
            if application.is_blacklisted:
                application._message_log(
                    body=application.env._(
                        "On the blacklist: %s", application.blacklist_summary
                    )
                )
            elif application.duplicate_count:
                application._message_log(
                    body=application.env._(
                        "May be known already: %s", application.duplicate_summary
                    )
                )

    def action_view_duplicates(self):
        """Open the other applications of the same person; else the contacts."""
        self.ensure_one()
        others, partners = self._find_duplicates()
        # Opened with the user's own rights: the list shows what he may see.
        found = (others or partners).with_env(self.env)
        if others:
            return found._get_records_action(name=self.env._("Possible Duplicates"))
        return found._get_records_action(name=self.env._("Known Contacts"))
