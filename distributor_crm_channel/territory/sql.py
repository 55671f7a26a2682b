# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The SQL of territories: whose address lies where, where nobody is, who is missing.

Cities and postal codes are compared as `places` does it in Python.
"""

from odoo.tools import SQL


def city(column: SQL) -> SQL:
    """Return a city as it is compared: case and blanks apart."""
    return SQL("lower(regexp_replace(btrim(%s), '\\s+', ' ', 'g'))", column)


def code(column: SQL) -> SQL:
    """Return a postal code as it is compared."""
    return SQL("upper(regexp_replace(%s, '\\s', '', 'g'))", column)


def lies_in(area: SQL, place: SQL) -> SQL:
    """Return the condition that an address lies in an area.

    :param area: alias of ``distributor_territory_area``
    :param place: alias of a table with country, state, city and zip
    """
    return SQL(
        """
        (%(area)s.country_id = %(place)s.country_id
         AND (%(area)s.state_id IS NULL OR %(area)s.state_id = %(place)s.state_id)
         AND (COALESCE(%(area)s.city, '') = '' OR %(own_city)s = %(city)s)
         AND (COALESCE(%(area)s.zip_prefix, '') = ''
              OR starts_with(%(code)s, %(prefix)s))
         AND (COALESCE(%(area)s.zip_from, '') = ''
              OR left(%(code)s, length(%(first)s)) COLLATE "C"
                 BETWEEN %(first)s AND %(last)s))
        """,
        area=area,
        place=place,
        own_city=city(SQL("%s.city", area)),
        city=city(SQL("%s.city", place)),
        code=code(SQL("%s.zip", place)),
        prefix=code(SQL("%s.zip_prefix", area)),
        first=code(SQL("%s.zip_from", area)),
        last=code(SQL("%s.zip_to", area)),
    )


def outlets() -> SQL:
    """All points of sale: distributors, and the addresses that are marked as outlets.

    Rows: id, commercial_partner_id, company_id, country_id, state_id, city, zip, since.
    """
    return SQL(
        """
        SELECT outlet.id, outlet.commercial_partner_id, outlet.company_id,
               outlet.country_id, outlet.state_id, outlet.city, outlet.zip,
               COALESCE(outlet.outlet_since, outlet.create_date::date) AS since
          FROM res_partner outlet
         WHERE outlet.active
           AND ((outlet.is_distributor AND outlet.parent_id IS NULL)
                OR outlet.is_distributor_outlet)
        """
    )


def coverage(company_id: int, since) -> SQL:
    """Each outlet with the narrowest territory that it lies in.

    Rows: partner_id, distributor_id, territory_id, country_id, state_id, county, since,
    is_buying.

    :param since: a distributor who was invoiced on this day or later is buying
    """
    return SQL(
        """
        SELECT DISTINCT ON (outlet.id)
               outlet.id AS partner_id,
               outlet.commercial_partner_id AS distributor_id,
               territory.id AS territory_id,
               outlet.country_id, outlet.state_id,
               -- Spelled as somebody spells it, and the same for all of the city.
               MIN(btrim(outlet.city)) OVER (
                   PARTITION BY outlet.country_id, outlet.state_id, %(city)s) AS county,
               outlet.since,
               EXISTS (
                   SELECT FROM account_move move
                    WHERE move.commercial_partner_id = outlet.commercial_partner_id
                      AND move.company_id = %(company)s AND move.state = 'posted'
                      AND move.move_type = 'out_invoice'
                      AND move.invoice_date >= %(since)s) AS is_buying
          FROM (%(outlets)s) outlet
          LEFT JOIN (distributor_territory_area area
               JOIN distributor_territory territory
                 ON territory.id = area.territory_id AND territory.active
                AND territory.company_id = %(company)s)
            ON %(inside)s
         WHERE COALESCE(outlet.company_id, %(company)s) = %(company)s
         ORDER BY outlet.id,
                  length(COALESCE(NULLIF(area.zip_prefix, ''), area.zip_from, '')) DESC,
                  COALESCE(area.city, '') = '', area.state_id IS NULL, territory.id
        """,
        company=company_id,
        since=since,
        outlets=outlets(),
        city=city(SQL("outlet.city")),
        inside=lies_in(SQL("area"), SQL("outlet")),
    )


def gaps(company_id: int, year: int, today) -> SQL:
    """What is missing in the market of a company.

    Rows: kind, territory_id, country_id, state_id, place, missing. Kinds are the keys
    of `distributor.territory.gap`.
    """
    return SQL(
        """
        WITH own AS (
                 SELECT * FROM distributor_territory
                  WHERE company_id = %(company)s AND active),
             area AS (
                 SELECT area.* FROM distributor_territory_area area
                   JOIN own ON own.id = area.territory_id),
             authorized AS (
                 SELECT row.territory_id,
                        COUNT(DISTINCT partner.commercial_partner_id) AS number
                   FROM distributor_authorization row
                   JOIN own ON own.id = row.territory_id
                   JOIN res_partner partner ON partner.id = row.partner_id
                  WHERE row.date_from <= %(today)s
                    AND (row.date_to IS NULL OR row.date_to >= %(today)s)
                    AND row.decision = 'granted'
                  GROUP BY 1),
             here AS (SELECT * FROM (%(outlets)s) outlet
                       WHERE COALESCE(company_id, %(company)s) = %(company)s)
        SELECT 'no_territory' AS kind, NULL::int AS territory_id, state.country_id,
               state.id AS state_id, NULL AS place, 1 AS missing
          FROM res_country_state state
         WHERE EXISTS (SELECT FROM area WHERE area.country_id = state.country_id
                          AND area.state_id IS NOT NULL)
           AND NOT EXISTS (SELECT FROM area WHERE area.country_id = state.country_id
                              AND (area.state_id IS NULL OR area.state_id = state.id))
        UNION ALL
        SELECT 'no_distributor', own.id, NULL, NULL, NULL, GREATEST(own.quota, 1)
          FROM own WHERE NOT EXISTS (
               SELECT FROM authorized WHERE territory_id = own.id)
        UNION ALL
        SELECT 'few', own.id, NULL, NULL, NULL, own.quota - number
          FROM own JOIN authorized ON authorized.territory_id = own.id
         WHERE own.quota > number
        UNION ALL
        SELECT 'no_manager', own.id, NULL, NULL, NULL, 1
          FROM own
          LEFT JOIN res_users ON res_users.id = own.user_id
         WHERE COALESCE(res_users.active, FALSE) IS FALSE
        UNION ALL
        SELECT 'city', own.id, NULL::int, NULL::int, MIN(btrim(wanted.city)), 1
          FROM own
          JOIN distributor_territory_profile profile
            ON profile.territory_id = own.id AND profile.year = %(year)s
         CROSS JOIN regexp_split_to_table(profile.cities, '[\n,;，、；]') AS wanted(city)
         WHERE btrim(wanted.city) <> ''
           AND NOT EXISTS (SELECT FROM here WHERE %(there)s = %(city)s)
         GROUP BY own.id, %(city)s
        """,
        company=company_id,
        year=year,
        today=today,
        outlets=outlets(),
        city=city(SQL("wanted.city")),
        there=city(SQL("here.city")),
    )
