# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

ACTIVE = ("submitted", "approved", "received", "done")
# For these one sees on a photo what is wrong.
SHOWN = ("damaged", "wrong", "quality")


class DistributorReturn(models.Model):
    """A distributor sends back goods of his own order (退换货, R020, R207)."""

    _name = "distributor.return"
    _description = "Return Request"
    _inherit = ["distributor.service.document", "distributor.evidence.mixin"]

    order_id = fields.Many2one(
        comodel_name="sale.order",
        required=True,
        index=True,
        ondelete="restrict",
        domain="[('partner_id', 'child_of', partner_id), ('state', '=', 'sale')]",
        check_company=True,
    )
    contact_id = fields.Many2one(
        comodel_name="res.partner",
        domain="[('id', 'child_of', partner_id)]",
        check_company=True,
    )
    kind = fields.Selection(
        selection=[("refund", "Return"), ("exchange", "Exchange")],
        string="Wanted",
        required=True,
        default="refund",
        tracking=True,
    )
    reason = fields.Selection(
        selection=[
            ("none", "Without a Reason"),
            ("damaged", "Damaged in Transit"),
            ("wrong", "Wrong Goods"),
            ("quality", "Quality"),
            ("other", "Other"),
        ],
        required=True,
        default="none",
        tracking=True,
    )
    description = fields.Text()
    line_ids = fields.One2many(
        comodel_name="distributor.return.line", inverse_name="return_id"
    )
    state = fields.Selection(
        selection=[
            ("submitted", "To Decide"),
            ("approved", "Approved"),
            ("received", "Goods Back"),
            ("done", "Done"),
            ("refused", "Refused"),
            ("cancelled", "Cancelled"),
        ],
        string="Status",
        required=True,
        readonly=True,
        default="submitted",
        copy=False,
        index=True,
        tracking=True,
        group_expand=True,
    )
    deadline = fields.Date(
        string="Free Return Until",
        compute="_compute_deadline",
        help="Until this day goods go back without a reason; none before delivery.",
    )
    is_in_time = fields.Boolean(
        string="In Time",
        readonly=True,
        copy=False,
        help="Asked for within the days in which no reason is needed.",
    )
    decided_by_id = fields.Many2one(comodel_name="res.users", readonly=True, copy=False)
    decided_at = fields.Datetime(string="Decided On", readonly=True, copy=False)
    refusal = fields.Text(string="Reason of the Decision", copy=False)
    move_ids = fields.One2many(
        comodel_name="account.move",
        inverse_name="distributor_return_id",
        string="Credit Notes",
        readonly=True,
    )
    move_count = fields.Integer(compute="_compute_move_count")
    replacement_id = fields.Many2one(
        comodel_name="sale.order",
        string="Replacement Order",
        readonly=True,
        copy=False,
        index="btree_not_null",
    )

    @api.model
    def _get_closed_fields(self):
        return super()._get_closed_fields() | {
            "is_in_time",
            "decided_by_id",
            "decided_at",
            "replacement_id",
        }

    @api.depends("order_id.delivered_on", "company_id.return_window_days")
    def _compute_deadline(self):
        for request in self:
            # A representative need not see the shipments behind it.
            request.deadline = request.order_id.sudo()._get_return_deadline()

    def _compute_move_count(self):
        for request in self:
            request.move_count = len(request.move_ids)

    @api.constrains("order_id", "partner_id", "contact_id")
    def _check_order(self):
        # Whose order it is does not depend on whose orders one may read.
        for request in self.sudo():
            partner = request.partner_id
            owner = request.order_id.partner_id.commercial_partner_id
            contact = request.contact_id.commercial_partner_id or partner
            if owner != partner or contact != partner:
                raise ValidationError(
                    self.env._(
                        "%s is no order of the distributor. Only his own can be "
                        "returned here.",
                        request.order_id.name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        requests = super().create(vals_list)
        today = fields.Date.context_today(self)
        for request in requests:
            last = request.deadline
            request._set(is_in_time=bool(last and today <= last))
            if request.state == "submitted":
                request._take_in()
        return requests

    def _take_in(self):
        """Decide at once where the company promised it, or ask the account manager."""
        is_promised = self.is_in_time and self.company_id.return_auto_approve
        if is_promised and self.line_ids:
            self._set(decided_at=fields.Datetime.now())
            self._approve()
        elif self.account_manager_id:
            self.sudo().activity_schedule(  # the request comes from outside
                "mail.mail_activity_data_todo",
                summary=self.env._("Decide on the return"),
                user_id=self.account_manager_id.id,
            )

    def write(self, vals):
        if not self.env.su and vals.keys() & {"order_id", "partner_id", "line_ids"}:
            self._check_state("submitted")
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_decided(self):
        self._check_state("submitted", "cancelled")

    def _get_contacts(self):
        return self.contact_id or self.partner_id

    def _shows_evidence_to(self, partner):
        return self.partner_id == partner.commercial_partner_id

    # -- decisions ---------------------------------------------------------------------

    def _check_decider(self):
        self.check_access("write")
        if not self.env.user.has_group("distributor_crm.group_account_manager"):
            raise AccessError(self.env._("Account managers decide on returns."))

    def action_approve(self):
        """Agree to returns; the distributor is told where the goods go.

        :raises UserError: one is decided already, or returns nothing
        """
        self._check_decider()
        self._lock()
        self._check_state("submitted")
        if any(not request.line_ids for request in self):
            raise UserError(self.env._("Say which goods come back, and how many."))
        self._set(decided_by_id=self.env.uid, decided_at=fields.Datetime.now())
        self._approve()
        return True

    def _approve(self):
        self._set(state="approved")
        for request in self:
            request.sudo().activity_unlink(["mail.mail_activity_data_todo"])
            request._tell_partner(
                request.env._("Your return is approved. Please send the goods back.")
            )
        self._after_approval()

    def _after_approval(self):
        """What follows when returns were approved."""

    def action_refuse(self):
        """Refuse returns; the reason is told.

        :raises UserError: one has no reason, or is decided already
        """
        self._check_decider()
        self._lock()
        self._check_state("submitted")
        for request in self:
            if not (request.refusal or "").strip():
                raise UserError(self.env._("Enter the reason of the decision first."))
            request._set(
                state="refused",
                decided_by_id=self.env.uid,
                decided_at=fields.Datetime.now(),
            )
            request.sudo().activity_unlink(["mail.mail_activity_data_todo"])
            request._tell_partner(
                request.env._("We cannot take the goods back: %s", request.refusal)
            )
        return True

    def action_cancel(self):
        """Take requests back that nothing followed from yet."""
        self.check_access("write")
        return self._cancel()

    def _cancel(self):
        self._lock()
        self._check_state("submitted", "approved")
        self._set(state="cancelled")
        self.sudo().activity_unlink(["mail.mail_activity_data_todo"])
        self._after_cancel()
        return True

    def _after_cancel(self):
        """What follows when returns were cancelled."""

    def action_receive(self):
        """Note that the goods are back.

        :raises UserError: a return is not approved
        """
        self._check_decider()
        self._check_state("approved")
        self._receive()
        return True

    def _receive(self):
        self._set(state="received")


class SaleOrder(models.Model):
    _inherit = "sale.order"

    return_ids = fields.One2many(
        comodel_name="distributor.return", inverse_name="order_id", string="Returns"
    )
    return_count = fields.Integer(compute="_compute_return_count")

    def _compute_return_count(self):
        counts = dict(
            self.env["distributor.return"]._read_group(
                [("order_id", "in", self.ids)], ["order_id"], ["__count"]
            )
        )
        for order in self:
            order.return_count = counts.get(order, 0)

    def _get_return_deadline(self):
        """Return the last day of a return without a reason; none before delivery."""
        self.ensure_one()
        day = self._get_received_on()
        return day and day + timedelta(days=self.company_id.return_window_days)

    def action_view_returns(self):
        """Open the returns of these orders."""
        return self.env["distributor.return"]._get_list_action(
            [("order_id", "in", self.ids)]
        )
