# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError


class DistributorExitLine(models.Model):
    """One thing that was open between the two when the list was drawn up."""

    _name = "distributor.exit.line"
    _description = "Open Item of an Exit"
    _inherit = ["distributor.closed.rows"]
    _order = "exit_id, id"

    exit_id = fields.Many2one(
        comodel_name="distributor.exit",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        related="exit_id.company_id", store=True, precompute=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    kind = fields.Selection(
        selection=[
            ("invoice", "Invoice"),
            ("refund", "Credit Note"),
            ("rebate", "Rebate"),
            ("earning", "Earnings to Withdraw"),
            ("frozen", "Frozen Earnings"),
            ("withdrawal", "Withdrawal"),
            ("return", "Return"),
            ("case", "Distributor Case"),
        ],
        required=True,
        readonly=True,
    )
    name = fields.Char(string="Document", required=True, readonly=True)
    res_model = fields.Char(string="Model", required=True, readonly=True)
    res_id = fields.Many2oneReference(
        string="Record", model_field="res_model", required=True, readonly=True
    )
    date_due = fields.Date(string="Due Date", readonly=True)
    amount = fields.Monetary(
        readonly=True, help="Above zero the distributor owes us, below it we owe him."
    )
    is_open = fields.Boolean(
        string="Open",
        compute="_compute_is_open",
        help="Read from the ledger now: it still stands open.",
    )
    is_waived = fields.Boolean(
        string="Needs No Settling",
        help="Settled otherwise, or given up. Say how in the note.",
    )
    note = fields.Char()

    _waived_with_note = models.Constraint(
        "CHECK(NOT is_waived OR TRIM(COALESCE(note, '')) <> '')",
        "Say in the note why this needs no settling.",
    )

    @api.depends("exit_id.partner_id")
    def _compute_is_open(self):
        for record, lines in self.grouped("exit_id").items():
            still = record._get_open_keys() if record.state != "done" else set()
            for line in lines:
                line.is_open = not line.is_waived and line._get_key() in still

    def _get_key(self):
        return (self.kind, self.res_model, self.res_id)

    @api.model
    def _get_open_names(self):
        return {"is_waived", "note"}

    def _say_closed(self):
        return self.env._("The settlement list follows from the ledger.")

    def write(self, vals):
        result = super().write(vals)
        if not self.env.su:
            if not self.env.user.has_group("distributor_crm.group_finance"):
                raise AccessError(
                    self.env._("Only distributor finance says what needs no settling.")
                )
            if any(line.exit_id.state != "confirmed" for line in self):
                raise UserError(
                    self.env._("Items are settled while the exit is confirmed.")
                )
        return result

    def action_open(self):
        """Open what the item comes from."""
        self.ensure_one()
        record = self.env[self.res_model].browse(self.res_id)
        if self.kind in ("earning", "frozen"):
            return record.action_view_earnings()
        return record._get_records_action()
