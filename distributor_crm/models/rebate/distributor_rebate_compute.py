# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

RUNNERS = "distributor_crm.group_sales_manager,distributor_crm.group_finance"
# Ledgers of more lines than this are computed in the background: measured, a program
# takes about ten seconds a million lines.
LINES_AT_ONCE = 300_000


class DistributorRebateProgram(models.Model):
    """The button that computes."""

    _inherit = "distributor.rebate.program"

    def action_compute(self):
        """Bring the open statements of running programs up to date.

        At once where the ledger is small, else in the background with a progress bar.
        Running twice changes nothing; what was submitted or approved stands.
        """
        programs = self.origin_id | self.filtered(lambda program: not program.origin_id)
        programs._check_runner()
        programs._check_running()
        if self._is_ledger_large():
            return (
                self.env["distributor.rebate.run"]
                ._start(programs)
                ._get_records_action()
            )
        programs._compute_now()
        return programs._notify_computed()

    def _compute_now(self):
        """Compute in this transaction."""
        self._lock_for_run()
        for program in self._in_order():
            # Statements are the engine's alone: users hold no right to create
            # them, and the result must not depend on what the one who starts the
            # run may see. A run is not an event of each statement: no chatter.
            program.sudo().with_context(tracking_disable=True)._compute_statements()

    def _check_runner(self):
        """Check that this user may compute.

        :raises AccessError: he may not
        """
        self.check_access("read")
        if not self.env.user.has_groups(RUNNERS):
            raise AccessError(
                self.env._("Only sales managers and finance compute rebates.")
            )

    def _check_running(self):
        """Check that programs are published.

        :raises UserError: names those that are not
        """
        idle = self.filtered(lambda program: program.state != "running")
        if idle:
            raise UserError(
                self.env._(
                    "%(programs)s is not running. Start the program, then compute.",
                    programs=", ".join(idle.mapped("name")),
                )
            )

    def _is_ledger_large(self) -> bool:
        """Whether a computation would take longer than people wait; by statistics."""
        size = SQL(
            "SELECT reltuples FROM pg_class WHERE oid = 'account_move_line'::regclass"
        )
        ((lines,),) = self.env.execute_query(size)
        return lines * len(self) > LINES_AT_ONCE

    def _notify_computed(self):
        """Return the client action that tells the outcome and shows it."""
        Statement = self.env["distributor.rebate.statement"]
        mine = [("program_id", "in", self.ids)]
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._(
                    "Computed: %(earning)s of %(statements)s statements earn a rebate.",
                    earning=Statement.search_count([*mine, ("earned", "!=", 0)]),
                    statements=Statement.search_count(mine),
                ),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }
