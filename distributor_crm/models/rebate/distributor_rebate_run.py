# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import logging

import psycopg2

from odoo import Command, api, fields, models
from odoo.exceptions import UserError

_logger = logging.getLogger(__name__)


class DistributorRebateRun(models.Model):
    """A computation of several programs, worked off in the background.

    Each program is a step of its own transaction: what is done stays done, whatever
    happens to the process; the next one goes on with what is left.
    """

    _name = "distributor.rebate.run"
    _description = "Rebate Run"
    _order = "id desc"

    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Started By",
        default=lambda self: self.env.user,
        readonly=True,
    )
    state = fields.Selection(
        selection=[
            ("running", "Running"),
            ("stopped", "Stopped"),
            ("done", "Done"),
            ("failed", "Failed"),
        ],
        string="Status",
        default="running",
        required=True,
        readonly=True,
    )
    step_ids = fields.One2many(
        comodel_name="distributor.rebate.run.step",
        inverse_name="run_id",
        string="Programs",
        readonly=True,
    )
    date_end = fields.Datetime(string="Ended", readonly=True)
    step_total = fields.Integer(string="To Compute", compute="_compute_progress")
    step_done = fields.Integer(string="Computed", compute="_compute_progress")
    progress = fields.Float(compute="_compute_progress")
    message = fields.Text(compute="_compute_message")

    @api.depends("step_ids.state")
    def _compute_progress(self):
        for run in self:
            done = run.step_ids.filtered(lambda step: step.state != "waiting")
            run.step_total = len(run.step_ids)
            run.step_done = len(done)
            total = run.step_total
            run.progress = 100.0 * run.step_done / total if total else 100.0

    @api.depends("step_ids.message")
    def _compute_message(self):
        for run in self:
            run.message = "\n".join(filter(None, run.step_ids.mapped("message")))

    @api.model
    def _start(self, programs):
        """Have programs computed in the background; return the run.

        :param programs: running ones, in any order
        """
        # Users hold no right to create runs; the caller checked that he may compute.
        run = self.sudo().create(
            {
                "user_id": self.env.uid,
                "step_ids": [
                    Command.create(
                        {
                            "program_id": program.id,
                            "sequence": place,
                            "wave": program._get_wave(programs),
                        }
                    )
                    for place, program in enumerate(programs._in_order())
                ],
            }
        )
        run._wake()
        return run.sudo(self.env.su)

    def _wake(self):
        """Have the work taken up: by jobs where OCA's queue is installed, else by the
        scheduler."""
        # Whoever may start a run may wake what does the work.
        if hasattr(self, "with_delay"):
            # Many processes may take steps of one wave; the next wave waits for all.
            for step in self.step_ids._get_next_wave():
                key = f"distributor_rebate_step_{step.id}"
                step.sudo().with_delay(identity_key=key)._work()
        else:
            self.env.ref("distributor_crm.ir_cron_rebate_run").sudo()._trigger()

    @api.model
    def _cron_work(self):
        """Scheduled: go on with the running runs, a program a transaction."""
        cron = self.env["ir.cron"]
        waiting = self.env["distributor.rebate.run.step"]._get_waiting()
        cron._commit_progress(remaining=len(waiting))
        for step in waiting:
            step._work()
            if not cron._commit_progress(1):
                break

    @api.model
    def _cron_nightly(self):
        """Scheduled: compute all running programs in whole, whatever has changed."""
        programs = self.env["distributor.rebate.program"]._get_followed()
        if programs and not self.search_count([("state", "=", "running")], limit=1):
            self._start(programs)

    def action_stop(self):
        """Stop after the program that is being computed right now."""
        self._check_runner()
        # The fields are closed to users; who asks was checked.
        running = self.sudo().filtered(lambda run: run.state == "running")
        running.state = "stopped"

    def action_resume(self):
        """Go on with what is left."""
        self._check_runner()
        # The fields are closed to users; who asks was checked.
        runs = self.sudo().filtered(lambda run: run.state in ("stopped", "failed"))
        runs.step_ids.filtered(lambda s: s.state == "failed").write(
            {"state": "waiting", "message": False}
        )
        runs.write({"state": "running", "date_end": False})
        for run in runs:
            run._wake()

    def _check_runner(self):
        self.check_access("read")
        self.env["distributor.rebate.program"]._check_runner()

    def _finish(self, wave):
        """Tell the end when every step is through, or begin with the next wave.

        :param wave: of the step that has just ended
        """
        for run in self:
            states = set(run.step_ids.mapped("state"))
            if run.state == "running" and "waiting" not in states:
                run.state = "failed" if "failed" in states else "done"
                run.date_end = fields.Datetime.now()
            elif run.state == "running" and run.step_ids._get_next_wave(wave):
                run._wake()


class DistributorRebateRunStep(models.Model):
    """One program of a run."""

    _name = "distributor.rebate.run.step"
    _description = "Rebate Run Step"
    _order = "run_id, sequence, id"
    _rec_name = "program_id"

    run_id = fields.Many2one(
        comodel_name="distributor.rebate.run",
        required=True,
        index=True,
        ondelete="cascade",
    )
    program_id = fields.Many2one(
        comodel_name="distributor.rebate.program",
        required=True,
        index=True,
        ondelete="cascade",
    )
    sequence = fields.Integer()
    wave = fields.Integer(
        help="Programs that look at what others leave come in a later wave."
    )
    state = fields.Selection(
        selection=[("waiting", "Waiting"), ("done", "Computed"), ("failed", "Failed")],
        string="Status",
        default="waiting",
        required=True,
    )
    date_end = fields.Datetime(string="Computed On")
    message = fields.Text()

    _waiting_idx = models.Index("(run_id, wave) WHERE state = 'waiting'")

    @api.model
    def _get_waiting(self):
        """Return what is to be computed, earlier waves first."""
        return self.search(
            [("state", "=", "waiting"), ("run_id.state", "=", "running")],
            order="run_id, wave, sequence, id",
        )

    def _get_next_wave(self, after=-1):
        """Return the steps that wait and may begin now; none while a wave up to
        `after` is still at work."""
        waiting = self.filtered(lambda step: step.state == "waiting")
        wave = min(waiting.mapped("wave"), default=-1)
        if wave <= after:
            return self.browse()
        return waiting.filtered(lambda step: step.wave == wave)

    def _work(self):
        """Compute the program, unless another process is at it or has done it."""
        self.ensure_one()
        step = self.try_lock_for_update()
        if not step or step.state != "waiting" or step.run_id.state != "running":
            return
        if step._is_early():
            return
        try:
            with self.env.cr.savepoint():
                step._compute_program()
            step.write({"state": "done", "date_end": fields.Datetime.now()})
        except psycopg2.OperationalError:
            # A lost connection or a lost race: the step is still waiting.
            raise
        except Exception as error:
            if not isinstance(error, UserError):
                _logger.exception("Rebate run %s failed", step.run_id.id)
            message = f"{step.program_id.name}: {error}"
            step.write({"state": "failed", "message": message})
        step.run_id._finish(step.wave)

    def _is_early(self):
        """Whether a program of an earlier wave has not been computed yet."""
        return bool(
            self.search_count(
                [
                    ("run_id", "=", self.run_id.id),
                    ("state", "=", "waiting"),
                    ("wave", "<", self.wave),
                ],
                limit=1,
            )
        )

    def _compute_program(self):
        program = self.program_id.sudo()  # the result is the same for whoever asks
        program._lock_for_run()
        if program.state == "running":
            program.with_context(tracking_disable=True)._compute_statements()


class DistributorRebateProgram(models.Model):
    """How people have programs computed."""

    _inherit = "distributor.rebate.program"

    def _get_wave(self, programs) -> int:
        """Return how many programs one after the other must be computed before."""
        before = (self._get_cascade() | self._get_exclusive()) & programs
        return 1 + max((p._get_wave(programs) for p in before), default=-1)
