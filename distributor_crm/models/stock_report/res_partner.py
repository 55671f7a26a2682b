# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from odoo import fields, models

MOST = 100  # products on one page of the portal


class ResPartner(models.Model):
    _inherit = "res.partner"

    stock_report_count = fields.Integer(
        compute="_compute_stock_report_count", groups="distributor_crm.group_sales_rep"
    )

    def _compute_stock_report_count(self):
        counts = dict(
            self.env["distributor.stock.report"]._read_group(
                [("partner_id", "in", self.ids)], ["partner_id"], ["__count"]
            )
        )
        for partner in self:
            partner.stock_report_count = counts.get(partner, 0)

    def action_view_stock_reports(self):
        """Open the stock reports of a distributor."""
        self.ensure_one()
        return {
            **self.env["ir.actions.act_window"]._for_xml_id(
                "distributor_crm.distributor_stock_report_action"
            ),
            "domain": [("partner_id", "=", self.id)],
            "context": {"default_partner_id": self.id},
        }

    def _get_stocked_products(self, company):
        """Return what a distributor bought within a year, the latest first."""
        self.ensure_one()
        groups = self.env["sale.order.line"]._read_group(
            [
                ("order_id.partner_id", "child_of", self.id),
                ("company_id", "=", company.id),
                ("state", "=", "sale"),
                ("product_id.type", "=", "consu"),
                ("order_id.date_order", ">=", fields.Datetime.now() - timedelta(365)),
            ],
            ["product_id"],
            ["create_date:max"],
            order="create_date:max DESC",
            limit=MOST,
        )
        return self.env["product.product"].union(*(product for product, _day in groups))
