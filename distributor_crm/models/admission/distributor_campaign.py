# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...guard import without_closed
from ..store.distributor_store_training import TRAINING

# Set by the buttons and by applications alone, over RPC too.
CLOSED = {"state", "places_taken"}


class DistributorCampaign(models.Model):
    """A recruitment drive: what applies to whoever signs up in it (R159–R165).

    The documents that policies come from contradict each other, so nothing about
    admission is global: it stands on the campaign.
    """

    _name = "distributor.campaign"
    _description = "Recruitment Campaign"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "date_from desc, id desc"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True, tracking=True)
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    state = fields.Selection(
        selection=[("draft", "Draft"), ("open", "Recruiting"), ("closed", "Closed")],
        required=True,
        readonly=True,
        default="draft",
        copy=False,
        index=True,
        tracking=True,
    )
    active = fields.Boolean(default=True)
    is_published = fields.Boolean(
        string="Published",
        copy=False,
        tracking=True,
        help="Anybody finds the campaign on the page of open campaigns and may apply.",
    )
    date_from = fields.Date(
        string="From", required=True, default=fields.Date.context_today, tracking=True
    )
    date_to = fields.Date(string="Until", tracking=True)
    quota = fields.Integer(
        string="Places",
        required=True,
        default=0,
        tracking=True,
        help="How many are admitted. 0: as many as come.",
    )
    quota_basis = fields.Selection(
        selection=[("approved", "Approved"), ("applied", "Submitted")],
        string="Places Count",
        required=True,
        default="approved",
        help="Which applications take a place: those approved, or all submitted.",
    )
    places_taken = fields.Integer(readonly=True, copy=False, default=0)
    when_full = fields.Selection(
        selection=[("wait", "Waiting list"), ("close", "Close the campaign")],
        required=True,
        default="wait",
    )
    category_ids = fields.Many2many(
        comodel_name="product.category",
        string="Product Categories",
        help="What is distributed; applicants choose among these.",
    )
    modes = fields.Selection(
        selection=[
            ("both", "Drop-shipping or resale"),
            ("dropship", "Drop-shipping only"),
            ("resale", "Resale only"),
        ],
        string="Co-operation",
        required=True,
        default="both",
    )
    criterion_set_id = fields.Many2one(
        comodel_name="distributor.criterion.set",
        string="Criteria",
        check_company=True,
        ondelete="restrict",
        tracking=True,
    )
    agreement_template_ids = fields.Many2many(
        comodel_name="distributor.agreement.template",
        string="Agreement Templates",
        check_company=True,
        help="Agreements start from the first one of the way of co-operation.",
    )
    grade_id = fields.Many2one(
        comodel_name="res.partner.grade",
        string="Tier on Opening",
        ondelete="restrict",
        help="The tier that a distributor starts with.",
        check_company=True,
    )
    reviewer_ids = fields.Many2many(
        comodel_name="res.users",
        string="Reviewers",
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
        help="Each application goes to the one of them with the fewest in hand.",
    )
    fallback_reviewer_id = fields.Many2one(
        comodel_name="res.users",
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
        default=lambda self: self.env.user,
        help="Reviews where no other reviewer may: for instance what he himself brought "
        "in is reviewed by somebody else.",
    )
    review_days = fields.Integer(
        string="Review Within (Days)",
        default=3,
        help="An application is decided on within so many days of being complete.",
    )
    requires_shop = fields.Boolean(
        string="Own Shop Required",
        default=True,
        help="Applicants must name at least one on-line shop of their own.",
    )
    requires_document = fields.Boolean(
        string="Document Required",
        default=True,
        help="Applicants must upload their ID document or business licence.",
    )
    requires_contact = fields.Boolean(
        string="Call or Visit Required",
        default=True,
        help="Nobody is verified before somebody has spoken with him.",
    )
    sends_agreement = fields.Boolean(
        string="Send Agreement on Approval",
        default=True,
        help="The agreement is sent for signature when the application is approved; "
        "off, the account manager completes and sends it.",
    )
    opens_on_signature = fields.Boolean(
        string="Open Store on Signature",
        default=True,
        help="The store opens when the agreement is signed; off, the reviewer opens it.",
    )
    training_policy = fields.Selection(
        selection=TRAINING,
        string="Obligatory Topics",
        required=True,
        default="warn",
        help="Whether a store opens before its owner has learned what is obligatory. "
        "Before the opening: the store waits, and opens with the last topic.",
    )
    obligatory_topic_ids = fields.Many2many(
        comodel_name="mail.activity.type",
        relation="distributor_campaign_topic_rel",
        string="Topics Before Opening",
        domain=[("is_distributor_onboarding", "=", True)],
        help="Leave empty for the topics that are obligatory everywhere.",
    )
    reapply_days = fields.Integer(
        string="Apply Again After (Days)",
        default=90,
        help="Proposed when an application is refused.",
    )
    introduction = fields.Html(
        translate=True, sanitize_overridable=False, help="What applicants read first."
    )
    policy = fields.Html(
        translate=True,
        help="What applicants accept when they apply.",
    )
    application_ids = fields.One2many(
        comodel_name="distributor.application", inverse_name="campaign_id"
    )
    application_count = fields.Integer(compute="_compute_application_count")
    places_left = fields.Integer(compute="_compute_places_left")
    is_full = fields.Boolean(compute="_compute_places_left")

    _quota_kept = models.Constraint(
        "CHECK(quota >= 0 AND (quota = 0 OR COALESCE(places_taken, 0) <= quota))",
        "There are no more places in this campaign. Raise their number, or put the "
        "application on the waiting list.",
    )
    _days_positive = models.Constraint(
        "CHECK(review_days >= 0 AND reapply_days >= 0)", "Days are not negative."
    )
    _dates_ordered = models.Constraint(
        "CHECK(date_to IS NULL OR date_to >= date_from)",
        "A campaign ends after it begins.",
    )

    @api.depends("application_ids")
    def _compute_application_count(self):
        counts = dict(
            self.env["distributor.application"]._read_group(
                [("campaign_id", "in", self.ids)], ["campaign_id"], ["__count"]
            )
        )
        for campaign in self:
            campaign.application_count = counts.get(campaign, 0)

    @api.depends("quota", "places_taken")
    def _compute_places_left(self):
        for campaign in self:
            left = max(campaign.quota - campaign.places_taken, 0)
            campaign.places_left = left
            campaign.is_full = bool(campaign.quota) and not left

    @api.model_create_multi
    def create(self, vals_list):
        # States are reached by the buttons, whoever calls.
        self, vals_list = without_closed(self, vals_list, CLOSED)
        return super().create(vals_list)

    def write(self, vals):
        if CLOSED & vals.keys() and not self.env.su:
            raise UserError(self.env._("Use the buttons to open or close a campaign."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_applied(self):
        if self.sudo().application_ids:  # applications the user may not see count too
            raise UserError(
                self.env._(
                    "Somebody applied in this campaign. Archive it instead of deleting "
                    "it."
                )
            )

    # -- life ------------------------------------------------------------------------

    def action_open(self):
        """Open campaigns for applications.

        :raises UserError: one is over or full, or lacks what applications need
        """
        self.check_access("write")
        today = fields.Date.context_today(self)
        for campaign in self:
            if campaign.date_to and campaign.date_to < today:
                raise UserError(
                    self.env._("%s is over. Choose a later last day.", campaign.name)
                )
            if not campaign.criterion_set_id:
                raise UserError(
                    self.env._("%s needs criteria to judge by.", campaign.name)
                )
        # The state is closed to users; the right to write was checked.
        self.sudo().write({"state": "open"})

    def action_close(self):
        """Close campaigns: nobody applies any more, what was applied for goes on."""
        self.check_access("write")
        # The state is closed to users; the right to write was checked.
        self.sudo().write({"state": "closed"})

    def action_publish(self):
        """Show the campaigns to everybody, or to nobody any more."""
        self.check_access("write")
        for campaign in self:
            campaign.is_published = not campaign.is_published

    @api.model
    def _get_public_domain(self):
        """Return the domain of the campaigns in which anybody may apply today."""
        today = fields.Date.context_today(self)
        return (
            Domain("is_published", "=", True)
            & Domain("state", "=", "open")
            & Domain("date_from", "<=", today)
            & (Domain("date_to", "=", False) | Domain("date_to", ">=", today))
        )

    @api.model
    def _cron_close(self):
        """Close the campaigns whose last day is over."""
        today = fields.Date.context_today(self)
        over = self.search([("state", "=", "open"), ("date_to", "<", today)])
        over.write({"state": "closed"})

    def _get_modes(self):
        """Return the ways of co-operation that applicants may choose, with labels."""
        modes = self.env["distributor.store"]._fields["mode"]
        allowed = self.modes
        return [
            (mode, label)
            for mode, label in modes._description_selection(self.env)
            if allowed in ("both", mode)
        ]

    def _get_agreement_template(self, mode):
        """Return the template of agreements of a way of co-operation."""
        return self.agreement_template_ids.filtered(lambda t: t.mode == mode)[:1]

    def action_view_applications(self):
        """Open the applications of these campaigns."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "distributor_crm.distributor_application_action"
        )
        context = {"default_campaign_id": self.id} if len(self) == 1 else {}
        return {
            **action,
            "domain": [("campaign_id", "in", self.ids)],
            "context": context,
        }
