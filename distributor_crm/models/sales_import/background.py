# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import logging
from contextlib import contextmanager

import psycopg2

from odoo import api, fields, models
from odoo.exceptions import UserError

_logger = logging.getLogger(__name__)


class DistributorBackground(models.AbstractModel):
    """Long work in chunks by a scheduled action: each chunk is committed, and one
    process at a time works for a company.

    The model has `company_id`, `user_id`, who started it, `message`, and `state`, which
    is "running" until it ends, fails or is stopped. It does its work in `_work_alone`.
    """

    _name = "distributor.background"
    _description = "Work in Chunks"

    # First half of the key of the advisory lock; the company is the second.
    _background_lock = None
    # XML id of the scheduled action that runs `_cron_work`.
    _background_cron = None

    @api.model
    def _cron_work(self):
        """Go on with what is running, as long as the scheduler allows."""
        for record in self.search([("state", "=", "running")], order="id"):
            if not record._as_user()._work_or_fail():
                record._wake()
                break

    def _wake(self, at=None):
        # sudo: who may start the work may wake the scheduled action that does it
        self.env.ref(self._background_cron).sudo()._trigger(at)

    def _wake_later(self):
        """Another process is at work: look again when it may be through."""
        self._wake(fields.Datetime.add(fields.Datetime.now(), minutes=1))

    def _work_or_fail(self):
        """Work; an error that is not one row's ends the work and is shown."""
        try:
            return self._work()
        except psycopg2.OperationalError:
            # A dead connection or a lost race: the scheduler tries again.
            raise
        except Exception as error:
            self._rollback()
            if not isinstance(error, UserError):
                _logger.exception("%s %s failed", self._description, self.display_name)
            self.write({"state": "failed", "message": str(error)})
            self._commit()
            return True

    def _work(self, *how):
        """Work until the end, a stop, or the end of the scheduler's patience.

        :param how: passed on to `_work_alone`
        :return: whether there is nothing left to do now
        """
        self.ensure_one()
        with self._alone() as alone:
            if not alone:
                self._wake_later()
                return True
            # What the holder before us wrote is seen from a new transaction on.
            self._commit()
            self.invalidate_recordset()
            if self.state != "running":
                return True
            return self._work_alone(*how)

    def _work_alone(self):
        """Hook: do the work, chunk by chunk; return as `_work` does."""
        raise NotImplementedError

    def _as_user(self):
        """The work with the eyes of who started it: his language, his lock dates."""
        user = self.user_id
        # sudo: the button checked that he may
        return (
            self.with_user(user)
            .with_context(lang=user.lang)
            .with_company(self.company_id)
            .sudo()
        )

    def _is_stopped(self):
        self.invalidate_recordset(["state"])
        return self.state != "running"

    # Tests live in one transaction: they replace the first.
    def _may_commit(self):
        return True

    def _commit(self):
        if self._may_commit():
            # What is done stays done if the process is killed.
            self.env.cr.commit()  # pylint: disable=invalid-commit

    def _commit_progress(self, processed=0, remaining=None):
        """Commit and tell the scheduler; the seconds that it leaves us."""
        if not self._may_commit():
            return float("inf")
        return self.env["ir.cron"]._commit_progress(processed, remaining=remaining)

    def _rollback(self):
        self.env.cr.rollback()

    @contextmanager
    def _alone(self):
        """Whether no other process does such work for this company, and keep it so.

        The lock stands on a connection of its own: it outlives the commits of the
        chunks and ends with the process, however that ends.
        """
        with self.env.registry.cursor() as cr:
            cr.execute(
                "SELECT pg_try_advisory_xact_lock(%s, %s)",
                [self._background_lock, self.company_id.id],
            )
            yield cr.fetchone()[0]
