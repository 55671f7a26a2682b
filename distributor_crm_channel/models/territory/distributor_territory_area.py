# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError


class DistributorTerritoryArea(models.Model):
    """A country, or the part of it that a state, a city or a postal prefix leaves."""

    _name = "distributor.territory.area"
    _description = "Area of a Sales Territory"
    _order = "territory_id, country_id, state_id, id"

    territory_id = fields.Many2one(
        comodel_name="distributor.territory",
        required=True,
        index=True,
        ondelete="cascade",
    )
    country_id = fields.Many2one(
        comodel_name="res.country",
        required=True,
        index=True,
        ondelete="restrict",
    )
    state_id = fields.Many2one(
        comodel_name="res.country.state",
        compute="_compute_state_id",
        store=True,
        readonly=False,
        index="btree_not_null",
        ondelete="restrict",
        domain="[('country_id', '=?', country_id)]",
        help="Leave empty for the whole country.",
    )
    city = fields.Char(help="One city. Leave empty for all.")
    zip_prefix = fields.Char(
        string="Postal Prefix",
        help="What the postal codes of the area start with. Leave empty for all.",
    )

    @api.depends("country_id")
    def _compute_state_id(self):
        for area in self:
            if area.country_id and area.state_id.country_id != area.country_id:
                area.state_id = False

    @api.depends("country_id", "state_id", "city", "zip_prefix")
    def _compute_display_name(self):
        for area in self:
            # A state's own name is enough: it names the country in brackets.
            place = area.state_id or area.country_id
            parts = (place.display_name, area._list_parts())
            area.display_name = ": ".join(filter(None, parts))

    def _list_parts(self):
        """Name the cities and postal prefixes, as in ``London SW1…, Oxford``."""
        parts = (
            (area.city, area.zip_prefix and f"{area.zip_prefix}…") for area in self
        )
        return ", ".join(filter(None, (" ".join(filter(None, p)) for p in parts)))

    @api.constrains("country_id", "state_id")
    def _check_state_id(self):
        for area in self:
            if area.state_id and area.state_id.country_id != area.country_id:
                raise ValidationError(
                    self.env._(
                        "%(state)s is not in %(country)s.",
                        state=area.state_id.name,
                        country=area.country_id.name,
                    )
                )

    @api.constrains("territory_id", "country_id", "state_id", "city", "zip_prefix")
    def _check_exclusivity(self):
        self.territory_id.authorization_ids._check_exclusivity()

    def _overlaps(self, other):
        """Whether a place may lie in both areas.

        Two areas are apart only where both name a country, state, city or postal
        prefix and the names differ; what one leaves open may be anywhere.
        """
        if self.country_id != other.country_id:
            return False
        if self.state_id and other.state_id and self.state_id != other.state_id:
            return False
        mine, theirs = self._normalized(), other._normalized()
        if mine[0] and theirs[0] and mine[0] != theirs[0]:
            return False
        return mine[1].startswith(theirs[1]) or theirs[1].startswith(mine[1])

    def _rank(self, state, city, postal_code):
        """Return how narrowly this area encloses an address of its country.

        :return: the length of the postal prefix, then whether it names city and state;
            None where the address lies outside, or nobody can tell
        """
        self.ensure_one()
        own_city, prefix = self._normalized()
        there, code = self._normalize(city, postal_code)
        if self.state_id and self.state_id != state:
            return None
        if own_city and own_city != there or not code.startswith(prefix):
            return None
        return (len(prefix), bool(own_city), bool(self.state_id))

    def _normalized(self):
        """City and postal prefix, as they are compared."""
        self.ensure_one()
        return self._normalize(self.city, self.zip_prefix)

    @api.model
    def _normalize(self, city, code):
        city, code = city or "", code or ""
        return " ".join(city.casefold().split()), "".join(code.upper().split())
