# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ...territory import sql
from ...territory.places import normalize


class DistributorTerritory(models.Model):
    """The sales map: what is aimed at and sold, who is there, and where nobody is (A07)."""

    _inherit = "distributor.territory"

    profile_ids = fields.One2many(
        comodel_name="distributor.territory.profile",
        inverse_name="territory_id",
        string="Profiles",
    )
    profile_count = fields.Integer(compute="_compute_profile")
    profile_id = fields.Many2one(
        comodel_name="distributor.territory.profile",
        string="Profile This Year",
        compute="_compute_profile",
    )
    strategy = fields.Selection(related="profile_id.strategy")
    potential = fields.Monetary(related="profile_id.potential")
    potential_share = fields.Float(
        string="Share of Potential (%)", compute="_compute_share", digits=(16, 1)
    )
    outlet_count = fields.Integer(string="Outlets", compute="_compute_outlets")
    new_outlet_count = fields.Integer(
        string="New in 30 Days", compute="_compute_outlets"
    )
    city_count = fields.Integer(string="Cities That Matter", compute="_compute_outlets")
    covered_city_count = fields.Integer(compute="_compute_outlets")
    coverage = fields.Float(
        string="Covered (%)",
        compute="_compute_outlets",
        digits=(16, 0),
        help="Of the cities that matter, as this year's profile names them: how many have "
        "an outlet.",
    )
    white_cities = fields.Char(string="White Areas", compute="_compute_outlets")
    filing_count = fields.Integer(
        string="Cross-territory Filings", compute="_compute_filing_count"
    )
    overlap_ids = fields.Many2many(
        comodel_name="distributor.territory",
        string="Overlaps",
        compute="_compute_overlap_ids",
        help="Territories that share a place with this one. In a place that lies in "
        "several, the narrowest counts.",
    )

    def _compute_profile(self):
        year = fields.Date.context_today(self).year
        profiles = self.env["distributor.territory.profile"].search(
            [("territory_id", "in", self.ids)]
        )
        by_territory = profiles.grouped("territory_id")
        for territory in self:
            own = by_territory.get(territory, profiles.browse())
            territory.profile_count = len(own)
            territory.profile_id = own.filtered(lambda p: p.year == year)

    @api.depends("sales", "potential")
    def _compute_share(self):
        for territory in self:
            territory.potential_share = (
                100 * territory.sales / territory.potential
                if territory.potential
                else 0
            )

    def _compute_outlets(self):
        """Count outlets, and the cities that have one, with one statement for all."""
        found = {territory_id: rows for territory_id, *rows in self._count_outlets()}
        for territory in self:
            number, new, cities = found.get(territory.id, (0, 0, ()))
            wanted = territory.profile_id._get_cities() if territory.profile_id else []
            there = {city for city in cities or () if city}
            missing = [c.strip() for c in wanted if normalize(c, "")[0] not in there]
            territory.outlet_count = number
            territory.new_outlet_count = new
            territory.city_count = len(wanted)
            territory.covered_city_count = len(wanted) - len(missing)
            territory.coverage = (
                100 * territory.covered_city_count / len(wanted) if wanted else 0
            )
            territory.white_cities = ", ".join(missing)

    def _count_outlets(self):
        if not self.ids:
            return []
        self.env.flush_all()
        recent = fields.Date.context_today(self) - relativedelta(days=30)
        return self.env.execute_query(
            SQL(
                """
                SELECT own.id, COUNT(*), COUNT(*) FILTER (WHERE outlet.since >= %(recent)s),
                       array_agg(DISTINCT %(city)s)
                  FROM distributor_territory own
                  JOIN (%(outlets)s) outlet ON EXISTS (
                       SELECT FROM distributor_territory_area area
                        WHERE area.territory_id = own.id AND %(inside)s)
                 WHERE own.id = ANY(%(ids)s)
                   AND COALESCE(outlet.company_id, own.company_id) = own.company_id
                 GROUP BY 1
                """,
                recent=recent,
                city=sql.city(SQL("outlet.city")),
                outlets=sql.outlets(),
                inside=sql.lies_in(SQL("area"), SQL("outlet")),
                ids=self.ids,
            )
        )

    def _compute_filing_count(self):
        counts = dict(
            self.env["distributor.territory.filing"]._read_group(
                [("territory_id", "in", self.ids), ("state", "!=", "cancelled")],
                ["territory_id"],
                ["__count"],
            )
        )
        for territory in self:
            territory.filing_count = counts.get(territory, 0)

    @api.depends("area_ids")
    def _compute_overlap_ids(self):
        others = self.search([("company_id", "in", self.company_id.ids)])
        for territory in self:
            territory.overlap_ids = others.filtered(
                lambda other, territory=territory: (
                    other != territory._origin
                    and other.company_id == territory.company_id
                    and territory._overlaps(other)
                )
            )

    def action_view_coverage(self):
        """Open the outlets of these territories."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "distributor_crm_channel.distributor_territory_coverage_action"
        )
        return {
            **action,
            "domain": [("territory_id", "in", self.ids)],
            "context": {"search_default_group_county": 1},
        }

    def action_view_profiles(self):
        """Open the profiles of a territory, or a new one of this year."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "distributor_crm_channel.distributor_territory_profile_action"
        )
        action["domain"] = [("territory_id", "=", self.id)]
        action["context"] = {"default_territory_id": self.id}
        if not self.profile_count:
            action.update(view_mode="form", views=[(False, "form")])
        return action

    def action_view_filings(self):
        """Open the filings for sales into these territories."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "distributor_crm_channel.distributor_territory_filing_action"
        )
        return {**action, "domain": [("territory_id", "in", self.ids)], "context": {}}
