# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import Command, models
from odoo.exceptions import UserError
from odoo.tools import SQL


class DistributorExit(models.Model):
    """Goods taken back: by returns of the orders they came with, the rest by a draft
    credit note."""

    _inherit = "distributor.exit"

    def _get_credit_notes(self):
        """Return the credit notes for what was taken back, of the returns too."""
        moves = self.move_ids | self.return_ids.move_ids
        return moves.filtered(lambda move: move.state != "cancel")

    def _check_stock(self):
        """Check that it is known what was paid for what is taken back.

        :raises UserError: names the products of which it is not
        """
        unknown = self.stock_ids.filtered(
            lambda s: s.uom_id.compare(s.quantity, 0) > 0 and not s.move_line_id
        )
        if unknown:
            raise UserError(
                self.env._(
                    "%s: no posted invoice says what he paid. Enter 0 under Quantity "
                    "Taken Back.",
                    ", ".join(unknown[:5].product_id.mapped("display_name")),
                )
            )

    def _take_back(self):
        """Make the returns and the draft credit notes, once."""
        self.ensure_one()
        if self.return_ids or self.move_ids:
            raise UserError(self.env._("The goods of %s are taken back.", self.name))
        rest = {line: line.quantity for line in self.stock_ids}
        found = {}
        for ordered in self._get_bought():
            line = self.stock_ids.filtered(
                lambda s, o=ordered: s.product_id == o.product_id
            )
            wanted = line.uom_id._compute_quantity(
                rest[line], ordered.product_uom_id, round=False
            )
            part = min(wanted, self._get_creditable(ordered))
            if ordered.product_uom_id.compare(part, 0) <= 0:
                continue
            found.setdefault(ordered.order_id, []).append((ordered, part, line))
            rest[line] -= ordered.product_uom_id._compute_quantity(
                part, line.uom_id, round=False
            )
        self._make_returns(found)
        self._make_credit_notes(rest)

    def _read_last_bought(self, products):
        """Return (id of the invoice line, id of the product) of what he bought last."""
        self.env["account.move.line"].flush_model()
        self.env["account.move"].flush_model()
        return self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT ON (line.product_id) line.id, line.product_id
                  FROM account_move_line line
                  JOIN account_move move ON move.id = line.move_id
                 WHERE move.commercial_partner_id = %(partner)s
                   AND move.company_id = %(company)s
                   AND move.move_type = 'out_invoice'
                   AND move.state = 'posted'
                   AND line.display_type = 'product'
                   AND line.product_id = ANY(%(products)s)
                   AND line.quantity > 0
                   AND line.price_subtotal > 0
                 ORDER BY line.product_id, move.invoice_date DESC, line.id DESC
                """,
                partner=self.partner_id.id or 0,
                company=self.company_id.id or 0,
                products=products.ids,
            )
        )

    def _get_bought(self):
        """Return what he paid for of these products on orders, the latest first."""
        lines = self.env["sale.order.line"].search(
            [
                ("order_id.partner_id", "child_of", self.partner_id.id),
                ("company_id", "=", self.company_id.id),
                ("state", "=", "sale"),
                ("product_id", "in", self.stock_ids.product_id.ids),
                ("price_subtotal", ">", 0),
            ]
        )
        return lines.sorted(lambda li: (li.order_id.date_order, li.id), reverse=True)

    def _get_creditable(self, ordered):
        """Return what of an order line can come back and was paid for by an invoice."""
        Return = self.env["distributor.return"]
        invoiced = sum(
            (line.product_uom_id or ordered.product_uom_id)._compute_quantity(
                Return._get_open_quantity(line, ordered),
                ordered.product_uom_id,
                round=False,
            )
            for line in ordered.invoice_lines
            if line.move_id.state == "posted"
            and line.move_id.move_type == "out_invoice"
            and line.price_subtotal > 0
        )
        return min(invoiced, ordered._get_returnable())

    def _make_returns(self, found):
        requests = self.env["distributor.return"].create(
            [
                {
                    "partner_id": self.partner_id.id,
                    "company_id": self.company_id.id,
                    "order_id": order.id,
                    "reason": "other",
                    "description": self.env._("Stock taken back: %s", self.name),
                    "exit_id": self.id,
                    "line_ids": [
                        Command.create(
                            {
                                "order_line_id": ordered.id,
                                "quantity": part,
                                "exit_stock_id": line.id,
                            }
                        )
                        for ordered, part, line in parts
                    ],
                }
                for order, parts in found.items()
            ]
        )
        # What is in time approves itself.
        requests.filtered(lambda r: r.state == "submitted").action_approve()

    def _make_credit_notes(self, rest):
        """Draft a credit note, one in each currency, of what came with no order."""
        by_currency = {}
        for line, quantity in rest.items():
            if line.uom_id.compare(quantity, 0) > 0:
                bought = line.move_line_id
                by_currency.setdefault(bought.currency_id, []).append(
                    Command.create(
                        {
                            "product_id": line.product_id.id,
                            "name": bought.name,
                            "quantity": quantity,
                            "product_uom_id": line.uom_id.id,
                            "discount": bought.discount,
                            "tax_ids": [Command.set(bought.tax_ids.ids)],
                            "price_unit": line._get_credit_price(bought, line.uom_id),
                        }
                    )
                )
        self.env["account.move"].create(
            [
                {
                    "move_type": "out_refund",
                    "partner_id": self.partner_id.id,
                    "company_id": self.company_id.id,
                    "currency_id": currency.id,
                    "ref": self.name,
                    "exit_id": self.id,
                    "invoice_line_ids": commands,
                }
                for currency, commands in by_currency.items()
            ]
        )
