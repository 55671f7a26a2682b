# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class DistributorCase(models.Model):
    """A complaint may be about an incident (R116)."""

    _inherit = "distributor.case"

    incident_id = fields.Many2one(
        comodel_name="distributor.quality.incident",
        string="Quality Incident",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        copy=False,
    )

    def action_report_incident(self):
        """Open the incident that a complaint is about, or a new one from what it says."""
        self.ensure_one()
        if self.incident_id:
            return self.incident_id._get_records_action()
        incident = self.env["distributor.quality.incident"].create(
            {
                "subject": self.subject,
                "description": self.description,
                "company_id": self.company_id.id,
                "reporter_id": self.partner_id.id,
            }
        )
        self.incident_id = incident
        return incident._get_records_action()


class DistributorReturn(models.Model):
    """Goods come back because of an incident."""

    _inherit = "distributor.return"

    incident_id = fields.Many2one(
        comodel_name="distributor.quality.incident",
        string="Quality Incident",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        copy=False,
    )
