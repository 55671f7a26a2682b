# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class DistributorAgreement(models.Model):
    """An agreement knows the application that it came from."""

    _inherit = "distributor.agreement"

    application_id = fields.Many2one(
        comodel_name="distributor.application",
        readonly=True,
        copy=False,
        index="btree_not_null",
        check_company=True,
        ondelete="set null",
    )

    def _after_signature(self):
        result = super()._after_signature()
        # The applicant signs on the portal, where he has no rights on applications.
        self.sudo().application_id._after_agreement()
        return result
