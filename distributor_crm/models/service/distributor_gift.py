# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import date

from odoo import Command, api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL


class DistributorGift(models.Model):
    """Goods given to a distributor, as a reward for a large group-buy or to thank him
    (R033). They go out as an order at no price that earns nothing."""

    _name = "distributor.gift"
    _description = "Gift"
    _inherit = ["distributor.service.document"]

    recipient = fields.Selection(
        selection=[
            ("distributor", "The Distributor"),
            ("customer", "A Customer of His, as a Company"),
            ("employee", "An Employee of a Customer"),
        ],
        required=True,
        default="distributor",
        tracking=True,
    )
    recipient_name = fields.Char(help="Who it is, where it is not the distributor.")
    reason = fields.Text(required=True)
    date = fields.Date(required=True, default=fields.Date.context_today, tracking=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    line_ids = fields.One2many(
        comodel_name="distributor.gift.line", inverse_name="gift_id", copy=True
    )
    value = fields.Monetary(
        compute="_compute_value", store=True, help="At sales prices."
    )
    given_before = fields.Monetary(
        string="Given This Year",
        compute="_compute_given_before",
        help="What the distributor was given in the same year, without this gift.",
    )
    cap = fields.Monetary(related="company_id.gift_yearly_cap", string="Yearly Limit")
    order_id = fields.Many2one(
        comodel_name="sale.order", readonly=True, copy=False, index="btree_not_null"
    )
    state = fields.Selection(
        selection=[
            ("draft", "Draft"),
            ("submitted", "To Approve"),
            ("approved", "Approved"),
            ("received", "Received"),
            ("refused", "Refused"),
        ],
        string="Status",
        required=True,
        readonly=True,
        default="draft",
        copy=False,
        index=True,
        tracking=True,
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Requested By",
        readonly=True,
        copy=False,
        required=True,
        default=lambda self: self.env.user,
    )
    decided_by_id = fields.Many2one(comodel_name="res.users", readonly=True, copy=False)
    decided_at = fields.Datetime(string="Decided On", readonly=True, copy=False)
    received_at = fields.Datetime(string="Received On", readonly=True, copy=False)
    received_by_id = fields.Many2one(
        comodel_name="res.partner", readonly=True, copy=False
    )

    _four_eyes = models.Constraint(
        "CHECK(state NOT IN ('approved', 'received') OR decided_by_id <> user_id)",
        "Nobody approves a gift that he asked for. Ask another sales manager.",
    )
    _approved_has_order = models.Constraint(
        "CHECK(state NOT IN ('approved', 'received') OR order_id IS NOT NULL)",
        "An approved gift has the order that delivers it.",
    )

    @api.model
    def _get_closed_fields(self):
        return super()._get_closed_fields() | {
            "order_id",
            "user_id",
            "decided_by_id",
            "decided_at",
            "received_at",
            "received_by_id",
        }

    @api.depends("line_ids.value")
    def _compute_value(self):
        for gift in self:
            gift.value = sum(gift.line_ids.mapped("value"))

    @api.depends("partner_id", "date", "company_id")
    def _compute_given_before(self):
        for gift in self:
            gift.given_before = gift._sum_of_year()

    def _sum_of_year(self):
        """Return what else the distributor was given in the year of this gift."""
        if not self.partner_id or not self.date:
            return 0
        # The limit counts everything, whoever gave it.
        total = self.sudo()._read_group(
            [
                ("partner_id", "=", self.partner_id.id),
                ("company_id", "=", self.company_id.id),
                ("state", "in", ("approved", "received")),
                ("date", ">=", date(self.date.year, 1, 1)),
                ("date", "<=", date(self.date.year, 12, 31)),
                ("id", "!=", self._origin.id or 0),
            ],
            [],
            ["value:sum"],
        )
        return total[0][0] or 0

    def write(self, vals):
        content = {"partner_id", "recipient", "line_ids", "date", "company_id"}
        if not self.env.su and content & vals.keys():
            self._check_state("draft")
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_submitted(self):
        self._check_state("draft")

    # -- decisions ---------------------------------------------------------------------

    def action_submit(self):
        """Ask a sales manager for the gift.

        :raises UserError: it is empty, over the limit, or for whom it may not be
        """
        self.check_access("write")
        self._check_state("draft")
        self._check_allowed()
        self._set(state="submitted")
        return True

    def _check_allowed(self):
        for gift in self:
            company = gift.company_id
            if not gift.line_ids:
                raise UserError(self.env._("Say what is given."))
            if gift.recipient != "distributor" and not gift.recipient_name:
                raise UserError(self.env._("Say who receives the gift."))
            if gift.recipient == "employee" and not company.gift_allow_employee:
                raise UserError(
                    self.env._(
                        "A gift to an employee of a customer may be bribery, and your "
                        "company allows none. Give it to the company that employs him."
                    )
                )
            left = company.gift_yearly_cap - gift._sum_of_year()
            if gift.currency_id.compare_amounts(gift.value, left) > 0:
                raise UserError(
                    self.env._(
                        "%(distributor)s may be given %(left)s more this year; this is "
                        "%(value)s.",
                        distributor=gift.partner_id.name,
                        left=gift.currency_id.format(max(left, 0)),
                        value=gift.currency_id.format(gift.value),
                    )
                )

    def action_approve(self):
        """Approve gifts: an order at no price delivers each of them.

        :raises AccessError: the user asked for it himself
        :raises UserError: it is over the limit by now
        """
        self._check_decider()
        self._lock()
        self._check_state("submitted")
        if self.env.user in self.user_id:
            raise AccessError(
                self.env._(
                    "Nobody approves a gift that he asked for. Ask another sales manager."
                )
            )
        self._take_turns()
        for gift in self:
            # One after the other: each counts in the limit of the next.
            gift._check_allowed()
            # Who decides on gifts need not be allowed to sell.
            order = self.env["sale.order"].sudo().create(gift.sudo()._prepare_order())
            order.action_confirm()
            order.action_lock()
            gift._set(
                state="approved",
                order_id=order.id,
                decided_by_id=self.env.uid,
                decided_at=fields.Datetime.now(),
            )
        return True

    def _take_turns(self):
        """Have two approvals for one distributor follow each other.

        A lock alone would not do: the later one would still read what was given before
        the first. Writing the row makes it start again and read anew.
        """
        self.env.cr.execute(
            SQL(
                "UPDATE res_partner SET write_date = write_date WHERE id = ANY(%s)",
                sorted(self.partner_id.ids),
            )
        )

    def action_refuse(self):
        """Refuse gifts."""
        self._check_decider()
        self._check_state("submitted")
        self._set(
            state="refused",
            decided_by_id=self.env.uid,
            decided_at=fields.Datetime.now(),
        )
        return True

    def action_reset_to_draft(self):
        """Take back what is not decided, to correct it."""
        self.check_access("write")
        self._check_state("submitted", "refused")
        self._set(state="draft", decided_by_id=False, decided_at=False)
        return True

    def _confirm_receipt(self, contact):
        """Note that the distributor has it.

        :param contact: who says so
        """
        self._check_state("approved")
        self._set(
            state="received",
            received_at=fields.Datetime.now(),
            received_by_id=contact.id,
        )

    def action_confirm_receipt(self):
        """Note the receipt that the distributor confirmed otherwise."""
        self._check_decider()
        self._confirm_receipt(self.env.user.partner_id)
        return True

    def _prepare_order(self):
        """Return the values of the order that delivers the gift: it earns nothing."""
        reason = self.env._("Gift: %s", self.name)
        return {
            "partner_id": self.partner_id.id,
            "company_id": self.company_id.id,
            "user_id": self.partner_id.user_id.id,
            "origin": self.name,
            "gift_id": self.id,
            "order_line": [
                Command.create(
                    {
                        "product_id": line.product_id.id,
                        "product_uom_qty": line.quantity,
                        "product_uom_id": line.product_id.uom_id.id,
                        "price_unit": 0,
                        "discount": 0,
                        "tax_ids": [Command.clear()],
                        "rebate_exclusion": reason,
                    }
                )
                for line in self.line_ids
            ],
        }
