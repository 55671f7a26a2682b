# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from odoo.addons.distributor_crm.validity import valid_domain


class DistributorVisitVersion(models.AbstractModel):
    """Terms that hold from a day, for one agency or for all of them (R074).

    They are never edited once something was judged by them: the company adjusts them
    with a new version, and what happened before keeps the old one.
    """

    _name = "distributor.visit.version"
    _description = "Version of Visit Terms"
    _order = "date_from desc, id desc"
    _check_company_auto = True

    # What may be changed at any time.
    _open_fields = frozenset({"name", "note", "active", "date_to"})

    name = fields.Char(required=True, default=lambda self: self._get_default_name())
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    agency_id = fields.Many2one(
        comodel_name="res.partner",
        index="btree_not_null",
        ondelete="restrict",
        domain=[("is_visit_agency", "=", True)],
        check_company=True,
        help="Empty: for all agencies that have no terms of their own.",
    )
    date_from = fields.Date(
        string="From", required=True, default=fields.Date.context_today
    )
    date_to = fields.Date(string="Until", help="Empty: until a newer version begins.")
    note = fields.Text()
    is_used = fields.Boolean(
        string="In Use",
        compute="_compute_is_used",
        help="Something was judged by it already: adjust it with a new version.",
    )

    @api.model
    def _get_default_name(self):
        return self._description

    def _compute_is_used(self):
        used = self._get_used_ids()
        for version in self:
            version.is_used = version.id in used

    def _get_used_ids(self):
        """Hook: return the ids of those of these versions that something was judged by."""
        return set()

    def _get_version_key(self):
        """Hook: return what versions follow each other in."""
        return (self.company_id, self.agency_id)

    @api.constrains("date_from", "date_to")
    def _check_dates(self):
        for version in self:
            if version.date_to and version.date_to < version.date_from:
                raise ValidationError(
                    self.env._("“%s” would end before it begins.", version.name)
                )

    def write(self, vals):
        if vals.keys() - self._open_fields:
            self._check_unused()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        self._check_unused()

    def _check_unused(self):
        used = self._get_used_ids()
        if wrong := self.filtered(lambda version: version.id in used):
            raise UserError(
                self.env._(
                    "Visits or checks were judged by “%s”: it stays as it is. Make a new "
                    "version that holds from a later day.",
                    wrong[0].name,
                )
            )

    def action_new_version(self):
        """Copy these terms into a version that begins after all others of theirs."""
        self.ensure_one()
        last = max(
            self.search(
                [
                    ("company_id", "=", self.company_id.id),
                    ("agency_id", "=", self.agency_id.id),
                ]
            )
            .filtered(lambda other: other._get_version_key() == self._get_version_key())
            .mapped("date_from")
            + [self.date_from]
        )
        today = fields.Date.context_today(self)
        start = max(today, last + timedelta(days=1))
        return self.copy({"date_from": start, "date_to": False})._get_records_action()

    @api.model
    def _find_version(self, company, agency, day, **values):
        """Return the terms of an agency on a day: its own before those for all.

        :param agency: partner, may be empty
        :param day: date
        :param values: other fields that have to be equal
        """
        domain = valid_domain(day, day) & Domain(
            [
                ("company_id", "=", company.id),
                ("agency_id", "in", [False, *agency.ids]),
                *((name, "=", value) for name, value in values.items()),
            ]
        )
        # Whoever is judged by terms need not be able to read them.
        found = self.sudo().search(domain)
        return found.sorted(
            lambda one: (bool(one.agency_id), one.date_from, one.id), reverse=True
        )[:1]
