# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, models


class ResCompany(models.Model):
    _inherit = "res.company"

    @api.model_create_multi
    def create(self, vals_list):
        # EXTENDS base: a new company has the rules of visits from the first day.
        companies = super().create(vals_list)
        # Who may create a company need not be allowed to set up its visits.
        self.env["distributor.visit.policy"].sudo()._create_missing(companies)
        return companies
