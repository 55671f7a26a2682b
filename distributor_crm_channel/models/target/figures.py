# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The SQL of territories: whose address lies in one of a territory's areas."""

from odoo.tools import SQL


def in_territory(territory: SQL) -> SQL:
    """Sub-select of the distributors in a territory; each once, whatever its areas.

    City and postal code are compared as areas compare them with each other.

    :param territory: the territory's id
    """
    return SQL(
        """
        (SELECT buyer.id
           FROM res_partner buyer
           JOIN distributor_territory_area area ON area.country_id = buyer.country_id
          WHERE area.territory_id = %s AND buyer.is_distributor
            AND (area.state_id IS NULL OR area.state_id = buyer.state_id)
            AND (COALESCE(area.city, '') = ''
                 OR lower(regexp_replace(btrim(area.city), '\\s+', ' ', 'g'))
                  = lower(regexp_replace(btrim(buyer.city), '\\s+', ' ', 'g')))
            AND (COALESCE(area.zip_prefix, '') = ''
                 OR starts_with(upper(regexp_replace(buyer.zip, '\\s', '', 'g')),
                                upper(regexp_replace(area.zip_prefix, '\\s', '', 'g')))))
        """,
        territory,
    )


SCOPE = SQL("fact.partner_id IN %s", in_territory(SQL("target.territory_id")))
