# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo import api, fields, models
from odoo.exceptions import UserError

# What whoever brought the customer writes on the form.
FILLED = {
    "customer_name",
    "customer_phone",
    "customer_company",
    "members",
    "intention",
    "wanted",
    "budget",
    "source",
    "remarks",
}
FREE_FIELDS = {
    "activity_ids",
    "activity_user_id",
    "message_follower_ids",
    "message_ids",
    "message_main_attachment_id",
    "message_partner_ids",
    "website_message_ids",
}
ASSISTANTS = "distributor_crm_channel.group_channel_assistant"
MANAGERS = "distributor_crm.group_sales_manager"


class DistributorVisitForm(models.Model):
    """The registration form of a valid visit: the only basis of settlement (R053-R055,
    R068-R070).

    The agent fills it in after the verdict; our side signs it as the policy says; then
    it is printed, and the file is kept with its checksum.
    """

    _name = "distributor.visit.form"
    _description = "Registration Form"
    _inherit = ["mail.thread", "mail.activity.mixin", "tier.validation"]
    _order = "id desc"
    _check_company_auto = True
    _mail_post_access = "read"

    _state_from = ["submitted"]
    _state_to = ["signed"]
    _cancel_state = "void"

    name = fields.Char(string="Number", readonly=True, copy=False, default="/")
    visit_id = fields.Many2one(
        comodel_name="distributor.visit",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    company_id = fields.Many2one(
        related="visit_id.company_id", store=True, precompute=True, index=True
    )
    kind = fields.Selection(related="visit_id.kind", store=True, precompute=True)
    agency_id = fields.Many2one(
        related="visit_id.agency_id", store=True, precompute=True, index=True
    )
    agent_id = fields.Many2one(
        related="visit_id.agent_id", store=True, precompute=True, index="btree_not_null"
    )
    user_id = fields.Many2one(
        related="visit_id.user_id", string="Received By", store=True, precompute=True
    )
    arrived_at = fields.Datetime(
        related="visit_id.arrived_at", store=True, precompute=True
    )
    sign_mode = fields.Selection(
        related="visit_id.policy_id.sign_mode", string="Who Signs"
    )
    signer_ids = fields.Many2many(
        comodel_name="res.users",
        string="May Sign",
        compute="_compute_signer_ids",
        compute_sudo=True,
    )
    customer_name = fields.Char(required=True)
    customer_phone = fields.Char()
    customer_company = fields.Char(string="Company of the Customer")
    members = fields.Char(string="Others of the Group")
    intention = fields.Selection(
        selection=[
            ("soon", "Within a Month"),
            ("quarter", "Within Three Months"),
            ("year", "Within a Year"),
            ("open", "Open"),
        ],
        string="Wants to Buy",
    )
    wanted = fields.Char(string="Looks For", help="Product, layout, size.")
    budget = fields.Char()
    source = fields.Char(string="Met At", help="Where the agent met the customer.")
    remarks = fields.Text()
    state = fields.Selection(
        selection=[
            ("draft", "To Fill In"),
            ("submitted", "To Sign"),
            ("signed", "Signed"),
            ("void", "Void"),
        ],
        string="Status",
        required=True,
        readonly=True,
        copy=False,
        default="draft",
        index=True,
        tracking=True,
        group_expand=True,
    )
    filled_by_id = fields.Many2one(
        comodel_name="res.users", string="Filled In By", readonly=True, copy=False
    )
    submitted_at = fields.Datetime(string="Handed In", readonly=True, copy=False)
    sign_deadline = fields.Datetime(
        string="Sign By", readonly=True, copy=False, index="btree_not_null"
    )
    signed_at = fields.Datetime(string="Signed On", readonly=True, copy=False)
    signed_late = fields.Boolean(readonly=True, copy=False)
    attachment_id = fields.Many2one(
        comodel_name="ir.attachment",
        string="Signed Form",
        readonly=True,
        copy=False,
        ondelete="restrict",
    )
    checksum = fields.Char(
        string="Checksum (SHA-256)", readonly=True, copy=False, help="Of the file."
    )
    void_reason = fields.Char(readonly=True, copy=False, tracking=True)

    _one_a_visit = models.UniqueIndex(
        "(visit_id) WHERE state <> 'void'", "A visit has one registration form."
    )
    _number_once = models.UniqueIndex(
        "(company_id, name) WHERE name <> '/'", "This number is used already."
    )

    @api.depends("name", "customer_name")
    def _compute_display_name(self):
        for form in self:
            number = form.name if form.name != "/" else self.env._("Draft")
            form.display_name = f"{number}: {form.customer_name}"

    @api.depends("visit_id.user_id", "sign_mode")
    def _compute_signer_ids(self):
        """Receptionist, channel assistants and sales managers; nobody of the agency."""
        others = self.env.ref(ASSISTANTS).all_user_ids | (
            self.env.ref(MANAGERS).all_user_ids
        )
        for form in self:
            signers = form.user_id
            if form.sign_mode == "any":
                signers |= others
            form.signer_ids = signers.filtered(form._may_sign)

    def _may_sign(self, user) -> bool:
        """Whether somebody works here, and not for the agency."""
        return (
            user.active
            and self.company_id in user.company_ids
            and not self.visit_id._is_of_agency(user)
        )

    @api.model
    def _get_signed_fields(self):
        # EXTENDS tier.validation: what the signatures stand for.
        return {*super()._get_signed_fields(), *FILLED, "visit_id", "name"}

    # -- create, change, delete ------------------------------------------------------

    @api.model
    def _prepare(self, visits):
        """Make the form of valid visits, with what is known of the customer."""
        known = self.search(
            [("visit_id", "in", visits.ids), ("state", "!=", "void")]
        ).visit_id
        return self.create(
            [
                {
                    "visit_id": visit.id,
                    "customer_name": visit.customer_name,
                    "customer_phone": visit.customer_phone,
                    "customer_company": visit.customer_company,
                    "members": ", ".join(
                        " ".join(filter(None, (one.name, one.phone)))
                        for one in visit.member_ids
                    ),
                }
                for visit in visits - known
            ]
        )

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            raise UserError(
                self.env._("The form is made by the verdict that a visit is valid.")
            )
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su and vals.keys() - FREE_FIELDS:
            if vals.keys() - FREE_FIELDS - FILLED:
                raise UserError(self.env._("The form is moved on by its buttons."))
            if any(form.state != "draft" for form in self):
                raise UserError(
                    self.env._("The form is handed in: what it says stays.")
                )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        if any(form.state != "draft" for form in self):
            raise UserError(self.env._("Forms that were handed in stay on record."))
