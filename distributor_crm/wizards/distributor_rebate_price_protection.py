# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import base64
from datetime import timedelta
from decimal import Decimal

from odoo import Command, api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..models.sales_import.messages import file_message, line_message
from ..rebate import ledger
from ..rebate.ledger import Scope
from ..rebate.period import ONE_DAY, Period
from ..sales_import.columns import ORDER_COLUMNS
from ..sales_import.problems import FileProblem, ValueProblem
from ..sales_import.source import Source
from ..sales_import.values import read_number, read_text

COLUMNS = tuple(
    column
    for column in ORDER_COLUMNS
    if column.name in ("customer", "product", "quantity")
)


class DistributorRebatePriceProtection(models.TransientModel):
    """From a fallen list price to claims for the stock that distributors hold (R121).

    What a distributor declares is capped by what he bought lately.
    """

    _name = "distributor.rebate.price.protection"
    _description = "Price Protection"
    _check_company_auto = True

    program_id = fields.Many2one(
        comodel_name="distributor.rebate.program",
        required=True,
        ondelete="cascade",
        domain=[
            ("kind", "=", "price_protection"),
            ("measure", "=", "claim"),
            ("origin_id", "=", False),
            ("state", "=", "running"),
        ],
    )
    company_id = fields.Many2one(related="program_id.company_id")
    currency_id = fields.Many2one(related="program_id.currency_id")
    date = fields.Date(
        string="Price Falls On",
        required=True,
        default=fields.Date.context_today,
        help="Claims bear this date.",
    )
    days = fields.Integer(
        string="Bought in the Last",
        default=90,
        required=True,
        help="A distributor claims no more than he bought, less returns, in so many days "
        "before the price falls.",
    )
    price_ids = fields.One2many(
        comodel_name="distributor.rebate.price.protection.price",
        inverse_name="wizard_id",
        string="Products",
    )
    stock_ids = fields.One2many(
        comodel_name="distributor.rebate.price.protection.stock",
        inverse_name="wizard_id",
        string="Stocks",
    )
    amount_total = fields.Monetary(compute="_compute_amount_total")
    file = fields.Binary(
        string="Stock File",
        attachment=False,
        help="A CSV file with the columns Distributor Code, Product Code and Quantity.",
    )
    file_name = fields.Char()

    _days_positive = models.Constraint(
        "CHECK(days > 0)", "Look back at least one day. Correct the number of days."
    )

    @api.depends("stock_ids.amount")
    def _compute_amount_total(self):
        for wizard in self:
            wizard.amount_total = sum(wizard.stock_ids.mapped("amount"))

    def action_find(self):
        """List who bought the products lately, with what he may claim at most."""
        self.ensure_one()
        self._check_prices()
        self._refresh(self._get_declared())
        return self._reopen()

    def action_read_file(self):
        """Take the declared stocks from the uploaded file."""
        self.ensure_one()
        self._check_prices()
        self._refresh(self._get_declared() | self._read_file())
        self.file = False
        return self._reopen()

    def action_create_claims(self):
        """Create a draft claim for each declared stock, and open them."""
        self.ensure_one()
        self._check_prices()
        self._refresh(self._get_declared())
        claimed = self.stock_ids.filtered("amount")
        if not claimed:
            raise UserError(
                self.env._(
                    "Nothing to claim. Find the distributors, and enter the stock that "
                    "they declare."
                )
            )
        claims = self.env["distributor.rebate.claim"].create(
            [stock._prepare_claim_vals() for stock in claimed]
        )
        return claims._get_records_action(name=self.env._("Price Protection"))

    def _check_prices(self):
        """Check that there is a fall to protect from.

        :raises UserError: says what to enter
        """
        if not self.price_ids:
            raise UserError(self.env._("Add the products whose list price falls."))
        risen = self.price_ids.filtered(lambda price: price.drop <= 0)
        if risen:
            raise UserError(
                self.env._(
                    "The price of %s does not fall. Correct its old or new price.",
                    ", ".join(risen.product_id.mapped("display_name")),
                )
            )

    def _get_declared(self):
        """Return the declared stocks by distributor and product."""
        return {
            (stock.partner_id.id, stock.product_id.id): stock.declared
            for stock in self.stock_ids
        }

    def _refresh(self, declared):
        """List everybody who bought or declared something, with his limit."""
        bought = {
            (partner, product): float(Decimal(quantity))
            for partner, product, quantity in self.env.execute_query(
                ledger.bought(self._get_scope())
            )
        }
        keys = {key for key, quantity in bought.items() if quantity > 0}
        keys |= {key for key, quantity in declared.items() if quantity}
        partners = self.env["res.partner"].browse({key[0] for key in keys})
        names = {partner.id: partner.name for partner in partners}
        self.stock_ids = [
            Command.clear(),
            *(
                Command.create(
                    {
                        "partner_id": partner,
                        "product_id": product,
                        "declared": declared.get((partner, product), 0),
                        "bought": bought.get((partner, product), 0),
                    }
                )
                for partner, product in sorted(
                    keys, key=lambda key: (names[key[0]], key)
                )
            ),
        ]

    def _get_scope(self) -> Scope:
        """Return the invoice lines of the last days, of these products."""
        self.env.flush_all()
        self.program_id.check_access("read")
        # Who bought how much limits a claim, whatever part of it one may see.
        program = self.program_id.sudo()
        version = next(
            (v for v, first, last in program._get_validity() if self.date <= last),
            program,
        )
        partners, _products = version._get_scope_sql()
        start = self.date - timedelta(days=self.days)
        return Scope(
            company_id=program.company_id.id,
            spans={0: Period(start, self.date - ONE_DAY)},
            partners=partners,
            products=SQL("line.product_id = ANY(%s)", self.price_ids.product_id.ids),
        )

    def _read_file(self):
        """Return the declared stocks in the file.

        :raises UserError: says which line, and what to do
        """
        if not self.file:
            raise UserError(self.env._("Choose the file with the declared stocks."))
        try:
            source = Source(base64.b64decode(self.file), COLUMNS, self.file_name or "")
            rows = list(source.rows())
        except FileProblem as error:
            message = file_message(self.env, error.problem)
            raise UserError(message) from error
        partners = self._get_partners()
        products = {price.product_id.default_code: price for price in self.price_ids}
        declared = {}
        for number, cells in rows:
            try:
                row = {
                    name: read_text(cells[place]) if place < len(cells) else ""
                    for name, place in source.positions.items()
                }
                quantity = read_number(row["quantity"])
            except ValueProblem as error:
                message = line_message(self.env, error.problem)
                raise self._line_error(number, message) from error
            partner = partners.get(row["customer"])
            product = products.get(row["product"])
            if not partner or not product or quantity is None or quantity < 0:
                raise self._line_error(
                    number,
                    self.env._(
                        "a distributor's code, the code of a product above and a "
                        "quantity are needed."
                    ),
                )
            key = partner, product.product_id.id
            declared[key] = declared.get(key, 0) + float(quantity)
        return declared

    def _line_error(self, number, message):
        return UserError(
            self.env._("Line %(number)s: %(text)s", number=number, text=message)
        )

    def _get_partners(self):
        """Return the id of each distributor by his code."""
        found = self.env["res.partner"].search_fetch(
            [("is_distributor", "=", True), ("ref", "!=", False)], ["ref"]
        )
        return {partner.ref: partner.id for partner in found}

    def _reopen(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Price Protection"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }
