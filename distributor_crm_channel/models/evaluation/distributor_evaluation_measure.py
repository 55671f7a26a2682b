# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from decimal import Decimal

from odoo import models

# A case that stands or is still open counts; one that was dismissed or lifted does not.
LET_GO = ("dismissed", "lifted")


class DistributorEvaluationMeasure(models.AbstractModel):
    """What visits and cases tell of a distributor, for his scorecard."""

    _inherit = "distributor.evaluation.measure"

    def _get_visits(self, company, partners, period):
        # EXTENDS distributor_crm: zero is known where nobody came.
        rows = self._read_visits(company, partners, period, ("care", "check"))
        found = {partner.id: Decimal(count) for partner, count, _lines in rows}
        return {**dict.fromkeys(partners.ids, Decimal(0)), **found}

    def _get_display_checks(self, company, partners, period):
        # EXTENDS distributor_crm: the share of what was looked at that stood well.
        result = {}
        for partner, _count, lines in self._read_visits(
            company, partners, period, ("check",)
        ):
            if lines:
                well = len(lines.filtered("is_displayed"))
                result[partner.id] = Decimal(100 * well) / len(lines)
        return result

    def _read_visits(self, company, partners, period, kinds):
        """Return distributor, number of valid visits and what was counted on them."""
        first, after = self._moments(company, period)
        visits = self.env["distributor.visit"].search(
            [
                ("company_id", "=", company.id),
                ("kind", "in", kinds),
                ("verdict", "=", "valid"),
                ("arrived_at", ">=", first),
                ("arrived_at", "<", after),
                ("customer_id", "child_of", partners.ids),
            ]
        )
        by_firm = visits.grouped(lambda visit: visit.customer_id.commercial_partner_id)
        return [(firm, len(found), found.count_ids) for firm, found in by_firm.items()]

    def _measure_discipline(self, company, partners, period):
        # EXTENDS distributor_crm
        first, after = self._moments(company, period)
        return self._count(
            "distributor.violation",
            partners,
            [
                ("company_id", "=", company.id),
                ("state", "not in", LET_GO),
                ("occurred_at", ">=", first),
                ("occurred_at", "<", after),
            ],
        )
