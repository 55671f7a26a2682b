# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.distributor_crm.guard import lock_or_refuse

OPEN_FIELDS = {"method", "contact", "note", "evidence_ids"}


class DistributorFeeCheckLine(models.Model):
    """One customer of a spot check: how he was asked, and what he said."""

    _name = "distributor.fee.check.line"
    _description = "Checked Customer"
    _inherit = ["distributor.closed.rows"]
    _order = "check_id desc, sequence, id"

    check_id = fields.Many2one(
        comodel_name="distributor.fee.check",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    sequence = fields.Integer(string="Drawn As", readonly=True, aggregator=None)
    company_id = fields.Many2one(
        related="check_id.company_id", store=True, precompute=True
    )
    currency_id = fields.Many2one(related="check_id.currency_id")
    user_id = fields.Many2one(
        related="check_id.user_id",
        string="Representative",
        store=True,
        precompute=True,
    )
    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Customer",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    amount = fields.Monetary(
        string="Paid", compute="_compute_amount", compute_sudo=True
    )
    method = fields.Selection(
        selection=[("visit", "Visit"), ("call", "Call")], default="call"
    )
    contact = fields.Char(string="Spoke With")
    note = fields.Text(string="What He Said")
    evidence_ids = fields.Many2many(
        comodel_name="ir.attachment",
        relation="distributor_fee_check_evidence",
        help="Photo of the visit, confirmation, message of the customer.",
    )
    result = fields.Selection(
        selection=[
            ("pending", "To Ask"),
            ("confirmed", "Confirmed"),
            ("denied", "Denied"),
            ("unreachable", "Unreachable"),
        ],
        required=True,
        readonly=True,
        default="pending",
        index=True,
    )
    checked_by_id = fields.Many2one(comodel_name="res.users", readonly=True)
    checked_on = fields.Datetime(readonly=True)

    _once = models.Constraint(
        "UNIQUE(check_id, partner_id)", "A customer is drawn once in a spot check."
    )
    _checker_is_somebody_else = models.Constraint(
        "CHECK((result = 'pending') = (checked_by_id IS NULL) "
        "AND checked_by_id IS DISTINCT FROM user_id)",
        "Nobody checks his own payments.",
    )

    @api.depends("check_id.statement_id", "partner_id")
    def _compute_amount(self):
        for line in self:
            line.amount = sum(line._get_items().mapped("paid"))

    def _get_items(self):
        """Return what was paid for this customer on the statement that is checked."""
        return self.env["distributor.fee.payout.item"].search(
            [
                ("payout_id.statement_id", "=", self.check_id.statement_id.id),
                ("partner_id", "=", self.partner_id.id),
                ("state", "=", "posted"),
            ]
        )

    @api.depends("partner_id")
    def _compute_display_name(self):
        for line in self:
            line.display_name = line.partner_id.name

    @api.model
    def _get_open_names(self):
        return OPEN_FIELDS

    def _say_closed(self):
        return self.env._("Nobody chooses whom to check: the draw is not edited.")

    def write(self, vals):
        if not (self.env.su or vals.keys() - OPEN_FIELDS):
            self._check_checker()
            if any(line.result != "pending" for line in self):
                raise UserError(self.env._("What a customer said stays on record."))
        return super().write(vals)

    def _check_checker(self):
        """:raises AccessError: no sales manager, or his own customers"""
        self.check_access("read")
        if not self.env.user.has_group("distributor_crm.group_sales_manager"):
            raise AccessError(self.env._("Sales managers check what was paid."))
        if self.env.user in self.user_id:
            raise AccessError(self.env._("Nobody checks his own payments."))

    def action_confirm(self):
        self._note("confirmed")

    def action_deny(self):
        """Record that the customer did not get it: a recovery is opened."""
        self._note("denied")
        # Who may is checked; recoveries are opened by this alone.
        self.env["distributor.fee.recovery"].sudo()._open(self)

    def action_unreachable(self):
        """Record that nobody could be reached; the next of the order is drawn."""
        self._note("unreachable")
        for check, lines in self.sudo().grouped("check_id").items():
            check._draw_more(len(lines))

    def _note(self, result):
        """Record what these customers said.

        :raises UserError: it is recorded already, or is not proved
        """
        self._check_checker()
        trusted = self.sudo()  # results are recorded by these buttons alone
        lock_or_refuse(trusted.check_id, allow_referencing=True)
        for line in trusted:
            if line.result != "pending":
                raise UserError(
                    self.env._(
                        "What %s said is recorded already.", line.partner_id.name
                    )
                )
            proof = line.evidence_ids or (line.note or "").strip()
            if not proof or (result != "unreachable" and not line.contact):
                raise UserError(
                    self.env._(
                        "Say whom at %s you spoke with and what was said, or add a "
                        "photo or message. For one who is unreachable, say what you "
                        "tried.",
                        line.partner_id.name,
                    )
                )
        trusted.write(
            {
                "result": result,
                "checked_by_id": self.env.uid,
                "checked_on": fields.Datetime.now(),
            }
        )
        done = trusted.check_id.filtered(lambda check: check.state != "open")
        done.activity_feedback(["mail.mail_activity_data_todo"])
