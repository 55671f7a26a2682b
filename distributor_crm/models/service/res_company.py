# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    return_window_days = fields.Integer(
        string="Days to Return",
        default=7,
        help="So long after delivery goods go back without a reason.",
    )
    return_auto_approve = fields.Boolean(
        string="Approve Returns in Time",
        default=True,
        help="What is asked for within these days is approved at once.",
    )
    promo_max_products = fields.Integer(
        string="Products of a Campaign",
        default=5,
        help="A request for a campaign names at least one product, and no more than so "
        "many.",
    )
    gift_yearly_cap = fields.Monetary(
        string="Gifts a Year",
        default=5000,
        help="What a distributor may be given in a calendar year, at sales prices.",
    )
    gift_allow_employee = fields.Boolean(
        string="Gifts to Customers' Employees",
        help="A gift to someone who is employed by a customer may be bribery. Leave it "
        "off unless the legal basis is written down.",
    )
    gift_legal_note = fields.Text(string="Legal Basis of Such Gifts")
    after_sale_call_days = fields.Integer(
        string="Call After (Days)",
        help="So many days after an own order of a distributor was delivered, his account "
        "manager is asked to call. 0 switches it off.",
    )

    _service_limits = models.Constraint(
        "CHECK(return_window_days >= 0 AND promo_max_products > 0 "
        "AND gift_yearly_cap >= 0 AND after_sale_call_days >= 0)",
        "Days and amounts are not negative, and a campaign has at least one product.",
    )
    _gift_has_basis = models.Constraint(
        "CHECK(NOT COALESCE(gift_allow_employee, FALSE) "
        "OR COALESCE(TRIM(gift_legal_note), '') <> '')",
        "Write down on which legal basis customers' employees may receive gifts.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        # EXTENDS base: a new company has its service policies from the first day.
        companies = super().create(vals_list)
        # Who may create a company need not be allowed to set up its service.
        self.env["distributor.notice.policy"].sudo()._create_missing(companies)
        self.env["distributor.case.policy"].sudo()._create_missing(companies)
        return companies
