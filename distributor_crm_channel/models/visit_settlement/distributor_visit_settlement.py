# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from collections import defaultdict

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_date

OPEN_FIELDS = {
    "activity_ids",
    "activity_user_id",
    "message_follower_ids",
    "message_ids",
    "message_main_attachment_id",
    "message_partner_ids",
    "note",
}


class DistributorVisitSettlement(models.Model):
    """What one payee gets for the visits of one agency in one month (R055, R070, R073).

    It is computed from signed forms alone and never edited: what is wrong is put right
    where it comes from, and computed again. The payee is the agency, or a person where
    the rate card says so; penalties are set against the agency's own alone.
    """

    _name = "distributor.visit.settlement"
    _description = "Visit Settlement"
    _inherit = [
        "mail.thread",
        "mail.activity.mixin",
        "portal.mixin",
        "tier.validation",
    ]
    _order = "month desc, agency_id, id desc"
    _check_company_auto = True
    _mail_post_access = "read"

    _state_from = ["submitted"]
    _state_to = ["approved", "billed", "carried"]
    _cancel_state = "cancelled"

    name = fields.Char(string="Number", readonly=True, copy=False, default="/")
    company_id = fields.Many2one(
        comodel_name="res.company", required=True, readonly=True, index=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    agency_id = fields.Many2one(
        comodel_name="res.partner",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Paid To",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        help="The agency, or a person where the rate card says so.",
    )
    is_person = fields.Boolean(compute="_compute_is_person")
    month = fields.Date(required=True, readonly=True, index=True)
    date_to = fields.Date(
        string="Until", compute="_compute_date_to", store=True, precompute=True
    )
    line_ids = fields.One2many(
        comodel_name="distributor.visit.settlement.line",
        inverse_name="settlement_id",
        string="Lines",
        readonly=True,
    )
    visit_count = fields.Integer(
        string="Groups", compute="_compute_amounts", store=True, precompute=True
    )
    fee_amount = fields.Monetary(
        string="Groups Paid", compute="_compute_amounts", store=True, precompute=True
    )
    commission_amount = fields.Monetary(
        string="Commission", compute="_compute_amounts", store=True, precompute=True
    )
    recovery_amount = fields.Monetary(
        string="Recovered", compute="_compute_amounts", store=True, precompute=True
    )
    penalty_amount = fields.Monetary(
        string="Penalties", compute="_compute_amounts", store=True, precompute=True
    )
    carried_amount = fields.Monetary(
        string="Carried From Before",
        compute="_compute_amounts",
        store=True,
        precompute=True,
    )
    amount = fields.Monetary(
        string="Total",
        compute="_compute_amounts",
        store=True,
        precompute=True,
        tracking=True,
        help="Below zero nothing is paid: it is set against the next month.",
    )
    state = fields.Selection(
        selection=[
            ("draft", "Draft"),
            ("submitted", "To Approve"),
            ("approved", "Approved"),
            ("billed", "Billed"),
            ("carried", "Carried Forward"),
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
    submitted_by_id = fields.Many2one(
        comodel_name="res.users", readonly=True, copy=False
    )
    approved_on = fields.Datetime(readonly=True, copy=False)
    bill_id = fields.Many2one(
        comodel_name="account.move",
        string="Vendor Bill",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
    )
    payment_state = fields.Selection(related="bill_id.payment_state")
    partner_state = fields.Selection(
        selection=[
            ("open", "No Answer"),
            ("accepted", "Accepted"),
            ("disputed", "Objects"),
            ("answered", "Objection Answered"),
        ],
        string="Answer of the Agency",
        default="open",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
    )
    objection = fields.Text(readonly=True, copy=False)
    objected_on = fields.Datetime(readonly=True, copy=False)
    answer = fields.Text(readonly=True, copy=False)
    note = fields.Text(string="Internal Note")

    _one_a_month = models.UniqueIndex(
        "(company_id, agency_id, partner_id, month) WHERE state <> 'cancelled'",
        "This month is settled with this payee already.",
    )
    _first_of_month = models.Constraint(
        "CHECK(EXTRACT(DAY FROM month) = 1)", "A month is named by its first day."
    )
    _paid_or_carried = models.Constraint(
        "CHECK((state <> 'billed' OR (amount > 0 AND bill_id IS NOT NULL)) "
        "AND (state <> 'carried' OR amount <= 0))",
        "What is above zero is billed, the rest is carried forward.",
    )
    _number_amount = models.Constraint(
        "CHECK(amount <> 'NaN' AND ABS(amount) < 1000000000000)",
        "The total is no amount.",
    )

    # -- computed ----------------------------------------------------------------------

    @api.depends("agency_id", "partner_id")
    def _compute_is_person(self):
        for settlement in self:
            settlement.is_person = settlement.partner_id != settlement.agency_id

    @api.depends("month")
    def _compute_date_to(self):
        for settlement in self:
            settlement.date_to = settlement.month and settlement.month + relativedelta(
                months=1, days=-1
            )

    @api.depends("line_ids.amount", "line_ids.kind")
    def _compute_amounts(self):
        for settlement in self:
            sums = defaultdict(float)
            for line in settlement.line_ids:
                sums[line.kind] += line.amount
            settlement.visit_count = len(
                settlement.line_ids.filtered(lambda one: one.kind == "visit")
            )
            round_ = settlement.currency_id.round
            settlement.fee_amount = round_(sums["visit"])
            settlement.commission_amount = round_(sums["commission"] + sums["adjusted"])
            settlement.recovery_amount = round_(sums["recovery"] + sums["restored"])
            settlement.penalty_amount = round_(sums["penalty"] + sums["refund"])
            settlement.carried_amount = round_(sums["carried"])
            settlement.amount = round_(sum(sums.values()))

    @api.depends("name", "partner_id", "month")
    def _compute_display_name(self):
        for settlement in self:
            settlement.display_name = " – ".join(
                filter(
                    None,
                    (
                        settlement.name,
                        settlement.partner_id.name,
                        settlement._get_month_label(),
                    ),
                )
            )

    def _get_month_label(self):
        return self.month and format_date(self.env, self.month, date_format="yyyy-MM")

    def _compute_access_url(self):
        # EXTENDS portal
        result = super()._compute_access_url()
        for settlement in self:
            settlement.access_url = f"/my/visit-settlements/{settlement.id}"
        return result

    @api.model
    def _get_signed_fields(self):
        # EXTENDS tier.validation. Not the agency: two of them may be merged later.
        return (
            *super()._get_signed_fields(),
            "company_id",
            "month",
            "visit_count",
            "fee_amount",
            "commission_amount",
            "recovery_amount",
            "penalty_amount",
            "carried_amount",
            "amount",
        )

    def _get_approval_owners(self):
        # EXTENDS tier.validation: whoever logs in for the payee gains by it.
        owners = self.env["res.users"].search(
            [("partner_id", "child_of", (self.partner_id | self.agency_id).ids)]
        )
        return super()._get_approval_owners() | owners

    def _may_ask_for_approval(self):
        # REPLACES tier.validation: asked for by submitting alone.
        return self.env.su

    # -- create, change, delete --------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            raise AccessError(
                self.env._("Settlements are computed: choose a month and compute it.")
            )
        return super().create(vals_list)

    def write(self, vals):
        if vals.keys() - OPEN_FIELDS and not self.env.su:
            raise AccessError(
                self.env._("A settlement is not edited. Use its buttons.")
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        # Our own code takes away drafts that came out empty.
        if not self.env.su or any(one.state != "draft" for one in self):
            raise UserError(
                self.env._("Settlements stay on record. Cancel it instead.")
            )

    # -- smart buttons -----------------------------------------------------------------

    def action_view_bill(self):
        """Open the vendor bills of these settlements."""
        return self.bill_id._get_records_action()

    def action_view_visits(self):
        """Open the visits that are paid or recovered here."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "distributor_crm_channel.distributor_visit_action"
        )
        return {
            **action,
            "domain": [("id", "in", self.line_ids.visit_id.ids)],
            "context": {"create": False},
        }

    def action_view_cases(self):
        """Open the cases whose penalties are charged here."""
        return self.line_ids.violation_id._get_records_action(name=self.env._("Cases"))
