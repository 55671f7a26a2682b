# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...identity import PHONE_SIGNS, normalize_number


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

    def _get_marks(self):
        """Return what tells a person or shop, as {(kind, value)}; needs full rights."""
        self.ensure_one()
        marks = {("phone", number) for number in self._get_phone_spellings()}
        marks.add(("email", self.email_normalized))
        marks.add(("number", self.id_number_normalized))
        marks |= {("url", url) for url in self.shop_ids.mapped("url_normalized")}
        return {mark for mark in marks if mark[1]}

    def _find_duplicates(self):
        """Return whom each of these applicants may be already; a few queries for all.

        :return: {application id: (other applications, contacts)}, with full rights
        """
        me = self.sudo()  # a duplicate is one whoever looks after it
        marks = {application: application._get_marks() for application in me}
        wanted = self._group_marks(set().union(*marks.values()))
        others = me._search_applications(wanted)
        known = {other: other._get_marks() for other in others}
        partners = me._search_partners(wanted)
        found = {}
        for application, mine in marks.items():
            same = others.browse(
                other.id
                for other, theirs in known.items()
                if other != application._origin
                and other.company_id == application.company_id
                and mine & theirs
            )
            contacts = same.partner_id.union(
                *(partner for partner, theirs in partners.items() if mine & theirs)
            )
            found[application.id] = (same, contacts - application.partner_id)
        return found

    @api.model
    def _group_marks(self, marks):
        """Return marks as {kind: values}, each kind that is asked for there."""
        wanted = defaultdict(set)
        for kind, value in marks:
            wanted[kind].add(value)
        return wanted

    def _search_applications(self, wanted):
        """Return the submitted applications that carry any of the marks."""
        fields_of = {
            "phone": "phone_sanitized",
            "email": "email_normalized",
            "number": "id_number_normalized",
            "url": "shop_ids.url_normalized",
        }
        domain = Domain.OR(
            Domain(fields_of[kind], "in", list(values))
            for kind, values in wanted.items()
        )
        return self.with_context(active_test=False).search(
            domain
            & Domain("company_id", "in", self.company_id.ids)
            & Domain("state", "not in", ["draft", "withdrawn"])
        )

    def _search_partners(self, wanted):
        """Return {company or person: marks} of the contacts that carry any of them."""
        numbers = list(
            wanted["number"] | set(self.filtered("id_number").mapped("id_number"))
        )
        sites = {
            f"{scheme}{prefix}{url}": url
            for url in wanted["url"]
            for scheme in ("https://", "http://")
            for prefix in ("", "www.")
        }
        domain = Domain.OR(
            [
                # Compared without blanks and signs, by the index Odoo keeps for it.
                *(Domain("phone_mobile_search", "=", n) for n in wanted["phone"]),
                Domain("email_normalized", "in", list(wanted["email"])),
                Domain("vat", "in", numbers),
                Domain("company_registry", "in", numbers),
                Domain("website", "in", list(sites)),
            ]
        )
        found = (
            self.env["res.partner"]
            .with_context(active_test=False)
            .search(
                domain
                & Domain("company_id", "in", [False, *self.company_id.ids])
                & Domain("ref_company_ids", "=", False)
            )
        )
        marks = defaultdict(set)
        for partner in found:
            marks[partner.commercial_partner_id] |= {
                ("phone", PHONE_SIGNS.sub("", partner.phone or "")),
                ("email", partner.email_normalized),
                ("number", normalize_number(partner.vat)),
                ("number", normalize_number(partner.company_registry)),
                ("url", sites.get(partner.website)),
            }
        return marks

    @api.depends(
        "phone_sanitized",
        "email_normalized",
        "id_number_normalized",
        "shop_ids.url_normalized",
        "partner_id",
    )
    def _compute_duplicates(self):
        found = self._find_duplicates()
        everybody = self.env["res.partner"].union(*(both[1] for both in found.values()))
        stores_of = self.env["distributor.store"].search(
            [("partner_id", "in", everybody.ids)]
        )
        for application in self:
            others, partners = found[application.id]
            stores = stores_of.filtered(
                lambda store, application=application, partners=partners: (
                    store.partner_id in partners
                    and store.company_id == application.company_id
                )
            )
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
        others, partners = self._find_duplicates()[self.id]
        # Opened with the user's own rights: the list shows what he may see.
        found = (others or partners).with_env(self.env)
        if others:
            return found._get_records_action(name=self.env._("Possible Duplicates"))
        return found._get_records_action(name=self.env._("Known Contacts"))
