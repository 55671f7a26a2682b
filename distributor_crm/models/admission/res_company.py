# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    admission_link_days = fields.Integer(
        string="Applicant's Link Valid For (Days)", default=30
    )
    admission_document_count = fields.Integer(string="Files per Applicant", default=10)
    admission_document_mb = fields.Integer(string="Size of a File (MB)", default=8)
    admission_ip_limit = fields.Integer(
        string="Starts per Hour and Address",
        default=20,
        help="How many applications may be started from one internet address an hour. "
        "0: no limit.",
    )
    admission_email_limit = fields.Integer(
        string="Messages per Day and E-mail",
        default=5,
        help="How many links are mailed to one address a day. 0: no limit.",
    )
    admission_min_seconds = fields.Integer(
        string="Fastest Start (Seconds)",
        default=3,
        help="Nobody fills in the first page faster; robots do.",
    )
    admission_keep_months = fields.Integer(
        string="Keep Documents For (Months)",
        default=12,
        help="So long after a refusal or withdrawal the applicant's documents and the "
        "number of the ID document are erased. 0: never.",
    )

    _admission_bounds = models.Constraint(
        "CHECK(admission_link_days BETWEEN 1 AND 365 "
        "AND admission_document_count BETWEEN 1 AND 50 "
        "AND admission_document_mb BETWEEN 1 AND 25 AND admission_ip_limit >= 0 "
        "AND admission_email_limit >= 0 AND admission_keep_months >= 0 AND admission_min_seconds BETWEEN 0 AND 60)",
        "Applicants' links hold 1 to 365 days; 1 to 50 files of 1 to 25 MB; limits are "
        "not negative, and the fastest start takes at most a minute.",
    )
