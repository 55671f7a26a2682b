# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models


class DistributorRebateChange(models.Model):
    """A distributor whose statements must be looked at again.

    Posted, reset and paid invoices tell so by themselves; this is for the rare things
    that leave no trace on an invoice: a deleted one, an excluded line.
    """

    _name = "distributor.rebate.change"
    _description = "Rebate Change"

    partner_id = fields.Many2one(
        comodel_name="res.partner", required=True, ondelete="cascade"
    )

    _date_idx = models.Index("(create_date)")

    @api.model
    def _note(self, partners):
        """Have the statements of these distributors looked at by the next run."""
        # Whoever may change an invoice changes what it earns.
        self.sudo().create(
            [{"partner_id": partner.id} for partner in partners.commercial_partner_id]
        )

    @api.autovacuum
    def _gc(self):
        """Forget what every running program has seen."""
        seen = self.env["distributor.rebate.program"]._get_oldest_watermark()
        if seen:
            self.search([("create_date", "<", seen)], limit=10000).unlink()
