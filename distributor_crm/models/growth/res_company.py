# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    handover_contact_days = fields.Integer(
        string="First Contact After a Hand-over (Days)",
        required=True,
        default=5,
        help="So many days a new account manager has to get in touch.",
    )
    duplicate_score = fields.Integer(
        string="Duplicates From a Score Of",
        required=True,
        default=50,
        help="Pairs of distributors that share less are not shown.",
    )
    portfolio_cut_a = fields.Float(
        string="Class A Makes (%)",
        required=True,
        default=80,
        help="The biggest distributors who together make this part of the sales.",
    )
    portfolio_cut_b = fields.Float(
        string="Class A and B Make (%)",
        required=True,
        default=95,
        help="The rest is class C.",
    )
    portfolio_new_days = fields.Integer(
        string="New For (Days)",
        required=True,
        default=90,
        help="So long after the first purchase a distributor counts as new.",
    )
    portfolio_rhythm_days = fields.Integer(
        string="Rhythm Where Unknown (Days)",
        required=True,
        default=60,
        help="Taken for the days between two orders of who ordered less than three times.",
    )
    portfolio_risk_factor = fields.Float(
        string="At Risk After",
        required=True,
        default=1.5,
        help="So many times the own rhythm without an order.",
    )
    portfolio_sleep_factor = fields.Float(
        string="Sleeping After",
        required=True,
        default=3,
        help="So many times the own rhythm without an order.",
    )
    portfolio_lost_factor = fields.Float(
        string="Lost After",
        required=True,
        default=6,
        help="So many times the own rhythm without an order.",
    )
    portfolio_decline = fields.Float(
        string="Decline That Warns (%)",
        required=True,
        default=20,
        help="Sales this much below the year before count as a sign of churn.",
    )
    key_orders = fields.Integer(
        string="Orders of a Key Account",
        default=12,
        help="At least so many orders in 12 months. Zero asks for none.",
    )
    key_sales = fields.Monetary(
        string="Sales of a Key Account",
        default=200000,
        help="At least so much in 12 months. Zero asks for none.",
    )
    key_margin = fields.Float(
        string="Profit Rate of a Key Account (%)",
        default=0,
        help="At least so much of the sales, by the products' costs. Zero asks for none; "
        "what nobody knows does not make a key account.",
    )

    core_contact_days = fields.Integer(
        string="Contact Core Distributors Every (Days)",
        required=True,
        default=30,
        help="After so many days without a contact the account manager is reminded. Zero "
        "reminds of none.",
    )

    _core_contact_days_positive = models.Constraint(
        "CHECK(core_contact_days >= 0)", "Enter a number of days, zero for no reminder."
    )
    _handover_contact_days_positive = models.Constraint(
        "CHECK(handover_contact_days >= 0)", "Enter a number of days, zero for today."
    )
    _duplicate_score_in_scale = models.Constraint(
        "CHECK(duplicate_score BETWEEN 1 AND 100)", "A score is between 1 and 100."
    )
    _portfolio_cuts_in_order = models.Constraint(
        "CHECK(portfolio_cut_a > 0 AND portfolio_cut_a < portfolio_cut_b "
        "AND portfolio_cut_b <= 100)",
        "Class A ends below class B, both between 0 and 100 percent.",
    )
    _portfolio_factors_in_order = models.Constraint(
        "CHECK(portfolio_risk_factor >= 1 "
        "AND portfolio_risk_factor < portfolio_sleep_factor "
        "AND portfolio_sleep_factor < portfolio_lost_factor)",
        "At risk comes first, then sleeping, then lost; none before one own rhythm.",
    )
    _portfolio_days_positive = models.Constraint(
        "CHECK(portfolio_new_days >= 0 AND portfolio_rhythm_days > 0)",
        "Enter a number of days.",
    )
    _portfolio_decline_positive = models.Constraint(
        "CHECK(portfolio_decline > 0 AND portfolio_decline <= 100)",
        "A decline is between 0 and 100 percent.",
    )
    _key_not_negative = models.Constraint(
        "CHECK(key_orders >= 0 AND key_sales >= 0 AND key_margin >= 0)",
        "Enter zero for what is not asked of key accounts.",
    )
