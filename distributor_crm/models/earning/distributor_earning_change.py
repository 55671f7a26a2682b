# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

CHUNK = 200


class DistributorEarningChange(models.Model):
    """An order of a store whose earnings must be looked at again.

    Payments and credit notes only leave a note here: they never wait for earnings, and
    never fail for them. The scheduled run follows at once.
    """

    _name = "distributor.earning.change"
    _description = "Earning to Look At"

    order_id = fields.Many2one(
        comodel_name="sale.order", required=True, index=True, ondelete="cascade"
    )

    @api.model
    def _note(self, orders):
        """Have the earnings of these orders looked at, as soon as this is committed."""
        if not orders:
            return
        # Whoever pays or refunds an invoice changes what it earns.
        self.sudo().create([{"order_id": order.id} for order in orders])
        self.env.ref("distributor_crm.ir_cron_earning_follow").sudo()._trigger()

    @api.model
    def _note_invoices(self, moves):
        """The same for the orders of stores behind these invoices."""
        invoices = moves.filtered(
            lambda move: move.move_type in ("out_invoice", "out_refund")
        )
        if not invoices:
            return
        # Lines and what they invoice are in the database once they are made.
        self.env["sale.order"].flush_model(["store_id"])
        found = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT sale.id
                  FROM account_move_line line
                  JOIN sale_order_line_invoice_rel rel ON rel.invoice_line_id = line.id
                  JOIN sale_order_line order_line ON order_line.id = rel.order_line_id
                  JOIN sale_order sale ON sale.id = order_line.order_id
                 WHERE line.move_id = ANY(%s)
                   AND (sale.store_id IS NOT NULL OR EXISTS (
                       SELECT FROM distributor_earning WHERE order_id = sale.id))
                """,
                invoices.ids,
            )
        )
        self._note(self.env["sale.order"].browse([number for (number,) in found]))

    @api.model
    def _work_off(self, limit=None):
        """Book what the noted orders earn.

        Notes that another run is at are left to it.

        :param limit: look at so many orders at most
        :return: number of orders looked at
        """
        # The notes are the engine's own.
        notes = self.sudo().search([], limit=limit, order="id")
        notes = notes.try_lock_for_update()
        orders = notes.order_id
        orders._book_earnings()
        notes.unlink()
        return len(orders)

    @api.model
    def _cron_follow(self):
        """Scheduled, and at once after each payment: book what stores earned."""
        cron = self.env["ir.cron"]
        while self._work_off(CHUNK):
            remaining = self.search_count([])
            if not cron._commit_progress(CHUNK, remaining=remaining):
                break

    @api.model
    def _cron_sweep(self):
        """Each night: look again at orders whose invoices were written lately, in case
        a change came by a way that leaves no note."""
        since = fields.Datetime.now() - timedelta(days=2)
        moves = self.env["account.move"].search(
            [
                ("write_date", ">=", since),
                ("move_type", "in", ("out_invoice", "out_refund")),
            ]
        )
        self._note_invoices(moves)
