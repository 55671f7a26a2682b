# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models


class DistributorStore(models.Model):
    _inherit = "distributor.store"

    currency_id = fields.Many2one(related="company_id.currency_id")
    earning_total = fields.Monetary(
        string="Earned",
        compute="_compute_earning_total",
        help="What was earned on sales through this store, by whomever.",
    )

    @api.depends_context("uid")
    def _compute_earning_total(self):
        Earning = self.env["distributor.earning"]
        sums = (
            dict(
                Earning._read_group(
                    [("store_id", "in", self.ids)], ["store_id"], ["amount:sum"]
                )
            )
            if Earning.has_access("read")
            else {}
        )
        for store in self:
            store.earning_total = sums.get(store._origin, 0)

    def action_view_earnings(self):
        """Open what was earned on sales through these stores."""
        return self.env["distributor.earning"]._get_list_action(
            [("store_id", "in", self.ids)]
        )
