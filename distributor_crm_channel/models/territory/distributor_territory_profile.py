# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models


class DistributorTerritoryProfile(models.Model):
    """What is known of a territory in a year: potential, competition, industry and own
    resources (A06). Profiles of provinces stand in `distributor.region.profile`; a
    territory's begins with what they say."""

    _name = "distributor.territory.profile"
    _description = "Profile of a Territory"
    _inherit = ["mail.thread"]
    _order = "year desc, potential desc, id"
    _check_company_auto = True

    territory_id = fields.Many2one(
        comodel_name="distributor.territory",
        required=True,
        index=True,
        ondelete="cascade",
        check_company=True,
    )
    company_id = fields.Many2one(
        related="territory_id.company_id", store=True, index=True, precompute=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    user_id = fields.Many2one(related="territory_id.user_id")
    year = fields.Integer(
        required=True,
        default=lambda self: fields.Date.context_today(self).year,
        aggregator=None,
    )
    potential = fields.Monetary(
        tracking=True,
        help="What all distributors here together could buy of such goods in a year, from "
        "whomever. Begins with the sum of the provinces' profiles.",
    )
    consumers = fields.Text(help="Who drinks or uses it, when, and what decides.")
    competition = fields.Text(
        help="Who else sells here, how much, and on what terms.",
    )
    industry = fields.Text(
        help="Who buys, what for, and how this changes.",
    )
    resources = fields.Text(
        string="Own Resources",
        help="People, stock, budget and relations we have here.",
    )
    cities = fields.Text(
        string="Cities That Matter",
        help="Cities and counties, one a line or with commas between. Those without an "
        "outlet are white areas.",
    )
    strategy = fields.Selection(
        selection=[
            ("push", "Push Forward"),
            ("nibble", "Nibble Away"),
            ("hold", "Hold"),
            ("leave", "Leave"),
        ],
        help="Push forward: everywhere at once, with force. Nibble away: county by "
        "county, from where we are strong.",
    )
    plan = fields.Text(help="What we want to do here this year.")
    sales = fields.Monetary(compute="_compute_share")
    share = fields.Float(
        string="Share (%)",
        compute="_compute_share",
        digits=(16, 1),
        help="Sales of this year, of the potential. Of the current year alone.",
    )

    _once = models.UniqueIndex(
        "(territory_id, year)", "This territory has a profile of this year already."
    )
    _potential_positive = models.Constraint(
        "CHECK(potential >= 0)", "A potential is zero at least."
    )
    _year_sane = models.Constraint(
        "CHECK(year BETWEEN 2000 AND 2100)", "Enter a year such as 2026."
    )

    @api.depends("territory_id", "year")
    def _compute_display_name(self):
        for profile in self:
            profile.display_name = f"{profile.territory_id.name or ''} {profile.year}"

    @api.model_create_multi
    def create(self, vals_list):
        profiles = super().create(vals_list)
        for profile in profiles:
            profile._fill_from_regions()
        return profiles

    @api.onchange("territory_id", "year")
    def _fill_from_regions(self):
        """Begin with what the provinces' profiles say; what somebody wrote stays."""
        if not self.territory_id:
            return
        regions = self._find_regions()
        found = {"potential": sum(regions.mapped("potential"))} | {
            name: "\n".join(filter(None, regions.mapped(name)))
            for name in ("competition", "industry", "resources", "cities")
        }
        self.update({name: text for name, text in found.items() if not self[name]})

    def _find_regions(self):
        """Return the profiles of the provinces that lie in the territory as a whole."""
        whole = self.territory_id.area_ids.filtered(lambda area: not area._list_parts())
        regions = self.env["distributor.region.profile"].search(
            [
                ("company_id", "=", self.territory_id.company_id.id),
                ("year", "=", self.year),
                ("country_id", "in", whole.country_id.ids),
            ]
        )
        places = {(area.country_id, area.state_id) for area in whole}
        return regions.filtered(
            lambda region: (
                (region.country_id, region.state_id) in places
                or (region.country_id, region.state_id.browse()) in places
            )
        )

    def _compute_share(self):
        this_year = fields.Date.context_today(self).year
        for profile in self:
            is_now = profile.year == this_year
            profile.sales = profile.territory_id.sales if is_now else 0
            profile.share = (
                100 * profile.sales / profile.potential if profile.potential else 0
            )

    def _get_cities(self):
        """Return the cities that matter, each as it was written."""
        return self.env["distributor.region.profile"]._split_cities(self.cities)

    def action_next_year(self):
        """Copy profiles for the year after, and open what was made."""
        self.check_access("write")
        made = self.browse()
        for profile in self:
            made |= profile.copy({"year": profile.year + 1})
        return made._get_records_action(name=self.env._("Profiles of Next Year"))
