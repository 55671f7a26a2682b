# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models
from odoo.tools import SQL


class DistributorViolationReport(models.Model):
    """Cases by kind, state, region and age."""

    _name = "distributor.violation.report"
    _description = "Breach Case Analysis"
    _auto = False
    _order = "reported_on desc, id desc"
    _rec_name = "violation_id"

    violation_id = fields.Many2one(
        comodel_name="distributor.violation", string="Case", readonly=True
    )
    company_id = fields.Many2one(comodel_name="res.company", readonly=True)
    currency_id = fields.Many2one(comodel_name="res.currency", readonly=True)
    policy_id = fields.Many2one(
        comodel_name="distributor.violation.policy", string="Rules", readonly=True
    )
    policy_code = fields.Char(string="Kind", readonly=True)
    band_id = fields.Many2one(comodel_name="distributor.violation.band", readonly=True)
    partner_id = fields.Many2one(
        comodel_name="res.partner", string="Accused", readonly=True
    )
    grade_id = fields.Many2one(
        comodel_name="res.partner.grade", string="Tier", readonly=True
    )
    country_id = fields.Many2one(comodel_name="res.country", readonly=True)
    state_id = fields.Many2one(
        comodel_name="res.country.state", string="Region", readonly=True
    )
    store_id = fields.Many2one(comodel_name="distributor.store", readonly=True)
    product_id = fields.Many2one(comodel_name="product.product", readonly=True)
    user_id = fields.Many2one(
        comodel_name="res.users", string="Responsible", readonly=True
    )
    state = fields.Selection(
        selection=lambda self: (
            self.env["distributor.violation"]
            ._fields["state"]
            ._description_selection(self.env)
        ),
        string="Status",
        readonly=True,
    )
    is_open = fields.Boolean(string="Open", readonly=True)
    occurred_on = fields.Date(string="Happened", readonly=True)
    reported_on = fields.Date(string="Reported", readonly=True)
    age = fields.Selection(
        selection=[
            ("1", "Up to 2 Days"),
            ("2", "Up to 7 Days"),
            ("3", "Up to 30 Days"),
            ("4", "Up to 90 Days"),
            ("5", "Older"),
        ],
        readonly=True,
        help="From the report until it ended, or until now.",
    )
    age_days = fields.Float(string="Days Open", readonly=True, aggregator="avg")
    answer_hours = fields.Float(
        string="Hours to Answer", readonly=True, aggregator="avg"
    )
    severity = fields.Float(readonly=True, aggregator="avg")
    offence_number = fields.Integer(string="Offence", readonly=True, aggregator="max")
    amount = fields.Monetary(string="Penalty", readonly=True)
    settled_amount = fields.Monetary(string="Collected", readonly=True)
    is_appealed = fields.Integer(string="Appeals", readonly=True, aggregator="sum")
    is_lifted = fields.Integer(string="Lifted", readonly=True, aggregator="sum")

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT violation.id, violation.id AS violation_id, violation.company_id,
                   violation.currency_id, violation.policy_id, violation.policy_code,
                   violation.band_id, violation.partner_id,
                   partner.grade_id,
                   partner.country_id, partner.state_id, violation.store_id,
                   violation.product_id, violation.user_id, violation.state,
                   violation.state NOT IN (
                       'confirmed', 'upheld', 'lifted', 'dismissed', 'closed') AS is_open,
                   violation.occurred_at::date AS occurred_on,
                   violation.create_date::date AS reported_on,
                   span.days AS age_days,
                   CASE WHEN span.days <= 2 THEN '1' WHEN span.days <= 7 THEN '2'
                        WHEN span.days <= 30 THEN '3' WHEN span.days <= 90 THEN '4'
                        ELSE '5' END AS age,
                   EXTRACT(EPOCH FROM violation.answered_at - violation.delivered_at)
                       / 3600 AS answer_hours,
                   violation.severity, violation.offence_number, violation.amount,
                   violation.settled_amount,
                   (violation.appealed_at IS NOT NULL)::int AS is_appealed,
                   (violation.state = 'lifted')::int AS is_lifted
              FROM distributor_violation violation
              JOIN res_partner partner ON partner.id = violation.partner_id
        CROSS JOIN LATERAL (
                   SELECT EXTRACT(EPOCH FROM COALESCE(
                       violation.ended_at, violation.confirmed_at, %s)
                       - violation.create_date) / 86400 AS days) span
            """,
            fields.Datetime.now(),
        )

    def action_open(self):
        """Open the case."""
        return self.violation_id._get_records_action()
