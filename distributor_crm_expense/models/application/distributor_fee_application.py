# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools.misc import format_datetime

from odoo.addons.distributor_crm.guard import without_closed

from ..document.distributor_fee_document import OPEN_FIELDS as DOCUMENT_FIELDS

# What the representative says while it is a draft.
SAID = {
    "amount",
    "expected_contract_on",
    "expected_volume",
    "occasion",
    "partner_id",
    "payee_id",
    "purpose_id",
    "reason",
}
# Without these nothing is handed in.
ASKED = ("reason", "occasion", "purpose_id", "payee_id")
CLOSED = {
    "name",
    "state",
    "submitted_on",
    "submitted_by_id",
    "signed_granted_on",
    "exception_reason",
    "exception_by_id",
    "original",
    "original_sha256",
    "void_reason",
    "compliance_state",
    "compliance_user_id",
    "compliance_on",
    "compliance_note",
}


class DistributorFeeApplication(models.Model):
    """A special fee to win a new customer, applied for before he signs (R100-R104).

    It is handed in before the contract is signed; what comes after is void, and nobody
    can make an exception. It is paid in principle after his first payment.
    """

    _name = "distributor.fee.application"
    _description = "Special Fee for a New Customer"
    _inherit = ["distributor.fee.document", "distributor.fee.payee.mixin"]
    _order = "id desc"
    _check_company_auto = True
    _fee_report = "distributor_crm_expense.fee_application_report"

    name = fields.Char(string="Number", readonly=True, copy=False, default="/")
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        index=True,
        readonly=True,
        default=lambda self: self.env.company,
    )
    currency_id = fields.Many2one(related="company_id.currency_id", store=True)
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Representative",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
        default=lambda self: self.env.user,
        tracking=True,
    )
    state = fields.Selection(
        selection=[
            ("draft", "Draft"),
            ("submitted", "Being Signed"),
            ("signed", "Approved"),
            ("paid", "Paid"),
            ("void", "Void"),
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
    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="New Customer",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        domain="[('parent_id', '=', False), ('id', '!=', company_partner_id)]",
    )
    company_partner_id = fields.Many2one(related="company_id.partner_id")
    expected_contract_on = fields.Date(
        string="Contract Expected On", help="When the customer is to sign."
    )
    expected_volume = fields.Monetary(
        string="Expected Sales a Year", help="What the customer is expected to buy."
    )
    purpose_id = fields.Many2one(default=lambda self: self._get_default_purpose())
    amount = fields.Monetary(required=True, tracking=True)
    reason = fields.Text(help="Why the fee is needed to win this customer.")
    contract_signed_on = fields.Datetime(
        compute="_compute_contract_signed_on",
        help="When this customer first signed an agreement with us.",
    )
    is_too_late = fields.Boolean(
        compute="_compute_contract_signed_on",
        help="The contract is signed and the application was not handed in before.",
    )
    too_late_text = fields.Char(compute="_compute_too_late_text")
    collected_on = fields.Date(string="First Payment", compute="_compute_collected_on")
    exception_reason = fields.Char(
        string="Paid Before Collection",
        readonly=True,
        copy=False,
        tracking=True,
        help="Why it is paid before the customer's first payment.",
    )
    exception_by_id = fields.Many2one(
        comodel_name="res.users", readonly=True, copy=False
    )

    _amount_positive = models.Constraint(
        "CHECK(amount > 0 AND amount <> 'NaN')", "A fee is more than 0."
    )
    _void_has_reason = models.Constraint(
        "CHECK(state <> 'void' OR COALESCE(void_reason, '') <> '')",
        "A void application says why.",
    )
    _one_open = models.UniqueIndex(
        "(company_id, partner_id) WHERE state IN ('submitted', 'signed', 'paid')",
        "A fee for this customer is applied for already. Go on with that application.",
    )

    @api.depends("name", "partner_id")
    def _compute_display_name(self):
        for application in self:
            name = application.name if application.name != "/" else False
            application.display_name = " · ".join(
                filter(None, (name, application.partner_id.name))
            )

    @api.depends("partner_id", "company_id", "submitted_on", "state")
    def _compute_contract_signed_on(self):
        # Whoever applies need not see the customer's agreements.
        rows = (
            self.env["distributor.agreement"]
            .sudo()
            ._read_group(
                [
                    ("partner_id", "in", self.partner_id.commercial_partner_id.ids),
                    ("company_id", "in", self.company_id.ids),
                    ("signed_on", "!=", False),
                ],
                ["partner_id", "company_id"],
                ["signed_on:min"],
            )
        )
        first = {(partner, company): when for partner, company, when in rows}
        for application in self:
            partner = application.partner_id.commercial_partner_id
            signed = first.get((partner, application.company_id))
            application.contract_signed_on = signed
            application.is_too_late = bool(signed) and (
                not application.submitted_on or application.submitted_on >= signed
            )

    @api.depends("is_too_late", "contract_signed_on")
    @api.depends_context("lang", "tz")
    def _compute_too_late_text(self):
        for application in self:
            application.too_late_text = application.is_too_late and self.env._(
                "The customer signed the contract on %s. A special fee is applied for "
                "before that; this application is void.",
                format_datetime(self.env, application.contract_signed_on),
            )

    @api.onchange("partner_id")
    def _onchange_partner_id(self):
        # The customer as a company, unless somebody says otherwise (R078).
        customer = self.partner_id.commercial_partner_id
        if self.payee_id.commercial_partner_id != customer:
            self.payee_id = self.partner_id

    @api.depends("partner_id", "company_id")
    def _compute_collected_on(self):
        # Whoever applies need not read the ledger.
        rows = (
            self.env["account.payment"]
            .sudo()
            ._read_group(
                [
                    (
                        "partner_id",
                        "child_of",
                        self.partner_id.commercial_partner_id.ids,
                    ),
                    ("company_id", "in", self.company_id.ids),
                    ("payment_type", "=", "inbound"),
                    ("state", "in", ("in_process", "paid")),
                ],
                ["partner_id", "company_id"],
                ["date:min"],
            )
        )
        first = {}
        for partner, company, day in rows:
            key = partner.commercial_partner_id, company
            first[key] = min(day, first.get(key, day))
        for application in self:
            key = application.partner_id.commercial_partner_id, application.company_id
            application.collected_on = first.get(key)

    @api.model
    def _get_default_purpose(self):
        return self.env["distributor.fee.purpose"].search(
            [("kind", "=", "new_customer")], limit=1
        )

    # -- create, change, delete ------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        self, vals_list = without_closed(self, vals_list, CLOSED | {"user_id"})
        for vals in vals_list:
            vals["payee_id"] = vals.get("payee_id") or vals.get("partner_id")
            vals["name"] = (
                self.env["ir.sequence"].next_by_code("distributor.fee.application")
                or "/"
            )
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su:
            allowed = DOCUMENT_FIELDS | SAID
            if vals.keys() - allowed:
                raise AccessError(
                    self.env._(
                        "The status of an application follows its signatures. Use its "
                        "buttons."
                    )
                )
            self._check_paper(vals)
            if SAID & vals.keys():
                self._check_state("draft")
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_draft(self):
        if any(application.state != "draft" for application in self):
            raise UserError(
                self.env._("What was handed in stays on record. Void it instead.")
            )

    # -- the way ---------------------------------------------------------------------

    def action_submit(self):
        """Hand these in, before the contract is signed.

        :raises UserError: it is signed already (R101), or something is missing
        """
        self.check_access("read")
        if self.user_id - self.env.user:
            raise AccessError(
                self.env._("An application is submitted by who applies for it.")
            )
        self._check_state("draft")
        now = fields.Datetime.now()
        for application in self:
            application._check_before_contract(now)
            if not all(application[name] for name in ASKED):
                raise UserError(
                    self.env._(
                        "%s: say why the fee is needed, for what purpose, on what "
                        "occasion, and who is paid.",
                        application.display_name,
                    )
                )
        self._check_payee()
        self.sudo().write(
            {
                "state": "submitted",
                "submitted_on": now,
                "submitted_by_id": self.env.uid,
            }
        )
        self.request_validation()

    def _check_before_contract(self, moment):
        """Refuse what is handed in after the contract was signed; there is no exception.

        :raises UserError: says since when
        """
        signed = self.contract_signed_on
        if signed and moment >= signed:
            raise UserError(
                self.env._(
                    "%(customer)s signed the contract on %(moment)s. A special fee is "
                    "applied for before that; afterwards it is void without exception.",
                    customer=self.partner_id.name,
                    moment=format_datetime(self.env, signed),
                )
            )

    def _check_not_over(self):
        # EXTENDS distributor.fee.document: handed in before the signature, by the
        # server's time.
        for application in self:
            application._check_before_contract(
                application.submitted_on or fields.Datetime.now()
            )

    def _return_to_draft(self):
        # EXTENDS distributor.fee.document: it is not handed in any more.
        result = super()._return_to_draft()
        self.write({"submitted_on": False, "submitted_by_id": False})
        return result

    def action_except(self):
        return self._ask_reason("except", self.env._("Pay before Collection"))

    def _apply_reason(self, act, reason, until):
        # EXTENDS distributor.fee.document
        if act == "except":
            self._except(reason)
            return None
        return super()._apply_reason(act, reason, until)

    def _except(self, reason):
        """Let these be paid before the customer's first payment (R104).

        :param reason: required, stays on record and in the list of exceptions
        """
        self._check_manager()
        self._check_state("signed")
        if self.env.user in self.user_id:
            raise AccessError(self.env._("Somebody else decides on your own fee."))
        self.sudo().with_context(skip_validation_check=True).write(
            {
                "exception_reason": self._clean_reason(reason),
                "exception_by_id": self.env.uid,
            }
        )

    def _check_collected(self):
        """Check that the new customer has paid something (R104).

        :raises UserError: not yet, and nobody decided otherwise
        """
        for application in self:
            policy = application.company_id._get_fee_policy(
                application._get_policy_day()
            )
            if not (
                application.collected_on
                or application.exception_reason
                or not policy.new_customer_after_collection
            ):
                raise UserError(
                    self.env._(
                        "%(customer)s has not paid anything yet: the fee is paid after "
                        "the first collection. A sales manager may decide otherwise, "
                        "with the reason.",
                        customer=application.partner_id.name,
                    )
                )

    @api.model
    def _cron_contracts(self):
        """Void drafts whose customer signed before they were handed in (R101)."""
        drafts = self.search([("state", "=", "draft")])
        for application in drafts.filtered("is_too_late"):
            application._void(
                self.env._(
                    "The contract was signed on %s, before this was handed in.",
                    format_datetime(self.env, application.contract_signed_on),
                )
            )

    @api.model
    def _get_signed_fields(self):
        # EXTENDS tier.validation
        return (*super()._get_signed_fields(), "company_id", "user_id", *sorted(SAID))

    def _get_policy_day(self):
        # EXTENDS distributor.fee.payee.mixin
        when = self.submitted_on or fields.Datetime.now()
        return fields.Datetime.context_timestamp(self, when).date()

    def _get_report_base_filename(self):
        return f"{self.env._('Special fee')} {self.display_name}"
