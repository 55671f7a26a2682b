# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...target import figures
from ...target.split import season, split


class DistributorTarget(models.Model):
    """How the amount of the year becomes months."""

    _inherit = "distributor.target"

    month_total = fields.Monetary(
        string="Sum of the Months", compute="_compute_month_total"
    )
    month_gap = fields.Monetary(
        string="Not Spread",
        compute="_compute_month_total",
        help="What the months miss of the target; below zero: what they exceed it by.",
    )

    @api.depends("amount", "month_ids.amount")
    def _compute_month_total(self):
        for target in self:
            rounded = target.currency_id or target.env.company.currency_id
            total = rounded.round(sum(target.month_ids.mapped("amount")))
            target.month_total = total
            target.month_gap = rounded.round(target.amount - total)

    def action_split(self):
        """Spread what the fixed months leave over the others, by season."""
        self.check_access("write")
        self._check_writable({"month_ids": []})
        self._split()

    def action_split_all(self):
        """Forget what was entered for single months, and split all anew."""
        self.check_access("write")
        self._check_writable({"month_ids": []})
        # Who may write was checked.
        self.sudo().month_ids.is_fixed = False
        self._split()

    def _split(self):
        """Split targets over their months, one reading of the ledger a company.

        :raises UserError: names a target whose fixed months exceed it
        """
        # Who may write was checked; months and where they come from are closed.
        own = self.sudo()
        own.env.flush_all()
        missing = own.filtered(lambda target: len(target.month_ids) != 12)
        missing._create_months()
        rows = own._get_month_rows()
        seasons = {}
        for target in own:
            own_sales = [_exact(row["last_year"]) for row in rows[target.id]]
            key = (target.company_id, target.year)
            if not any(amount > 0 for amount in own_sales) and key not in seasons:
                seasons[key] = own._get_company_season(*key)
            source, weights = season(own_sales, seasons.get(key, ()))
            target._spread(source, weights)

    def _create_months(self):
        self.env["distributor.target.month"].create(
            [
                {"target_id": target.id, "month": month, "amount": 0}
                for target in self
                for month in set(range(1, 13)) - set(target.month_ids.mapped("month"))
            ]
        )
        self.invalidate_recordset(["month_ids"])

    @api.model
    def _get_company_season(self, company, year) -> list[Decimal]:
        """Return what a company sold in each month of the year before."""
        found = self.env.execute_query(figures.company_season(company.id, year))
        sold = {month: Decimal(amount) for month, amount in found}
        return [sold.get(month, Decimal(0)) for month in range(1, 13)]

    def _spread(self, source, weights):
        """Write the months that are not fixed, and where the split comes from."""
        self.ensure_one()
        months = self.month_ids.sorted("month")
        free = months.filtered(lambda line: not line.is_fixed)
        unit = _exact(self.currency_id.rounding)
        rest = self._to_units(self.amount, unit) - sum(
            self._to_units(line.amount, unit) for line in months - free
        )
        if rest < 0:
            raise UserError(
                self.env._(
                    "The fixed months of %(target)s make more than the whole year. "
                    "Lower one of them, or raise the target.",
                    target=self.display_name,
                )
            )
        if free:
            own = [weights[line.month - 1] for line in free]
            if not any(own):
                own = [Decimal(1)] * len(free)
            for line, part in zip(free, split(rest, own, unit), strict=True):
                line.amount = float(part)
        self.season_source = source

    @staticmethod
    def _to_units(amount, unit) -> Decimal:
        return (_exact(amount) / unit).to_integral_value() * unit

    def _set_months(self, amounts):
        """Fix all months of a target, as a file gives them.

        :param amounts: twelve
        """
        for line, amount in zip(
            self.sudo().month_ids.sorted("month"), amounts, strict=True
        ):
            line.write({"amount": amount, "is_fixed": True})


def _exact(value) -> Decimal:
    """Return a number of the database as it stands there."""
    return Decimal(str(value))
