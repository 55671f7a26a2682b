# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, models
from odoo.fields import Domain

from odoo.addons.distributor_crm.sales_import.columns import normalise


class DistributorTargetFinder(models.AbstractModel):
    _inherit = "distributor.target.finder"

    @api.model
    def _get_scope_names(self):
        # EXTENDS distributor_crm
        names = dict.fromkeys(map(normalise, ("Territory", "区域")), "territory")
        return {**names, **super()._get_scope_names()}

    @api.model
    def _get_lookups(self):
        # EXTENDS distributor_crm
        own = ("distributor.territory", Domain.TRUE, ("name",))
        return {**super()._get_lookups(), "territory_id": own}
