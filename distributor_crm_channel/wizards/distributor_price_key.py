# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models


class DistributorPriceKey(models.TransientModel):
    """Shows a new key of the programming interface, once."""

    _name = "distributor.price.key"
    _description = "New Key of a Source of Prices"
    _transient_max_hours = 0.2

    source_id = fields.Many2one(
        comodel_name="distributor.price.source", required=True, ondelete="cascade"
    )
    key = fields.Char(readonly=True, required=True)
    example = fields.Text(compute="_compute_example")

    @api.depends("source_id", "key")
    def _compute_example(self):
        for wizard in self:
            base = wizard.source_id.get_base_url()
            wizard.example = (
                f"curl -X POST {base}/distributor/prices/observations \\\n"
                f'  -H "Authorization: Bearer {wizard.key}" \\\n'
                '  -H "Content-Type: application/json" \\\n'
                '  -d \'{"observations": [{"reference": "1", "seen": '
                '"2026-01-31T10:00:00Z", "product": "SKU", "price": 88, '
                '"shop_url": "https://shop.example.com"}]}\''
            )

    def action_close(self):
        """Forget the key: nobody can read it again."""
        self.unlink()
        return {"type": "ir.actions.act_window_close"}
