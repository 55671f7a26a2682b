# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import Command, fields, models


class DistributorVisit(models.Model):
    """What was counted on a valid visit becomes the distributor's stock report."""

    _inherit = "distributor.visit"

    stock_report_ids = fields.One2many(
        comodel_name="distributor.stock.report", inverse_name="visit_id", readonly=True
    )

    def _note_visited(self):
        # EXTENDS distributor_crm_channel
        result = super()._note_visited()
        self.filtered(lambda visit: visit.verdict == "valid")._report_stock()
        return result

    def _report_stock(self):
        """Make the stock reports of what was counted; none where the distributor's
        stock of that day is known already."""
        # Whoever visits need not look after the distributor.
        reports = self.env["distributor.stock.report"].sudo()
        for visit in self.filtered("count_ids").sudo():
            firm = visit.customer_id.commercial_partner_id
            day = fields.Datetime.context_timestamp(visit, visit.arrived_at).date()
            if not firm.is_distributor or reports.search_count(
                [
                    ("partner_id", "=", firm.id),
                    ("company_id", "=", visit.company_id.id),
                    ("date", "=", day),
                ],
                limit=1,
            ):
                continue
            reports.create(
                {
                    "partner_id": firm.id,
                    "company_id": visit.company_id.id,
                    "date": day,
                    "visit_id": visit.id,
                    "line_ids": [
                        Command.create(
                            {
                                "product_id": line.product_id.id,
                                "quantity": line.quantity,
                            }
                        )
                        for line in visit.count_ids
                    ],
                }
            )
