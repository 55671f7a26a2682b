# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models


class ResPartner(models.Model):
    _inherit = "res.partner"

    is_distributor = fields.Boolean(
        string="Distributor",
        tracking=True,
        help="The company sells through this partner and may pay rebates to it.",
    )
    account_manager_id = fields.Many2one(
        comodel_name="res.users",
        domain=[("share", "=", False)],
        tracking=True,
        index="btree_not_null",
        help="The person who looks after this distributor and sees its figures.",
    )
    rebate_statement_ids = fields.One2many(
        comodel_name="distributor.rebate.statement",
        inverse_name="partner_id",
    )
    rebate_statement_count = fields.Integer(compute="_compute_rebate_statement_count")

    _distributor_idx = models.Index("(id) WHERE is_distributor")
    # An index on the field itself would stay behind when the addon goes.
    _grade_idx = models.Index("(grade_id) WHERE grade_id IS NOT NULL")

    @api.depends("rebate_statement_ids")
    def _compute_rebate_statement_count(self):
        counts = dict(
            self.env["distributor.rebate.statement"]._read_group(
                [("partner_id", "in", self.ids)], ["partner_id"], ["__count"]
            )
        )
        for partner in self:
            partner.rebate_statement_count = counts.get(partner, 0)

    @api.model_create_multi
    def create(self, vals_list):
        # EXTENDS base: the default of the Distributors menu is meant for the company,
        # not for the contacts that are created with it.
        return super().create(
            [
                {"is_distributor": False, **vals} if vals.get("parent_id") else vals
                for vals in vals_list
            ]
        )

    def action_view_rebate_statements(self):
        """Open the rebate statements of these distributors."""
        return self.env["distributor.rebate.statement"]._get_list_action(
            [("partner_id", "in", self.ids)]
        )
