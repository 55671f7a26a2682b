# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _recompute_prices(self):
        # EXTENDS sale
        self.order_line._compute_promo_line_id()
        return super()._recompute_prices()

    def action_confirm(self):
        # EXTENDS sale
        self._check_promos()
        result = super().action_confirm()
        self._report_overdrawn_promos()
        return result

    def _check_promos(self):
        """Refuse to confirm supply prices that another order used up meanwhile, or that
        are another's, while a person of ours can still correct the order."""
        if not self.env.user._is_internal() or self.env.su:
            return
        for order in self:
            for promo, lines in order.order_line.grouped("promo_line_id").items():
                if not promo:
                    continue
                grant = promo.sudo()  # whoever sells need not see the request
                wanted = sum(line._get_promo_quantity() for line in lines)
                is_his = (
                    grant.partner_id == order.sudo().partner_id.commercial_partner_id
                )
                left = grant._get_left()
                if not is_his or promo.product_id.uom_id.compare(wanted, left) > 0:
                    raise UserError(
                        self.env._(
                            "Of the campaign price of %(product)s only %(left)s are left "
                            "for this distributor. Change the quantity, or update the "
                            "prices of the order.",
                            product=grant.product_id.display_name,
                            left=max(left, 0) if is_his else 0,
                        )
                    )

    def _report_overdrawn_promos(self):
        """Tell the account manager where customers' own orders took more than was
        granted: what they accepted and paid stands."""
        # Whoever confirms, the customer too, need not see campaigns.
        for promo in self.sudo().order_line.promo_line_id:
            manager = promo.request_id.account_manager_id
            over = promo.product_id.uom_id.compare(promo._get_left(), 0) < 0
            if over and manager:
                promo.request_id.activity_schedule(
                    "mail.mail_activity_data_warning",
                    summary=self.env._(
                        "More than granted was ordered: %s",
                        promo.product_id.display_name,
                    ),
                    user_id=manager.id,
                )


class SaleOrderLine(models.Model):
    """A line takes the supply price of a campaign of its own distributor.

    Not by rules of a pricelist: a pricelist is shared by all distributors of a tier, its
    rules know no quantity that is used up, and each change of one empties the cache of
    the whole server.
    """

    _inherit = "sale.order.line"

    promo_line_id = fields.Many2one(
        comodel_name="distributor.promo.line",
        string="Campaign",
        compute="_compute_promo_line_id",
        store=True,
        precompute=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        help="The campaign whose supply price this line has.",
    )

    @api.depends("product_id", "product_uom_id", "product_uom_qty")
    def _compute_promo_line_id(self):
        """Find the grants for all lines with one query; none for others' lines."""
        open_lines = self.filtered(lambda line: line._may_have_promo())
        (self - open_lines).filtered(
            lambda line: line.state != "sale"
        ).promo_line_id = False
        if not open_lines:
            return
        # Whoever sells need not see the requests; prices are for whom they are granted.
        orders = open_lines.order_id.sudo()
        grants = (
            self.env["distributor.promo.line"]
            .sudo()
            .search(
                [
                    ("partner_id", "in", orders.partner_id.commercial_partner_id.ids),
                    ("product_id", "in", open_lines.product_id.ids),
                    ("state", "=", "approved"),
                    ("approved_quantity", ">", 0),
                ],
                order="supply_price, id",
            )
        )
        for line in open_lines:
            line.promo_line_id = next(
                (grant for grant in grants if line._fits_promo(grant)), False
            )

    def _may_have_promo(self):
        """Whether this is an open line of goods that a distributor buys."""
        partner = self.order_id.sudo().partner_id.commercial_partner_id
        return bool(
            self.state != "sale"
            and self.product_id
            and not self.display_type
            and not self.rebate_exclusion
            and partner.is_distributor
        )

    def _fits_promo(self, grant):
        """Whether a grant is for this line: his, of the day, and enough of it left."""
        order = self.order_id.sudo()
        day = fields.Datetime.context_timestamp(
            self, order.date_order or fields.Datetime.now()
        ).date()
        return (
            grant.partner_id == order.partner_id.commercial_partner_id
            and grant.product_id == self.product_id
            and grant.company_id == order.company_id
            and grant.date_from <= day <= grant.date_to
            and self.product_id.uom_id.compare(
                self._get_promo_quantity(), grant._get_left()
            )
            <= 0
        )

    def _get_promo_quantity(self):
        """Return the quantity of this line in the unit of its product."""
        unit = self.product_uom_id
        if not unit or unit == self.product_id.uom_id:
            return self.product_uom_qty
        return unit._compute_quantity(
            self.product_uom_qty, self.product_id.uom_id, round=False
        )

    @api.depends("promo_line_id")
    def _compute_pricelist_item_id(self):
        # EXTENDS sale: no discount comes on top of a supply price
        result = super()._compute_pricelist_item_id()
        self.filtered("promo_line_id").pricelist_item_id = False
        return result

    @api.depends("promo_line_id")
    def _compute_price_unit(self):
        # EXTENDS sale
        return super()._compute_price_unit()

    def _get_display_price(self):
        # EXTENDS sale
        grant = self.promo_line_id.sudo()  # the price is told to whom it is granted
        if not grant:
            return super()._get_display_price()
        price = self.product_id.uom_id._compute_price(
            grant.supply_price, self.product_uom_id or self.product_id.uom_id
        )
        return grant.currency_id._convert(
            price,
            self.currency_id or grant.currency_id,
            grant.company_id,
            (self.order_id.date_order or fields.Datetime.now()).date(),
            round=False,
        )
