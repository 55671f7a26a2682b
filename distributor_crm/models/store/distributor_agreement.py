# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from odoo.addons.base.models.res_partner import _tz_get

from ...guard import find_other_states, without_defaults

# What a draft says; from the day it is sent on nobody changes it.
CONTENT = {
    "company_id",
    "partner_id",
    "template_id",
    "parent_store_id",
    "grade_id",
    "territory",
    "price_floor",
    "notice_days",
    "date_from",
    "date_to",
    "tz",
    "previous_id",
    "amends_id",
}
# Set by the buttons and by the distributor's signature alone, over RPC too.
CLOSED = {
    "name",
    "state",
    "access_token",
    "template_version",
    "acknowledged_version",
    "body",
    "digest",
    "acknowledgement_ids",
    "shops_text",
    "sent_on",
    "sent_by_id",
    "sent_to",
    "sign_by",
    "signed_by",
    "signed_on",
    "signed_ip",
    "signer_id",
    "signature",
    "document_id",
    "document_digest",
    "end_on",
    "end_reason",
    "ended_by_id",
    "starts_at",
    "ends_at",
    "renewal_proposed_on",
    "reminded_on",
    "last_call_on",
}


class DistributorAgreement(models.Model):
    """What a distributor and the company signed: terms, duties, validity (R028, R164)."""

    _name = "distributor.agreement"
    _description = "Distributor Agreement"
    _inherit = ["portal.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "date_from desc, id desc"
    _check_company_auto = True

    name = fields.Char(string="Number", readonly=True, copy=False, default="/")
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Distributor",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        domain=[("parent_id", "=", False)],
        tracking=True,
    )
    account_manager_id = fields.Many2one(related="partner_id.account_manager_id")
    template_id = fields.Many2one(
        comodel_name="distributor.agreement.template",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    mode = fields.Selection(related="template_id.mode", store=True)
    parent_store_id = fields.Many2one(
        comodel_name="distributor.store",
        string="Invited by",
        ondelete="restrict",
        check_company=True,
    )
    grade_id = fields.Many2one(
        comodel_name="res.partner.grade",
        string="Tier",
        compute="_compute_terms",
        store=True,
        readonly=False,
        precompute=True,
        check_company=True,
        tracking=True,
    )
    notice_days = fields.Integer(
        string="Notice (Days)",
        compute="_compute_terms",
        store=True,
        readonly=False,
        precompute=True,
    )
    territory = fields.Char(
        tracking=True,
        help="Where the distributor may sell, in the words of the agreement.",
    )
    price_floor = fields.Char(
        tracking=True,
        help="The lowest retail prices, in the words of the agreement: a percentage of "
        "the list price, or a reference to a price list.",
    )
    date_from = fields.Date(
        required=True,
        default=lambda self: self.env.company._get_agreement_today(),
        tracking=True,
    )
    date_to = fields.Date(
        required=True,
        compute="_compute_date_to",
        store=True,
        readonly=False,
        precompute=True,
        tracking=True,
        help="The last day. The agreement ends at midnight of its time zone.",
    )
    tz = fields.Selection(
        selection=_tz_get,
        string="Time Zone",
        required=True,
        compute="_compute_tz",
        store=True,
        readonly=False,
        precompute=True,
        help="Whose midnight counts on the first and on the last day.",
    )
    state = fields.Selection(
        selection=[
            ("draft", "Draft"),
            ("sent", "Sent"),
            ("signed", "Signed"),
            ("expired", "Expired"),
            ("ended", "Ended"),
            ("cancelled", "Cancelled"),
        ],
        string="Status",
        required=True,
        readonly=True,
        default="draft",
        copy=False,
        index=True,
        tracking=True,
        group_expand=True,
    )
    # Who holds the token may sign: nobody of the company reads it.
    access_token = fields.Char(groups="base.group_system")

    _dates_in_order = models.Constraint(
        "CHECK(date_to >= date_from)",
        "An agreement ends on or after the day it starts. Correct one of the two dates.",
    )
    _notice_not_negative = models.Constraint(
        "CHECK(notice_days >= 0)", "Days of notice are counted from zero up."
    )

    @api.depends("template_id")
    def _compute_terms(self):
        for agreement in self:
            template = agreement.template_id
            agreement.notice_days = template.notice_days
            agreement.grade_id = agreement.partner_id.grade_id or template.grade_id

    @api.depends("date_from", "template_id", "amends_id.date_to")
    def _compute_date_to(self):
        for agreement in self:
            start, months = agreement.date_from, agreement.template_id.months
            if agreement.amends_id:
                agreement.date_to = agreement.amends_id.date_to
            elif start and months:
                agreement.date_to = start + relativedelta(months=months, days=-1)
            else:
                agreement.date_to = agreement.date_to

    @api.depends("company_id")
    def _compute_tz(self):
        for agreement in self:
            agreement.tz = agreement.tz or agreement.company_id._get_agreement_tz()

    def _compute_access_url(self):
        result = super()._compute_access_url()
        for agreement in self:
            agreement.access_url = f"/my/agreements/{agreement.id}"
        return result

    @api.depends("name", "partner_id")
    def _compute_display_name(self):
        for agreement in self:
            owner = agreement.partner_id.name
            agreement.display_name = f"{agreement.name}: {owner}"

    @api.constrains("partner_id")
    def _check_partner(self):
        for agreement in self:
            partner = agreement.partner_id
            if partner != partner.commercial_partner_id:
                raise ValidationError(
                    self.env._(
                        "%(contact)s is a contact of %(company)s: make the agreement "
                        "with the latter.",
                        contact=partner.name,
                        company=partner.commercial_partner_id.name,
                    )
                )

    # -- create, change, delete ------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        # Sudo is code of ours, which may take over signed agreements.
        closed = {"name"} if self.env.su else CLOSED
        vals_list = [
            {k: v for k, v in vals.items() if k not in closed} for vals in vals_list
        ]
        Sequence = self.env["ir.sequence"]
        for vals in vals_list:
            company = vals.get("company_id") or self.env.company.id
            numbers = Sequence.with_company(company)
            vals["name"] = numbers.next_by_code("distributor.agreement") or "/"
        own = without_defaults(self, closed)
        return super(DistributorAgreement, own).create(vals_list)

    def write(self, vals):
        if not self.env.su:
            if CLOSED & vals.keys():
                raise UserError(
                    self.env._(
                        "An agreement is sent, cancelled and ended with its buttons, "
                        "and signed by the distributor alone."
                    )
                )
            if CONTENT & vals.keys():
                self._check_state("draft")
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_sent(self):
        self._check_state("draft", "cancelled")

    def _check_state(self, *states):
        """Refuse what is done to agreements in another state.

        :raises UserError: names the agreements and the states that it is for
        """
        if wrong := find_other_states(self, states, "name"):
            raise UserError(
                self.env._(
                    "%(agreements)s: this is for agreements in status %(states)s only.",
                    agreements=wrong["records"],
                    states=wrong["states"],
                )
            )

    @api.model
    def _get_list_action(self, domain):
        """Return the action that lists the agreements of a domain."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "distributor_crm.distributor_agreement_action"
        )
        return {**action, "domain": domain, "context": {}}

    # -- what others add -------------------------------------------------------------

    def _after_signature(self):
        """What follows when the distributor has signed these agreements."""
