# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import hashlib
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.base.models.res_users import check_identity
from odoo.addons.distributor_crm.guard import hold_in_state
from odoo.addons.distributor_crm.printing import print_document

REPORT = "distributor_crm_channel.visit_form_report"
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
            company = form.company_id
            signers = (
                form.user_id | others.filtered(lambda user: company in user.company_ids)
                if form.sign_mode == "any"
                else form.user_id
            )
            form.signer_ids = signers.filtered(
                lambda user: user.active and not form.visit_id._is_of_agency(user)
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

    # -- filling in and signing ------------------------------------------------------

    def action_submit(self):
        """Hand in the form: it gets its number and waits for signatures.

        :raises UserError: the visit is not valid (any more), or it is handed in
        """
        self.check_access("write")
        for form in self:
            form._submit()

    def _submit(self):
        self.ensure_one()
        hold_in_state(self, ["draft"])
        own = self.sudo()
        visit = own.visit_id
        if visit.verdict != "valid" or visit.state != "judged":
            raise UserError(
                self.env._(
                    "Only valid visits are registered: %(visit)s is not.",
                    visit=visit.name,
                )
            )
        if not (own.customer_name or "").strip():
            raise UserError(self.env._("Enter the name of the customer."))
        now = fields.Datetime.now()
        code = "distributor.visit.form"
        if own.kind == "external":
            code += ".external"
        own.write(
            {
                "name": own.env["ir.sequence"]
                .with_company(own.company_id)
                .next_by_code(code),
                "state": "submitted",
                "filled_by_id": self.env.uid,
                "submitted_at": now,
                "sign_deadline": now + timedelta(hours=visit.policy_id.confirm_hours),
            }
        )
        visit.write({"state": "registered", "form_number": own.name})
        visit._make_customer()
        own.request_validation()

    @check_identity
    def action_sign(self):
        """Sign the form, after the password was entered."""
        return self._sign()

    def validate_tier(self):
        # EXTENDS tier.validation: a signature here takes the password.
        return self.action_sign()

    def _sign(self):
        """Give this user's signature; the last one makes the form count.

        :raises UserError: it is somebody else's turn, or the visit no longer valid
        """
        self.check_access("read")
        hold_in_state(self, ["submitted"])
        own = self.sudo()
        for form in own:
            if form.visit_id.verdict != "valid":
                raise UserError(
                    self.env._("%s is not valid any more.", form.visit_id.name)
                )
            if form.visit_id._is_of_agency(self.env.user):
                raise UserError(
                    self.env._("Nobody signs for us who belongs to the agency.")
                )
        for form in self:
            if form in form._sign_turns():
                form._check_turn()
        done = own.filtered(lambda form: form.validation_status == "validated")
        if done:
            done.with_context(skip_validation_check=True)._finish()

    def _finish(self):
        """Mark as signed, print, and keep the print with its checksum."""
        now = fields.Datetime.now()
        for form in self:
            form.write(
                {
                    "state": "signed",
                    "signed_at": now,
                    "signed_late": now > form.sign_deadline,
                }
            )
            form._keep_print()
            form.visit_id.write(
                {"state": "signed", "form_attachment_id": form.attachment_id.id}
            )
            form.activity_unlink(["mail.mail_activity_data_todo"])

    def _keep_print(self):
        reports = self.env["ir.actions.report"]
        lang = self.agency_id.lang or self.env.lang
        content, kind = print_document(
            reports.with_context(lang=lang), REPORT, self.ids
        )
        attachment = self.env["ir.attachment"].create(
            {
                "name": f"{self.name.replace('/', '-')}.{kind}",
                "raw": content,
                "mimetype": "application/pdf" if kind == "pdf" else "text/html",
                "res_model": self._name,
                "res_id": self.id,
            }
        )
        self.write(
            {
                "attachment_id": attachment.id,
                "checksum": hashlib.sha256(content).hexdigest(),
            }
        )

    def _get_valid_signatures(self):
        """Return the signatures that count, in their order."""
        # Who may read the form is told who signed it.
        return (
            self.sudo()
            ._get_round_signatures()
            .filtered(lambda one: not one.voided_on and one.decision == "approved")
            .sorted("id")
        )

    def action_check_file(self):
        """Compare the kept file with its checksum.

        :raises UserError: it is another one
        """
        self.ensure_one()
        self.check_access("read")
        content = self.sudo().attachment_id.raw or b""
        if hashlib.sha256(content).hexdigest() != self.checksum:
            raise UserError(self.env._("The kept file is not the one that was signed."))
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._("The file is the one that was signed."),
            },
        }

    def action_view_visit(self):
        """Open the visit that this registers."""
        return self.visit_id._get_records_action()

    def action_download(self):
        """Open the signed form."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self.sudo().attachment_id.id}?download=1",
        }

    def action_return(self):
        """Give the form back to be corrected; signatures so far no longer count."""
        self.check_access("write")
        hold_in_state(self, ["submitted"])
        own = self.sudo().with_context(skip_validation_check=True)
        own._end_round("withdrawn")
        own.write({"state": "draft", "sign_deadline": False})
        own.visit_id.write({"state": "judged"})

    def _void_unsigned(self, reason=None):
        """Void forms of visits that turned out invalid before we signed."""
        own = self.sudo().with_context(skip_validation_check=True)
        own = own.filtered(lambda form: form.state in ("draft", "submitted"))
        own._end_round("cancelled")
        own.write(
            {
                "state": "void",
                "void_reason": reason or self.env._("The visit is not valid."),
            }
        )

    @api.model
    def _cron_remind(self):
        """Ask for the signatures that are late (R069)."""
        late = self.search(
            [
                ("state", "=", "submitted"),
                ("sign_deadline", "<", fields.Datetime.now()),
                ("activity_ids", "=", False),
            ],
            limit=500,
        )
        for form in late:
            waiting = form.review_ids.filtered(lambda one: one.status == "pending")
            for user in waiting.reviewer_ids[:5]:
                form.activity_schedule(
                    "mail.mail_activity_data_todo",
                    user_id=user.id,
                    summary=form.env._("Registration form: your signature is late"),
                )
