# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, models

from ..growth.distributor_handover_proposal import Handed


class DistributorHandover(models.Model):
    """Relations are handed over too: they belong to the organisation (R228)."""

    _inherit = "distributor.handover"

    @api.model
    def _get_handed(self):
        # EXTENDS distributor_crm
        relations = Handed("distributor.relation", "user_id", [("active", "=", True)])
        return [*super()._get_handed(), relations]
