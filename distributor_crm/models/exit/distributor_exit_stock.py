# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError

from ...guard import without_closed

# They follow from the invoices and the report; what is paid rests on them.
CLOSED = {"reported", "move_line_id", "last_price", "price", "amount"}


class DistributorExitStock(models.Model):
    """How much of a product is taken back, and for what he paid last less a part."""

    _name = "distributor.exit.stock"
    _description = "Stock Taken Back"
    _order = "exit_id, id"
    _rec_name = "product_id"
    _check_company_auto = True

    exit_id = fields.Many2one(
        comodel_name="distributor.exit", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="exit_id.company_id", store=True, precompute=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    product_id = fields.Many2one(
        comodel_name="product.product",
        required=True,
        ondelete="restrict",
        check_company=True,
    )
    uom_id = fields.Many2one(related="product_id.uom_id")
    reported = fields.Float(digits="Product Unit", readonly=True)
    quantity = fields.Float(
        string="Quantity Taken Back", digits="Product Unit", required=True, default=0
    )
    move_line_id = fields.Many2one(
        comodel_name="account.move.line",
        string="Last Bought With",
        compute="_compute_last",
        store=True,
        index="btree_not_null",
    )
    last_price = fields.Float(
        string="Paid Last",
        compute="_compute_last",
        store=True,
        min_display_digits="Product Price",
        help="Of one unit, without tax, in the currency of the company: by the last "
        "posted invoice.",
    )
    deduction = fields.Float(string="Less (%)", digits="Discount")
    price = fields.Float(
        string="We Pay",
        compute="_compute_amount",
        store=True,
        min_display_digits="Product Price",
    )
    amount = fields.Monetary(compute="_compute_amount", store=True)

    _once = models.UniqueIndex("(exit_id, product_id)", "Enter each product once.")
    _quantity_positive = models.Constraint(
        "CHECK(quantity >= 0)", "What is taken back is 0 or more."
    )
    _deduction_part = models.Constraint(
        "CHECK(COALESCE(deduction, 0) >= 0 AND COALESCE(deduction, 0) <= 100)",
        "What is taken off lies between 0 and 100 %.",
    )

    @api.depends("product_id", "exit_id.partner_id", "exit_id.company_id")
    def _compute_last(self):
        last = {}
        for record, lines in self.grouped("exit_id").items():
            for line_id, product in record._read_last_bought(lines.product_id):
                last[record, product] = line_id
        for line in self:
            bought = self.env["account.move.line"].browse(
                last.get((line.exit_id, line.product_id.id))
            )
            line.move_line_id = bought
            units = line._get_units(bought) if bought else 0
            line.last_price = abs(bought.balance) / units if units else 0

    @api.depends("last_price", "deduction", "quantity")
    def _compute_amount(self):
        for line in self:
            line.price = line.last_price * (1 - line.deduction / 100)
            line.amount = line.currency_id.round(line.price * line.quantity)

    def _get_units(self, bought):
        """Return how many units of the product an invoice line sold."""
        uom = bought.product_uom_id or self.uom_id
        return uom._compute_quantity(bought.quantity, self.uom_id, round=False)

    def _get_credit_price(self, bought, uom):
        """Return the price to credit, as an invoice line says it: in its currency,
        before its discount, its taxes in or out.

        :param bought: the invoice line
        :param uom: the price is of one of these
        """
        currency = bought.currency_id
        agreed = self.currency_id._convert(
            self.price,
            currency,
            self.company_id,
            fields.Date.context_today(self),
            round=False,
        )
        # What one unit of our own cost by that line; scaled, taxes and discount fit.
        paid = bought.price_subtotal / self._get_units(bought)
        listed = (bought.product_uom_id or uom)._compute_price(bought.price_unit, uom)
        return listed * agreed / paid if paid else 0

    @api.model_create_multi
    def create(self, vals_list):
        self, vals_list = without_closed(self, vals_list, CLOSED)
        lines = super().create(vals_list)
        lines._check_draft()
        return lines

    def write(self, vals):
        self._check_draft()
        if CLOSED & vals.keys() and not self.env.su:
            raise UserError(self.env._("Prices follow from what he paid last."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_confirmed(self):
        self._check_draft()

    def _check_draft(self):
        if not self.env.su:
            self.exit_id._check_state("draft")
