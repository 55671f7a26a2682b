# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models


class DistributorApplication(models.Model):
    """What the criteria of the campaign say about an applicant, at once (R191–R202)."""

    _inherit = "distributor.application"

    check_ids = fields.One2many(
        comodel_name="distributor.application.check", inverse_name="application_id"
    )
    score = fields.Float(
        compute="_compute_score",
        store=True,
        digits=(16, 1),
        aggregator="avg",
        help="The share of the points of the weighted criteria that were met, in %.",
    )
    screening = fields.Selection(
        selection=[
            ("passed", "Passed"),
            ("unclear", "To Clarify"),
            ("missed", "Missed"),
        ],
        compute="_compute_score",
        store=True,
        index=True,
        help="Passed: every knock-out criterion is met or waived. To clarify: facts are "
        "missing. Missed: a knock-out criterion is not met.",
    )
    is_fast_track = fields.Boolean(
        string="Fast-track",
        compute="_compute_score",
        store=True,
        help="The applicant has a reason for priority: waivable criteria may be waived.",
    )
    screening_summary = fields.Char(compute="_compute_screening_summary")
    best_shop_id = fields.Many2one(
        comodel_name="distributor.application.shop", compute="_compute_best_shop_id"
    )

    @api.depends(
        "check_ids.result", "check_ids.kind", "check_ids.points", "check_ids.waived_on"
    )
    def _compute_score(self):
        for application in self:
            checks = application.check_ids
            weighted = checks.filtered(lambda check: check.kind == "weighted")
            total = sum(weighted.mapped("points"))
            reached = sum(check.points for check in weighted if check.result == "met")
            application.score = 100 * reached / total if total else 0
            open_checks = application._get_open_knockouts()
            results = set(open_checks.mapped("result"))
            application.screening = (
                "missed"
                if "missed" in results
                else "unclear"
                if "unknown" in results or not checks
                else "passed"
            )
            application.is_fast_track = any(
                check.kind == "fast_track" and check.result == "met" for check in checks
            )

    def _get_open_knockouts(self):
        """Return the knock-out criteria that are neither met nor waived."""
        return self.check_ids.filtered(
            lambda check: (
                check.kind == "knockout"
                and not check.is_exception
                and check.result != "met"
                and not check.waived_on
            )
        )

    @api.depends("check_ids.result", "check_ids.waived_on", "score")
    def _compute_screening_summary(self):
        for application in self:
            checks = application._get_open_knockouts()
            missed = checks.filtered(lambda check: check.result == "missed")
            parts = []
            if missed:
                parts.append(self.env._("Missed: %s", ", ".join(missed.mapped("name"))))
            if checks - missed:
                parts.append(
                    self.env._(
                        "To clarify: %s", ", ".join((checks - missed).mapped("name"))
                    )
                )
            application.screening_summary = " · ".join(parts) or False

    @api.depends("shop_ids", "campaign_id.criterion_set_id")
    def _compute_best_shop_id(self):
        for application in self:
            application.best_shop_id = application._get_best_shop()

    def _get_best_shop(self):
        """Return the one shop that meets most: all criteria look at the same shop.

        Otherwise the rating of one and the reviews of another would pass together.
        """
        criteria = self.campaign_id.criterion_set_id.sudo().criterion_ids
        knockouts = criteria.filtered(lambda c: c.kind == "knockout")

        def rank(shop):
            results = [criterion._is_met(self, shop) for criterion in knockouts]
            return (
                -results.count(False),
                results.count(True),
                shop.is_verified,
                shop.rating_id.rank,
            )

        return max(self.shop_ids, key=rank, default=self.shop_ids)

    def action_screen(self):
        """Compare what applicants say with the criteria of their campaign again."""
        self.check_access("write")
        self._check_state("draft", "submitted", "waiting")
        self._screen()

    def _screen(self):
        """Bring the checks up to date; those of verified applications stay as they are.

        What a reviewer judged himself is kept.
        """
        fresh = self.filtered(lambda a: not a.verified_on and a.state != "opened")
        # Checks are written by the screening and by reviewers' buttons alone.
        Check = self.env["distributor.application.check"].sudo()
        vals_list = []
        for application in fresh:
            # Copied words are the company's: whoever triggers this may read another.
            lang = application.sudo().company_id.partner_id.lang
            application = application.with_context(lang=lang or self.env.lang)
            criteria = application.campaign_id.criterion_set_id.sudo().criterion_ids
            shop = application._get_best_shop()
            old = application.sudo().check_ids
            old.filtered(
                lambda c, criteria=criteria: c.criterion_id not in criteria
            ).unlink()
            known = {check.criterion_id: check for check in old.exists()}
            for criterion in criteria:
                vals = Check._prepare_check(application, criterion, shop)
                if criterion in known:
                    known[criterion].write(vals)
                else:
                    vals_list.append(vals)
        Check.create(vals_list)
