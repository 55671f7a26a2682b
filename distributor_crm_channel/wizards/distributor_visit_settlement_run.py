# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError


class DistributorVisitSettlementRun(models.TransientModel):
    """Computes the settlements of a month."""

    _name = "distributor.visit.settlement.run"
    _description = "Compute Visit Settlements"
    _check_company_auto = True

    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        default=lambda self: self.env.company,
    )
    month = fields.Date(
        string="A Day of the Month",
        required=True,
        default=lambda self: self._get_default_month(),
    )
    agency_ids = fields.Many2many(
        comodel_name="res.partner",
        string="Only These Agencies",
        domain=[("is_visit_agency", "=", True)],
    )

    unrated_count = fields.Integer(
        string="Visits without a Rate Card", compute="_compute_unrated_count"
    )

    @api.depends("company_id", "month")
    def _compute_unrated_count(self):
        for run in self:
            run.unrated_count = len(run._get_unrated())

    def _get_unrated(self):
        self.ensure_one()
        Settlement = self.env["distributor.visit.settlement"]
        if not (self.company_id and self.month):
            return self.env["distributor.visit"]
        return Settlement._get_unrated(self.company_id, self.month)

    def action_view_unrated(self):
        """Open the signed visits that no rate card pays for."""
        return self._get_unrated()._get_records_action(
            name=self.env._("Visits without a Rate Card")
        )

    @api.model
    def _get_default_month(self):
        today = self.env.company._get_visit_today()
        return fields.Date.subtract(today.replace(day=1), months=1)

    def action_compute(self):
        """Compute them and open the drafts.

        :raises UserError: there is nothing to settle
        """
        self.ensure_one()
        drafts = self.env["distributor.visit.settlement"]._compute_month(
            self.company_id, self.month, self.agency_ids
        )
        if not drafts:
            raise UserError(
                self.env._(
                    "Nothing is to be settled: no signed visit, penalty or recovery of "
                    "this month or before is open."
                )
            )
        return drafts._get_records_action(name=self.env._("Computed Settlements"))
