# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models
from odoo.tools import SQL

from ..document.distributor_fee_document import GRANTED

# Shares of sums: an average of shares would weigh a small customer like a big one.
RATIOS = {
    "fee_ratio": ("paid", "net_sales", 100),
    "collection_rate": ("collected", "net_sales", 100),
    "return_on_fee": ("net_sales", "paid", 1),
}


class DistributorFeeAnalysis(models.Model):
    """What fees cost and what they bring, by whatever they may be compared (R112, R138).

    Sales and fees are those of signed statements; what was paid is what the ledger says,
    counted to the month whose sales it rewards.
    """

    _name = "distributor.fee.analysis"
    _description = "Fee Analysis"
    _auto = False
    _order = "month desc, id"
    _rec_name = "partner_id"

    month = fields.Date(readonly=True)
    company_id = fields.Many2one(comodel_name="res.company", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    user_id = fields.Many2one(
        comodel_name="res.users", string="Representative", readonly=True
    )
    partner_id = fields.Many2one(
        comodel_name="res.partner", string="Customer", readonly=True
    )
    state_id = fields.Many2one(
        comodel_name="res.country.state", string="Region", readonly=True
    )
    country_id = fields.Many2one(comodel_name="res.country", readonly=True)
    product_id = fields.Many2one(comodel_name="product.product", readonly=True)
    categ_id = fields.Many2one(
        comodel_name="product.category", string="Product Category", readonly=True
    )
    purpose_id = fields.Many2one(comodel_name="distributor.fee.purpose", readonly=True)
    net_sales = fields.Monetary(readonly=True)
    collected = fields.Monetary(readonly=True)
    payable = fields.Monetary(readonly=True)
    paid = fields.Monetary(readonly=True)
    fee_ratio = fields.Float(
        string="Fee % of Sales",
        readonly=True,
        aggregator="avg",
        help="What was paid, of net sales.",
    )
    collection_rate = fields.Float(
        string="Collected %", readonly=True, aggregator="avg"
    )
    return_on_fee = fields.Float(
        readonly=True, aggregator="avg", help="Net sales for each unit of fee paid."
    )

    def _read_group_select(self, aggregate_spec, query) -> SQL:
        # EXTENDS base: shares are worked out from the sums.
        name, _colon, function = aggregate_spec.partition(":")
        if name not in RATIOS or function != "avg":
            return super()._read_group_select(aggregate_spec, query)
        part, whole, factor = RATIOS[name]
        return SQL(
            "COALESCE(%s * SUM(%s) / NULLIF(SUM(%s), 0), 0)",
            factor,
            self._field_to_sql(self._table, part, query),
            self._field_to_sql(self._table, whole, query),
        )

    @property
    def _table_query(self) -> SQL:
        return SQL(
            """
            SELECT movement.*, partner.state_id, partner.country_id, template.categ_id,
                   COALESCE(100 * paid / NULLIF(net_sales, 0), 0) AS fee_ratio,
                   COALESCE(100 * collected / NULLIF(net_sales, 0), 0)
                       AS collection_rate,
                   COALESCE(net_sales / NULLIF(paid, 0), 0) AS return_on_fee
              FROM (%s) AS movement
              LEFT JOIN res_partner partner ON partner.id = movement.partner_id
              LEFT JOIN product_product product ON product.id = movement.product_id
              LEFT JOIN product_template template
                ON template.id = product.product_tmpl_id
            """,
            SQL(" UNION ALL ").join((self._select_statements(), self._select_ledger())),
        )

    def _select_statements(self) -> SQL:
        return SQL(
            """
            SELECT line.id * 2 AS id, statement.month, statement.company_id,
                   statement.user_id, line.partner_id, line.product_id,
                   line.purpose_id,
                   CASE WHEN sale.line_id IS NULL THEN 0 ELSE line.net_sales END
                       AS net_sales,
                   CASE WHEN sale.line_id IS NULL THEN 0 ELSE line.collected END
                       AS collected,
                   line.payable - COALESCE(line.forfeited, 0) AS payable,
                   0 AS paid
              FROM distributor_fee_statement_line line
              JOIN distributor_fee_statement statement
                ON statement.id = line.statement_id
              -- One sale stands in a line for each purpose, and again in the lines of
              -- later months; it counts once, in its month.
              LEFT JOIN (
                  SELECT MIN(id) AS line_id FROM distributor_fee_statement_line
                   WHERE kind = 'month'
                   GROUP BY statement_id, partner_id, product_id, span_from
              ) sale ON sale.line_id = line.id
             WHERE statement.state IN %s
            """,
            GRANTED,
        )

    def _select_ledger(self) -> SQL:
        return SQL(
            """
            SELECT line.id * 2 + 1 AS id,
                   COALESCE(statement.month, DATE_TRUNC('month', line.date)::date),
                   line.company_id, item.user_id, item.partner_id, item.product_id,
                   item.purpose_id, 0, 0, 0, line.balance
              FROM account_move_line line
              JOIN distributor_fee_payout_item item ON item.id = line.fee_item_id
              JOIN distributor_fee_payout payout ON payout.id = item.payout_id
              LEFT JOIN distributor_fee_statement statement
                ON statement.id = payout.statement_id
             WHERE line.parent_state = 'posted'
            """
        )
