# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

OBSERVATION = "distributor.price.observation"
WEEKS = 12
PRODUCTS = 5
# What a curve is drawn in; the screen and the report scale it.
WIDTH, HEIGHT = 600, 160


class DistributorChannelDashboard(models.AbstractModel):
    """The price index of products over time: prices seen outside against the floor."""

    _inherit = "distributor.channel.dashboard"

    @api.model
    def _get_price_index(self, company, today):
        """Return the index by week of the products that were seen most.

        :return: {"weeks": [first days], "series": [{"label", "values", "points",
            "domain"}], "low", "high"}; a week without a price is None
        """
        monday = today - timedelta(days=today.weekday())
        first = monday - timedelta(weeks=WEEKS - 1)
        weeks = [first + timedelta(weeks=number) for number in range(WEEKS)]
        seen = (
            company
            & Domain("floor_price", ">", 0)
            & Domain("state", "!=", "dismissed")
            & Domain("day", ">=", first)
            & Domain("day", "<=", today)
        )
        series = []
        Observation = self.env[OBSERVATION]
        if Observation.has_access("read"):
            most = Observation._read_group(
                seen,
                ["product_id"],
                ["__count"],
                order="__count DESC, product_id",
                limit=PRODUCTS,
            )
            series = self._read_series(seen, [product for product, _n in most], weeks)
        low, high = self._scale(series)
        for one in series:
            one["points"] = self._draw(one["values"], low, high)
        return {
            "title": self.env._("Price Index (Floor = 100)"),
            "weeks": [fields.Date.to_string(week) for week in weeks],
            "series": series,
            "low": low,
            "high": high,
            "model": OBSERVATION,
            "width": WIDTH,
            "height": HEIGHT,
            "floor_y": self._get_y(100, low, high),
        }

    @api.model
    def _read_series(self, seen, products, weeks):
        places = {week: place for place, week in enumerate(weeks)}
        found = {}
        for product, week, index in self.env[OBSERVATION]._read_group(
            seen & Domain("product_id", "in", [p.id for p in products]),
            ["product_id", "day:week"],
            ["price_index:avg"],
        ):
            # The language of the user says on which day a week begins.
            start = fields.Date.to_date(week)
            day = start + timedelta(days=-start.weekday() % 7)
            found.setdefault(product.id, [None] * len(weeks))
            place = places.get(day)
            if place is not None:
                found[product.id][place] = round(index, 2)
        return [
            {
                "id": product.id,
                "label": product.sudo().display_name,
                "values": found.get(product.id, [None] * len(weeks)),
                "domain": list(seen & Domain("product_id", "=", product.id)),
            }
            for product in products
        ]

    @api.model
    def _scale(self, series):
        """Return the lowest and highest value of the picture; the floor is in it."""
        values = [v for one in series for v in one["values"] if v is not None]
        return min([100, *values]) - 5, max([100, *values]) + 5

    @api.model
    def _get_y(self, value, low, high):
        return round(HEIGHT * (high - value) / (high - low), 1)

    @api.model
    def _draw(self, values, low, high):
        """Return the points of a curve; weeks without a price are passed over."""
        step = WIDTH / (WEEKS - 1)
        return " ".join(
            f"{round(place * step, 1)},{self._get_y(value, low, high)}"
            for place, value in enumerate(values)
            if value is not None
        )
