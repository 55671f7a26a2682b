# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

# What statements and payouts were judged by: a later policy changes it, not an edit.
TERMS = {
    "company_id",
    "date_from",
    "collection_mode",
    "submit_day",
    "check_day",
    "payout_day",
}


class DistributorFeePolicy(models.Model):
    """When fees are handed in, checked and paid, and what is allowed (R084-R086, R107).

    The companies of the source differ, so each has its own, from a day on.
    """

    _name = "distributor.fee.policy"
    _description = "Fee Policy"
    _inherit = ["mail.thread"]
    _order = "date_from desc, id desc"

    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
        tracking=True,
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    date_from = fields.Date(
        string="From",
        required=True,
        default=lambda self: fields.Date.context_today(self).replace(day=1),
        tracking=True,
        help="It holds until the next one starts.",
    )
    # When fees are earned
    collection_mode = fields.Selection(
        selection=[
            ("proportional", "In proportion to what is collected"),
            ("after_full", "Once all of it is collected"),
        ],
        string="Fees Are Released",
        required=True,
        default="proportional",
        tracking=True,
    )
    new_customer_after_collection = fields.Boolean(
        string="New Customers after First Collection",
        default=True,
        tracking=True,
        help="The special fee for a new customer is paid after his first payment.",
    )
    # When
    submit_day = fields.Integer(
        string="Submit by Working Day",
        required=True,
        default=3,
        tracking=True,
        help="Of the month after. Later, a sales manager submits it with the reason.",
    )
    check_day = fields.Integer(
        string="Signed by Working Day",
        required=True,
        default=8,
        tracking=True,
        help="What is not signed by all on this day is void.",
    )
    payout_day = fields.Integer(
        string="Paid from Working Day", required=True, default=9, tracking=True
    )
    signing = fields.Selection(
        selection=[
            ("password", "Password"),
            ("drawn", "Drawn signature"),
            ("both", "Password and drawn signature"),
        ],
        string="Signed By",
        required=True,
        default="password",
        tracking=True,
        help="How whoever signs a statement or a special fee shows that it is him.",
    )
    # How it is paid
    allow_cash = fields.Boolean(
        string="Cash Allowed",
        tracking=True,
        help="Off: fees go to bank accounts only.",
    )
    allow_person = fields.Boolean(
        string="Persons Allowed",
        tracking=True,
        help="On: a person employed by a customer may be the payee, once the compliance "
        "reviewer agreed. Off: fees go to the customer as a company.",
    )
    person_year_limit = fields.Monetary(
        string="Limit per Person and Year", tracking=True
    )
    advance_limit = fields.Monetary(
        default=3000,
        tracking=True,
        help="What a representative may hold as advances at any time.",
    )
    spot_check_count = fields.Integer(
        string="Customers to Check",
        required=True,
        default=3,
        tracking=True,
        help="So many customers of each representative are asked after the payment.",
    )
    legal_basis = fields.Text(
        string="Lawful Basis",
        tracking=True,
        help="Why cash, or payments to persons, are allowed here.",
    )

    _once_a_day = models.UniqueIndex(
        "(company_id, date_from)", "A policy starts on that day already."
    )
    _days_in_order = models.Constraint(
        "CHECK(submit_day BETWEEN 1 AND check_day AND check_day <= 20"
        " AND payout_day > check_day AND payout_day <= 22)",
        "Fees are submitted first, then signed by all, then paid: the working days "
        "follow one another, up to the 22nd.",
    )
    _amounts_positive = models.Constraint(
        "CHECK(COALESCE(advance_limit, 0) >= 0 AND COALESCE(person_year_limit, 0) >= 0"
        " AND spot_check_count >= 0)",
        "Limits are 0 or more.",
    )
    _basis_for_exceptions = models.Constraint(
        "CHECK(NOT (allow_cash OR allow_person) OR COALESCE(legal_basis, '') <> '')",
        "Cash and payments to persons need a lawful basis: write it down.",
    )
    _person_has_limit = models.Constraint(
        "CHECK(NOT allow_person OR COALESCE(person_year_limit, 0) > 0)",
        "Payments to persons need a limit per person and year.",
    )

    @api.depends("company_id", "date_from")
    def _compute_display_name(self):
        for policy in self:
            policy.display_name = self.env._(
                "%(company)s, from %(day)s",
                company=policy.company_id.name,
                day=policy.date_from,
            )

    def write(self, vals):
        if not TERMS.isdisjoint(vals):
            self._check_unused()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        self._check_unused()

    def _check_unused(self):
        """Refuse to change what statements were worked out by.

        :raises UserError: says what to do instead
        """
        for policy in self:
            if policy._is_used():
                raise UserError(
                    self.env._(
                        "Statements were worked out by this policy. Create another one "
                        "that starts later instead."
                    )
                )

    def _is_used(self) -> bool:
        """Whether a statement speaks of a month that this policy ruled."""
        following = self.search(
            [
                ("company_id", "=", self.company_id.id),
                ("date_from", ">", self.date_from),
            ],
            order="date_from",
            limit=1,
        )
        domain = [
            ("company_id", "=", self.company_id.id),
            ("month", ">=", self.date_from.replace(day=1)),
        ]
        if following:
            domain.append(("month", "<=", following.date_from - timedelta(days=1)))
        # Whoever keeps the policy need not see the statements.
        return bool(
            self.env["distributor.fee.statement"].sudo().search_count(domain, limit=1)
        )
