# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The SQL of territories: whose address lies in one of a territory's areas."""

from odoo.tools import SQL

from ...territory.sql import lies_in


def in_territory(territory: SQL) -> SQL:
    """Sub-select of the distributors in a territory; each once, whatever its areas.

    :param territory: the territory's id
    """
    return SQL(
        """
        (SELECT buyer.id
           FROM res_partner buyer
           JOIN distributor_territory_area area ON %s
          WHERE area.territory_id = %s AND buyer.is_distributor)
        """,
        lies_in(SQL("area"), SQL("buyer")),
        territory,
    )


SCOPE = SQL("fact.partner_id IN %s", in_territory(SQL("target.territory_id")))
