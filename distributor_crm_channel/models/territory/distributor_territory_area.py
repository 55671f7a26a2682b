# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...territory import places


class DistributorTerritoryArea(models.Model):
    """A country, or the part of it that a state, a city or postal codes leave."""

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
    city = fields.Char(
        string="City or County",
        help="One city or county, as addresses name it. Leave empty for all.",
    )
    zip_prefix = fields.Char(
        string="Postal Prefix",
        help="What the postal codes of the area start with. Leave empty for all.",
    )
    zip_from = fields.Char(
        string="Postal Code From",
        help="The first code of a stretch. It and the last one are in the area.",
    )
    zip_to = fields.Char(string="Postal Code To", help="The last code of a stretch.")

    _zip_once = models.Constraint(
        "CHECK(COALESCE(zip_prefix, '') = '' OR "
        "(COALESCE(zip_from, '') = '' AND COALESCE(zip_to, '') = ''))",
        "An area has a postal prefix, or goes from one postal code to another: enter "
        "one of the two.",
    )

    @api.depends("country_id")
    def _compute_state_id(self):
        for area in self:
            if area.country_id and area.state_id.country_id != area.country_id:
                area.state_id = False

    @api.depends("country_id", "state_id", "city", "zip_prefix", "zip_from", "zip_to")
    def _compute_display_name(self):
        for area in self:
            # A state's own name is enough: it names the country in brackets.
            place = area.state_id or area.country_id
            parts = (place.display_name, area._list_parts())
            area.display_name = ": ".join(filter(None, parts))

    def _list_parts(self):
        """Name the cities and postal codes, as in ``London SW1…, Oxford``."""
        parts = ((area.city, area._name_codes()) for area in self)
        return ", ".join(filter(None, (" ".join(filter(None, p)) for p in parts)))

    def _name_codes(self):
        if self.zip_from or self.zip_to:
            return f"{self.zip_from or '…'}–{self.zip_to or '…'}"
        return self.zip_prefix and f"{self.zip_prefix}…"

    @api.constrains("zip_from", "zip_to")
    def _check_codes(self):
        for area in self:
            first, last = (
                self._normalize("", c)[1] for c in (area.zip_from, area.zip_to)
            )
            if bool(first) != bool(last) or len(first) != len(last) or first > last:
                raise ValidationError(
                    self.env._(
                        "Postal codes go from a first to a last one of the same length, "
                        "such as 610000 to 619999."
                    )
                )

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

    @api.constrains(
        "territory_id",
        "country_id",
        "state_id",
        "city",
        "zip_prefix",
        "zip_from",
        "zip_to",
    )
    def _check_exclusivity(self):
        self.territory_id.authorization_ids._check_exclusivity()

    def _overlaps(self, other):
        """Whether a place may lie in both areas.

        Two areas are apart only where both name a country, state, city or postal
        codes and these differ; what one leaves open may be anywhere.
        """
        if self.country_id != other.country_id:
            return False
        if self.state_id and other.state_id and self.state_id != other.state_id:
            return False
        mine, theirs = self._normalized(), other._normalized()
        if mine[0] and theirs[0] and mine[0] != theirs[0]:
            return False
        return places.meet(mine[1], theirs[1])

    def _contains(self, place):
        """Whether a place lies in this area.

        :param place: country, state, city and postal code
        :return: None where the place does not say so much
        """
        self.ensure_one()
        country, state, city, code = place
        own_city, span = self._normalized()
        city, code = self._normalize(city, code)
        return places.agree(
            (
                country == self.country_id if country else None,
                self._agrees(self.state_id, state),
                self._agrees(own_city, city),
                places.is_in(span, code),
            )
        )

    @api.model
    def _agrees(self, own, theirs):
        if not own:
            return True
        return own == theirs if theirs else None

    def _rank(self, state, city, postal_code):
        """Return how narrowly this area encloses an address of its country.

        :return: how many letters its postal codes share, then whether it names city and
            state; None where the address lies outside, or nobody can tell
        """
        self.ensure_one()
        if not self._contains((self.country_id, state, city, postal_code)):
            return None
        own_city, span = self._normalized()
        return (places.width(span), bool(own_city), bool(self.state_id))

    def _normalized(self):
        """City and stretch of postal codes, as they are compared."""
        self.ensure_one()
        city, prefix = self._normalize(self.city, self.zip_prefix)
        first, last = (self._normalize("", c)[1] for c in (self.zip_from, self.zip_to))
        return city, places.stretch(prefix, first, last)

    @api.model
    def _normalize(self, city, code):
        return places.normalize(city, code)
