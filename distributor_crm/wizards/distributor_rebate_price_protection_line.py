# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models


class DistributorRebatePriceProtectionPrice(models.TransientModel):
    """A product whose list price falls."""

    _name = "distributor.rebate.price.protection.price"
    _description = "Price Protection: Product"

    wizard_id = fields.Many2one(
        comodel_name="distributor.rebate.price.protection",
        required=True,
        ondelete="cascade",
    )
    currency_id = fields.Many2one(related="wizard_id.currency_id")
    product_id = fields.Many2one(
        comodel_name="product.product", required=True, ondelete="cascade"
    )
    old_price = fields.Monetary(
        compute="_compute_prices", store=True, readonly=False, required=True
    )
    new_price = fields.Monetary(
        compute="_compute_prices", store=True, readonly=False, required=True
    )
    drop = fields.Monetary(string="Falls By", compute="_compute_drop")

    _product_unique = models.Constraint(
        "UNIQUE(wizard_id, product_id)",
        "A product is there twice. Delete one of the two lines.",
    )

    @api.depends("product_id")
    def _compute_prices(self):
        before = self._get_prices_before()
        for price in self:
            product = price.product_id
            price.new_price = product.lst_price
            price.old_price = before.get(product.product_tmpl_id.id, product.lst_price)

    def _get_prices_before(self):
        """Return the list price before the last change, where the chatter has it."""
        field = self.env["ir.model.fields"]._get("product.template", "list_price")
        # Users may not read tracked values as such; they see them in the chatter.
        changes = (
            self.env["mail.tracking.value"]
            .sudo()
            .search(
                [
                    ("field_id", "=", field.id),
                    ("mail_message_id.model", "=", "product.template"),
                    (
                        "mail_message_id.res_id",
                        "in",
                        self.product_id.product_tmpl_id.ids,
                    ),
                ],
                order="id",
            )
        )
        return {
            change.mail_message_id.res_id: change.old_value_float for change in changes
        }

    @api.depends("old_price", "new_price")
    def _compute_drop(self):
        for price in self:
            price.drop = price.old_price - price.new_price


class DistributorRebatePriceProtectionStock(models.TransientModel):
    """What one distributor has of one product."""

    _name = "distributor.rebate.price.protection.stock"
    _description = "Price Protection: Stock"

    wizard_id = fields.Many2one(
        comodel_name="distributor.rebate.price.protection",
        required=True,
        ondelete="cascade",
    )
    currency_id = fields.Many2one(related="wizard_id.currency_id")
    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Distributor",
        required=True,
        domain=[("is_distributor", "=", True)],
        ondelete="cascade",
    )
    product_id = fields.Many2one(
        comodel_name="product.product", required=True, ondelete="cascade"
    )
    declared = fields.Float(
        string="Declared Stock",
        digits="Product Unit",
        help="What the distributor says he holds on the day the price falls.",
    )
    bought = fields.Float(string="Bought Lately", digits="Product Unit", readonly=True)
    counted = fields.Float(
        string="Counts",
        digits="Product Unit",
        compute="_compute_amount",
        help="The smaller of the two.",
    )
    amount = fields.Monetary(compute="_compute_amount")

    _declared_not_negative = models.Constraint(
        "CHECK(declared >= 0)", "A stock is not negative. Correct the declared stock."
    )

    @api.depends("declared", "bought", "product_id", "wizard_id.price_ids.drop")
    def _compute_amount(self):
        drops = {
            (price.wizard_id, price.product_id): price.drop
            for price in self.wizard_id.price_ids
        }
        for stock in self:
            stock.counted = min(stock.declared, max(stock.bought, 0))
            drop = drops.get((stock.wizard_id, stock.product_id), 0)
            amount, currency = stock.counted * max(drop, 0), stock.currency_id
            stock.amount = currency.round(amount) if currency else amount

    def _prepare_claim_vals(self):
        """Return the values of the claim for this stock."""
        self.ensure_one()
        wizard, money = self.wizard_id, self.currency_id.format
        price = wizard.price_ids.filtered(lambda p: p.product_id == self.product_id)
        return {
            "program_id": wizard.program_id.id,
            "partner_id": self.partner_id.id,
            "date": wizard.date,
            "product_id": self.product_id.id,
            "quantity": self.counted,
            "unit_amount": price.drop,
            "description": self.env._(
                "List price %(old)s, then %(new)s. Declared stock %(declared)s; bought "
                "%(bought)s in the %(days)s days before.",
                old=money(price.old_price),
                new=money(price.new_price),
                declared=f"{self.declared:.10g}",
                bought=f"{self.bought:.10g}",
                days=wizard.days,
            ),
        }
