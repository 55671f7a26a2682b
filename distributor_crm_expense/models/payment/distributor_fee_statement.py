# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools.misc import format_date

from ..document.distributor_fee_document import GRANTED


class DistributorFeeStatement(models.Model):
    """What a signed statement owes, and what was paid of it."""

    _inherit = "distributor.fee.statement"

    payout_ids = fields.One2many(
        comodel_name="distributor.fee.payout",
        inverse_name="statement_id",
        string="Payouts",
        readonly=True,
    )
    advance_ids = fields.One2many(
        comodel_name="distributor.fee.advance",
        inverse_name="statement_id",
        string="Advances",
        readonly=True,
    )
    check_ids = fields.One2many(
        comodel_name="distributor.fee.check",
        inverse_name="statement_id",
        string="Spot Checks",
        readonly=True,
    )
    # Whoever signs the statement opens it; what was paid on it need not be his to see.
    payout_count = fields.Integer(compute="_compute_payment_counts", compute_sudo=True)
    advance_count = fields.Integer(compute="_compute_payment_counts", compute_sudo=True)
    check_count = fields.Integer(compute="_compute_payment_counts", compute_sudo=True)
    open_payable = fields.Monetary(
        string="Not Paid Yet",
        compute="_compute_open_payable",
        compute_sudo=True,
        help="What is signed and in no payout that counts.",
    )
    payout_from = fields.Date(
        compute="_compute_payout_from", help="Nothing is paid or lent before this day."
    )
    can_pay_out = fields.Boolean(
        compute="_compute_can_pay_out", search="_search_can_pay_out"
    )

    @api.depends("payout_ids", "advance_ids", "check_ids")
    def _compute_payment_counts(self):
        for statement in self:
            statement.payout_count = len(statement.payout_ids)
            statement.advance_count = len(statement.advance_ids)
            statement.check_count = len(statement.check_ids)

    @api.depends("state", "payout_ids.state", "line_ids.payable")
    def _compute_open_payable(self):
        figures = self._get_open_payable()
        for statement in self:
            statement.open_payable = float(figures.get(statement.id, 0))

    @api.depends("month", "company_id")
    def _compute_payout_from(self):
        # The n-th working day of the month after (R105), once for all of a month.
        for (company, month), statements in self.grouped(
            lambda one: (one.company_id, one.month)
        ).items():
            statements.payout_from = (
                month and self._get_policy_days(company, month, "payout_day")[0]
            )

    @api.depends_context("uid")
    @api.depends("state", "payout_from")
    def _compute_can_pay_out(self):
        today = fields.Date.context_today(self)
        for statement in self:
            statement.can_pay_out = (
                statement.state == "signed"
                and bool(statement.payout_from)
                and statement.payout_from <= today
            )

    def _search_can_pay_out(self, operator, value):
        if operator != "in":
            return NotImplemented
        signed = self.search([("state", "=", "signed")])
        return Domain("id", "in", signed.filtered("can_pay_out").ids)

    # -- what is owed ----------------------------------------------------------------

    def _check_may_pay_out(self):
        """Check that these are signed by all, unchanged since, and due.

        :raises UserError: says what is missing
        """
        result = super()._check_may_pay_out()
        today = fields.Date.context_today(self)
        for statement in self:
            if statement.state not in GRANTED:
                raise UserError(
                    self.env._(
                        "%s is not signed by all three yet: without every signature it "
                        "is not valid, and nothing is paid or lent on it.",
                        statement.display_name,
                    )
                )
            first = statement.payout_from
            if today < first:
                raise UserError(
                    self.env._(
                        "%(statement)s is paid from %(day)s on, not before.",
                        statement=statement.display_name,
                        day=format_date(self.env, first),
                    )
                )
        self._check_signatures_stand()
        return result

    def _get_unsettled_lines(self):
        """Return the lines that are in no payout that counts."""
        return self.line_ids._filter_unsettled()

    def _get_payout_dues(self):
        """Return what may be paid now, as `distributor.fee.payout` takes it."""
        return self._get_unsettled_lines()._get_payout_dues()

    @api.model
    def _get_waiting_lines(self, company, payees):
        """Return what is left to be given back by these payees.

        It is in paid statements, and in void ones: these grant nothing, but what
        customers gave back they do not forfeit for us.
        """
        lines = self.env["distributor.fee.statement.line"].search(
            Domain("company_id", "=", company.id)
            & (
                Domain("state", "=", "paid")
                | (Domain("state", "=", "void") & Domain("payable", "<", 0))
            )
            & Domain("settled_ids", "not any", [("is_void", "=", False)])
            & Domain("payable", "!=", 0)
        )
        payees = set(payees)
        return lines.filtered(lambda line: line._get_payout_payee() in payees)

    def _get_open_payable(self):
        """Return {statement id: what may still be paid or lent on it}, as Decimals.

        What has to be given back counts against it.
        """
        figures = dict.fromkeys(self.ids, Decimal(0))
        Payout = self.env["distributor.fee.payout"]
        for statement in self.filtered(lambda s: s.state == "signed"):
            items, _lines = Payout._net_dues(statement)
            figures[statement.id] = sum(
                (Decimal(str(values["paid"])) for values in items.values()), Decimal(0)
            )
        return figures

    # -- paying ----------------------------------------------------------------------

    def _is_all_settled(self) -> bool:
        """Whether nothing of it still waits, for the compliance reviewer or a payout."""
        return not self._get_unsettled_lines().filtered(
            lambda line: line._is_undecided()
        )

    def _close_if_nothing_left(self):
        """Close those on which nothing can be paid any more, as after a refusal.

        What has to be given back waits for the next payout to the same payee.
        """
        result = super()._close_if_nothing_left()
        Payout = self.env["distributor.fee.payout"]
        for statement in self.filtered(lambda one: one.state == "signed"):
            # What is refused or zero is seen at once, without looking at others' dues.
            if (
                not statement.line_ids.filtered(lambda line: line._is_refused())
                and statement.payable > 0
            ):
                continue
            if (
                "draft" not in statement.payout_ids.mapped("state")
                and statement._is_all_settled()
                and not Payout._net_dues(statement)[1]
            ):
                statement._mark_paid_out()
        return result

    def _check_not_settled(self):
        # EXTENDS the statement
        result = super()._check_not_settled()
        settled = self.sudo().line_ids.settled_ids.filtered(  # payouts are finance's
            lambda own: not own.is_void
        )
        if settled:
            raise UserError(
                self.env._(
                    "What %(statement)s takes back is in %(payout)s already. Cancel that "
                    "payout first, or leave the statement void.",
                    statement=settled[0].statement_line_id.statement_id.display_name,
                    payout=settled[0].payout_id.name,
                )
            )
        return result

    def _mark_paid_out(self):
        """Say that this was paid; once all of it is, customers are drawn to be asked."""
        if self._is_all_settled():
            self._mark_paid()
            self.env["distributor.fee.check"]._draw_for(self)

    def _check_unpaid(self):
        # EXTENDS the statement: what is paid, or about to be, is not voided.
        result = super()._check_unpaid()
        held = self.sudo().filtered(  # whoever voids need not see payouts and advances
            lambda one: (
                one.payout_ids.filtered(lambda own: own.state != "cancelled")
                or one.advance_ids.filtered(
                    lambda own: own.state in ("requested", "approved", "issued")
                )
            )
        )
        if held:
            raise UserError(
                self.env._(
                    "%s is being paid, or money was lent on it. Cancel the payout or the "
                    "advance first.",
                    held[0].display_name,
                )
            )
        return result

    def _get_paid_customers(self):
        """Return the customers whose fees were paid out on this."""
        return (
            self.payout_ids.filtered(lambda payout: payout.state == "posted")
            .item_ids.filtered("paid")
            .partner_id
        )

    def action_borrow(self):
        """Open the form that asks for an advance on this statement."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Ask for an Advance"),
            "res_model": "distributor.fee.advance",
            "view_mode": "form",
            "context": {"default_statement_id": self.id},
        }

    def action_view_advances(self):
        return self.advance_ids._get_records_action(name=self.env._("Advances"))

    def action_view_checks(self):
        return self.check_ids._get_records_action(name=self.env._("Spot Checks"))
