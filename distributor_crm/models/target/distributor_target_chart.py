# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from markupsafe import Markup

from odoo import api, fields, models
from odoo.tools import format_date

from ...target.chart import year_chart


class DistributorTarget(models.Model):
    """How a year is drawn: what is asked and sold in each month, and last year's line."""

    _inherit = "distributor.target"

    chart = fields.Html(compute="_compute_chart", sanitize=False)

    @api.depends("month_ids.amount", "scope", "year")
    @api.depends_context("lang")
    def _compute_chart(self):
        rows = self._get_month_rows()
        for target in self:
            target.chart = target._draw(rows.get(target._origin.id, []))

    def _draw(self, rows):
        """Return the chart of these months as HTML."""
        if not rows:
            return Markup()
        chart = year_chart(
            *(
                [float(row[name]) for row in rows]
                for name in ("amount", "actual", "last_year")
            ),
            [row["is_begun"] for row in rows],
        )
        names = [format_date(self.env, row["date"], date_format="MMM") for row in rows]
        return self.env["ir.qweb"]._render(
            "distributor_crm.target_chart",
            {
                "chart": chart,
                "months": [
                    {
                        **bar,
                        "name": name,
                        "title": self._say_month(name, row),
                    }
                    for bar, name, row in zip(chart["bars"], names, rows, strict=True)
                ],
            },
        )

    def _say_month(self, name, row):
        """Return what is read when the pointer rests on a month."""
        money = self.currency_id.format
        return self.env._(
            "%(month)s: %(sold)s of %(target)s, last year %(before)s",
            month=name,
            sold=money(row["actual"]),
            target=money(row["amount"]),
            before=money(row["last_year"]),
        )
