# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import SQL, format_date

from ...guard import lock_or_refuse, without_defaults


class DistributorRebateAccrual(models.Model):
    """A run of accruals: the entries of a month's end."""

    _name = "distributor.rebate.accrual"
    _description = "Rebate Accrual"
    _inherit = ["mail.thread"]
    _order = "date desc, id desc"
    _check_company_auto = True

    date = fields.Date(
        required=True,
        tracking=True,
        default=lambda self: self._get_last_month_end(),
        help="Sales, payments and settlements until this day count, and the entries "
        "bear it.",
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    program_ids = fields.Many2many(
        comodel_name="distributor.rebate.program",
        relation="distributor_rebate_accrual_program_rel",
        string="Programs",
        domain="[('company_id', '=', company_id), ('origin_id', '=', False), "
        "('state', '!=', 'draft'), ('accrual_basis', '!=', 'none')]",
        check_company=True,
        help="Leave empty for all that accrue.",
    )
    state = fields.Selection(
        selection=[("draft", "Draft"), ("posted", "Posted")],
        string="Status",
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
    )
    move_ids = fields.One2many(
        comodel_name="account.move",
        inverse_name="rebate_accrual_id",
        string="Entries",
        readonly=True,
    )
    move_count = fields.Integer(compute="_compute_move_count")

    @api.model
    def _get_last_month_end(self):
        today = fields.Date.context_today(self)
        return fields.Date.subtract(fields.Date.start_of(today, "month"), days=1)

    @api.depends("date", "company_id")
    def _compute_display_name(self):
        for run in self:
            day = format_date(self.env, run.date)
            run.display_name = self.env._("Rebate accrual of %s", day)

    @api.depends("move_ids")
    def _compute_move_count(self):
        for run in self:
            run.move_count = len(run.move_ids)

    @api.model_create_multi
    def create(self, vals_list):
        closed = {"state", "move_ids"}
        own = without_defaults(self, closed)
        return super(DistributorRebateAccrual, own).create(
            [{k: v for k, v in vals.items() if k not in closed} for vals in vals_list]
        )

    def write(self, vals):
        if vals.keys() & {"state", "move_ids", "date", "company_id", "program_ids"}:
            self._check_editable(vals)
        return super().write(vals)

    def _check_editable(self, vals):
        """Refuse changes of what was posted, and of the status by hand.

        :raises AccessError: not an action of this model
        """
        if self.env.su:
            return
        if {"state", "move_ids"} & vals.keys() or "posted" in self.mapped("state"):
            raise AccessError(
                self.env._(
                    "An accrual is posted with its button, and stands then. Create "
                    "another one: it books the difference."
                )
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_posted(self):
        if "posted" in self.mapped("state"):
            raise UserError(
                self.env._(
                    "A posted accrual stays on record. Reverse its entries if they are "
                    "wrong; the next accrual books what is missing."
                )
            )

    # -- actions -----------------------------------------------------------------------

    def action_post(self):
        """Book the difference between what is owed and what the ledger holds.

        Running again on the same day books nothing. All or nothing.

        :raises AccessError: the user is not in distributor finance
        :raises UserError: the day is closed, or a program is not set up
        """
        if not self.env.user.has_group("distributor_crm.group_finance"):
            raise AccessError(self.env._("Only distributor finance accrues rebates."))
        self.check_access("write")
        for run in self:
            run._post()

    def _post(self):
        self.ensure_one()
        if self.state == "posted":
            raise UserError(self.env._("This accrual is posted already."))
        # The entries must not depend on what the one who posts them may see.
        programs = self.sudo()._get_programs()
        programs._check_accrual_setup()
        self.company_id._check_rebate_date(self.date, programs.accrual_journal_id)
        programs._lock_for_accrual()
        self.env.flush_all()
        entries = [program._prepare_accrual(self.date) for program in programs]
        moves = self.env["account.move"].sudo().create([e for e in entries if e])
        moves.rebate_accrual_id = self
        moves.action_post()
        # The right to post was checked; the status is closed to users.
        self.sudo().state = "posted"
        self.message_post(
            body=self.env._(
                "%(entries)s entries for %(programs)s programs.",
                entries=len(moves),
                programs=len(programs),
            )
        )

    def _get_programs(self):
        """Return the programs to accrue, in their order.

        :raises UserError: there is none
        """
        wanted = Domain(
            [
                ("company_id", "=", self.company_id.id),
                ("origin_id", "=", False),
                ("state", "!=", "draft"),
                ("accrual_basis", "not in", [False, "none"]),
            ]
        )
        if self.program_ids:
            wanted &= Domain("id", "in", self.program_ids.ids)
        programs = self.env["distributor.rebate.program"].search(wanted)._in_order()
        if not programs:
            raise UserError(
                self.env._(
                    "No published program accrues its rebates. Choose an accrual on the "
                    "Accounting tab of a program."
                )
            )
        return programs

    def action_view_moves(self):
        """Open the entries."""
        return self.move_ids._get_records_action(name=self.env._("Accrual Entries"))


class DistributorRebateProgram(models.Model):
    _inherit = "distributor.rebate.program"

    def _lock_for_accrual(self):
        """Let one process at a time change what these programs have accrued.

        The moment is written so that whoever began before notices it: he would not see
        the entries of the other.

        :raises UserError: somebody else is at work
        """
        lock_or_refuse(self, allow_referencing=True)
        self.env.execute_query(
            SQL(
                """
                UPDATE distributor_rebate_program
                   SET accrued_at = now() AT TIME ZONE 'UTC'
                 WHERE id = ANY(%s) RETURNING id
                """,
                self.ids,
            )
        )
        self.invalidate_recordset(["accrued_at"])
