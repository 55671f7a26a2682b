# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from contextlib import contextmanager

from odoo import models


class DistributorBackground(models.AbstractModel):
    """Long work in chunks by a scheduled action: each chunk is committed, and one
    process at a time works for a company.

    The model has `company_id`, `user_id`, who started it, and `state`, which is
    "running" until it ends or is stopped.
    """

    _name = "distributor.background"
    _description = "Work in Chunks"

    # First half of the key of the advisory lock; the company is the second.
    _background_lock = None

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
