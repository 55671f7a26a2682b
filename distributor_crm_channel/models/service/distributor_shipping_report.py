# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models, tools
from odoo.tools import SQL


class DistributorShippingReport(models.Model):
    """How soon orders of distributors, and of their stores, were shipped (R211).

    A row is a shipment that left, or one that should have: what still has time is not
    judged yet, and goods on presale promise nothing.
    """

    _name = "distributor.shipping.report"
    _description = "Time to Ship"
    _auto = False
    _order = "confirmed_at desc, id desc"
    _rec_name = "picking_id"
    _depends = {
        "stock.picking": [
            "sale_id",
            "state",
            "date_done",
            "picking_type_id",
            "company_id",
        ],
        "stock.move": ["picking_id", "product_id", "state"],
        "sale.order": ["date_order", "store_id", "partner_id", "state"],
        "product.template": ["is_presale"],
        "res.company": ["shipping_sla_hours"],
        "res.partner": ["is_distributor", "commercial_partner_id"],
    }

    picking_id = fields.Many2one("stock.picking", string="Shipment", readonly=True)
    order_id = fields.Many2one("sale.order", readonly=True)
    store_id = fields.Many2one("distributor.store", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Distributor", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    confirmed_at = fields.Datetime(string="Confirmed On", readonly=True)
    shipped_at = fields.Datetime(string="Shipped On", readonly=True)
    hours = fields.Float(string="Hours to Ship", readonly=True, aggregator="avg")
    is_on_time = fields.Boolean(string="On Time", readonly=True)
    on_time = fields.Float(string="On Time (%)", readonly=True, aggregator="avg")

    def init(self):
        """Make the view anew: its columns follow the code."""
        tools.drop_view_if_exists(self.env.cr, self._table)
        self.env.cr.execute(
            SQL(
                "CREATE VIEW %s AS (%s)", SQL.identifier(self._table), self._get_query()
            )
        )

    def _get_query(self):
        """Return the query behind the report."""
        return SQL(
            """
            WITH shipment AS (
                SELECT p.id, p.sale_id, p.company_id, p.state, p.date_done,
                       o.date_order, o.store_id, c.shipping_sla_hours AS promised,
                       CASE WHEN own.is_distributor THEN own.id
                            ELSE store.partner_id END AS partner_id,
                       EXTRACT(EPOCH FROM
                           (COALESCE(CASE WHEN p.state = 'done' THEN p.date_done END,
                                     NOW() AT TIME ZONE 'UTC') - o.date_order)
                       ) / 3600 AS hours
                  FROM stock_picking p
                  JOIN stock_picking_type t
                    ON t.id = p.picking_type_id AND t.code = 'outgoing'
                  JOIN sale_order o ON o.id = p.sale_id AND o.state = 'sale'
                  JOIN res_company c ON c.id = p.company_id
                  JOIN res_partner buyer ON buyer.id = o.partner_id
                  JOIN res_partner own ON own.id = buyer.commercial_partner_id
             LEFT JOIN distributor_store store ON store.id = o.store_id
                 WHERE p.state NOT IN ('draft', 'cancel')
                   AND EXISTS (
                        SELECT 1
                          FROM stock_move m
                          JOIN product_product pp ON pp.id = m.product_id
                          JOIN product_template pt ON pt.id = pp.product_tmpl_id
                         WHERE m.picking_id = p.id AND m.state <> 'cancel'
                           AND pt.is_presale IS NOT TRUE
                   )
            )
            SELECT id, id AS picking_id, sale_id AS order_id, store_id, partner_id,
                   company_id, date_order AS confirmed_at,
                   CASE WHEN state = 'done' THEN date_done END AS shipped_at,
                   GREATEST(hours, 0) AS hours,
                   hours <= promised AS is_on_time,
                   CASE WHEN hours <= promised THEN 100.0 ELSE 0.0 END AS on_time
              FROM shipment
             WHERE partner_id IS NOT NULL
               AND (state = 'done' OR hours > promised)
            """
        )
