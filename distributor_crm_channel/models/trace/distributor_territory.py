# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class DistributorTerritory(models.Model):
    _inherit = "distributor.territory"

    sighting_ids = fields.One2many(
        comodel_name="distributor.code.sighting",
        inverse_name="territory_id",
        string="Code Sightings",
    )
    suspected_count = fields.Integer(
        string="Suspected Goods", compute="_compute_suspected_count"
    )

    def _compute_suspected_count(self):
        counts = dict(
            self.env["distributor.code.sighting"]._read_group(
                [("territory_id", "in", self.ids), ("state", "=", "suspected")],
                ["territory_id"],
                ["__count"],
            )
        )
        for territory in self:
            territory.suspected_count = counts.get(territory, 0)

    def action_view_sightings(self):
        """Open the codes that were seen in these territories."""
        return {
            **self.env["ir.actions.act_window"]._for_xml_id(
                "distributor_crm_channel.distributor_code_sighting_action"
            ),
            "domain": [("territory_id", "in", self.ids)],
            "context": {},
        }


class ResPartner(models.Model):
    _inherit = "res.partner"

    distributor_sighting_count = fields.Integer(
        string="Suspected Goods", compute="_compute_distributor_sighting_count"
    )

    def _compute_distributor_sighting_count(self):
        counts = dict(
            self.env["distributor.code.sighting"]._read_group(
                [
                    ("source_partner_id", "in", self.ids),
                    ("state", "in", ("suspected", "case")),
                ],
                ["source_partner_id"],
                ["__count"],
            )
        )
        for partner in self:
            partner.distributor_sighting_count = counts.get(partner, 0)

    def action_view_sightings(self):
        """Open the codes of goods that were delivered to these distributors."""
        return {
            **self.env["ir.actions.act_window"]._for_xml_id(
                "distributor_crm_channel.distributor_code_sighting_action"
            ),
            "domain": [("source_partner_id", "in", self.ids)],
            "context": {},
        }
