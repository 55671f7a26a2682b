# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError

from ...guard import find_other_states, without_closed

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

    _reference_unique = models.UniqueIndex(
        "(reference) WHERE reference <> '/'", "Each application has its own number."
    )
    _queue_idx = models.Index("(campaign_id, state, waiting_since)")
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

    # -- create, change, delete ------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        self, vals_list = without_closed(self, vals_list, CLOSED)
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
        if wrong := find_other_states(self, states):
            raise UserError(
                self.env._(
                    "%(applications)s: this is for applications in status %(states)s only.",
                    applications=wrong["records"],
                    states=wrong["states"],
                )
            )
