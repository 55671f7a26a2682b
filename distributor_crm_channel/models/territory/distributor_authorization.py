# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.distributor_crm.guard import hold_until_committed


class DistributorAuthorization(models.Model):
    """Authorizations are for one channel or all, and no more than a territory takes."""

    _inherit = "distributor.authorization"

    channel_id = fields.Many2one(
        comodel_name="distributor.territory.channel",
        index="btree_not_null",
        ondelete="restrict",
        tracking=True,
        help="Leave empty for all channels.",
    )

    # As in distributor_authorization.py, with the channel.
    _once = models.Constraint(
        "EXCLUDE USING gist ("
        "int4range(territory_id, territory_id, '[]') WITH =, "
        "int4range(partner_id, partner_id, '[]') WITH =, "
        "int4range(COALESCE(categ_id, 0), COALESCE(categ_id, 0), '[]') WITH =, "
        "int4range(COALESCE(channel_id, 0), COALESCE(channel_id, 0), '[]') WITH =, "
        "int4range(COALESCE(brand_id, 0), COALESCE(brand_id, 0), '[]') WITH =, "
        "daterange(date_from, date_to, '[]') WITH &&) "
        "WHERE (decision = 'granted' AND territory_id IS NOT NULL "
        "AND shop_id IS NULL AND store_id IS NULL)",
        "The distributor is authorized for these products in this territory on some "
        "of these days already. Change that authorization instead.",
    )
    _exclusive_once = models.Constraint(
        "EXCLUDE USING gist ("
        "int4range(territory_id, territory_id, '[]') WITH =, "
        "int4range(COALESCE(categ_id, 0), COALESCE(categ_id, 0), '[]') WITH =, "
        "int4range(COALESCE(channel_id, 0), COALESCE(channel_id, 0), '[]') WITH =, "
        "int4range(COALESCE(brand_id, 0), COALESCE(brand_id, 0), '[]') WITH =, "
        "daterange(date_from, date_to, '[]') WITH &&) "
        "WHERE (exclusive AND decision = 'granted')",
        "Two exclusive authorizations for the same products in the same territory "
        "cannot be in force on the same day. End the first before the second starts.",
    )

    @api.constrains(
        "partner_id",
        "territory_id",
        "categ_id",
        "channel_id",
        "brand_id",
        "date_from",
        "date_to",
        "exclusive",
        "decision",
    )
    def _check_exclusivity(self):
        # EXTENDS distributor_crm_channel: two who authorize at the same moment do not
        # see each other. Areas overlap within a country only, so whoever authorizes
        # there holds the country's row; the second is refused by the database, and
        # Odoo has him start anew on what the first left. No right on countries is used.
        hold_until_committed(self.sudo().territory_id.area_ids.country_id)
        result = super()._check_exclusivity()
        self._check_quota()
        return result

    def _check_quota(self):
        """Refuse more distributors at a time than a territory takes (R122).

        :raises ValidationError: names the territory, and who is there already
        """
        bound = self.filtered(lambda row: row.territory_id.quota)
        territories = bound.territory_id
        rows = self.search(
            [("territory_id", "in", territories.ids), ("decision", "=", "granted")]
        )
        for territory, standing in rows.grouped("territory_id").items():
            for own in standing & bound:
                # There are never more than on a day on which somebody starts.
                days = {own.date_from, *standing.mapped("date_from")}
                for day in filter(own._is_valid_on, days):
                    there = standing.filtered(
                        lambda row, day=day: row._is_valid_on(day)
                    )
                    if len(there.partner_id.commercial_partner_id) > territory.quota:
                        raise ValidationError(territory._describe_quota(there - own))

    def _is_valid_on(self, day):
        """Whether the authorization is in force on a day."""
        self.ensure_one()
        return (
            self.decision == "granted"
            and self.date_from <= day
            and (not self.date_to or day <= self.date_to)
        )

    def _competes(self, other):
        # EXTENDS distributor_crm_channel
        channels = self.channel_id, other.channel_id
        return super()._competes(other) and (
            not all(channels) or channels[0] == channels[1]
        )

    def _answers(self, question):
        """Whether it is in force that day, for these products and this channel."""
        return self._is_valid_on(question.day) and self._covers(
            question.category, question.channel, question.brand
        )

    def _covers(self, category, channel, brand=None):
        """Whether it is for products of a category and brand, sold through a channel.

        :param channel: empty where nobody knows
        :param brand: None where it does not matter
        """
        self.ensure_one()
        path = category.parent_path or ""
        return (
            path.startswith(self.categ_id.parent_path or "")
            and (not self.channel_id or not channel or self.channel_id == channel)
            and (not self.brand_id or brand is None or self.brand_id == brand)
        )
