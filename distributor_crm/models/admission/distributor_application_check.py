# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ...guard import without_defaults
from .facts import FACTS

# What reviewers write on a check; everything else is the screening's.
OPEN = {"judgement", "evidence"}
RESULTS = [("met", "Met"), ("missed", "Missed"), ("unknown", "Not Known")]


class DistributorApplicationCheck(models.Model):
    """One criterion, held against one applicant: the fact, the evidence, who verified.

    The criterion's own words are copied: a later change of the rules changes nothing
    about who was judged by the earlier ones.
    """

    _name = "distributor.application.check"
    _description = "Application Check"
    _order = "application_id, kind_order, sequence, id"

    application_id = fields.Many2one(
        comodel_name="distributor.application",
        required=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(related="application_id.company_id", store=True)
    criterion_id = fields.Many2one(
        comodel_name="distributor.criterion",
        string="Rule",
        ondelete="set null",
        index="btree_not_null",
    )
    sequence = fields.Integer()
    kind_order = fields.Integer()
    name = fields.Char(string="Criterion", required=True)
    kind = fields.Selection(
        selection=lambda self: (
            self.env["distributor.criterion"]
            ._fields["kind"]
            ._description_selection(self.env)
        ),
        required=True,
    )
    points = fields.Float(digits=(16, 1))
    is_waivable = fields.Boolean(string="Waivable")
    is_exception = fields.Boolean(string="Exception")
    expected = fields.Char(string="Wanted")
    fact = fields.Char(string="Stated")
    shop_id = fields.Many2one(
        comodel_name="distributor.application.shop", ondelete="set null"
    )
    how_to_verify = fields.Char(related="criterion_id.note")
    automatic = fields.Selection(
        selection=RESULTS, string="By Itself", required=True, default="unknown"
    )
    by_exception = fields.Boolean(
        help="The criterion itself was missed, its exceptions were met."
    )
    judgement = fields.Selection(
        selection=[("met", "Met"), ("missed", "Missed")],
        string="Verified As",
        help="What the reviewer found. It counts instead of what was stated.",
    )
    evidence = fields.Char(help="What was seen: page, screenshot, date, interview.")
    verified_by_id = fields.Many2one(comodel_name="res.users", readonly=True)
    verified_on = fields.Datetime(readonly=True)
    result = fields.Selection(selection=RESULTS, compute="_compute_result", store=True)
    explanation = fields.Char(compute="_compute_explanation")
    waived_by_id = fields.Many2one(comodel_name="res.users", readonly=True)
    waived_on = fields.Datetime(readonly=True)
    waived_for = fields.Char(readonly=True, help="The fast-track reason.")
    introducer_id = fields.Many2one(related="application_id.introducer_id", store=True)

    _criterion_unique = models.UniqueIndex(
        "(application_id, criterion_id) WHERE criterion_id IS NOT NULL",
        "Each criterion is held against an applicant once.",
    )
    _verifier_not_introducer = models.Constraint(
        "CHECK(verified_by_id IS NULL OR introducer_id IS NULL "
        "OR verified_by_id <> introducer_id)",
        "Who introduced an applicant does not verify him. Ask another reviewer.",
    )
    _waiver_has_reason = models.Constraint(
        "CHECK(waived_on IS NULL OR (is_waivable AND waived_by_id IS NOT NULL "
        "AND waived_for IS NOT NULL))",
        "Only waivable criteria are waived, by a named approver and for a fast-track "
        "reason.",
    )

    @api.depends("automatic", "judgement")
    def _compute_result(self):
        for check in self:
            check.result = check.judgement or check.automatic

    @api.depends("result", "fact", "expected", "judgement", "waived_on", "by_exception")
    @api.depends_context("lang")
    def _compute_explanation(self):
        for check in self:
            check.explanation = check._explain()

    def _explain(self):
        values = {"fact": self.fact, "wanted": self.expected}
        if self.waived_on:
            return self.env._(
                "Waived by %(user)s for: %(reason)s",
                user=self.waived_by_id.name,
                reason=self.waived_for,
            )
        if self.judgement:
            return self.env._(
                "Verified by %(user)s; stated %(fact)s, wanted %(wanted)s",
                user=self.verified_by_id.name,
                fact=self.fact or "–",
                wanted=self.expected,
            )
        if self.result == "unknown":
            return self.env._("Not stated, wanted %(wanted)s", **values)
        if self.by_exception:
            return self.env._(
                "%(fact)s, wanted %(wanted)s; passes by exception", **values
            )
        return self.env._("%(fact)s, wanted %(wanted)s", **values)

    @api.model
    def _prepare_check(self, application, criterion, shop):
        """Return the values of the check of one criterion, as facts stand now."""
        met = criterion._is_met(application, shop)
        by_exception = bool(
            met is False
            and criterion.exception_ids
            and all(c._is_met(application, shop) for c in criterion.exception_ids)
        )
        passed = True if by_exception else met
        automatic = {True: "met", False: "missed", None: "unknown"}[passed]
        is_about_shop = FACTS[criterion.fact].subject == "shop"
        return {
            "application_id": application.id,
            "criterion_id": criterion.id,
            "sequence": criterion.sequence,
            "kind_order": ("knockout", "weighted", "fast_track").index(criterion.kind),
            "kind": criterion.kind,
            "points": criterion.points,
            "is_waivable": criterion.is_waivable,
            "is_exception": bool(criterion.exception_to_id),
            "name": criterion.name,
            "expected": criterion.expected,
            "fact": criterion._describe_fact(application, shop),
            "shop_id": shop.id if is_about_shop else False,
            "automatic": automatic,
            "by_exception": by_exception,
        }

    # -- verification ----------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            raise AccessError(
                self.env._("Checks come from the criteria of the campaign.")
            )
        return super(
            DistributorApplicationCheck, without_defaults(self, self._fields)
        ).create(vals_list)

    def write(self, vals):
        if not self.env.su:
            if vals.keys() - OPEN:
                raise AccessError(
                    self.env._(
                        "Of a check only what was found and its evidence is entered."
                    )
                )
            self._check_verifiable()
            if "judgement" in vals:
                judged = bool(vals["judgement"])
                # Who verifies is not chosen: it is who enters it.
                self.sudo().write(
                    {
                        "verified_by_id": judged and self.env.uid,
                        "verified_on": judged and fields.Datetime.now(),
                    }
                )
        return super().write(vals)

    def _check_verifiable(self):
        """Refuse verification by the introducer, and after the facts were frozen.

        :raises UserError: says who may
        """
        self.application_id._check_reviewer()
        if self.env.user in self.application_id.introducer_id:
            raise UserError(
                self.env._(
                    "Who introduced an applicant does not verify him. Ask another "
                    "reviewer."
                )
            )
        self.application_id._check_state("draft", "submitted", "waiting")

    def action_waive(self):
        """Let the applicant off criteria, as approver (R202).

        :raises UserError: not waivable, no fast-track reason, or not this user's to do
        """
        for check in self:
            application = check.application_id
            application._check_reviewer()
            application._check_may_decide()
            application._check_state("submitted", "verified", "negotiation")
            reasons = application.check_ids.filtered(
                lambda c: c.kind == "fast_track" and c.result == "met"
            )
            if not check.is_waivable or check.kind != "knockout":
                raise UserError(
                    self.env._("“%s” cannot be waived by its rules.", check.name)
                )
            if check.result == "met":
                raise UserError(self.env._("“%s” is met already.", check.name))
            if not reasons:
                raise UserError(
                    self.env._(
                        "“%s” is waived only for applicants with a fast-track reason.",
                        check.name,
                    )
                )
            # The waiver names its author; nobody writes it by hand.
            check.sudo().write(
                {
                    "waived_by_id": self.env.uid,
                    "waived_on": fields.Datetime.now(),
                    "waived_for": ", ".join(reasons.mapped("name")),
                }
            )
            application.message_post(
                body=self.env._(
                    "“%(criterion)s” was waived for: %(reasons)s",
                    criterion=check.name,
                    reasons=", ".join(reasons.mapped("name")),
                )
            )
