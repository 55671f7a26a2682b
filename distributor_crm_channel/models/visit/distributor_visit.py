# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models

from .distributor_visit_policy import KINDS

STATES = [
    ("planned", "Planned"),
    ("arrived", "Arrived"),
    ("reception", "In Reception"),
    ("judged", "Judged"),
    ("registered", "Registered"),
    ("signed", "Signed"),
    ("cancelled", "Cancelled"),
]
VERDICTS = [
    ("pending", "Pending"),
    ("valid", "Valid"),
    ("invalid", "Invalid"),
    ("disputed", "Disputed"),
]


class DistributorVisit(models.Model):
    """A customer brought by an agent, or a distributor or shop visited by us.

    One visit is one group of people (R046). Raw facts (times, places, answers) are
    recorded as they happen; the verdict follows from them by the version of the policy
    that held on arrival, criterion by criterion (R052).
    """

    _name = "distributor.visit"
    _description = "Visit"
    _inherit = [
        "mail.thread",
        "mail.activity.mixin",
        "portal.mixin",
        "distributor.evidence.mixin",
    ]
    _order = "id desc"
    _check_company_auto = True
    _mail_post_access = "read"

    name = fields.Char(string="Number", readonly=True, copy=False, default="/")
    kind = fields.Selection(
        selection=KINDS, string="Type", required=True, default="care", tracking=True
    )
    method_id = fields.Many2one(
        comodel_name="distributor.visit.method", ondelete="restrict"
    )
    policy_id = fields.Many2one(
        comodel_name="distributor.visit.policy",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        help="The version that held on arrival.",
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    # Who brings, who receives
    agency_id = fields.Many2one(
        comodel_name="res.partner",
        compute="_compute_agency_id",
        store=True,
        readonly=False,
        precompute=True,
        index="btree_not_null",
        ondelete="restrict",
        domain=[("is_visit_agency", "=", True)],
        check_company=True,
        tracking=True,
    )
    agent_id = fields.Many2one(
        comodel_name="res.partner",
        index="btree_not_null",
        ondelete="restrict",
        domain=[("is_field_agent", "=", True)],
        check_company=True,
        tracking=True,
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Received By",
        compute="_compute_user_id",
        store=True,
        readonly=False,
        precompute=True,
        index="btree_not_null",
        ondelete="restrict",
        domain=[("share", "=", False)],
        tracking=True,
        help="Who receives the customer and judges; or who visits a distributor.",
    )
    # Who is brought or visited
    customer_id = fields.Many2one(
        comodel_name="res.partner",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        tracking=True,
        help="The contact; of a brought customer it is made when he is registered.",
    )
    customer_name = fields.Char(
        compute="_compute_customer",
        store=True,
        readonly=False,
        precompute=True,
        tracking=True,
    )
    customer_phone = fields.Char(
        compute="_compute_customer", store=True, readonly=False, precompute=True
    )
    customer_company = fields.Char(string="Company of the Customer")
    phone_key = fields.Char(
        compute="_compute_keys", store=True, precompute=True, index="btree_not_null"
    )
    name_key = fields.Char(compute="_compute_keys", store=True, precompute=True)
    pinyin_key = fields.Char(compute="_compute_keys", store=True, precompute=True)
    company_key = fields.Char(
        compute="_compute_keys", store=True, precompute=True, index="btree_not_null"
    )
    member_ids = fields.One2many(
        comodel_name="distributor.visit.member",
        inverse_name="visit_id",
        string="Others of the Group",
    )
    member_count = fields.Integer(
        string="Persons",
        compute="_compute_member_count",
        store=True,
        precompute=True,
        help="A group is one visit, however many people it is.",
    )
    place_id = fields.Many2one(
        comodel_name="res.partner",
        compute="_compute_place_id",
        store=True,
        readonly=False,
        precompute=True,
        ondelete="restrict",
        check_company=True,
        help="The address where it takes place.",
    )
    store_id = fields.Many2one(
        comodel_name="distributor.store",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
    )
    purpose = fields.Char()
    note = fields.Text(string="Notes")
    prechecked = fields.Boolean(
        string="Checked by the Agency",
        help="The agency spoke with the customer before he was brought.",
    )
    # When
    planned_at = fields.Datetime(string="Planned For", index="btree_not_null")
    preregistered_at = fields.Datetime(
        string="Announced On",
        readonly=True,
        copy=False,
        help="The agency announced the customer before he came.",
    )
    arrived_at = fields.Datetime(
        string="Arrived On",
        readonly=True,
        copy=False,
        index="btree_not_null",
        tracking=True,
        help="By the clock of the server.",
    )
    known_at = fields.Datetime(
        readonly=True,
        copy=False,
        help="When the server learned of the arrival: who was first is decided by it.",
    )
    device_arrived_at = fields.Datetime(
        string="Arrived by the Phone", readonly=True, copy=False
    )
    reception_at = fields.Datetime(
        string="Reception Began", readonly=True, copy=False, tracking=True
    )
    left_at = fields.Datetime(
        string="Left On", readonly=True, copy=False, tracking=True
    )
    agent_left_at = fields.Datetime(
        string="Agent Left On",
        readonly=True,
        copy=False,
        help="The agent checked out; the reception may go on.",
    )
    device_left_at = fields.Datetime(
        string="Left by the Phone", readonly=True, copy=False
    )
    minutes = fields.Float(
        string="Length (Minutes)",
        readonly=True,
        copy=False,
        aggregator="avg",
        help="Of the reception, or of the stay.",
    )
    manual_minutes = fields.Float(
        string="Confirmed Minutes",
        readonly=True,
        copy=False,
        help="What a manager confirmed, with a reason, where the clock proves nothing.",
    )
    manual_reason = fields.Char(readonly=True, copy=False)
    clock_wrong = fields.Boolean(
        string="Wrong Clock",
        readonly=True,
        copy=False,
        help="The clock of the phone differs from ours; ours counts.",
    )
    sent_late = fields.Boolean(
        readonly=True,
        copy=False,
        help="There was no network: it was kept on the phone and sent later.",
    )
    event_ids = fields.One2many(
        comodel_name="distributor.visit.event",
        inverse_name="visit_id",
        string="Check-Ins",
        readonly=True,
    )
    geo_state = fields.Selection(
        selection=[
            ("in", "At the Place"),
            ("near", "Near the Place"),
            ("out", "Out of Range"),
            ("unverifiable", "Cannot Be Verified"),
        ],
        string="Position",
        readonly=True,
        copy=False,
        index="btree_not_null",
    )
    # The verdict
    state = fields.Selection(
        selection=STATES,
        string="Status",
        required=True,
        readonly=True,
        default="planned",
        copy=False,
        index=True,
        tracking=True,
        group_expand=True,
    )
    verdict = fields.Selection(
        selection=VERDICTS,
        required=True,
        readonly=True,
        default="pending",
        copy=False,
        index=True,
        tracking=True,
    )
    verdict_at = fields.Datetime(readonly=True, copy=False)
    verdict_by_id = fields.Many2one(
        comodel_name="res.users", string="Judged By", readonly=True, copy=False
    )
    verdict_reason = fields.Text(readonly=True, copy=False)
    result_ids = fields.One2many(
        comodel_name="distributor.visit.result",
        inverse_name="visit_id",
        string="Criteria",
    )
    dispute_ids = fields.One2many(
        comodel_name="distributor.visit.dispute",
        inverse_name="visit_id",
        readonly=True,
    )
    cancel_reason = fields.Char(readonly=True, copy=False, tracking=True)
    # The older record, as it was on arrival
    match_level = fields.Selection(
        selection=[
            ("none", "Unknown"),
            ("possible", "Maybe Known"),
            ("certain", "Known"),
        ],
        string="Known Customer",
        readonly=True,
        copy=False,
    )
    match_ids = fields.One2many(
        comodel_name="distributor.visit.match",
        inverse_name="visit_id",
        string="Older Records",
        readonly=True,
    )
    # The form
    form_ids = fields.One2many(
        comodel_name="distributor.visit.form", inverse_name="visit_id", readonly=True
    )
    form_attachment_id = fields.Many2one(
        comodel_name="ir.attachment",
        string="Signed Form",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    form_number = fields.Char(readonly=True, copy=False)
    # What it led to
    protected_until = fields.Date(
        readonly=True,
        copy=False,
        help="Until then the customer is the agent's, and a sale is credited.",
    )
    deal_order_id = fields.Many2one(
        comodel_name="sale.order",
        string="Sale",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    deal_amount = fields.Monetary(
        string="Amount of the Sale",
        readonly=True,
        copy=False,
        help="Untaxed, in the currency of the company.",
    )
    deal_at = fields.Datetime(string="Sold On", readonly=True, copy=False)
    found_false = fields.Boolean(
        readonly=True,
        copy=False,
        tracking=True,
        help="It turned out later that the customer was not genuine.",
    )
    found_false_at = fields.Datetime(readonly=True, copy=False)
    false_kind = fields.Selection(
        selection=[
            ("water", "No Buyer at All"),
            ("fake", "Fake Customer"),
            ("collusion", "Collusion"),
        ],
        readonly=True,
        copy=False,
    )
    found_false_reason = fields.Text(readonly=True, copy=False)
    # What some policies ask for
    survey_input_id = fields.Many2one(
        comodel_name="survey.user_input",
        string="Questionnaire",
        readonly=True,
        copy=False,
        ondelete="set null",
    )
    customer_signature = fields.Binary(copy=False, attachment=True)
    customer_signed_at = fields.Datetime(readonly=True, copy=False)
    customer_signed_by = fields.Char(readonly=True, copy=False)
    # Idempotence of phones
    client_uuid = fields.Char(readonly=True, copy=False)
    submitted_by_id = fields.Many2one(
        comodel_name="res.users",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    count_ids = fields.One2many(
        comodel_name="distributor.visit.count",
        inverse_name="visit_id",
        string="Stock Seen",
    )

    _sent_once = models.UniqueIndex(
        "(submitted_by_id, client_uuid) WHERE client_uuid IS NOT NULL",
        "This visit was sent already.",
    )
    _one_reception = models.UniqueIndex(
        "(user_id) WHERE state = 'reception' AND left_at IS NULL",
        "This receptionist is receiving somebody already.",
    )
    _one_stay = models.UniqueIndex(
        "(user_id) WHERE state = 'arrived' AND kind IN ('care', 'check')",
        "Check out of the visit in progress first.",
    )
    _one_brought = models.UniqueIndex(
        "(agent_id) WHERE state IN ('arrived', 'reception') AND left_at IS NULL"
        " AND agent_left_at IS NULL",
        "This agent is bringing somebody already.",
    )
    # The phone too: under a name, phones with one slip stand side by side. Only those
    # who are looked for: failures make nobody a customer.
    _pinyin_key_idx = models.Index(
        "(pinyin_key, phone_key) WHERE pinyin_key IS NOT NULL"
        " AND state <> 'cancelled' AND verdict <> 'invalid'"
    )
    _left_after_arrival = models.Constraint(
        "CHECK(left_at IS NULL OR left_at >= arrived_at)",
        "Nobody leaves before he arrives.",
    )
    _protected_idx = models.Index(
        "(customer_id, protected_until) WHERE verdict = 'valid'"
        " AND deal_order_id IS NULL AND protected_until IS NOT NULL"
    )

    has_survey = fields.Boolean(compute="_compute_policy_kinds")
    policy_kinds = fields.Char(compute="_compute_policy_kinds")

    # -- what is opened --------------------------------------------------------------

    def action_view_form(self):
        """Open the registration form."""
        return self.form_ids.sorted("id")[-1:]._get_records_action()

    def action_view_disputes(self):
        """Open the disputes about this visit."""
        return self.dispute_ids._get_records_action(name=self.env._("Disputes"))
