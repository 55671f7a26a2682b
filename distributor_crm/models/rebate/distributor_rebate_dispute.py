# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .distributor_rebate_statement import OPEN_FIELDS

# What people may write while a dispute is open; the rest is the actions' alone.
ANSWER_FIELDS = {"answer", "outcome"}
MAX_TEXT = 2000


class DistributorRebateDispute(models.Model):
    """A distributor's objection to a statement or to one line of it, and the answer."""

    _name = "distributor.rebate.dispute"
    _description = "Rebate Dispute"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "id desc"
    _mail_post_access = "read"

    statement_id = fields.Many2one(
        comodel_name="distributor.rebate.statement",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        related="statement_id.company_id", store=True, precompute=True, index=True
    )
    currency_id = fields.Many2one(related="statement_id.currency_id")
    partner_id = fields.Many2one(
        related="statement_id.partner_id",
        string="Distributor",
        store=True,
        precompute=True,
    )
    program_id = fields.Many2one(
        related="statement_id.program_id", store=True, precompute=True
    )
    account_manager_id = fields.Many2one(
        related="statement_id.account_manager_id", store=True, precompute=True
    )
    author_id = fields.Many2one(
        comodel_name="res.partner",
        string="Raised By",
        required=True,
        readonly=True,
        ondelete="restrict",
    )
    text = fields.Text(string="Objection", required=True, readonly=True)

    # The line is kept by what it says: evidence is written anew when a statement goes
    # back to draft, and what was disputed stays on record.
    move_line_key = fields.Integer(
        string="Invoice Line Key",
        readonly=True,
        aggregator=None,
        help="The invoice line of the evidence; zero for the whole statement.",
    )
    line_date = fields.Date(string="Invoice Date", readonly=True)
    line_name = fields.Char(string="Invoice", readonly=True)
    line_amount = fields.Monetary(string="Amount", readonly=True, aggregator=None)
    line_product_id = fields.Many2one(
        comodel_name="product.product",
        string="Product",
        readonly=True,
        ondelete="set null",
    )
    subject = fields.Char(compute="_compute_subject")

    state = fields.Selection(
        selection=[
            ("open", "Open"),
            ("answered", "Answered"),
            ("withdrawn", "Withdrawn"),
        ],
        string="Status",
        default="open",
        required=True,
        readonly=True,
        index=True,
        tracking=True,
    )
    answer = fields.Text(help="The distributor reads it once it is sent.")
    outcome = fields.Selection(
        selection=[
            ("kept", "The statement is right"),
            ("corrected", "Will be corrected"),
        ],
        tracking=True,
    )
    answered_by_id = fields.Many2one(comodel_name="res.users", readonly=True)
    answered_at = fields.Datetime(string="Answered On", readonly=True)

    _text_bounded = models.Constraint(
        f"CHECK(char_length(text) BETWEEN 1 AND {MAX_TEXT})",
        f"An objection has between 1 and {MAX_TEXT} characters.",
    )
    _answer_whole = models.Constraint(
        "CHECK(state <> 'answered' OR (answer <> '' AND outcome IS NOT NULL "
        "AND answered_by_id IS NOT NULL))",
        "An answered dispute has an answer, an outcome, and somebody who answered.",
    )
    _line_unique = models.UniqueIndex(
        "(statement_id, COALESCE(move_line_key, 0), "
        "COALESCE(line_date, DATE '0001-01-01')) WHERE state = 'open'",
        "There is an open dispute about this already. Wait for its answer.",
    )

    @api.depends("line_name", "line_product_id")
    @api.depends_context("lang")
    def _compute_subject(self):
        for dispute in self:
            # Names of products that one may not open are still on the invoice.
            product = dispute.line_product_id.sudo().display_name
            dispute.subject = (
                ", ".join(filter(None, [dispute.line_name, product]))
                if dispute.line_name
                else self.env._("The whole statement")
            )

    @api.depends("subject", "statement_id")
    def _compute_display_name(self):
        for dispute in self:
            dispute.display_name = (
                f"{dispute.statement_id.display_name} ({dispute.subject})"
            )

    def write(self, vals):
        if not self.env.su:
            closed = vals.keys() - OPEN_FIELDS
            if closed - ANSWER_FIELDS:
                raise AccessError(
                    self.env._(
                        "Of a dispute only the answer and its outcome are written; its "
                        "status follows from the buttons."
                    )
                )
            if closed:
                self._check_open()
        return super().write(vals)

    def _check_open(self):
        """Check that these disputes wait for an answer.

        :raises UserError: says what to do
        """
        if any(dispute.state != "open" for dispute in self):
            raise UserError(
                self.env._(
                    "This dispute is closed and stays on record as it is. The "
                    "distributor can raise another one."
                )
            )

    # -- actions ---------------------------------------------------------------------

    def action_answer(self):
        """Send the answer to the distributor.

        :raises AccessError: the user may not answer
        :raises UserError: an answer or its outcome is missing
        """
        self.check_access("write")
        self._check_open()
        for dispute in self:
            if not (dispute.answer or "").strip() or not dispute.outcome:
                raise UserError(
                    self.env._(
                        "Write an answer to %(dispute)s and choose its outcome, then "
                        "send it.",
                        dispute=dispute.subject,
                    )
                )
        # Who answers was checked; the status is closed to users.
        disputes = self.sudo()
        disputes.statement_id._lock_for_answer()
        disputes.write(
            {
                "state": "answered",
                "answered_by_id": self.env.uid,
                "answered_at": fields.Datetime.now(),
            }
        )
        disputes.activity_feedback(["mail.mail_activity_data_todo"])
        for dispute in disputes:
            dispute._send_answer()
        disputes.statement_id._follow_disputes()

    def action_view_statement(self):
        """Open the disputed statement."""
        self.ensure_one()
        return self.statement_id._get_records_action()

    def action_view_invoice(self):
        """Open the invoice that is disputed."""
        self.ensure_one()
        line = self.env["account.move.line"].browse(self.move_line_key).exists()
        if not line:
            raise UserError(
                self.env._(
                    "%(invoice)s does not hold this line any more.",
                    invoice=self.line_name,
                )
            )
        return line.move_id._get_records_action()

    def _withdraw(self):
        """Take the objections back, for the distributor."""
        self._check_open()
        self.statement_id._lock_for_answer()
        self.state = "withdrawn"
        self.activity_unlink(["mail.mail_activity_data_todo"])
        self.statement_id._follow_disputes()

    # -- telling people --------------------------------------------------------------

    def _get_answerer(self):
        """Return the user who looks after the distributor and may answer."""
        self.ensure_one()
        statement = self.statement_id
        candidates = (
            statement.account_manager_id
            | statement.partner_id.user_id
            | statement.program_id.user_id
        )
        return next(
            (
                user
                for user in candidates
                if user.active and self.with_user(user).has_access("write")
            ),
            self.env["res.users"],
        )

    def _notify_answerer(self):
        """Give whoever looks after the distributor something to do."""
        for dispute in self:
            user = dispute._get_answerer()
            if user:
                dispute.activity_schedule(
                    "mail.mail_activity_data_todo",
                    summary=self.env._("Answer the distributor's dispute"),
                    user_id=user.id,
                )

    def _send_answer(self):
        """Mail the answer to whoever raised the dispute, in his language."""
        self.ensure_one()
        record = self.with_context(lang=self.author_id.lang or self.env.lang)
        record.message_post_with_source(
            "distributor_crm.rebate_dispute_answer_message",
            render_values={
                "dispute": record,
                "url": f"{self.get_base_url()}/my/rebates/{self.statement_id.id}",
            },
            subject=record.env._(
                "Answer to your objection: %s", record.statement_id.display_name
            ),
            partner_ids=self.author_id.ids,
            subtype_xmlid="mail.mt_comment",
            email_layout_xmlid="mail.mail_notification_light",
        )
