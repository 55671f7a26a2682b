# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.tools import SQL

BATCH = 200
LATE = 14  # days; what ran out longer ago is left to the list of sleeping distributors


class SaleOrderLine(models.Model):
    """What a distributor bought runs out one day: someone asks him then (A24)."""

    _inherit = "sale.order.line"

    is_usage_asked = fields.Boolean(readonly=True, copy=False)

    @api.model
    def _cron_ask_for_usage(self):
        """Remind account managers of goods that should be used up and were not bought
        again; once for each purchase."""
        today = fields.Date.context_today(self)
        while lines := self._find_used_up(today):
            lines._ask_for_usage()
            if not self.env["ir.cron"]._commit_progress(len(lines)):
                return

    def _find_used_up(self, today):
        """Return order lines whose goods ran out lately, the last purchase of each
        distributor and product alone; so many as one batch holds."""
        self.flush_model()
        self.env["sale.order"].flush_model(["delivered_on", "partner_id", "state"])
        self.env["product.template"].flush_model(["usage_days"])
        self.env["res.partner"].flush_model(["is_distributor", "commercial_partner_id"])
        query = SQL(
            """
            SELECT line.id
              FROM sale_order_line line
              JOIN product_product product ON product.id = line.product_id
              JOIN product_template template ON template.id = product.product_tmpl_id
              JOIN sale_order o ON o.id = line.order_id
              JOIN res_partner buyer ON buyer.id = o.partner_id
              JOIN res_partner firm ON firm.id = buyer.commercial_partner_id
             WHERE template.usage_days > 0
               AND line.is_usage_asked IS NOT TRUE
               AND o.state = 'sale'
               AND firm.is_distributor
               AND o.delivered_on BETWEEN %(today)s - template.usage_days - %(late)s
                                      AND %(today)s - template.usage_days
               AND NOT EXISTS (
                   SELECT 1
                     FROM sale_order_line again
                     JOIN sale_order later ON later.id = again.order_id
                     JOIN res_partner who ON who.id = later.partner_id
                    WHERE again.product_id = line.product_id
                      AND who.commercial_partner_id = firm.id
                      AND later.state = 'sale'
                      AND (later.date_order, again.id) > (o.date_order, line.id))
             ORDER BY line.id
             LIMIT %(batch)s
            """,
            today=today,
            late=LATE,
            batch=BATCH,
        )
        return self.browse(row[0] for row in self.env.execute_query(query))

    def _ask_for_usage(self):
        self.is_usage_asked = True
        for firm, lines in self.grouped(
            lambda line: line.order_id.partner_id.commercial_partner_id
        ).items():
            user = firm.account_manager_id or firm.user_id
            if user:
                firm.activity_schedule(
                    "mail.mail_activity_data_call",
                    summary=self.env._(
                        "Used up by now? %s",
                        ", ".join(lines.product_id.mapped("display_name")),
                    ),
                    user_id=user.id,
                )
