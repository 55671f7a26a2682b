# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import Command, api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

# What is on show for a time or counted as of a day is paid once a period.
ONCE = ("display", "advertising", "stock")


class DistributorRebateProgram(models.Model):
    """Programs that approved claims feed, in place of invoice lines."""

    _inherit = "distributor.rebate.program"

    claim_ids = fields.One2many(
        comodel_name="distributor.rebate.claim", inverse_name="program_id"
    )
    claim_count = fields.Integer(compute="_compute_claim_count")
    claim_limit = fields.Selection(
        selection=[
            ("period", "One a period"),
            ("day", "One a day"),
        ],
        string="Claims",
        compute="_compute_claim_terms",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        help="So many claims are accepted for the same distributor, store and product.",
    )
    claim_evidence = fields.Boolean(
        string="Evidence Needed",
        compute="_compute_claim_terms",
        store=True,
        readonly=False,
        precompute=True,
        help="A claim is submitted with a photo or another document attached to it.",
    )
    claim_price = fields.Monetary(
        string="Amount per Unit Claimed",
        help="What each unit claimed is worth. Zero: each claim says so itself.",
    )

    _claim_price_not_negative = models.Constraint(
        "CHECK(COALESCE(claim_price, 0) >= 0)",
        "The amount per unit cannot be negative. Enter zero where claims name it.",
    )

    @api.depends("kind")
    def _compute_claim_terms(self):
        for program in self:
            program.claim_limit = "period" if program.kind in ONCE else "day"
            program.claim_evidence = program.kind in ONCE

    @api.depends("claim_ids")
    def _compute_claim_count(self):
        counts = dict(
            self.env["distributor.rebate.claim"]._read_group(
                [("program_id", "in", self.ids)], ["program_id"], ["__count"]
            )
        )
        for program in self:
            program.claim_count = counts.get(program._origin, 0)

    @api.onchange("measure")
    def _onchange_measure(self):
        if self.measure == "claim" and not self.tier_ids:
            self.tier_ids = [Command.create(self._prepare_claim_tier_vals())]

    @api.model
    def _prepare_claim_tier_vals(self):
        """Return the ladder of claims where none is given: what is approved is paid."""
        return {"threshold": 0, "rate": 100}

    @api.model_create_multi
    def create(self, vals_list):
        programs = super().create(vals_list)
        bare = programs.filtered(
            lambda p: p.measure == "claim" and p.reward == "percent" and not p.tier_ids
        )
        tier = self._prepare_claim_tier_vals()
        self.env["distributor.rebate.tier"].create(
            [{"program_id": program.id, **tier} for program in bare]
        )
        return programs

    def _get_claim_problem(self):
        """Return what does not fit the terms of a program fed by claims, or nothing."""
        if self.measure != self.basis:
            return self.env._(
                "a program fed by claims pays on claims. Choose approved claims for "
                "both, or for neither."
            )
        if self.reward not in ("percent", "lump"):
            return self.env._(
                "claims pay a percentage of what was approved, or a fixed amount."
            )
        if self.scale == "growth":
            return self.env._("claims do not grow. Choose the sum itself or a target.")
        if self.release == "collected":
            return self.env._(
                "nothing is collected of a claim. Release what it pays at once."
            )
        if self.stacking != "parallel":
            return self.env._(
                "claims share no sales with other programs. Choose the full sale."
            )
        return None

    def _get_claim_day(self, day):
        """Return the day from which one claim of a kind is accepted."""
        if day and self.claim_limit == "period":
            for span in self._cut(self.period_type):
                if span.start <= day <= span.end:
                    return span.start
        return day

    def _check_claims(self, claims):
        """Refuse claims that would never count: wrong day, distributor or product.

        :raises ValidationError: names the claims, and says what to do
        """
        self.ensure_one()
        if self.measure != "claim" or self.origin_id:
            raise ValidationError(
                self.env._(
                    "%s is not fed by claims. Choose a program that measures approved "
                    "claims.",
                    self.name,
                )
            )
        counted = claims.browse()
        # Whether a distributor is in scope does not depend on who asks.
        for version, first, last in self.sudo()._get_validity():
            dated = claims.filtered(lambda c, a=first, b=last: a <= c.date <= b)
            counted |= dated & version._filter_claims(dated)
        if claims - counted:
            raise ValidationError(
                self.env._(
                    "%(claims)s would not count: %(program)s runs from %(first)s to "
                    "%(last)s for the distributors and products of its scope. Correct "
                    "the claim, or ask for a change of the program.",
                    claims=", ".join((claims - counted).mapped("display_name")),
                    program=self.name,
                    first=self.date_from,
                    last=self.date_to,
                )
            )

    def _filter_claims(self, claims):
        """Return the claims whose distributor and product are in scope."""
        partners = self.env["res.partner"].search(
            Domain("id", "in", claims.partner_id.ids) & self._get_partner_domain()
        )
        products = self.env["product.product"]
        domain = self._get_product_domain()
        if claims.product_id:
            products = products.with_context(active_test=False).search(
                Domain("id", "in", claims.product_id.ids) & domain
            )
        bare = not self._names_products()
        return claims.filtered(
            lambda claim: (
                claim.partner_id in partners
                and (claim.product_id in products if claim.product_id else bare)
            )
        )

    # -- actions ---------------------------------------------------------------------

    def action_view_claims(self):
        """Open the claims of these programs."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "distributor_crm.distributor_rebate_claim_action"
        )
        context = {"default_program_id": self.id} if len(self) == 1 else {}
        return {
            **action,
            "domain": [("program_id", "in", self.ids)],
            "context": context,
        }
