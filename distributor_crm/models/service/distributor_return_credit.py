# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import Command, fields, models
from odoo.exceptions import AccessError, UserError


class DistributorReturn(models.Model):
    """What the distributor gets for what he returned: a credit note, or other goods."""

    _inherit = "distributor.return"

    def action_credit(self):
        """Draft credit notes for what came back, by Odoo's own reversal.

        Accounting checks and posts them. What was never invoiced needs none.

        :raises AccessError: the user is not in distributor finance
        :raises UserError: a return is not approved, or is credited already
        """
        if not self.env.user.has_group("distributor_crm.group_finance"):
            raise AccessError(self.env._("Only distributor finance credits returns."))
        # Finance reads returns and writes none of them but by this button.
        self.check_access("read")
        self._lock()
        self._check_creditable()
        moves = self.env["account.move"]
        for request in self:
            for invoice, quantities in request._get_refunds().items():
                moves += request._reverse(invoice, quantities)
            request._set(state="done")
        if not moves:
            return True
        return moves._get_records_action(name=self.env._("Credit Notes"))

    def _check_creditable(self):
        self._check_state("approved", "received", "done")
        for request in self:
            if request.kind != "refund":
                raise UserError(
                    self.env._("%s is an exchange: send other goods.", request.name)
                )
            standing = request.move_ids.filtered(lambda move: move.state != "cancel")
            if standing:
                raise UserError(
                    self.env._(
                        "%(request)s is credited by %(documents)s already.",
                        request=request.name,
                        documents=", ".join(standing.mapped("display_name")),
                    )
                )

    def _get_refunds(self):
        """Return which quantity of which invoice line is to be credited.

        :return: dict of invoice → dict of its line → quantity, in the line's unit
        """
        self.ensure_one()
        found = {}
        for line in self.line_ids:
            ordered = line.order_line_id
            rest = line.quantity
            for invoiced in ordered.invoice_lines.filtered(
                lambda item: (
                    item.move_id.state == "posted"
                    and item.move_id.move_type == "out_invoice"
                )
            ):
                uom = invoiced.product_uom_id or ordered.product_uom_id
                wanted = ordered.product_uom_id._compute_quantity(
                    rest, uom, round=False
                )
                part = min(wanted, self._get_open_quantity(invoiced, ordered))
                if uom.compare(part, 0) <= 0:
                    continue
                found.setdefault(invoiced.move_id, {})[invoiced] = part
                rest -= uom._compute_quantity(part, ordered.product_uom_id, round=False)
        return found

    def _get_open_quantity(self, invoiced, ordered):
        """Return what of an invoice line no credit note takes back yet."""
        credited = ordered.invoice_lines.filtered(
            lambda item: (
                item.move_id.reversed_entry_id == invoiced.move_id
                and item.move_id.state != "cancel"
                and item.move_id.move_type == "out_refund"
            )
        )
        same = ordered.invoice_lines.filtered(
            lambda item: item.move_id == invoiced.move_id
        )
        # Where an invoice has the line twice, what was credited meets the first first.
        total = sum(credited.mapped("quantity"))
        for item in same:
            taken = min(item.quantity, total)
            total -= taken
            if item == invoiced:
                return item.quantity - taken
        return 0

    def _reverse(self, invoice, quantities):
        """Return the draft credit note of parts of an invoice."""
        wizard = (
            self.env["account.move.reversal"]
            .with_context(active_model="account.move", active_ids=invoice.ids)
            .create({"reason": self.name, "journal_id": invoice.journal_id.id})
        )
        wizard.refund_moves()
        move = wizard.new_move_ids
        # A reversal copies the lines in their order; each is met by its original.
        pairs = zip(
            invoice.invoice_line_ids.sorted(lambda item: (item.sequence, item.id)),
            move.invoice_line_ids.sorted(lambda item: (item.sequence, item.id)),
            strict=True,
        )
        commands = [
            Command.update(
                copied.id, self._prepare_credited(original, quantities[original])
            )
            if original in quantities
            else Command.delete(copied.id)
            for original, copied in pairs
        ]
        move.write({"invoice_line_ids": commands, "distributor_return_id": self.id})
        return move

    def _prepare_credited(self, original, quantity):
        """Return what a credit note says otherwise than the invoice line it meets."""
        return {"quantity": quantity}

    def action_replace(self):
        """Send other goods for what came back: an order at no price that earns nothing.

        :raises UserError: a return is no exchange, or its goods are not back
        """
        self._check_decider()
        self._lock()
        self._check_state("received")
        for request in self:
            if request.kind != "exchange":
                raise UserError(
                    self.env._("%s is to be credited, not exchanged.", request.name)
                )
            # Whoever decides on the exchange lets the goods go out.
            values = request.sudo()._prepare_order()
            order = self.env["sale.order"].sudo().create(values)
            order.action_confirm()
            order.action_lock()
            request._set(replacement_id=order.id, state="done")
        return True

    def _prepare_order(self):
        """Return the values of the order that replaces what came back."""
        reason = self.env._("Exchange: %s", self.name)
        return {
            "partner_id": self.order_id.partner_id.id,
            "partner_shipping_id": self.order_id.partner_shipping_id.id,
            "company_id": self.company_id.id,
            "user_id": self.order_id.user_id.id,
            "origin": f"{self.name}, {self.order_id.name}",
            "order_line": [
                Command.create(
                    {
                        "product_id": line.product_id.id,
                        "product_uom_qty": line.quantity,
                        "product_uom_id": line.product_uom_id.id,
                        "price_unit": 0,
                        "discount": 0,
                        "tax_ids": [Command.clear()],
                        "rebate_exclusion": reason,
                    }
                )
                for line in self.line_ids
            ],
        }

    def action_view_moves(self):
        """Open the credit notes of these returns."""
        return self.move_ids._get_records_action(name=self.env._("Credit Notes"))


class AccountMove(models.Model):
    _inherit = "account.move"

    distributor_return_id = fields.Many2one(
        comodel_name="distributor.return",
        string="Return",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
