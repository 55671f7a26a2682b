# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class DistributorMinutes(models.Model):
    _inherit = "distributor.minutes"

    partner_id = fields.Many2one(
        domain=[
            ("parent_id", "=", False),
            "|",
            ("is_distributor", "=", True),
            ("is_visit_agency", "=", True),
        ],
    )
    visit_meeting_id = fields.Many2one(
        comodel_name="distributor.visit.meeting",
        string="Meeting",
        index="btree_not_null",
        ondelete="set null",
        check_company=True,
    )
