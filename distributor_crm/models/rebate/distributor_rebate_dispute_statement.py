# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...guard import lock_or_refuse
from .distributor_rebate_dispute import MAX_TEXT

# Enough for a real quarrel, and no way to flood whoever answers.
MAX_OPEN = 20
MAX_EVER = 100


class DistributorRebateStatement(models.Model):
    """What the distributor says to a statement: accepted, or disputed."""

    _inherit = "distributor.rebate.statement"

    dispute_ids = fields.One2many(
        comodel_name="distributor.rebate.dispute",
        inverse_name="statement_id",
        string="Disputes",
        readonly=True,
    )
    dispute_count = fields.Integer(
        string="Number of Disputes", compute="_compute_dispute_count"
    )
    open_dispute_count = fields.Integer(
        string="Open Disputes", compute="_compute_dispute_count"
    )
    accepted_by_id = fields.Many2one(
        comodel_name="res.partner",
        readonly=True,
        copy=False,
        ondelete="set null",
    )
    accepted_at = fields.Datetime(string="Accepted On", readonly=True, copy=False)

    @api.depends("dispute_ids.state")
    def _compute_dispute_count(self):
        counts = {}
        for statement, state, count in self.env[
            "distributor.rebate.dispute"
        ]._read_group(
            [("statement_id", "in", self.ids)], ["statement_id", "state"], ["__count"]
        ):
            counts.setdefault(statement, {})[state] = count
        for statement in self:
            by_state = counts.get(statement, {})
            statement.dispute_count = sum(by_state.values())
            statement.open_dispute_count = by_state.get("open", 0)

    def action_view_disputes(self):
        """Open what the distributor objects to."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "distributor_crm.distributor_rebate_dispute_action"
        )
        return {**action, "domain": [("statement_id", "in", self.ids)], "context": {}}

    # -- the distributor's answer ----------------------------------------------------

    def _can_be_answered(self) -> bool:
        """Whether the distributor may accept or dispute: what stands, and not twice."""
        self.ensure_one()
        return self.approval_state != "draft" and self.partner_state != "accepted"

    def _check_can_be_answered(self):
        """Check that the distributor may accept or dispute now.

        :raises UserError: says why not
        """
        self.ensure_one()
        if self.approval_state == "draft":
            raise UserError(
                self.env._(
                    "This statement still follows your invoices. You can accept or "
                    "dispute it once its figures stand."
                )
            )
        if self.partner_state == "accepted":
            raise UserError(self.env._("This statement was accepted already."))

    def _accept(self, author):
        """Note that the distributor agrees.

        :param author: the contact who says so
        """
        self._lock_for_answer()
        self._check_can_be_answered()
        if self.open_dispute_count:
            raise UserError(
                self.env._(
                    "Some of your objections are not answered yet. Wait for the "
                    "answers, or withdraw them, then accept."
                )
            )
        self._write_answer(
            {
                "partner_state": "accepted",
                "accepted_by_id": author.id,
                "accepted_at": fields.Datetime.now(),
            }
        )

    def _write_answer(self, vals):
        """Write what the distributor says; it changes nothing of what is approved."""
        self.with_context(skip_validation_check=True).write(vals)

    def _dispute(self, author, text, line=None):
        """Raise the distributor's objection.

        :param author: the contact who objects
        :param line: the line of evidence; none for the whole statement
        :return: the dispute
        """
        self._lock_for_answer()
        self._check_can_be_answered()
        text = self._clean_text(text)
        self._check_not_too_many(line)
        # The distributor reads the answer, not what colleagues write each other.
        Dispute = self.env["distributor.rebate.dispute"].with_context(
            mail_create_nosubscribe=True
        )
        dispute = Dispute.create(
            {
                "statement_id": self.id,
                "author_id": author.id,
                "text": text,
                **self._prepare_disputed_line(line),
            }
        )
        self._follow_disputes()
        dispute._notify_answerer()
        return dispute

    def _clean_text(self, text) -> str:
        """Return a text that can be kept.

        :raises UserError: it is empty or too long
        """
        # Browsers count a line end as one character and send two.
        text = (text or "").replace("\r\n", "\n").replace("\x00", "").strip()
        if not text:
            raise UserError(self.env._("Write what you object to, then send it."))
        if len(text) > MAX_TEXT:
            raise UserError(
                self.env._(
                    "Your text has %(length)s characters; %(most)s are possible.",
                    length=len(text),
                    most=MAX_TEXT,
                )
            )
        return text

    def _prepare_disputed_line(self, line) -> dict:
        if not line:
            return {}
        return {
            "move_line_key": line.move_line_key,
            "line_date": line.date,
            "line_name": line.move_name,
            "line_amount": line.amount,
            "line_product_id": line.product_id.id,
        }

    def _check_not_too_many(self, line):
        """Check that one more objection is neither the same again nor one too many.

        :raises UserError: says what to do
        """
        Dispute = self.env["distributor.rebate.dispute"]
        mine = Domain("statement_id", "=", self.id)
        waiting = mine & Domain("state", "=", "open")
        if (
            Dispute.search_count(mine) >= MAX_EVER
            or Dispute.search_count(waiting) >= MAX_OPEN
        ):
            raise UserError(
                self.env._(
                    "There are many objections to this statement already. Wait for "
                    "the answers, or contact us."
                )
            )
        if line:
            same = Domain("move_line_key", "=", line.move_line_key)
            same &= Domain("line_date", "=", line.date)
        else:
            same = Domain("line_name", "=", False)
        if Dispute.search_count(waiting & same, limit=1):
            raise UserError(
                self.env._(
                    "You objected to this already. Wait for the answer, or withdraw "
                    "that objection first."
                )
            )

    def _follow_disputes(self):
        """Make the distributor's answer say whether objections are open."""
        self.invalidate_recordset(["open_dispute_count", "dispute_count"])
        for statement in self:
            if statement.open_dispute_count:
                state = "disputed"
            elif statement.partner_state == "disputed":
                # All were answered: he may accept, or object again.
                state = "open"
            else:
                continue
            if statement.partner_state != state:
                statement._write_answer({"partner_state": state})

    def _lock_for_answer(self):
        """Let one process at a time note an answer or settle, on fresh figures."""
        lock_or_refuse(self)
        self.invalidate_recordset(
            ["approval_state", "partner_state", "open_dispute_count"]
        )

    # -- what it means for the statement ---------------------------------------------

    def _reopen(self):
        res = super()._reopen()
        self._write_answer({"accepted_by_id": False, "accepted_at": False})
        self._follow_disputes()
        return res

    def _check_settleable(self):
        # What the distributor objects to is answered before it is paid.
        disputed = self.filtered(lambda s: s.partner_state == "disputed")
        if disputed:
            raise UserError(
                self.env._(
                    "%(statements)s is disputed. Answer the distributor's objections "
                    "first, then settle.",
                    statements=disputed._describe(),
                )
            )
        return super()._check_settleable()
