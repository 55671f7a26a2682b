# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...guard import without_closed
from ...stock_days.pace import SPAN, daily_sales, days_of_stock, level


class DistributorStockReportLine(models.Model):
    """How much of one product a distributor has, and how long it lasts (R114)."""

    _name = "distributor.stock.report.line"
    _description = "Product in Stock"
    _order = "report_id, id"
    _rec_name = "product_id"
    _check_company_auto = True

    report_id = fields.Many2one(
        comodel_name="distributor.stock.report",
        required=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        related="report_id.company_id", store=True, precompute=True
    )
    partner_id = fields.Many2one(
        related="report_id.partner_id", store=True, precompute=True, index=True
    )
    date = fields.Date(related="report_id.date", store=True, precompute=True)
    product_id = fields.Many2one(
        comodel_name="product.product",
        required=True,
        index=True,
        ondelete="restrict",
        domain=[("sale_ok", "=", True)],
        check_company=True,
    )
    uom_id = fields.Many2one(related="product_id.uom_id")
    quantity = fields.Float(string="Counted", digits="Product Unit", required=True)
    daily_sales = fields.Float(
        string="Sells a Day", digits=(16, 3), readonly=True, copy=False
    )
    days_of_stock = fields.Float(
        readonly=True,
        copy=False,
        aggregator="avg",
        digits=(16, 1),
        help="For how long what is there lasts at this pace.",
    )
    level = fields.Selection(
        selection=[
            ("short", "Short"),
            ("ok", "In Order"),
            ("heavy", "Heavy"),
            ("idle", "Does Not Sell"),
        ],
        readonly=True,
        copy=False,
        index=True,
    )

    _once = models.UniqueIndex(
        "(report_id, product_id)", "Each product is counted once."
    )
    _quantity_positive = models.Constraint(
        "CHECK(quantity >= 0)", "Counts are 0 or more."
    )

    @api.model
    def _get_closed_names(self):
        return {"daily_sales", "days_of_stock", "level"}

    @api.model_create_multi
    def create(self, vals_list):
        self, vals_list = without_closed(self, vals_list, self._get_closed_names())
        return super().create(vals_list)

    def write(self, vals):
        if self._get_closed_names() & vals.keys() and not self.env.su:
            raise UserError(self.env._("These figures follow from the counts."))
        result = super().write(vals)
        if "quantity" in vals or "product_id" in vals:
            self._measure()
        return result

    def _measure(self):
        """Set pace, days and level of these lines by one reading of the database."""
        if not self:
            return
        for line_id, before, days, delivered, in_span in self._read_movements():
            line = self.browse(line_id)
            company = line.company_id
            pace = daily_sales(line.quantity, before, delivered, days or 0, in_span)
            lasts = days_of_stock(line.quantity, pace)
            line.sudo().write(  # closed to users
                {
                    "daily_sales": pace,
                    "days_of_stock": lasts or 0,
                    "level": level(
                        lasts, company.stock_days_low, company.stock_days_high
                    ),
                }
            )

    def _read_movements(self):
        """Return of each line: id, what was counted before (None: never), the days
        since, what was delivered since, and what was in the last SPAN days; quantities
        in the product's own unit."""
        self.env["distributor.stock.report.line"].flush_model()
        self.env["sale.order.line"].flush_model(["qty_delivered", "state"])
        self.env["sale.order"].flush_model(["delivered_on", "date_order"])
        return self.env.execute_query(
            SQL(
                """
                SELECT line.id, before.quantity, line.date - before.date,
                       COALESCE(SUM(come.quantity)
                                FILTER (WHERE come.day > before.date), 0),
                       COALESCE(SUM(come.quantity)
                                FILTER (WHERE come.day > line.date - %(span)s), 0)
                  FROM distributor_stock_report_line line
                  LEFT JOIN LATERAL (
                       SELECT earlier.quantity, earlier.date
                         FROM distributor_stock_report_line earlier
                        WHERE earlier.partner_id = line.partner_id
                          AND earlier.product_id = line.product_id
                          AND earlier.company_id = line.company_id
                          AND earlier.date < line.date
                        ORDER BY earlier.date DESC
                        LIMIT 1) before ON TRUE
                  LEFT JOIN LATERAL (
                       SELECT COALESCE(o.delivered_on, o.date_order::date) AS day,
                              sold.qty_delivered * unit.factor / own.factor AS quantity
                         FROM sale_order_line sold
                         JOIN sale_order o ON o.id = sold.order_id
                         JOIN res_partner buyer ON buyer.id = o.partner_id
                         JOIN product_product product ON product.id = sold.product_id
                         JOIN product_template template
                              ON template.id = product.product_tmpl_id
                         JOIN uom_uom unit ON unit.id = sold.product_uom_id
                         JOIN uom_uom own ON own.id = template.uom_id
                        WHERE sold.product_id = line.product_id
                          AND buyer.commercial_partner_id = line.partner_id
                          AND o.company_id = line.company_id
                          AND sold.state = 'sale'
                          AND COALESCE(o.delivered_on, o.date_order::date) <= line.date
                          AND COALESCE(o.delivered_on, o.date_order::date)
                              > LEAST(line.date - %(span)s, before.date)) come ON TRUE
                 WHERE line.id = ANY(%(ids)s)
                 GROUP BY line.id, before.quantity, before.date
                """,
                ids=self.ids,
                span=SPAN,
            )
        )
