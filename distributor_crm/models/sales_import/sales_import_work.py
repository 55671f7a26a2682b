# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import logging
import time

import psycopg2

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ...sales_import.book import INVOICE

_logger = logging.getLogger(__name__)

# Measured: larger chunks gain nothing and make the bar jump.
CHUNK_ORDERS = 100
CHUNK_LINES = 2000


class SalesImport(models.Model):
    # One model, a file for each of its tasks.
    # pylint: disable=consider-merging-classes-inherited
    _inherit = "distributor.sales.import"
    _background_lock = 1936553065
    _background_cron = "distributor_crm.ir_cron_sales_import"

    def _work_alone(self, show=None):
        """Import order by order.

        :param show: called with the run after each chunk
        """
        # OVERRIDES background
        started = time.monotonic()
        files = self._get_files()
        self._make_masters(files, self._make_plan(files))
        return self._work_orders(files, started, show)

    def _work_orders(self, files, started, show):
        plan = self._make_plan(files)
        tried = set(self.refusal_ids.mapped("order_number"))
        todo = [order for order in plan.todo if order.number not in tried]
        run = self.run_ids[:1]
        if not run.order_done:
            run.skipped_count = len(plan.skipped)
        run.order_total = run.order_done + len(todo)
        self._commit_progress(remaining=len(todo))
        for chunk in _chunks(todo):
            if self._is_stopped():
                break
            if self._process_chunk(plan, chunk, run) is None:
                self._wake_later()
                return True
            run.seconds += time.monotonic() - started
            started = time.monotonic()
            left = self._commit_progress(len(chunk))
            if show:
                show(run)
            if not left:
                return False
        self._finish(files, run)
        return True

    def _finish(self, files, run):
        plan = self._make_plan(files)
        self._write_error_file(files, self._get_reasons(files, plan, self.refusal_ids))
        run.write(
            {
                "date_end": fields.Datetime.now(),
                "refused_count": len(plan.refused) + len(self.refusal_ids),
            }
        )
        self.error_order_count = run.refused_count
        if not self._is_stopped():
            self.state = "done"
        self._forget_files()
        self._commit()

    def _is_free(self):
        """Whether an import into this company could start now."""
        with self._alone() as alone:
            return alone

    def _process_chunk(self, plan, orders, run):
        """Invoice the orders; those that Odoo refuses are left out with the reason.

        :return: the moves made, None if another process holds the run
        """
        if not run.try_lock_for_update():
            return None
        moves = self._invoice(plan, orders)
        run.write(
            {
                "order_done": run.order_done + len(orders),
                "invoice_count": run.invoice_count
                + len(moves.filtered(lambda move: move.move_type == INVOICE)),
                "refund_count": run.refund_count
                + len(moves.filtered(lambda move: move.move_type != INVOICE)),
            }
        )
        return moves

    def _invoice(self, plan, orders):
        """All at once; if that fails, halves, down to the order that is to blame."""
        Move = self._sudo_model("account.move")
        try:
            with self.env.cr.savepoint():
                moves = Move.create(
                    [
                        values
                        for order in orders
                        for values in self._prepare_moves(plan, order)
                    ]
                )
                moves.action_post()
            return moves
        except psycopg2.OperationalError:
            raise
        except Exception as error:
            if len(orders) == 1:
                self._refuse(orders[0], error)
                return Move
            middle = len(orders) // 2
            return self._invoice(plan, orders[:middle]) + self._invoice(
                plan, orders[middle:]
            )

    def _refuse(self, order, error):
        if isinstance(error, UserError):
            reason = str(error)
        elif isinstance(error, psycopg2.IntegrityError):
            reason = self.env._("The database refuses the order: %s", error)
        else:
            _logger.warning("Order %s cannot be imported", order.number, exc_info=error)
            reason = self.env._("Unexpected error, see the server log: %s", repr(error))
        self.refusal_ids.create(
            {"import_id": self.id, "order_number": order.number, "reason": reason}
        )

    def _prepare_moves(self, plan, order):
        """The values of the order's invoice and credit note."""
        partner = plan.customers[order.customer]
        currency = self.env["res.currency"].browse(plan.currencies[order.currency])
        for kind, lines in order.documents():
            sign = -1 if kind == INVOICE else 1
            # Odoo would take today, which is years after the sale.
            due = {} if partner in plan.with_terms else {"invoice_date_due": order.date}
            yield due | {
                "move_type": kind,
                "company_id": self.company_id.id,
                "journal_id": self.journal_id.id,
                "partner_id": partner,
                "currency_id": currency.id,
                "invoice_date": order.date,
                "ref": order.number,
                "invoice_origin": order.number,
                "invoice_line_ids": [
                    Command.create(self._prepare_line(plan, line, sign, currency))
                    for line in lines
                ],
                "distributor_import_id": self.id,
                "distributor_import_key": order.key(kind),
                "distributor_import_digest": order.digest(),
            }

    def _prepare_line(self, plan, line, sign, currency):
        values = {
            "product_id": plan.products[line.product],
            "quantity": line.quantity,
            "price_unit": line.price,
        }
        if not self.apply_taxes:
            values["tax_ids"] = [Command.clear()]
            if currency == self.company_id.currency_id:
                # Untaxed and in the company's currency, the balance is known. Given it,
                # Odoo has no tax to work out and does not write each line again.
                balance = sign * currency.round(line.quantity * line.price)
                values.update(balance=balance, amount_currency=balance)
        return values


def _chunks(orders):
    """Parts of bounded size, in orders and in lines."""
    chunk, lines = [], 0
    for order in orders:
        if chunk and (
            len(chunk) >= CHUNK_ORDERS or lines + len(order.lines) > CHUNK_LINES
        ):
            yield chunk
            chunk, lines = [], 0
        chunk.append(order)
        lines += len(order.lines)
    if chunk:
        yield chunk
