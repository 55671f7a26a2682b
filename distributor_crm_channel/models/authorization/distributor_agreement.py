# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models


class DistributorAgreement(models.Model):
    _inherit = "distributor.agreement"

    def _after_end(self):
        # EXTENDS distributor_crm: who may sell no more holds no certificate. Where an
        # agreement only ran out, the public page is silent until it is renewed.
        result = super()._after_end()
        for agreement in self.filtered(lambda a: a.state == "ended"):
            partner, company = agreement.partner_id, agreement.company_id
            if not partner._get_agreement_in_force(company):
                self.env["distributor.authorization"]._withdraw_of(
                    partner, agreement.end_reason, agreement, company
                )
        return result
