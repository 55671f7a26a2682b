# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError

SELLERS = "distributor_crm.group_sales_rep,distributor_crm.group_finance"
COST_READERS = "distributor_crm.group_account_manager,distributor_crm.group_finance"


class SaleOrder(models.Model):
    """What a quotation does to the distributor's tier, and what it then earns us."""

    _inherit = "sale.order"

    is_distributor_order = fields.Boolean(
        related="partner_id.commercial_partner_id.is_distributor"
    )
    rebate_settlement_ids = fields.One2many(
        comodel_name="distributor.rebate.settlement",
        inverse_name="order_id",
        readonly=True,
    )
    rebate_outlook = fields.Html(
        string="Rebates",
        compute="_compute_rebate_outlook",
        sanitize=False,
        groups=SELLERS,
    )
    rebate_expected = fields.Monetary(
        string="Rebate on This Order",
        compute="_compute_rebate_outlook",
        groups=SELLERS,
        help="What the order adds to the rebates of the distributor and his group, if it "
        "is invoiced today and paid. Where it reaches a higher tier, sales made before "
        "earn more, too.",
    )
    rebate_margin = fields.Monetary(
        string="Margin after Rebates",
        compute="_compute_rebate_margin",
        groups=COST_READERS,
        help="What is still to be invoiced, less the cost of the products and the rebate "
        "on this order.",
    )
    rebate_margin_percent = fields.Float(
        string="Margin after Rebates (%)",
        compute="_compute_rebate_margin",
        groups=COST_READERS,
    )
    is_rebate_margin_known = fields.Boolean(
        compute="_compute_rebate_margin",
        groups=COST_READERS,
        help="Every product of the order has a cost.",
    )

    def action_confirm(self):
        # EXTENDS sale
        self._check_not_held()
        return super().action_confirm()

    def _check_not_held(self):
        """Refuse orders of distributors who are held, and through their stores.

        What a customer has paid for is delivered all the same.

        :raises UserError: names the distributor and why
        """
        unpaid = self.filtered(
            lambda order: (
                not (
                    # Whether it is paid does not depend on who confirms it.
                    order.sudo().transaction_ids.filtered(
                        lambda payment: payment.state in ("authorized", "done")
                    )
                )
            )
        )
        for company, orders in unpaid.grouped("company_id").items():
            buyers = orders.partner_id.commercial_partner_id.filtered("is_distributor")
            buyers._check_distributor_holds("order", company)
            # The seller need not see the owner of the store.
            owners = orders.sudo().store_id.partner_id
            owners._check_distributor_holds("store", company)

    @api.depends(
        "partner_id",
        "company_id",
        "currency_id",
        "state",
        "order_line.product_id",
        "order_line.product_uom_id",
        "order_line.product_uom_qty",
        "order_line.price_subtotal",
        "order_line.qty_invoiced_posted",
        "order_line.rebate_exclusion",
    )
    def _compute_rebate_outlook(self):
        for order in self:
            outlooks = order._get_rebate_outlooks()
            cost = float(sum(outlook.cost for outlook in outlooks))
            rate = order.currency_rate or 1
            order.rebate_expected = cost * rate
            order.rebate_outlook = outlooks and order._render_rebate_outlook(outlooks)

    def _get_rebate_outlooks(self):
        """Return what the rest of this order does under each running program."""
        self.ensure_one()
        partner = self.partner_id.commercial_partner_id
        if not partner.is_distributor or self.state == "cancel":
            return []
        lines = self.order_line.filtered(lambda line: line._is_open_sale())
        if self.state == "sale" and not lines:
            return []  # all is invoiced: the statements say it
        rate = Decimal(str(self.currency_rate or 1))
        sales = {
            line: line._as_rebate_sale(rate)
            for line in lines
            if not line.rebate_exclusion
        }
        # The distributor's whole group counts, whatever part of it one may see.
        Program = self.env["distributor.rebate.program"].sudo()
        partner = partner.sudo()._origin
        return Program._get_outlooks(partner, self.company_id, sales)

    def _render_rebate_outlook(self, outlooks):
        return self.env["ir.qweb"]._render(
            "distributor_crm.sale_order_rebate_outlook",
            {
                "outlooks": outlooks,
                "currency": self.company_id.currency_id,
                "is_empty": not self.order_line,
            },
        )

    @api.depends("rebate_expected")
    def _compute_rebate_margin(self):
        for order in self:
            lines = order.order_line.filtered(lambda line: line._is_open_sale())
            revenue = sum(line.price_subtotal * line._get_open_part() for line in lines)
            costs = [line._get_open_cost() for line in lines]
            known = bool(costs) and None not in costs
            margin = revenue - sum(costs) - order.rebate_expected if known else 0
            order.is_rebate_margin_known = known and order.is_distributor_order
            order.rebate_margin = margin
            order.rebate_margin_percent = margin / revenue if known and revenue else 0

    @api.ondelete(at_uninstall=False)
    def _unlink_except_rebate_document(self):
        """What settled a rebate stays on record."""
        # Which orders settle does not depend on who deletes them.
        if self.sudo().rebate_settlement_ids:
            raise UserError(
                self.env._(
                    "This order settles rebate statements. Cancel it instead of "
                    "deleting it: the statements can then be settled again."
                )
            )

    def _add_partnership(self):
        # EXTENDS partnership: a tier that is sold is given, whoever confirms the order.
        return super(SaleOrder, self.sudo())._add_partnership()
