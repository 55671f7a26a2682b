# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models
from odoo.tools import SQL


class DistributorTargetFigure(models.Model):
    """The months of targets with target, sales and last year below each other, so that a
    chart has them side by side."""

    _name = "distributor.target.figure"
    _description = "Target Chart"
    _inherit = ["distributor.target.report"]
    _auto = False
    _order = "date, figure, id"

    figure = fields.Selection(
        selection=[
            ("1_target", "Target"),
            ("2_sold", "Sold"),
            ("3_before", "Last Year"),
        ]
    )
    value = fields.Monetary(string="Amount")

    @property
    def _table_query(self):
        report = self.env["distributor.target.report"]
        names = [
            name
            for name, field in report._fields.items()
            if field.store and field.column_type and name != "id"
        ]
        return SQL(
            """
            SELECT month.id * 3 + side.number AS id, %s, side.figure,
                   CASE side.number WHEN 0 THEN month.amount WHEN 1 THEN month.actual
                        ELSE month.last_year END AS value
              FROM (%s) month
              JOIN (VALUES (0, '1_target'), (1, '2_sold'), (2, '3_before'))
                   side (number, figure) ON TRUE
            """,
            SQL(", ").join(SQL.identifier("month", name) for name in names),
            report._table_query,
        )
