# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from odoo import api, fields, models


class DistributorListingPolicy(models.Model):
    """How long distributors have to list new products, and when they are reminded
    (R169)."""

    _name = "distributor.listing.policy"
    _description = "Listing Deadline"
    _rec_name = "company_id"
    _check_company_auto = True

    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    start = fields.Selection(
        selection=[
            ("published", "The kit is published"),
            ("downloaded", "The distributor downloads the kit"),
        ],
        string="Starts When",
        required=True,
        default="downloaded",
    )
    days = fields.Integer(string="Listed Within (Days)", required=True, default=5)
    day_kind = fields.Selection(
        selection=[("natural", "Natural Days"), ("working", "Working Days")],
        string="Days Are",
        required=True,
        default="natural",
    )
    calendar_id = fields.Many2one(
        comodel_name="resource.calendar",
        string="Working Days",
        check_company=True,
        help="Left empty: the company's own working days.",
    )
    first_reminder = fields.Integer(string="Remind on Day", required=True, default=3)
    second_reminder = fields.Integer(string="Again on Day", required=True, default=4)
    active = fields.Boolean(default=True)

    _days_in_order = models.Constraint(
        "CHECK(0 < first_reminder AND first_reminder < second_reminder "
        "AND second_reminder < days)",
        "The first reminder comes before the second, and both before the last day.",
    )
    _once = models.UniqueIndex(
        "(company_id) WHERE active", "A company has one deadline for listings."
    )

    @api.model
    def _find(self, company, start=None):
        """Return the policy in force, with full rights: it binds all distributors."""
        domain = [("company_id", "=", company.id)]
        if start:
            domain.append(("start", "=", start))
        return self.sudo().search(domain, limit=1)

    def _add_days(self, day, number):
        """Return the day so many days after another, by the policy's count."""
        if self.day_kind == "natural":
            return day + timedelta(days=number)
        calendar = self.calendar_id or self.company_id.resource_calendar_id
        start = fields.Datetime.to_datetime(day + timedelta(days=1))
        end = calendar.plan_days(number, start, compute_leaves=True)
        return end.date() if end else day + timedelta(days=number)
