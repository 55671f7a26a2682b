# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.fields import Domain

from .figures import SCOPE


class DistributorTarget(models.Model):
    """Targets of territories (R123)."""

    _inherit = "distributor.target"

    scope = fields.Selection(
        selection_add=[("territory", "Territory"), ("category",)],
        ondelete={"territory": "cascade"},
    )
    territory_id = fields.Many2one(
        comodel_name="distributor.territory",
        ondelete="restrict",
        index="btree_not_null",
        check_company=True,
        help="The sales to all distributors whose address lies in this territory.",
    )

    _territory_fits = models.Constraint(
        "CHECK((scope = 'territory') = (territory_id IS NOT NULL))",
        "Choose the territory that this target is for.",
    )
    _territory_once = models.UniqueIndex(
        "(territory_id, year, (state = 'approved')) "
        "WHERE state <> 'superseded' AND scope = 'territory'",
        "This territory has a target of this year already. Change that one; one that is "
        "approved gets a new version.",
    )

    @api.model
    def _get_scope_fields(self):
        # EXTENDS distributor_crm
        return {**super()._get_scope_fields(), "territory": ["territory_id"]}

    @api.model
    def _get_conditions(self):
        # EXTENDS distributor_crm
        return {**super()._get_conditions(), "territory": SCOPE}

    def _get_buyers_domain(self, path):
        # EXTENDS distributor_crm
        if self.scope != "territory":
            return super()._get_buyers_domain(path)
        return Domain(path, "in", self.territory_id._get_partners_inside().ids)
