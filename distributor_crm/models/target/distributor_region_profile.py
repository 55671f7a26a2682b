# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import re

from odoo import api, fields, models
from odoo.exceptions import ValidationError


class DistributorRegionProfile(models.Model):
    """What is known of a region in a year: what it could buy, and who is there (A06)."""

    _name = "distributor.region.profile"
    _description = "Profile of a Region"
    _inherit = ["mail.thread"]
    _order = "year desc, potential desc, id"
    _check_company_auto = True

    year = fields.Integer(
        required=True,
        default=lambda self: fields.Date.context_today(self).year,
        aggregator=None,
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    country_id = fields.Many2one(
        comodel_name="res.country",
        required=True,
        index=True,
        default=lambda self: self.env.company.country_id,
        ondelete="restrict",
    )
    state_id = fields.Many2one(
        comodel_name="res.country.state",
        string="Province",
        ondelete="restrict",
        domain="[('country_id', '=', country_id)]",
        index="btree_not_null",
        help="Leave empty for a country that you do not divide.",
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Regional Manager",
        domain=[("share", "=", False)],
        check_company=True,
        help="The one person who knows every distributor of this region.",
    )
    potential = fields.Monetary(
        tracking=True,
        help="What all distributors of this region together could buy of such goods in a "
        "year, from whomever.",
    )
    cities = fields.Text(
        string="Cities That Matter",
        help="One a line, or with commas between. Those without a distributor are counted.",
    )
    competition = fields.Text(help="Who else sells here, how much, and on what terms.")
    industry = fields.Text(help="Who buys, what for, and how this changes.")
    resources = fields.Text(
        string="Own Resources", help="People, stock, budget and relations we have here."
    )
    plan = fields.Text(help="What we want to do here this year.")

    _once = models.UniqueIndex(
        "(company_id, year, country_id, COALESCE(state_id, 0))",
        "This region has a profile of this year already.",
    )
    _potential_positive = models.Constraint(
        "CHECK(potential >= 0)", "A potential is zero at least."
    )
    _year_sane = models.Constraint(
        "CHECK(year BETWEEN 2000 AND 2100)", "Enter a year such as 2026."
    )

    @api.depends("country_id", "state_id", "year")
    def _compute_display_name(self):
        for profile in self:
            place = profile.state_id or profile.country_id
            profile.display_name = f"{place.display_name or ''} {profile.year or ''}"

    @api.constrains("year", "company_id", "country_id", "state_id")
    def _check_one_level(self):
        """A country is one region in a year, or its provinces are: never both."""
        for profile in self:
            if profile.state_id and profile.state_id.country_id != profile.country_id:
                raise ValidationError(
                    self.env._(
                        "%(state)s is not in %(country)s.",
                        state=profile.state_id.name,
                        country=profile.country_id.name,
                    )
                )
            other = self.search(
                [
                    ("id", "!=", profile.id),
                    ("company_id", "=", profile.company_id.id),
                    ("year", "=", profile.year),
                    ("country_id", "=", profile.country_id.id),
                    ("state_id", "=" if profile.state_id else "!=", False),
                ],
                limit=1,
            )
            if other:
                raise ValidationError(
                    self.env._(
                        "%(country)s has a profile as a whole and one of a province, so "
                        "sales would count twice. Keep one of the two.",
                        country=profile.country_id.name,
                    )
                )

    @api.onchange("country_id")
    def _onchange_country_id(self):
        if self.state_id.country_id != self.country_id:
            self.state_id = False

    def _get_cities(self) -> list[str]:
        """Return the cities that matter."""
        self.ensure_one()
        return self._split_cities(self.cities)

    @api.model
    def _split_cities(self, text) -> list[str]:
        """Return the cities that a text names, one a line or with commas between."""
        return [city for city in re.split(r"[\n,;，、；]", text or "") if city.strip()]

    def action_view_region(self):
        """Open the figures of this region and year."""
        self.ensure_one()
        return {
            **self.env["ir.actions.act_window"]._for_xml_id(
                "distributor_crm.distributor_region_report_action"
            ),
            "domain": [("profile_id", "in", self.ids)],
            "context": {},
        }

    def action_next_year(self):
        """Copy profiles for the year after, and open what was made."""
        self.check_access("write")
        made = self.browse()
        for profile in self:
            made |= profile.copy({"year": profile.year + 1})
        return made._get_records_action(name=self.env._("Profiles of Next Year"))
