# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models


class DistributorApplication(models.Model):
    _inherit = "distributor.application"

    def _get_reviewer_candidates(self):
        # EXTENDS distributor_crm: where a reviewer is in charge of the applicant's
        # territory, it is he who looks after the distributor afterwards (R123).
        candidates = super()._get_reviewer_candidates()
        # Who is in charge does not depend on who applies.
        territories = self.env["distributor.territory"].sudo()
        place = (self.country_id, self.state_id, self.city, "")
        covering = territories._get_covering(self.company_id, place)
        own = covering._get_managers(candidates)
        return own.with_env(self.env) or candidates
