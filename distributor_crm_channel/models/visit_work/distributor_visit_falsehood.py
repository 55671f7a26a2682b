# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.distributor_crm.guard import hold_in_state, without_closed

CLOSED = {"state", "violation_id", "duty_id", "found_at", "found_by_id", "former"}
DRAFT_FIELDS = {"kind", "reason", "amount", "amount_reason", "visit_id"}


class DistributorVisitFalsehood(models.Model):
    """A customer turned out not to be one, after he had been received (R062, R072).

    What is found stands for itself until the case is decided: the visit is paid no
    longer, what was paid is recovered, and the case proposes the penalty of the agency.
    """

    _name = "distributor.visit.falsehood"
    _description = "False Customer"
    _inherit = ["mail.thread", "mail.activity.mixin", "distributor.evidence.mixin"]
    _order = "id desc"
    _check_company_auto = True

    visit_id = fields.Many2one(
        comodel_name="distributor.visit",
        required=True,
        index=True,
        ondelete="restrict",
        domain=[("verdict", "=", "valid"), ("kind", "in", ("promoter", "external"))],
        check_company=True,
    )
    company_id = fields.Many2one(
        related="visit_id.company_id", store=True, precompute=True, index=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    agency_id = fields.Many2one(
        related="visit_id.agency_id", store=True, precompute=True, index=True
    )
    agent_id = fields.Many2one(
        related="visit_id.agent_id", store=True, precompute=True, index=True
    )
    visit_kind = fields.Selection(related="visit_id.kind")
    kind = fields.Selection(
        selection=[
            ("fake", "Fake customer"),
            ("water", "Water customer (no buyer at all)"),
            ("collusion", "Collusion to cheat fees"),
        ],
        required=True,
        default="fake",
        tracking=True,
    )
    reason = fields.Text(
        string="What Was Found",
        required=True,
        help="The agency reads it in the notice.",
    )
    amount = fields.Monetary(
        string="Penalty of the Agency",
        compute="_compute_amount",
        store=True,
        readonly=False,
        precompute=True,
        tracking=True,
    )
    amount_reason = fields.Char(
        string="Why This Amount",
        help="Where the rules leave a range, whoever chooses says why.",
    )
    amount_min = fields.Monetary(compute="_compute_range")
    amount_max = fields.Monetary(compute="_compute_range")
    duty_id = fields.Many2one(
        comodel_name="distributor.visit.duty",
        string="Rules",
        readonly=True,
        copy=False,
        ondelete="restrict",
    )
    former = fields.Json(
        readonly=True, copy=False, help="The verdict of the visit before."
    )
    found_at = fields.Datetime(readonly=True, copy=False)
    found_by_id = fields.Many2one(comodel_name="res.users", readonly=True, copy=False)
    violation_id = fields.Many2one(
        comodel_name="distributor.violation",
        string="Case",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    state = fields.Selection(
        selection=[
            ("draft", "Suspected"),
            ("found", "Found"),
            ("withdrawn", "Withdrawn"),
        ],
        string="Status",
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
    )

    _once = models.UniqueIndex(
        "(visit_id) WHERE state <> 'withdrawn'",
        "This visit is suspected or was found false already.",
    )
    _amount_positive = models.Constraint(
        "CHECK(COALESCE(amount, 0) >= 0)", "A penalty is not below zero."
    )

    @api.depends("visit_id", "kind")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for falsehood in self:
            falsehood.display_name = (
                f"{falsehood.visit_id.name}: {kinds.get(falsehood.kind, '')}"
            )

    def _get_duty(self):
        self.ensure_one()
        visit = self.visit_id.sudo()  # the rules of its day are asked of every visit
        if not visit.arrived_at:
            return self.env["distributor.visit.duty"]
        day = visit.company_id._get_visit_day(visit.arrived_at)
        return self.env["distributor.visit.duty"]._find_version(
            visit.company_id, visit.agency_id, day
        )

    @api.depends("visit_id", "kind", "duty_id")
    def _compute_range(self):
        for falsehood in self:
            duty = falsehood.duty_id.sudo() or falsehood._get_duty()
            # Collusion is judged by circumstances, whoever brought the customer.
            ranged = falsehood.visit_kind == "external" or falsehood.kind == "collusion"
            falsehood.amount_min = duty.external_min if ranged else duty.false_amount
            falsehood.amount_max = duty.external_max if ranged else duty.false_amount

    @api.depends("visit_id", "kind")
    def _compute_amount(self):
        for falsehood in self:
            falsehood.amount = falsehood.amount_min

    # -- create, change, delete --------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        records, vals_list = without_closed(self, vals_list, CLOSED)
        return super(DistributorVisitFalsehood, records).create(vals_list)

    def write(self, vals):
        if not self.env.su:
            if vals.keys() & CLOSED:
                raise AccessError(
                    self.env._("What was found is recorded with the buttons.")
                )
            if vals.keys() & DRAFT_FIELDS and any(f.state != "draft" for f in self):
                raise UserError(
                    self.env._(
                        "What was found is on record and in the notice: it is not edited."
                    )
                )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_draft(self):
        if any(falsehood.state != "draft" for falsehood in self):
            raise UserError(self.env._("What was found stays on record. Withdraw it."))

    # -- decide ------------------------------------------------------------------------

    def _check_decider(self):
        self.check_access("read")
        if not self.env.user.has_group("distributor_crm.group_sales_manager"):
            raise AccessError(
                self.env._("Sales managers decide whether a customer was false.")
            )

    def _check_ready(self):
        """:raises UserError: says what is missing"""
        for falsehood in self:
            duty = falsehood._get_duty()
            if not duty:
                raise UserError(
                    self.env._(
                        "There are no attendance and quality rules for the day of %s. Add "
                        "them in the configuration first.",
                        falsehood.visit_id.name,
                    )
                )
            compare = falsehood.currency_id.compare_amounts
            if (
                compare(falsehood.amount, falsehood.amount_min) < 0
                or compare(falsehood.amount, falsehood.amount_max) > 0
            ):
                raise UserError(
                    self.env._(
                        "The penalty is from %(low)s to %(high)s by “%(rules)s”.",
                        low=falsehood.currency_id.format(falsehood.amount_min),
                        high=falsehood.currency_id.format(falsehood.amount_max),
                        rules=duty.name,
                    )
                )
            ranged = compare(falsehood.amount_min, falsehood.amount_max)
            if ranged and not (falsehood.amount_reason or "").strip():
                raise UserError(
                    self.env._("The rules leave a range: say why it is this amount.")
                )

    def action_find(self):
        """Record the customer as false: the visit counts no longer, a case is opened.

        :raises AccessError: no sales manager
        :raises UserError: says what is missing
        """
        self._check_decider()
        hold_in_state(self, ("draft",))
        self.sudo()._check_ready()  # who decides was checked
        for falsehood in self:
            # Whoever received the customer does not say so himself: the visit checks it.
            falsehood.visit_id._mark_false(falsehood.kind, falsehood.reason)
        return True

    def _take_effect(self, former):
        """Record what was found and open a case; called by the visit, with full rights.

        :param former: the verdict of the visit before
        """
        self.ensure_one()
        duty = self._get_duty()
        values = {
            "state": "found",
            "duty_id": duty.id,
            "found_at": fields.Datetime.now(),
            "found_by_id": self.env.uid,
            "former": former,
        }
        if self.amount_min != self.amount_max and not self.amount_reason:
            values["amount_reason"] = self.env._("The lowest amount of the rules.")
        self.write(values)
        self.violation_id = self.env["distributor.violation"]._report(
            [self._prepare_case()]
        )

    def _prepare_case(self):
        self.ensure_one()
        visit = self.visit_id
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        return {
            "policy": "collusion" if self.kind == "collusion" else "false_customer",
            "partner_id": self.agency_id.id,
            "person_id": self.agent_id._get_visit_person(self.agency_id).id,
            "company_id": self.company_id.id,
            "occurred_at": visit.arrived_at,
            "source": self,
            "amount": self.amount,
            "evidence_ids": self.evidence_ids.ids,
            "facts": self.env._(
                "%(visit)s of %(day)s, brought by %(agent)s: %(kind)s. %(reason)s "
                "%(why)s %(clause)s",
                visit=visit.name,
                day=self.company_id._get_visit_day(visit.arrived_at),
                agent=self.agent_id.name or self.agency_id.name,
                kind=kinds[self.kind],
                reason=self.reason,
                why=self.amount_reason or "",
                clause=self.duty_id.clause or "",
            ).strip(),
        }

    def action_withdraw(self):
        """It was not so: the visit counts again, and is paid again.

        Done by sales managers, and by a case that is lifted on appeal.
        """
        self._check_decider()
        for falsehood in self.sudo():  # who decides was checked
            case = falsehood.violation_id
            if case and case.state not in ("lifted", "dismissed"):
                raise UserError(
                    self.env._(
                        "Lift or dismiss the case %s first: it says that the customer "
                        "was false.",
                        case.name,
                    )
                )
        self._withdraw()

    def _withdraw(self):
        falsehoods = self.sudo().filtered(lambda f: f.state != "withdrawn")
        for falsehood in falsehoods.filtered(lambda f: f.state == "found"):
            falsehood.visit_id.write(
                {
                    "found_false": False,
                    "found_false_at": False,
                    "false_kind": False,
                    "found_false_reason": False,
                    **(falsehood.former or {}),
                }
            )
        falsehoods.state = "withdrawn"

    def action_view_case(self):
        """Open the case that follows."""
        return self.violation_id._get_records_action()
