# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import re

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import email_normalize

from ...identity import normalize_number

YES_NO = [("yes", "Yes"), ("no", "No")]


class DistributorApplication(models.Model):
    """Who applies, how he came, and what he can do (R004, R025, R155)."""

    _inherit = "distributor.application"

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
        help="The customer or distributor who brought the applicant. Nothing is "
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
        string="Customers They Can Reach",
        help="Regular customers or members of groups.",
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
        selection=lambda self: (
            self.env["distributor.store"]
            ._fields["mode"]
            ._description_selection(self.env)
        ),
        string="Co-operation",
        tracking=True,
    )
    store_name = fields.Char(string="Name of the New Store")
    accepts_policy = fields.Boolean(string="Accepts the Policy", tracking=True)
    policy_answer = fields.Selection(selection=YES_NO, compute="_compute_policy_answer")
    accepted_on = fields.Datetime(readonly=True, copy=False)
    shop_ids = fields.One2many(
        comodel_name="distributor.application.shop", inverse_name="application_id"
    )
    shop_count = fields.Integer(compute="_compute_shop_count")
    verified_shop_count = fields.Integer(compute="_compute_shop_count")

    _not_negative = models.Constraint(
        "CHECK(hours_week BETWEEN 0 AND 168 AND promotion_budget >= 0 "
        "AND customer_base >= 0 AND experience_years BETWEEN 0 AND 80)",
        "A week has 168 hours; budget, customers and years are not negative.",
    )

    @api.model
    def _get_default_introducer(self):
        """Return the user where he is of sales only: he brings applicants."""
        user = self.env.user
        is_reviewer = user.has_group("distributor_crm.group_account_manager")
        return user if user._is_internal() and not is_reviewer else user.browse()

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
            application.id_number_normalized = normalize_number(application.id_number)

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
