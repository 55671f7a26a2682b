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
                [
                    ("partner_id", "in", self.ids),
                    ("state", "in", ("in_force", "expiring")),
                ],
                ["partner_id"],
                ["__count"],
            )
        )
        for partner in self:
            partner.distributor_authorization_count = counts.get(partner, 0)

    def _get_service_place(self):
        # EXTENDS distributor_crm: territories end at cities and postal codes.
        normalize = self.env["distributor.territory.area"]._normalize
        return (*super()._get_service_place(), *normalize(self.city, self.zip))

    def _get_manager_candidates(self, company):
        # EXTENDS distributor_crm: who is in charge of the territory comes first (R123).
        managers = company._get_group_users("distributor_crm.group_account_manager")
        # Who is in charge does not depend on who opens the store.
        territories = self.env["distributor.territory"].sudo()
        place = self._get_service_place()
        own = territories._get_covering(company, place)._get_managers(managers)
        own = own.with_env(self.env).sorted("id")
        return own or super()._get_manager_candidates(company)

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
