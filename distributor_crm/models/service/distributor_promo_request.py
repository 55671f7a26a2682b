# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...uploads import check_address


class DistributorPromoRequest(models.Model):
    """A distributor has a place in a campaign of some platform, and asks for goods at a
    special supply price (R187–R190, R205)."""

    _name = "distributor.promo.request"
    _description = "Campaign Request"
    _inherit = ["distributor.service.document"]

    activity_name = fields.Char(string="Campaign", required=True, tracking=True)
    platform = fields.Char(required=True, tracking=True)
    proof_url = fields.Char(
        string="Proof",
        required=True,
        help="Where the place in the campaign can be seen.",
    )
    is_verified = fields.Boolean(
        string="Proof Verified",
        tracking=True,
        help="Someone looked: the place in the campaign is real.",
    )
    date_from = fields.Date(string="From", required=True, tracking=True)
    date_to = fields.Date(string="Until", required=True, tracking=True)
    contact_id = fields.Many2one(
        comodel_name="res.partner", domain="[('id', 'child_of', partner_id)]"
    )
    description = fields.Text()
    currency_id = fields.Many2one(related="company_id.currency_id")
    line_ids = fields.One2many(
        comodel_name="distributor.promo.line", inverse_name="request_id", copy=True
    )
    state = fields.Selection(
        selection=[
            ("submitted", "To Decide"),
            ("approved", "Approved"),
            ("reported", "Result Reported"),
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
    decided_by_id = fields.Many2one(comodel_name="res.users", readonly=True, copy=False)
    decided_at = fields.Datetime(string="Decided On", readonly=True, copy=False)
    refusal = fields.Text(string="Reason of the Decision", copy=False)

    _dates_in_order = models.Constraint(
        "CHECK(date_to >= date_from)", "A campaign ends on or after the day it starts."
    )

    @api.model
    def _get_closed_fields(self):
        return super()._get_closed_fields() | {"decided_by_id", "decided_at"}

    @api.constrains("line_ids")
    def _check_lines(self):
        for request in self:
            most = request.company_id.promo_max_products
            if not 1 <= len(request.line_ids) <= most:
                raise ValidationError(
                    self.env._("A campaign has 1 to %s products here.", most)
                )

    @api.constrains("proof_url")
    def _check_proof(self):
        for request in self:
            check_address(self.env, request.proof_url)

    @api.model_create_multi
    def create(self, vals_list):
        requests = super().create(vals_list)
        requests._check_lines()
        for request in requests:
            if request.account_manager_id:
                request.sudo().activity_schedule(  # it may come from the portal
                    "mail.mail_activity_data_todo",
                    summary=self.env._("Look at the proof of the campaign"),
                    user_id=request.account_manager_id.id,
                )
        return requests

    def write(self, vals):
        fixed = {"partner_id", "date_from", "date_to", "line_ids", "company_id"}
        if not self.env.su and fixed & vals.keys():
            self._check_state("submitted")
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_decided(self):
        self._check_state("submitted", "cancelled")

    def _get_contacts(self):
        return self.contact_id or self.partner_id

    # -- decisions ---------------------------------------------------------------------

    def action_approve(self):
        """Grant goods at a supply price for the days of the campaign.

        Orders of this distributor, and of nobody else, then take the price by
        themselves, until the granted quantity is used up.

        :raises UserError: the proof is not verified, or nothing is granted
        """
        self._check_decider()
        self._lock()
        self._check_state("submitted")
        for request in self:
            if not request.is_verified:
                raise UserError(
                    self.env._("Look at the proof first, and mark it as verified.")
                )
            if not any(line.approved_quantity for line in request.line_ids):
                raise UserError(
                    self.env._(
                        "Nothing is granted. Enter quantity and supply price, or refuse."
                    )
                )
            request.line_ids._check_grants()
        self._decide("approved")
        for request in self:
            request._tell_partner(
                request.env._(
                    "Your campaign %s is approved. Your orders take the supply prices "
                    "by themselves.",
                    request.activity_name,
                )
            )
        return True

    def action_refuse(self):
        """Refuse; the reason is told."""
        self._check_decider()
        self._lock()
        self._check_state("submitted")
        for request in self:
            if not (request.refusal or "").strip():
                raise UserError(self.env._("Enter the reason of the decision first."))
        self._decide("refused")
        for request in self:
            request._tell_partner(
                request.env._("We cannot support your campaign: %s", request.refusal)
            )
        return True

    def action_cancel(self):
        """End a request; from now on orders take no price of it."""
        self._check_decider()
        self._check_state("submitted", "approved")
        self._set(state="cancelled")
        return True

    def _decide(self, state):
        self._set(
            state=state, decided_by_id=self.env.uid, decided_at=fields.Datetime.now()
        )
        self.sudo().activity_unlink(["mail.mail_activity_data_todo"])

    def _report(self, quantities):
        """Keep what the distributor says that he sold.

        :param quantities: dict of line → quantity
        :raises UserError: the campaign has not started, or was not approved
        """
        self.ensure_one()
        self._check_state("approved", "reported")
        if self.date_from > fields.Date.context_today(self):
            raise UserError(self.env._("The campaign has not started yet."))
        for line, quantity in quantities.items():
            line.sudo().reported_quantity = quantity  # the portal reports nothing else
        self._set(state="reported")
