# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models


class ResPartner(models.Model):
    _inherit = "res.partner"

    distributor_authorization_ids = fields.One2many(
        comodel_name="distributor.authorization",
        inverse_name="partner_id",
        string="Sales Authorizations",
    )
    distributor_authorization_count = fields.Integer(
        compute="_compute_distributor_authorization_count",
        help="Authorizations in force today.",
    )

    @api.depends("distributor_authorization_ids.state")
    def _compute_distributor_authorization_count(self):
        counts = dict(
            self.env["distributor.authorization"]._read_group(
                [("partner_id", "in", self.ids), ("state", "=", "in_force")],
                ["partner_id"],
                ["__count"],
            )
        )
        for partner in self:
            partner.distributor_authorization_count = counts.get(partner, 0)

    def action_view_distributor_authorizations(self):
        """Open the authorizations of these distributors, past ones too."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "distributor_crm_channel.distributor_authorization_action"
        )
        context = {"default_partner_id": self.id} if len(self) == 1 else {}
        return {
            **action,
            "domain": [("partner_id", "in", self.ids)],
            "context": context,
        }
