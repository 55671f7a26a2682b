# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

# Nobody has decided yet. The index of subjects below says the same.
OPEN = ("draft", "notified", "answered", "watched", "judged")
# What the accused is told of.
FACTS = {
    "policy_id",
    "partner_id",
    "person_id",
    "company_id",
    "occurred_at",
    "facts",
    "severity",
    "currency_id",
    "amount",
}
# A breach was found, whatever became of the appeal.
FOUND = ("confirmed", "appealed", "upheld", "closed")


class DistributorViolation(models.Model):
    """A breach and its case: facts, notice, answer, judgement, appeal, outcome.

    One model for every kind of breach; what follows stands in the policy it was opened
    under (R120, R144, R172-R184).
    """

    _name = "distributor.violation"
    _description = "Breach Case"
    _inherit = [
        "distributor.service.document",
        "distributor.evidence.mixin",
        "portal.mixin",
        "tier.validation",
    ]
    _state_from = ["judged"]
    _state_to = ["confirmed"]
    _cancel_state = "dismissed"

    # What happened
    policy_id = fields.Many2one(
        comodel_name="distributor.violation.policy",
        string="Kind",
        required=True,
        index=True,
        ondelete="restrict",
        tracking=True,
    )
    policy_code = fields.Char(related="policy_id.code", store=True, index=True)
    partner_id = fields.Many2one(
        string="Accused",
        domain=[("parent_id", "=", False)],
        help="The distributor or agency that answers for it.",
    )
    person_id = fields.Many2one(
        comodel_name="res.partner",
        index="btree_not_null",
        ondelete="restrict",
        domain="[('id', 'child_of', partner_id), ('id', '!=', partner_id)]",
        help="Who of theirs it was, where it was one person.",
    )
    second_partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Other Party",
        index="btree_not_null",
        ondelete="restrict",
        domain="[('parent_id', '=', False), ('id', '!=', partner_id)]",
        check_company=True,
        help="Between two distributors: who complains.",
    )
    minutes_id = fields.Many2one(
        comodel_name="distributor.minutes",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        help="What both agreed on in the talk about it.",
    )
    store_id = fields.Many2one(
        comodel_name="distributor.store",
        index="btree_not_null",
        ondelete="restrict",
        domain="[('partner_id', '=', partner_id)]",
        check_company=True,
    )
    product_id = fields.Many2one(
        comodel_name="product.product",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
    )
    lot_id = fields.Many2one(
        comodel_name="stock.lot",
        string="Lot/Serial",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Responsible",
        compute="_compute_user_id",
        store=True,
        readonly=False,
        precompute=True,
        index=True,
        domain=[("share", "=", False)],
        tracking=True,
    )
    occurred_at = fields.Datetime(
        string="Happened", required=True, default=fields.Datetime.now, index=True
    )
    facts = fields.Text(required=True)
    severity = fields.Float(
        digits=(16, 2),
        tracking=True,
        help="In the unit of the rules, such as percent below the floor.",
    )
    severity_unit = fields.Char(related="policy_id.severity_unit")
    band_id = fields.Many2one(
        comodel_name="distributor.violation.band",
        compute="_compute_band_id",
        store=True,
        ondelete="restrict",
    )
    subject_key = fields.Char(
        readonly=True,
        copy=False,
        help="What it is about. Reports of the same while the case is open join it.",
    )
    source_model = fields.Char(readonly=True, copy=False)
    source_id = fields.Many2oneReference(
        model_field="source_model", readonly=True, copy=False
    )
    proof_ids = fields.Many2many(
        comodel_name="distributor.evidence",
        relation="distributor_violation_proof_rel",
        string="Evidence of the Report",
        readonly=True,
        copy=False,
        help="What the room that reported it had kept: photos of a visit, a screenshot "
        "of a price.",
    )
    # Money
    currency_id = fields.Many2one(
        comodel_name="res.currency",
        required=True,
        default=lambda self: self.env.company.currency_id,
    )
    amount = fields.Monetary(
        tracking=True, help="What is to be paid for it once the case is final."
    )
    settled_model = fields.Char(readonly=True, copy=False)
    settled_id = fields.Many2oneReference(
        model_field="settled_model",
        string="Collected In",
        readonly=True,
        copy=False,
    )
    settled_at = fields.Datetime(string="Collected On", readonly=True, copy=False)
    settled_amount = fields.Monetary(
        string="Collected", readonly=True, copy=False, default=0
    )
    # How it goes
    state = fields.Selection(
        selection=[
            ("draft", "Reported"),
            ("notified", "Notified"),
            ("answered", "Answered"),
            ("watched", "Corrected, Watched"),
            ("judged", "Judged, to Confirm"),
            ("confirmed", "Confirmed"),
            ("appealed", "Appealed"),
            ("upheld", "Upheld"),
            ("lifted", "Lifted"),
            ("dismissed", "Dismissed"),
            ("closed", "Closed"),
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
    delivered_at = fields.Datetime(
        string="Notice Delivered",
        readonly=True,
        copy=False,
        help="When the delivery of the notice is proved. Deadlines run from here.",
    )
    answer_deadline = fields.Datetime(
        string="Answer By", readonly=True, copy=False, index="btree_not_null"
    )
    correct_deadline = fields.Datetime(
        string="Correct By", readonly=True, copy=False, index="btree_not_null"
    )
    answer = fields.Text(readonly=True, copy=False)
    answered_at = fields.Datetime(string="Answered On", readonly=True, copy=False)
    corrected_at = fields.Datetime(
        string="Said to Be Corrected", readonly=True, copy=False
    )
    outcome = fields.Selection(
        selection=[
            ("none", "Nothing to Correct"),
            ("corrected", "Corrected in Time"),
            ("not_corrected", "Not Corrected"),
        ],
        readonly=True,
        copy=False,
        tracking=True,
    )
    watch_until = fields.Datetime(
        string="Watched Until", readonly=True, copy=False, index="btree_not_null"
    )
    next_check_at = fields.Datetime(
        string="Next Check", readonly=True, copy=False, index="btree_not_null"
    )
    opinion = fields.Text(string="First Opinion", readonly=True, copy=False)
    judge_id = fields.Many2one(
        comodel_name="res.users", string="Judged By", readonly=True, copy=False
    )
    judged_at = fields.Datetime(string="Judged On", readonly=True, copy=False)
    confirmed_by_id = fields.Many2one(
        comodel_name="res.users", readonly=True, copy=False, tracking=True
    )
    confirmed_at = fields.Datetime(string="Confirmed On", readonly=True, copy=False)
    appeal = fields.Text(readonly=True, copy=False)
    appealed_at = fields.Datetime(string="Appealed On", readonly=True, copy=False)
    appeal_answer = fields.Text(
        string="Answer to the Appeal", readonly=True, copy=False
    )
    appeal_judge_id = fields.Many2one(
        comodel_name="res.users", string="Appeal Decided By", readonly=True, copy=False
    )
    end_reason = fields.Text(string="Why It Ended", readonly=True, copy=False)
    ended_at = fields.Datetime(string="Ended On", readonly=True, copy=False)
    is_told = fields.Boolean(
        readonly=True,
        copy=False,
        help="The responsible was told that a deadline has passed.",
    )
    appeal_deadline = fields.Datetime(
        string="Appeal Until", readonly=True, copy=False, index="btree_not_null"
    )
    is_final = fields.Boolean(
        string="Final",
        compute="_compute_is_final",
        search="_search_is_final",
        help="Confirmed, and no appeal can change it any more: its money is due.",
    )
    offence_number = fields.Integer(
        string="Offence",
        readonly=True,
        copy=False,
        aggregator="max",
        help="Which one of its kind within the period of the rules, when it was judged.",
    )
    notice_ids = fields.One2many(
        comodel_name="distributor.violation.notice",
        inverse_name="violation_id",
        string="Notices",
        readonly=True,
    )
    is_serious = fields.Boolean(
        compute="_compute_decision", store=True, string="Needs Approval"
    )
    decision = fields.Char(
        compute="_compute_decision",
        store=True,
        help="What the penalties are, in one line: this is what is approved.",
    )
    is_ripe = fields.Boolean(
        string="To Judge",
        compute="_compute_is_ripe",
        search="_search_is_ripe",
        help="Answered, or the time to answer and to correct is over.",
    )
    penalty_ids = fields.One2many(
        comodel_name="distributor.violation.penalty",
        inverse_name="violation_id",
        string="Penalties",
    )

    _source_once = models.UniqueIndex(
        "(policy_code, company_id, source_model, source_id) "
        "WHERE source_id IS NOT NULL AND source_id > 0",
        "This was reported already.",
    )
    _subject_once = models.UniqueIndex(
        "(policy_code, company_id, partner_id, subject_key) WHERE subject_key IS NOT "
        "NULL AND state IN ('draft', 'notified', 'answered', 'watched', 'judged')",
        "There is an open case about this already.",
    )
    _offences = models.Index("(partner_id, company_id, policy_code, occurred_at)")
    _unsettled = models.Index(
        "(partner_id, company_id) WHERE settled_at IS NULL AND amount > 0"
    )
    _punished_is_told = models.Constraint(
        "CHECK(state IN ('draft', 'notified', 'answered', 'dismissed') "
        "OR delivered_at IS NOT NULL)",
        "Nobody is judged before the delivery of the notice is proved.",
    )
    _ended_has_reason = models.Constraint(
        "CHECK(state NOT IN ('lifted', 'dismissed') "
        "OR TRIM(COALESCE(end_reason, '')) <> '')",
        "Say why a case was dismissed or lifted.",
    )
    _amount_positive = models.Constraint(
        "CHECK(amount >= 0 AND settled_amount >= 0)", "Amounts are not negative."
    )
    _settled_whole = models.Constraint(
        "CHECK((COALESCE(settled_id, 0) = 0) = (settled_at IS NULL))",
        "What was collected says where and when.",
    )
    _parties_differ = models.Constraint(
        "CHECK(second_partner_id IS NULL OR second_partner_id <> partner_id)",
        "Nobody is his own other party.",
    )

    @api.model
    def _get_closed_fields(self):
        return super()._get_closed_fields() | {
            "access_token",
            "answer",
            "answer_deadline",
            "answered_at",
            "appeal",
            "appeal_answer",
            "appeal_deadline",
            "appeal_judge_id",
            "appealed_at",
            "confirmed_at",
            "confirmed_by_id",
            "correct_deadline",
            "corrected_at",
            "decision",
            "delivered_at",
            "end_reason",
            "ended_at",
            "is_serious",
            "is_told",
            "judge_id",
            "judged_at",
            "next_check_at",
            "notice_ids",
            "offence_number",
            "opinion",
            "outcome",
            "proof_ids",
            "watch_until",
            "settled_amount",
            "settled_at",
            "settled_id",
            "settled_model",
            "source_id",
            "source_model",
            "subject_key",
        }

    @api.depends("partner_id")
    def _compute_user_id(self):
        for case in self:
            partner = case.partner_id
            case.user_id = case.user_id or partner.account_manager_id or partner.user_id

    @api.depends("severity", "policy_id")
    def _compute_band_id(self):
        for case in self:
            case.band_id = case.policy_id._pick_band(case.severity)

    def _compute_access_url(self):
        # EXTENDS portal
        result = super()._compute_access_url()
        for case in self:
            case.access_url = f"/my/violations/{case.id}"
        return result

    @api.constrains("partner_id")
    def _check_partner(self):
        # REPLACES distributor.service.document: agencies answer for breaches, too.
        for case in self:
            if case.partner_id != case.partner_id.commercial_partner_id:
                raise ValidationError(
                    self.env._(
                        "%s is a contact. Choose its company, and name the contact as "
                        "the person.",
                        case.partner_id.display_name,
                    )
                )

    @api.constrains("partner_id", "person_id", "store_id")
    def _check_belongs(self):
        # Whose they are does not depend on whom one may read.
        for case in self.sudo():
            partner = case.partner_id
            if (case.store_id and case.store_id.partner_id != partner) or (
                case.person_id and case.person_id.commercial_partner_id != partner
            ):
                raise ValidationError(
                    self.env._(
                        "Store and person of %s must be those of the accused.",
                        case.name,
                    )
                )

    def write(self, vals):
        # What a notice accuses somebody of stays as he read it.
        if FACTS & vals.keys() and not self.env.su:
            if told := self.filtered(lambda case: case.state != "draft")[:1]:
                raise UserError(
                    self.env._(
                        "%s: the accused was told already. Dismiss this case and open "
                        "another one where the facts are others.",
                        told.name,
                    )
                )
        return super().write(vals)

    def _set(self, **values):
        # EXTENDS distributor.service.document: a case in approval goes on by its buttons.
        return super(
            DistributorViolation, self.with_context(skip_validation_check=True)
        )._set(**values)

    def _get_contacts(self):
        # EXTENDS distributor.service.document: who has the account reads the notice.
        partner = self.partner_id
        return partner if partner.email else partner._get_portal_contact()

    def _get_records_needing_evidence(self):
        # EXTENDS distributor.evidence.mixin: while anything can still be disputed
        return self.filtered(lambda case: case.state not in ("closed", "dismissed"))

    def _get_evidence_place(self):
        # EXTENDS distributor.evidence.mixin
        return {"since": self.occurred_at, "until": self.create_date}

    @api.model
    def _get_list_action(self, domain):
        # REPLACES distributor.service.document: the action stands in this addon.
        return {
            **self.env["ir.actions.act_window"]._for_xml_id(
                "distributor_crm_channel.distributor_violation_action"
            ),
            "domain": domain,
            "context": {},
        }
