# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from odoo.addons.distributor_crm.guard import without_closed

from .ladder import pick_band

# What cases are judged by: a new version from a later day changes it, not an edit.
TERMS = {
    "code",
    "company_id",
    "date_from",
    "needs_evidence",
    "answer_hours",
    "appeal_hours",
    "appeal_suspends",
    "repeat_days",
    "second_opinion",
    "collect_by",
    "band_ids",
    "step_ids",
}
# Set by the buttons alone, over RPC too.
CLOSED = {"legal_opinion", "legal_approver_id", "legal_approved_at"}


class DistributorViolationPolicy(models.Model):
    """What follows from one kind of breach, from a day on (R144, R172-R184).

    A case keeps the version it was opened under.
    """

    _name = "distributor.violation.policy"
    _description = "Rules for Breaches"
    _inherit = ["mail.thread"]
    _order = "sequence, code, company_id, date_from desc, id desc"
    _check_company_auto = True

    sequence = fields.Integer(default=50)
    name = fields.Char(required=True, translate=True, tracking=True)
    code = fields.Char(
        required=True,
        index=True,
        tracking=True,
        help="By which rooms and imports name this kind of breach.",
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        index=True,
        help="Left empty: for all companies that have no rules of their own.",
    )
    date_from = fields.Date(
        string="From",
        required=True,
        default=fields.Date.context_today,
        tracking=True,
        help="A breach is judged by the version of the day it happened on.",
    )
    active = fields.Boolean(default=True)
    description = fields.Text(
        translate=True, help="What is forbidden, in words that the distributor reads."
    )
    severity_unit = fields.Char(
        translate=True,
        help="What the severity is counted in, such as % below the floor.",
    )
    needs_evidence = fields.Boolean(
        default=True,
        tracking=True,
        help="No notice is sent before there is evidence.",
    )
    answer_hours = fields.Float(
        string="Answer Within (Hours)",
        default=48,
        tracking=True,
        help="Natural hours from the proved delivery of the notice.",
    )
    appeal_hours = fields.Float(
        string="Appeal Within (Hours)",
        default=168,
        tracking=True,
        help="Natural hours from the proved delivery of the decision.",
    )
    appeal_suspends = fields.Boolean(
        string="Appeal Holds Sanctions",
        tracking=True,
        help="On: suspensions and withdrawals wait until an appeal is over. Money "
        "always waits for it.",
    )
    repeat_days = fields.Integer(
        string="Repeated Within (Days)",
        default=365,
        tracking=True,
        help="Confirmed breaches of this kind within so many days count together.",
    )
    second_opinion = fields.Boolean(
        default=True,
        tracking=True,
        help="Whoever judged first does not confirm.",
    )
    mail_proof_hours = fields.Float(
        string="Mail Proves After (Hours)",
        help="A mail that did not come back counts as delivered after so many hours. "
        "0: a mail alone proves nothing until it is opened.",
    )
    announce = fields.Boolean(
        string="Announce in the Group",
        tracking=True,
        help="A text for the group of distributors is prepared, with as little of the "
        "person in it as possible.",
    )
    collect_by = fields.Selection(
        selection=[
            ("none", "No Money"),
            ("rebate", "Deducted from Rebates"),
            ("earning", "Deducted from Earnings"),
            ("debit_note", "Debit Note"),
            ("settlement", "Deducted at Settlement"),
        ],
        string="Money",
        required=True,
        default="none",
        tracking=True,
    )
    account_id = fields.Many2one(
        comodel_name="account.account",
        string="Penalty Account",
        company_dependent=True,
        domain=[("account_type", "in", ("income", "income_other", "expense"))],
        help="Where debit notes and deductions from earnings are booked, per company.",
    )
    legal_basis = fields.Selection(
        selection=[
            ("contract", "Duty in the Agreement"),
            ("agency", "Our Own Sale Price (Agency, Drop-shipping)"),
            ("advertised", "Rule on Advertised Prices"),
            ("recommended", "Recommended Price"),
            ("brand", "Rule on the Use of the Brand"),
            ("law", "Law"),
        ],
        required=True,
        default="contract",
        tracking=True,
    )
    legal_note = fields.Text(
        help="The clause or the law it rests on, and what it does not allow.",
        tracking=True,
    )
    needs_opinion = fields.Boolean(
        string="Needs a Legal Opinion",
        tracking=True,
        help="On: no penalty beyond a warning until a channel administrator has stored "
        "a legal opinion.",
    )
    legal_opinion = fields.Text(readonly=True, copy=False, tracking=True)
    legal_approver_id = fields.Many2one(
        comodel_name="res.users", readonly=True, copy=False, tracking=True
    )
    legal_approved_at = fields.Datetime(readonly=True, copy=False)
    band_ids = fields.One2many(
        comodel_name="distributor.violation.band",
        inverse_name="policy_id",
        string="Bands",
        copy=False,
    )
    step_ids = fields.One2many(
        comodel_name="distributor.violation.step",
        inverse_name="policy_id",
        string="Ladder",
        copy=False,
    )
    violation_ids = fields.One2many(
        comodel_name="distributor.violation", inverse_name="policy_id"
    )
    violation_count = fields.Integer(compute="_compute_violation_count")

    _hours_positive = models.Constraint(
        "CHECK(answer_hours >= 0 AND appeal_hours >= 0 AND repeat_days >= 0 "
        "AND mail_proof_hours >= 0)",
        "Hours and days are not negative.",
    )
    _version = models.UniqueIndex(
        "(code, COALESCE(company_id, 0), date_from) WHERE active",
        "There is a version of these rules from this day already. Change that one.",
    )
    _opinion_has_author = models.Constraint(
        "CHECK(legal_approver_id IS NULL OR TRIM(COALESCE(legal_opinion, '')) <> '')",
        "An opinion says something.",
    )

    @api.depends("violation_ids")
    def _compute_violation_count(self):
        counts = dict(
            self.env["distributor.violation"]._read_group(
                [("policy_id", "in", self.ids)], ["policy_id"], ["__count"]
            )
        )
        for policy in self:
            policy.violation_count = counts.get(policy, 0)

    @api.model_create_multi
    def create(self, vals_list):
        self, vals_list = without_closed(self, vals_list, CLOSED)
        return super().create(vals_list)

    def write(self, vals):
        if CLOSED & vals.keys() and not self.env.su:
            raise UserError(self.env._("Legal opinions are stored with the button."))
        if TERMS & vals.keys():
            self._check_unused()
        return super().write(vals)

    def _check_unused(self):
        """Refuse changes of what cases were judged by.

        :raises UserError: says what to do
        """
        # Whether there are cases does not depend on who sees them.
        if self.ids and self.env["distributor.violation"].sudo().search_count(
            [("policy_id", "in", self.ids)], limit=1
        ):
            raise UserError(
                self.env._(
                    "Cases were opened under these rules. Make a new version from a "
                    "later day instead."
                )
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        self._check_unused()

    @api.model
    def _find(self, code, company, day):
        """Return the version for a kind of breach that holds on a day.

        The company's own goes before the one for all; empty where there is none.
        """
        return self._find_all([(code, company.id, day)])[code, company.id, day]

    @api.model
    def _find_all(self, keys):
        """Return {(code, company id, day): version} for many at once, in one search."""
        # What binds a distributor does not depend on who opens the case.
        versions = self.sudo().search(
            Domain("code", "in", list({code for code, _company, _day in keys}))
            & Domain(
                "company_id", "in", [False, *{company for _c, company, _d in keys}]
            ),
            order="date_from desc, id desc",
        )
        found = {}
        for key in keys:
            code, company, day = key
            fitting = versions.filtered(
                lambda v, c=code, o=company, d=day: (
                    v.code == c and v.company_id.id in (False, o) and v.date_from <= d
                )
            )
            found[key] = (fitting.filtered("company_id")[:1] or fitting[:1]).with_env(
                self.env
            )
        return found

    def _pick_band(self, severity):
        """Return the band that a severity falls into; empty where there are none."""
        # Cases are judged by their rules, whoever reads them.
        bands = self.sudo().band_ids.sorted(lambda band: (band.sequence, band.id))
        chosen = pick_band(severity, [(b, b.operator, b.value) for b in bands])
        return chosen or bands.browse()

    def _may_punish(self) -> bool:
        """Whether more than a warning may follow: the law was asked where it must be."""
        self.ensure_one()
        return not self.needs_opinion or bool(self.legal_approved_at)

    def action_new_version(self):
        """Open a copy of these rules that holds from today on.

        :return: the action that opens it
        """
        self.ensure_one()
        self.check_access("write")
        version = self.copy(
            {"date_from": fields.Date.context_today(self), "name": self.name}
        )
        bands = {}
        for band in self.band_ids:
            bands[band] = band.copy({"policy_id": version.id})
        for step in self.step_ids:
            step.copy(
                {
                    "policy_id": version.id,
                    "band_id": bands[step.band_id].id if step.band_id else False,
                }
            )
        return version._get_records_action(name=self.env._("New Version"))

    def action_view_violations(self):
        """Open the cases under these rules."""
        return self.violation_ids._get_records_action(name=self.env._("Cases"))

    def _check_legal_approver(self):
        self.check_access("write")
        if not self.env.user.has_group("distributor_crm.group_channel_admin"):
            raise AccessError(
                self.env._("Only channel administrators store legal opinions.")
            )
