# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from dateutil.relativedelta import relativedelta

from odoo import api, fields, models


class DistributorDemo(models.AbstractModel):
    """The demo's special fees: one being signed, one approved; a statement to fill in."""

    _inherit = "distributor.demo"

    @api.model
    def _tell_fee_applications(self):
        """Apply for two prospects, and leave last month's statement to its owner."""
        sales = self._ref("user_sales")
        for name, amount, reason in (
            ("Lakeside Hotel, Suzhou", 800, "Asks for a tasting for its kitchen."),
            ("Red Lantern Catering, Xi'an", 500, "Compares us with its old brand."),
        ):
            partner = self.env["res.partner"].create(
                {"name": name, "is_company": True, "user_id": sales.id}
            )
            application = (
                self.env["distributor.fee.application"]
                .with_user(sales)
                .create(
                    {
                        "partner_id": partner.id,
                        "amount": amount,
                        "expected_volume": amount * 60,
                        "expected_contract_on": fields.Date.context_today(self)
                        + relativedelta(days=20),
                        "occasion": self.env._("Tasting before the contract"),
                        "reason": reason,
                    }
                )
            )
            application.action_submit()
        for user in (
            self._get_fee_clerk(),
            self._ref("user_manager"),
            self._ref("user_finance"),
        ):
            application.with_user(user)._sign("password")
        self._leave_last_month(sales)

    def _leave_last_month(self, user):
        today = fields.Date.context_today(self)
        month = today.replace(day=1) - relativedelta(months=1)
        statement = self.env["distributor.fee.statement"]._build(
            self.env.company, month, user
        )
        # Its days may be over: finance lets it be filled in for the demo.
        statement.reopened_until = today + relativedelta(days=7)
        statement._ask_to_submit()
