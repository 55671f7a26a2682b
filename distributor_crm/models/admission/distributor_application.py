# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import re
import secrets

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import email_normalize

from ...guard import without_defaults

# What the screening looks at: a change of it is judged anew.
FACT_FIELDS = {
    "campaign_id",
    "shop_ids",
    "category_ids",
    "knows_operations",
    "knows_category",
    "is_full_time",
    "hours_week",
    "experience_years",
    "ability",
    "age_band",
    "promotion_budget",
    "accepts_policy",
    "source",
    "customer_base",
    "market_view",
}
# Set by the buttons alone, over RPC too.
CLOSED = {
    "reference",
    "state",
    "submitted_on",
    "verified_on",
    "verified_by_id",
    "waiting_since",
    "waiting_from",
    "has_place",
    "refuse_reason",
    "reapply_from",
    "missing",
    "missing_asked_on",
    "answered_on",
    "opened_on",
    "closed_on",
    "store_id",
    "link_seed",
    "is_email_confirmed",
    "accepted_on",
    "id_number",
    "first_answer_on",
    "score",
    "screening",
    "is_fast_track",
    "is_from_web",
}
# What the list shows even where nothing is in it.
MAIN_STATES = ("draft", "submitted", "verified", "negotiation", "agreement", "opened")
OVER = ("opened", "refused", "withdrawn")
YES_NO = [("yes", "Yes"), ("no", "No")]


class DistributorApplication(models.Model):
    """What somebody sends in who wants to sell for the company (R010)."""

    _name = "distributor.application"
    _description = "Distributor Application"
    _inherit = ["mail.thread", "mail.activity.mixin", "tier.validation"]
    _order = "priority desc, create_date desc, id desc"
    _check_company_auto = True
    _rec_names_search = ["name", "reference", "email", "phone"]

    reference = fields.Char(string="Number", readonly=True, copy=False, default="/")
    name = fields.Char(string="Applicant", required=True, tracking=True)
    campaign_id = fields.Many2one(
        comodel_name="distributor.campaign",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        tracking=True,
    )
    company_id = fields.Many2one(
        related="campaign_id.company_id", store=True, precompute=True, index=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    active = fields.Boolean(default=True)
    priority = fields.Selection(
        selection=[("0", "Normal"), ("1", "Urgent")], default="0"
    )
    lang = fields.Selection(
        selection=lambda self: self.env["res.lang"].get_installed(),
        string="Language",
        default=lambda self: self.env.lang,
        help="The language in which we write to the applicant.",
    )
    state = fields.Selection(
        selection=[
            ("draft", "Draft"),
            ("submitted", "Screening"),
            ("verified", "Verified"),
            ("negotiation", "Negotiation"),
            ("agreement", "Agreement"),
            ("opened", "Opened"),
            ("waiting", "Waiting List"),
            ("refused", "Refused"),
            ("withdrawn", "Withdrawn"),
        ],
        string="Status",
        required=True,
        readonly=True,
        default="draft",
        copy=False,
        index=True,
        tracking=True,
        group_expand="_expand_states",
    )

    # -- who -------------------------------------------------------------------------
    is_company = fields.Boolean(string="Is a Company", tracking=True)
    contact_name = fields.Char(
        string="Contact Person", help="Whom to ask for, where a company applies."
    )
    email = fields.Char(required=True, tracking=True)
    email_normalized = fields.Char(
        compute="_compute_email_normalized", store=True, index=True
    )
    phone = fields.Char(tracking=True)
    phone_sanitized = fields.Char(
        compute="_compute_phone_sanitized", store=True, index="btree_not_null"
    )
    wechat = fields.Char(string="WeChat")
    street = fields.Char()
    city = fields.Char()
    state_id = fields.Many2one(
        comodel_name="res.country.state",
        string="Province",
        domain="[('country_id', '=?', country_id)]",
    )
    country_id = fields.Many2one(
        comodel_name="res.country",
        default=lambda self: self.env.company.country_id,
    )
    id_number = fields.Char(
        string="ID or Licence Number in Full",
        copy=False,
        groups="distributor_crm.group_sales_manager",
    )
    id_number_normalized = fields.Char(
        compute="_compute_id_number_normalized",
        compute_sudo=True,
        store=True,
        index="btree_not_null",
        groups="distributor_crm.group_sales_manager",
    )
    id_number_shown = fields.Char(
        string="ID or Licence Number",
        compute="_compute_id_number_shown",
        inverse="_inverse_id_number_shown",
        compute_sudo=True,
        help="Of a person the number of the ID document, of a company that of the "
        "business licence. Masked for all but sales managers; enter it anew to change "
        "it.",
    )
    age_band = fields.Selection(
        selection=[
            ("18", "18–24"),
            ("25", "25–34"),
            ("35", "35–44"),
            ("45", "45–54"),
            ("55", "55 or older"),
        ],
        string="Age",
    )
    occupation = fields.Char()

    # -- how they came ---------------------------------------------------------------
    source = fields.Selection(
        selection=[
            ("self", "Contacted us himself"),
            ("web", "Search or website"),
            ("social", "Social media"),
            ("fair", "Fair or event"),
            ("referral", "Recommended"),
            ("invitation", "Invited by a store"),
            ("sales", "Our sales team"),
            ("other", "Other"),
        ],
        string="How They Know Us",
        index=True,
        tracking=True,
    )
    referred_by = fields.Char(help="Who recommended us, in the applicant's own words.")
    referred_by_id = fields.Many2one(
        comodel_name="res.partner",
        string="Referring Contact",
        index="btree_not_null",
        check_company=True,
        ondelete="set null",
        help="The customer or distributor who brought the applicant (R155). Nothing is "
        "paid for it: rewards per head are not lawful.",
    )
    introducer_id = fields.Many2one(
        comodel_name="res.users",
        string="Introduced By",
        domain="[('share', '=', False)]",
        default=lambda self: self._get_default_introducer(),
        tracking=True,
        index="btree_not_null",
        help="The employee who brought the applicant. He neither verifies nor approves.",
    )
    invited_by_store_id = fields.Many2one(
        comodel_name="distributor.store",
        string="Invited by Store",
        index="btree_not_null",
        check_company=True,
        ondelete="restrict",
        tracking=True,
        domain="[('level', '=', 1), ('state', '=', 'open')]",
    )

    # -- what they can do ------------------------------------------------------------
    ability = fields.Selection(
        selection=[
            ("none", "No sales experience"),
            ("friends", "Sells to people they know"),
            ("retail", "Runs a shop"),
            ("team", "Runs several shops or a team"),
        ],
        string="Distribution Ability",
        tracking=True,
    )
    experience_years = fields.Float(string="Years of Experience", digits=(16, 1))
    customer_base = fields.Integer(
        string="Customers They Can Reach", help="Regular customers or members of groups."
    )
    knows_operations = fields.Selection(
        selection=YES_NO, string="Knows How to Run a Shop"
    )
    knows_category = fields.Selection(selection=YES_NO, string="Knows Our Category")
    is_full_time = fields.Selection(selection=YES_NO, string="Full-time")
    hours_week = fields.Float(string="Hours a Week", digits=(16, 1))
    promotion_budget = fields.Monetary(
        string="Monthly Promotion Budget", currency_field="currency_id"
    )
    market_view = fields.Text(
        string="View of the Market",
        help="What the applicant thinks of the market and of our goods.",
    )
    category_ids = fields.Many2many(
        comodel_name="product.category", string="Planned Categories"
    )
    mode = fields.Selection(
        selection=lambda self: self.env["distributor.store"]._fields["mode"].selection,
        string="Co-operation",
        tracking=True,
    )
    store_name = fields.Char(string="Name of the New Store")
    accepts_policy = fields.Boolean(string="Accepts the Policy", tracking=True)
    policy_answer = fields.Selection(
        selection=YES_NO, compute="_compute_policy_answer"
    )
    accepted_on = fields.Datetime(string="Accepted On", readonly=True, copy=False)
    shop_ids = fields.One2many(
        comodel_name="distributor.application.shop", inverse_name="application_id"
    )
    shop_count = fields.Integer(compute="_compute_shop_count")
    verified_shop_count = fields.Integer(compute="_compute_shop_count")

    # -- review ----------------------------------------------------------------------
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Reviewer",
        domain="[('share', '=', False)]",
        index=True,
        tracking=True,
    )
    contact_ids = fields.One2many(
        comodel_name="distributor.application.contact", inverse_name="application_id"
    )
    submitted_on = fields.Datetime(readonly=True, copy=False)
    review_deadline = fields.Date(
        compute="_compute_review_deadline", store=True, readonly=True
    )
    first_answer_on = fields.Datetime(
        string="First Decision On",
        readonly=True,
        copy=False,
        help="When the applicant was first told something.",
    )
    days_waiting = fields.Float(
        string="Days in Queue",
        compute="_compute_days_waiting",
        digits=(16, 1),
        help="From submission until the decision, or until now.",
    )
    decision_days = fields.Float(
        string="Days to Decision",
        compute="_compute_decision_days",
        store=True,
        digits=(16, 1),
        aggregator="avg",
        help="From submission until the application was opened, refused or withdrawn.",
    )
    verified_on = fields.Datetime(readonly=True, copy=False)
    verified_by_id = fields.Many2one(comodel_name="res.users", readonly=True, copy=False)
    missing = fields.Text(
        string="Asked of the Applicant",
        readonly=True,
        copy=False,
        help="What the applicant is to add; he reads it on his page.",
    )
    missing_asked_on = fields.Datetime(string="Asked On", readonly=True, copy=False)
    answered_on = fields.Datetime(
        string="Answered On",
        readonly=True,
        copy=False,
        help="When the applicant said that what was missing is there.",
    )
    refuse_reason = fields.Text(readonly=True, copy=False, tracking=True)
    reapply_from = fields.Date(
        string="May Apply Again From", readonly=True, copy=False, tracking=True
    )
    waiting_since = fields.Datetime(readonly=True, copy=False)
    waiting_from = fields.Char(readonly=True, copy=False)
    has_place = fields.Boolean(readonly=True, copy=False)
    opened_on = fields.Date(readonly=True, copy=False)
    closed_on = fields.Datetime(string="Decided On", readonly=True, copy=False)
    note = fields.Html(string="Internal Notes", help="The applicant never sees these.")
    link_seed = fields.Char(
        readonly=True,
        copy=False,
        groups="base.group_system",
        default=lambda self: secrets.token_urlsafe(12),
        help="Part of the secret in the applicant's link. A new one ends all old links.",
    )
    is_email_confirmed = fields.Boolean(
        string="E-mail Confirmed",
        readonly=True,
        copy=False,
        help="The applicant opened the link that we mailed to him.",
    )

    _reference_unique = models.UniqueIndex(
        "(reference) WHERE reference <> '/'", "Each application has its own number."
    )
    _queue_idx = models.Index("(campaign_id, state, waiting_since)")
    _not_negative = models.Constraint(
        "CHECK(hours_week BETWEEN 0 AND 168 AND promotion_budget >= 0 "
        "AND customer_base >= 0 AND experience_years BETWEEN 0 AND 80)",
        "A week has 168 hours; budget, customers and years are not negative.",
    )
    _refusal_has_reason = models.Constraint(
        "CHECK(state <> 'refused' OR refuse_reason IS NOT NULL)",
        "A refusal needs a reason.",
    )
    _store_when_opened = models.Constraint(
        "CHECK(state <> 'opened' OR store_id IS NOT NULL)",
        "An application is opened by opening its store.",
    )
    _verifier_not_introducer = models.Constraint(
        "CHECK(verified_by_id IS NULL OR introducer_id IS NULL "
        "OR verified_by_id <> introducer_id)",
        "Who introduced an applicant does not verify him. Ask another reviewer.",
    )

    @api.model
    def _get_default_introducer(self):
        """Return the user where he is of sales only: he brings applicants."""
        user = self.env.user
        is_reviewer = user.has_group("distributor_crm.group_account_manager")
        return user if user._is_internal() and not is_reviewer else user.browse()

    # -- computes --------------------------------------------------------------------

    @api.model
    def _expand_states(self, states, domain):
        return list(dict.fromkeys([*MAIN_STATES, *states]))

    @api.depends("reference", "name")
    def _compute_display_name(self):
        for application in self:
            number = application.reference
            known = number and number != "/"
            name = application.name or ""
            application.display_name = f"{number} {name}" if known else name

    @api.depends("email")
    def _compute_email_normalized(self):
        for application in self:
            application.email_normalized = email_normalize(application.email or "")

    @api.depends("phone", "country_id.phone_code", "company_id.country_id")
    def _compute_phone_sanitized(self):
        for application in self:
            application.phone_sanitized = application._normalize_phone()

    def _normalize_phone(self):
        """Return the phone number with its country code, in one spelling.

        Without the library of phone numbers, which not every server has.
        """
        text = (self.phone or "").strip()
        digits = re.sub(r"\D", "", text)
        if not digits:
            return False
        country = self.country_id or self.company_id.country_id
        code = str(country.phone_code or "")
        if text.startswith("+"):
            known = digits
        elif digits.startswith("00"):
            known = digits[2:]
        else:
            known = code + digits.lstrip("0")
        if code and known.startswith(code):
            # Written with the country code, many keep the zero of the area code.
            known = code + known[len(code) :].lstrip("0")
        return f"+{known}"

    def _get_phone_spellings(self):
        """Return the ways in which contacts may carry this phone number."""
        number = self.phone_sanitized
        if not number:
            return []
        country = self.country_id or self.company_id.country_id
        code = f"+{country.phone_code}"
        if not number.startswith(code) or len(number) - len(code) < 5:
            return [number]
        national = number[len(code) :]
        return [number, national, f"0{national}"]

    @api.depends("id_number")
    def _compute_id_number_normalized(self):
        for application in self:
            number = re.sub(r"[\W_]", "", application.id_number or "").upper()
            application.id_number_normalized = number or False

    @api.depends("id_number")
    @api.depends_context("uid")
    def _compute_id_number_shown(self):
        may_read = self.env.user.has_group("distributor_crm.group_sales_manager")
        for application in self:
            number = application.id_number or ""
            if number and not may_read:
                number = "•" * 6 + number[-4:] if len(number) > 6 else "•" * 6
            application.id_number_shown = number

    def _inverse_id_number_shown(self):
        for application in self:
            # A masked number that comes back from a form says nothing.
            if "•" not in (application.id_number_shown or ""):
                # Whoever enters a number need not be one who may read it later.
                application.sudo().id_number = application.id_number_shown

    @api.depends("accepts_policy")
    def _compute_policy_answer(self):
        for application in self:
            application.policy_answer = "yes" if application.accepts_policy else "no"

    @api.depends("shop_ids.is_verified")
    def _compute_shop_count(self):
        for application in self:
            shops = application.shop_ids
            application.shop_count = len(shops)
            application.verified_shop_count = len(shops.filtered("is_verified"))

    @api.depends("submitted_on", "campaign_id.review_days")
    def _compute_review_deadline(self):
        for application in self:
            start = application.submitted_on
            days = application.campaign_id.review_days
            application.review_deadline = start and fields.Date.add(
                start.date(), days=days
            )

    @api.depends("submitted_on", "closed_on")
    def _compute_days_waiting(self):
        now = fields.Datetime.now()
        for application in self:
            start = application.submitted_on
            end = application.closed_on or now
            seconds = (end - start).total_seconds() if start else 0
            application.days_waiting = seconds / 86400

    @api.depends("submitted_on", "closed_on")
    def _compute_decision_days(self):
        for application in self:
            start, end = application.submitted_on, application.closed_on
            is_over = start and end
            application.decision_days = (
                (end - start).total_seconds() / 86400 if is_over else 0
            )

    # -- constraints -----------------------------------------------------------------

    @api.constrains("email")
    def _check_email(self):
        for application in self:
            if not application.email_normalized:
                raise ValidationError(
                    self.env._(
                        "%s is no e-mail address to which we can write.",
                        application.email,
                    )
                )

    @api.constrains("mode", "campaign_id")
    def _check_mode(self):
        for application in self.filtered("mode"):
            if application.mode not in dict(application.campaign_id._get_modes()):
                raise ValidationError(
                    self.env._(
                        "%s does not offer this way of co-operation.",
                        application.campaign_id.name,
                    )
                )

    # -- create, change, delete ------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            self = without_defaults(self, CLOSED)
            vals_list = [
                {key: value for key, value in vals.items() if key not in CLOSED}
                for vals in vals_list
            ]
        numbers = self.env["ir.sequence"].sudo()  # numbering needs no right of its own
        for vals in vals_list:
            vals["reference"] = numbers.next_by_code("distributor.application") or "/"
        applications = super().create(vals_list)
        applications._screen()
        return applications

    def write(self, vals):
        if CLOSED & vals.keys() and not self.env.su:
            raise UserError(
                self.env._(
                    "The status of an application, and what was decided on it, is set "
                    "by its buttons."
                )
            )
        if "campaign_id" in vals:
            self._check_state("draft")
        if "introducer_id" in vals and self.introducer_id:
            # Otherwise whoever brought an applicant could take his name off, and judge.
            self._check_manager()
        if FACT_FIELDS & vals.keys() and not self.env.su:
            # What was verified stands.
            self._check_state("draft", "submitted", "waiting")
        result = super().write(vals)
        if FACT_FIELDS & vals.keys():
            self._screen()
        return result

    def copy_data(self, default=None):
        """Copies are new applications: of the same person, not yet of the same facts."""
        return [
            {**vals, "accepts_policy": False} for vals in super().copy_data(default)
        ]

    @api.ondelete(at_uninstall=False)
    def _unlink_except_submitted(self):
        self._check_state("draft", "withdrawn")

    def _check_state(self, *states):
        """Refuse what is done to applications in another state.

        :raises UserError: names the applications and the states
        """
        labels = dict(self._fields["state"]._description_selection(self.env))
        wrong = self.filtered(lambda application: application.state not in states)
        if wrong:
            raise UserError(
                self.env._(
                    "%(applications)s: this is for applications in status %(states)s "
                    "only.",
                    applications=", ".join(wrong[:5].mapped("display_name")),
                    states=", ".join(labels[state] for state in states),
                )
            )
