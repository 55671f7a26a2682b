# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from odoo import api, fields, models

BATCH = 200


class SaleOrder(models.Model):
    """A call after the sale, to ask how it was, brings the next one (R156)."""

    _inherit = "sale.order"

    is_call_planned = fields.Boolean(readonly=True, copy=False)

    @api.model
    def _cron_plan_calls(self):
        """Ask account managers to call after the delivery of their distributors' orders,
        where the company switched it on; once an order, and not for what is long ago."""
        today = fields.Date.context_today(self)
        companies = self.env["res.company"].search([("after_sale_call_days", ">", 0)])
        for company in companies:
            day = today - timedelta(days=company.after_sale_call_days)
            domain = [
                ("company_id", "=", company.id),
                ("delivered_on", "<=", day),
                ("delivered_on", ">=", day - timedelta(days=7)),
                ("is_call_planned", "=", False),
                ("partner_id.commercial_partner_id.is_distributor", "=", True),
            ]
            while orders := self.search(domain, limit=BATCH, order="id"):
                orders._plan_call()
                left = self.search_count(domain)
                if not self.env["ir.cron"]._commit_progress(
                    len(orders), remaining=left
                ):
                    return

    def _plan_call(self):
        self.is_call_planned = True
        for order in self:
            partner = order.partner_id.commercial_partner_id
            caller = partner.account_manager_id or partner.user_id
            if caller:
                partner.activity_schedule(
                    "mail.mail_activity_data_call",
                    summary=self.env._("How was %s?", order.name),
                    user_id=caller.id,
                )
