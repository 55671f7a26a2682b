# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import Command, api, fields, models


class DistributorDemo(models.AbstractModel):
    """The end of a relation: a plan that failed, a list that waits for the manager."""

    _inherit = "distributor.demo"

    @api.model
    def _tell_exit(self):
        """Count what is left at the distributor's place, and draw the list up."""
        partner = self._ref("partner_harbin")
        plan = self.env["distributor.improvement"].search(
            [("partner_id", "=", partner.id), ("state", "=", "open")],
            order="id desc",
            limit=1,
        )
        if not plan:
            return
        self.env["distributor.stock.report"].create(
            {
                "partner_id": partner.id,
                "date": fields.Date.context_today(self),
                "note": "Counted for the settlement list.",
                "line_ids": [
                    Command.create(
                        {
                            "product_id": self._ref("product_banquet_500").id,
                            "quantity": 36,
                        }
                    )
                ],
            }
        )
        plan.result = "Two orders in four months; the shop is let to a pharmacy."
        plan.action_failed()
        plan.with_user(plan.account_manager_id).action_end_relation()
