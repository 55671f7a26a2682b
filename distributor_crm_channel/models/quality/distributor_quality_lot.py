# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError

from .distributor_quality_incident import OPEN


class DistributorQualityLot(models.Model):
    """A lot that an incident is about."""

    _name = "distributor.quality.lot"
    _description = "Lot of a Quality Incident"
    _rec_name = "lot_id"

    incident_id = fields.Many2one(
        comodel_name="distributor.quality.incident",
        required=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        related="incident_id.company_id", store=True, precompute=True, index=True
    )
    lot_id = fields.Many2one(
        comodel_name="stock.lot",
        string="Lot/Serial",
        required=True,
        index=True,
        ondelete="restrict",
    )
    product_id = fields.Many2one(
        related="lot_id.product_id", store=True, precompute=True, index=True
    )
    produced = fields.Float(
        string="Quantity",
        digits="Product Unit",
        help="How much of the lot is affected, where not all of it is.",
    )
    on_hand = fields.Float(compute="_compute_on_hand", digits="Product Unit")
    note = fields.Char()

    _once = models.UniqueIndex("(incident_id, lot_id)", "Enter each lot once.")

    def _compute_on_hand(self):
        quants = self.env["stock.quant"].sudo()  # a sum, for whoever handles it
        sums = dict(
            quants._read_group(
                [
                    ("lot_id", "in", self.lot_id.ids),
                    ("location_id.usage", "in", ("internal", "transit")),
                    ("company_id", "in", self.company_id.ids),
                ],
                ["lot_id"],
                ["quantity:sum"],
            )
        )
        for line in self:
            line.on_hand = sums.get(line.lot_id, 0)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_recalled(self):
        if any(line.incident_id.state == "recalling" for line in self):
            raise UserError(
                self.env._("These lots are being recalled. Close the incident instead.")
            )

    @api.model
    def _find_bad(self, lots, *domain):
        """Return what stands against lots, whoever asks."""
        lines = self.sudo()
        return lines.search(
            [
                ("lot_id", "in", lots.ids),
                ("incident_id.state", "in", OPEN),
                *domain,
            ]
        )
