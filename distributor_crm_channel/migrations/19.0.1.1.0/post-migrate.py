# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Minimum store prices on products become price rules of the shop; companies that have
no rules of visits get theirs."""

from odoo import SUPERUSER_ID, api
from odoo.tools.sql import column_exists


def migrate(cr, version):
    """Make a rule of each minimum price, where the company had them switched on."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    env["distributor.visit.policy"]._create_missing()
    if not column_exists(cr, "product_template", "distributor_floor_price"):
        return
    cr.execute(
        """
        SELECT t.id, c.id, c.currency_id, (f.value)::text::float, c.store_floor_basis
          FROM product_template t
         CROSS JOIN LATERAL jsonb_each(t.distributor_floor_price) f
          JOIN res_company c ON c.id = f.key::int
         WHERE c.store_floor_active AND jsonb_typeof(f.value) = 'number'
        """
    )
    env["distributor.price.rule"].create(
        [
            {
                "company_id": company,
                "scope": "product",
                "product_tmpl_id": template,
                "channel": "shop",
                "currency_id": currency,
                "floor_price": floor,
                "on_breach": "refuse",
                "legal_basis": "agency",
                "legal_note": basis,
            }
            for template, company, currency, floor, basis in cr.fetchall()
            if floor > 0
        ]
    )
