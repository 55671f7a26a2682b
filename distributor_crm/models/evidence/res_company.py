# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    evidence_retention_days = fields.Integer(
        string="Keep Photos (Days)",
        required=True,
        default=1095,
        help="After so many days the original of a photo is removed. What is known of it "
        "and its checksum stay.",
    )
    evidence_before_hours = fields.Integer(
        string="Photos Before (Hours)",
        required=True,
        default=12,
        help="A photo taken longer before what it proves is flagged.",
    )
    evidence_after_hours = fields.Integer(
        string="Photos After (Hours)",
        required=True,
        default=12,
        help="A photo taken longer after what it proves is flagged.",
    )
    evidence_distance = fields.Integer(
        string="Photos Within (m)",
        required=True,
        default=500,
        help="A photo taken farther from the place it proves is flagged.",
    )
    evidence_clock_minutes = fields.Integer(
        string="Clocks May Differ (Minutes)",
        required=True,
        default=15,
        help="A device whose clock differs more is flagged.",
    )

    _evidence_settings_positive = models.Constraint(
        "CHECK(evidence_retention_days > 0 AND evidence_before_hours >= 0 "
        "AND evidence_after_hours >= 0 AND evidence_distance > 0 "
        "AND evidence_clock_minutes > 0)",
        "Enter numbers above zero for what is allowed of photos.",
    )
