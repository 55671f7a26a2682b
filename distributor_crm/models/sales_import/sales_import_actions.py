# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command


class SalesImport(models.Model):
    # One model, a file for each of its tasks.
    # pylint: disable=consider-merging-classes-inherited
    _inherit = "distributor.sales.import"

    def action_check(self):
        """Read the files and show what an import would do; nothing is written."""
        self._check_may_import()
        for record in self:
            if record.state in ("running", "done"):
                raise UserError(self.env._("This import has started already."))
            record._check_setup()
            files = record._get_files()
            plan = record._make_plan(files)
            record._write_preview(files, plan)
            record._write_error_file(files, record._get_reasons(files, plan))
            record.state = "checked"
            # The work is done by another process: give the memory back.
            record._forget_files()
        return True

    def action_import(self):
        """Start the import, or go on with a stopped or failed one."""
        self._check_may_import()
        for record in self:
            if record.state not in ("checked", "stopped", "failed"):
                raise UserError(self.env._("Check the files first."))
            record._check_setup()
            record._start()
        self._wake()
        return True

    def action_resume(self):
        """Go on with a stopped or failed import: what is there is left alone."""
        return self.action_import()

    def action_stop(self):
        """Stop after the orders that are being invoiced right now."""
        self._check_may_import()
        for record in self:
            if record.state != "running":
                raise UserError(self.env._("This import is not running."))
        self.write({"state": "stopped"})
        return True

    def action_draft(self):
        """Back to the choice of files."""
        self._check_may_import()
        if self.filtered(lambda record: record.state in ("running", "done")):
            raise UserError(self.env._("This import has started already."))
        self.write({"state": "draft"})
        return True

    def action_view_invoices(self):
        """The invoices and credit notes of this import."""
        action = self._action_view("account.action_move_out_invoice_type")
        return action | {"context": {"create": False}}

    def action_view_customers(self):
        """The distributors that this import made."""
        return self._action_view("distributor_crm.res_partner_distributor_action")

    def action_view_products(self):
        """The products that this import made."""
        return self._action_view("product.product_normal_action_sell")

    def _action_view(self, xml_id):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(xml_id)
        return action | {"domain": [("distributor_import_id", "=", self.id)]}

    @api.private
    def _check_may_import(self):
        """Posting happens with more rights than the user's: be sure who asks."""
        if not self.env.su and not self.env.user.has_group(
            "distributor_crm.group_channel_admin"
        ):
            raise AccessError(
                self.env._("Only channel administrators may import sales.")
            )
        self.check_access("write")

    def _check_setup(self):
        self.ensure_one()
        if not self.journal_id:
            raise UserError(
                self.env._(
                    "%s has no sales journal: set up its accounting first.",
                    self.company_id.name,
                )
            )

    def _start(self):
        # sudo: runs and refusals are written by the work alone, read by the user
        self.sudo().refusal_ids.unlink()
        self.sudo().run_ids.filtered(lambda run: not run.date_end).write(
            {"date_end": fields.Datetime.now()}
        )
        self.sudo().run_ids = [Command.create({"user_id": self.env.uid})]
        self.write({"state": "running", "user_id": self.env.uid, "message": False})

    def _write_preview(self, files, plan):
        rows = files.customer_rows.rows
        good = plan.todo
        used_customers = {order.customer for order in good} | set(rows)
        used_products = {line.product for order in good for line in order.lines}
        days = [order.date for order in good]
        own_currency = [
            order
            for order in good
            if plan.currencies[order.currency] == self.currency_id.id
        ]
        self.write(
            {
                "line_count": files.book.line_count,
                "order_count": len(files.book.orders),
                "todo_count": len(good),
                "skipped_count": len(plan.skipped),
                "error_order_count": len(plan.refused),
                "customer_count": len(used_customers),
                "customer_new_count": len(plan.new_customers),
                "product_count": len(used_products | set(files.product_rows.rows)),
                "product_new_count": len(plan.new_products),
                "date_from": min(days, default=False),
                "date_to": max(days, default=False),
                "amount_total": float(sum(order.amount for order in own_currency)),
                "notice": self._get_notice(files, plan, len(good) - len(own_currency)),
                "message": False,
            }
        )

    def _get_notice(self, files, plan, foreign):
        no_country, no_state = self._count_unknown_places(files, plan)
        lines = []
        if no_country:
            lines.append(
                self.env._(
                    "Customers whose country is not known (left blank): %s",
                    no_country,
                )
            )
        if no_state:
            lines.append(
                self.env._(
                    "Customers whose state is not known (left blank): %s", no_state
                )
            )
        if foreign:
            lines.append(
                self.env._(
                    "Orders in other currencies (not in the amount above): %s",
                    foreign,
                )
            )
        return "\n".join(lines)
