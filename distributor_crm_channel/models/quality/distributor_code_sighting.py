# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, models


class DistributorCodeSighting(models.Model):
    _inherit = "distributor.code.sighting"

    @api.model
    def _verify(self, company, text):
        # EXTENDS distributor_crm_channel: who holds a recalled bottle should know it.
        answer, code = super()._verify(company, text)
        if answer == "genuine":
            lots = self._find_lots(company, [code])[code]
            bad = self.env["distributor.quality.lot"]
            if bad._find_bad(lots, ("incident_id.state", "=", "recalling")):
                return "recalled", code
        return answer, code
