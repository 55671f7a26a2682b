# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError


class DistributorVisitDuty(models.Model):
    """What agencies answer for: posts that are manned, customers that are real, targets
    that are reached; and what it costs them if not (R057–R063, R072).

    The amounts are charged to the agency. What is taken from a person's wage is a
    matter between that person and the agency: here it is a proposal only.
    """

    _name = "distributor.visit.duty"
    _description = "Attendance and Quality Rules"
    _inherit = ["distributor.visit.version", "mail.thread"]

    clause = fields.Char(
        string="Clause of the Agreement",
        help="Where the contract or its supplementary agreement says so; it stands in "
        "every notice.",
    )
    legal_note = fields.Text(
        string="Legal Basis",
        default=lambda self: self.env._(
            "Amounts are set against what the company owes the agency. Deductions from a "
            "person's wage are proposals to the employer, who decides by labour law."
        ),
    )
    shortfall_windows = fields.Integer(
        string="Windows Short in a Row",
        default=2,
        required=True,
        tracking=True,
        help="So many windows of the target in a row below it make a case; each further "
        "so many make another.",
    )
    shortfall_amount = fields.Monetary(string="Shortfall Penalty", tracking=True)
    late_minutes = fields.Integer(
        string="Grace (Minutes)",
        default=15,
        required=True,
        help="A post is manned late, not empty, if the person comes within this time.",
    )
    empty_amount = fields.Monetary(
        string="First Empty Post",
        default=30,
        tracking=True,
        help="With a warning. From the second on it is a day's wage of the rate card.",
    )
    empty_period = fields.Selection(
        selection=[
            ("month", "in a month"),
            ("quarter", "in a quarter"),
            ("year", "in a year"),
            ("ever", "ever"),
        ],
        string="First Means",
        default="month",
        required=True,
        tracking=True,
    )
    empty_scope = fields.Selection(
        selection=[("agent", "of the person"), ("agency", "of the agency")],
        string="Counted By",
        default="agent",
        required=True,
        tracking=True,
    )
    false_amount = fields.Monetary(
        string="False Customer",
        default=200,
        tracking=True,
        help="A case, on the agency.",
    )
    external_min = fields.Monetary(
        string="External: At Least",
        default=100,
        tracking=True,
        help="For water customers, false customers and collusion of external sellers, a "
        "group; whoever decides chooses within the range and says why.",
    )
    external_max = fields.Monetary(
        string="External: At Most", default=200, tracking=True
    )
    bar_months = fields.Integer(
        string="Review After (Months)",
        default=12,
        required=True,
        help="Whoever is expelled is barred at all agencies until somebody looks at it "
        "again on this day.",
    )
    needs_certificate = fields.Boolean(
        string="Only Trained Agents",
        help="Only agents with a valid training certificate are put on rosters.",
    )

    _numbers_positive = models.Constraint(
        "CHECK(shortfall_windows > 0 AND late_minutes >= 0 AND bar_months > 0 "
        "AND COALESCE(shortfall_amount, 0) >= 0 AND COALESCE(empty_amount, 0) >= 0 "
        "AND COALESCE(false_amount, 0) >= 0)",
        "Windows and months are above zero, amounts are not below.",
    )
    _range_in_order = models.Constraint(
        "CHECK(COALESCE(external_min, 0) >= 0 "
        "AND COALESCE(external_max, 0) >= COALESCE(external_min, 0))",
        "The range goes from a lower to a higher amount.",
    )
    _one_a_day = models.UniqueIndex(
        "(company_id, COALESCE(agency_id, 0), date_from) WHERE active",
        "There are rules from this day already.",
    )

    @api.model
    def _get_default_name(self):
        # EXTENDS distributor.visit.version
        return self.env._("Attendance and quality")

    def _get_used_ids(self):
        # EXTENDS distributor.visit.version
        models_ = (
            "distributor.visit.shortfall",
            "distributor.visit.spot.line",
            "distributor.visit.falsehood",
        )
        # Whether rules were used is no secret of who may read the cases.
        return {
            duty.id
            for name in models_
            for (duty,) in self.env[name]
            .sudo()
            ._read_group([("duty_id", "in", self.ids)], ["duty_id"])
        }

    @api.model
    def _get_duty(self, company, agency, day):
        """Return the rules of an agency on a day.

        :raises UserError: there are none
        """
        duty = self._find_version(company, agency, day)
        if not duty:
            raise UserError(
                self.env._(
                    "%(company)s has no attendance and quality rules on %(day)s. Add "
                    "them in the configuration first.",
                    company=company.name,
                    day=day,
                )
            )
        return duty

    def _get_empty_since(self, day):
        """Return the day from which empty posts are counted, None for ever."""
        self.ensure_one()
        if self.empty_period == "ever":
            return None
        start = day.replace(day=1)
        if self.empty_period == "quarter":
            start -= relativedelta(months=(day.month - 1) % 3)
        return start.replace(month=1) if self.empty_period == "year" else start
