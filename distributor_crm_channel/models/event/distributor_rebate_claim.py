# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class DistributorRebateClaim(models.Model):
    _inherit = "distributor.rebate.claim"

    channel_event_id = fields.Many2one(
        comodel_name="distributor.channel.event",
        string="Sudden Event",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
    )


class DistributorRebatePriceProtection(models.TransientModel):
    _inherit = "distributor.rebate.price.protection"

    channel_event_id = fields.Many2one(comodel_name="distributor.channel.event")


class DistributorRebatePriceProtectionStock(models.TransientModel):
    _inherit = "distributor.rebate.price.protection.stock"

    def _prepare_claim_vals(self):
        # EXTENDS distributor_crm: a claim says which event it comes from.
        event = self.wizard_id.channel_event_id
        return {**super()._prepare_claim_vals(), "channel_event_id": event.id}
