# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import logging

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...guard import lock_or_refuse
from ...rebate import changes

_logger = logging.getLogger(__name__)


class DistributorRebateProgram(models.Model):
    """Statements follow the ledger: only what changed is computed again."""

    _inherit = "distributor.rebate.program"

    watermark = fields.Datetime(
        readonly=True,
        copy=False,
        help="What was written to the ledger before this moment is in the statements.",
    )

    def _compute_statements(self, touched=None):
        # A change that is being written now is seen when its transaction has ended: it
        # began before that and will be looked for from here on.
        ((seen,),) = self.env.execute_query(changes.oldest_transaction())
        result = super()._compute_statements(touched)
        if touched is None:
            self.sudo().watermark = seen  # the engine's own mark
        return result

    @api.model
    def _get_oldest_watermark(self):
        """Return the moment until which all running programs have seen the ledger."""
        running = self.search([("state", "=", "running"), ("origin_id", "=", False)])
        return min((p.watermark for p in running if p.watermark), default=False)

    @api.model
    def _get_followed(self):
        """Return the programs whose statements follow the ledger, in their order."""
        running = [("state", "=", "running"), ("origin_id", "=", False)]
        return self.search(running)._in_order()

    @api.model
    def _follow_ledger(self, commit=None):
        """Bring statements up to date with what the ledger wrote since the last time.

        A program that was never computed is computed in whole.

        :param commit: called after each program
        :return: number of programs that had something to do
        """
        programs = self._get_followed()
        ((seen,),) = self.env.execute_query(changes.oldest_transaction())
        since = min((p.watermark for p in programs if p.watermark), default=None)
        touched = self._get_touched(since) if since else {}
        busy = 0
        for program in programs:
            mark = program.watermark
            partners = [one for one, last in touched.items() if mark and last >= mark]
            if mark and not partners:
                # Without a write there is nothing to commit, nor to wait for.
                continue
            busy += program._follow(partners if mark else None, seen)
            if commit:
                commit()
        return busy

    def _follow(self, partners, seen) -> int:
        """Compute one program, unless somebody else is at it; he sees the same."""
        try:
            self._lock_for_run()
        except UserError:
            return 0
        # The result must not depend on what the one who starts it may see.
        program = self.sudo().with_context(tracking_disable=True)
        try:
            with self.env.cr.savepoint():
                program._compute_statements(partners)
        except UserError as error:
            # One program that is set up wrong must not keep the others waiting.
            _logger.info("Rebate program %s is not computed: %s", self.name, error)
            return 0
        program.watermark = seen
        return 1

    @api.model
    def _get_touched(self, since):
        """Return the distributors whose sales changed, with the moment of the last."""
        self.env.flush_all()
        return dict(self.env.execute_query(changes.touched(since)))

    @api.model
    def _cron_follow(self):
        """Scheduled: follow the ledger."""
        cron = self.env["ir.cron"]
        self._follow_ledger(commit=lambda: cron._commit_progress(1))

    def _lock_for_run(self):
        """Keep out other runs of these programs, and decisions on their statements.

        :raises UserError: somebody else is at work
        """
        lock_or_refuse(self, allow_referencing=True)
