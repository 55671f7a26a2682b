# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import Command, fields, models

from ..earning.res_partner import OPEN as OPEN_WITHDRAWALS
from ..service.distributor_case import OPEN as OPEN_CASES


class DistributorExit(models.Model):
    """What is open between the distributor and the company, by the ledger."""

    _inherit = "distributor.exit"

    def action_refresh(self):
        """Draw the list up again, of a draft alone."""
        self.check_access("write")
        self._check_state("draft")
        self._draw_up()
        return True

    def _draw_up(self):
        """Write the list anew, and take over what the last stock report counts."""
        # The rows are written by code alone, and the ledger is read whole: who may
        # see this distributor's exit may see what is open with him.
        for record in self.sudo():
            record.write(
                {
                    "line_ids": [
                        Command.clear(),
                        *(Command.create(item) for item in record._get_open_items()),
                    ],
                    "listed_at": fields.Datetime.now(),
                }
            )
            record._take_over_stock()

    def _take_over_stock(self):
        """Add the products of the last report; what people entered stays."""
        report = self.env["distributor.stock.report"].search(
            [
                ("partner_id", "=", self.partner_id.id),
                ("company_id", "=", self.company_id.id),
            ],
            order="date desc, id desc",
            limit=1,
        )
        own = {line.product_id: line for line in self.stock_ids}
        counted = {line.product_id: line.quantity for line in report.line_ids}
        for product, line in own.items():
            line.reported = counted.get(product, 0)
        self.stock_report_id = report
        self.env["distributor.exit.stock"].create(
            [
                {
                    "exit_id": self.id,
                    "product_id": product.id,
                    "reported": quantity,
                    "quantity": quantity,
                }
                for product, quantity in counted.items()
                if product not in own and quantity
            ]
        )
        for name in ("move_line_id", "last_price"):
            self.env.add_to_compute(self.stock_ids._fields[name], self.stock_ids)

    def _get_open_keys(self):
        """Return which items are open now, as lines name them."""
        # As in _draw_up.
        return {
            (item["kind"], item["res_model"], item["res_id"])
            for item in self.sudo()._get_open_items()
        }

    def _get_open_items(self):
        """Return the values of a line for everything that is open now."""
        self.ensure_one()
        return [
            *self._get_open_moves(),
            *self._get_open_rebates(),
            *self._get_open_earnings(),
            *self._get_open_documents(),
        ]

    def _prepare_item(self, kind, record, amount, date_due=False):
        return {
            "kind": kind,
            "name": record.display_name or str(record.id),
            "res_model": record._name,
            "res_id": record.id,
            "amount": self.currency_id.round(amount),
            "date_due": date_due,
        }

    def _get_own(self):
        return [
            ("partner_id", "=", self.partner_id.id),
            ("company_id", "=", self.company_id.id),
        ]

    def _get_open_moves(self):
        """Invoices and credit notes, and the drafts for what this exit takes back."""
        own = [
            ("commercial_partner_id", "=", self.partner_id.id),
            ("company_id", "=", self.company_id.id),
            ("move_type", "in", ("out_invoice", "out_refund")),
        ]
        moves = self.env["account.move"].search(
            [
                *own,
                ("state", "=", "posted"),
                ("payment_state", "not in", ("paid", "reversed", "invoicing_legacy")),
            ],
            order="invoice_date, id",
        )
        moves = moves.filtered(
            lambda m: not m.company_currency_id.is_zero(m.amount_residual_signed)
        )
        drafts = self._get_credit_notes().filtered(lambda m: m.state == "draft")
        return [
            self._prepare_item(
                "invoice" if move.move_type == "out_invoice" else "refund",
                move,
                # The residual of a draft says nothing about the ledger yet.
                move.amount_residual_signed
                if move.state == "posted"
                else move.amount_total_signed,
                move.invoice_date_due,
            )
            for move in moves | drafts
        ]

    def _get_open_rebates(self):
        """Statements that are not paid; one with a credit note stands there already."""
        statements = self.env["distributor.rebate.statement"].search(
            [*self._get_own(), ("state", "!=", "paid")], order="date_from, id"
        )
        return [
            self._prepare_item("rebate", statement, -statement.settled)
            for statement in statements
            if statement._has_due()
            and not (
                statement.state == "posted"
                and statement.move_id.move_type in ("out_refund", "out_invoice")
            )
        ]

    def _get_open_earnings(self):
        partner, company = self.partner_id, self.company_id
        figures = partner._get_earning_figures(company)[partner.id]
        return [
            self._prepare_item(kind, partner, -figures[name])
            for kind, name in (("earning", "available"), ("frozen", "frozen"))
            if not company.currency_id.is_zero(figures[name])
        ]

    def _get_open_documents(self):
        withdrawals = self.env["distributor.withdrawal"].search(
            [*self._get_own(), ("state", "in", OPEN_WITHDRAWALS)]
        )
        returns = self.env["distributor.return"].search(
            [*self._get_own(), ("state", "in", ("submitted", "approved", "received"))]
        )
        cases = self.env["distributor.case"].search(
            [*self._get_own(), ("state", "in", OPEN_CASES)]
        )
        return [
            *(self._prepare_item("withdrawal", w, -w.amount) for w in withdrawals),
            # What they are worth is not known before the credit note.
            *(self._prepare_item("return", r, 0) for r in returns),
            *(self._prepare_item("case", c, 0) for c in cases),
        ]
