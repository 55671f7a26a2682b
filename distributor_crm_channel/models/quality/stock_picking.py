# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models
from odoo.exceptions import UserError


class StockPicking(models.Model):
    _inherit = "stock.picking"

    def _action_done(self):
        # EXTENDS stock: what an incident stopped leaves to nobody.
        leaving = self.filtered(lambda p: p.picking_type_code == "outgoing")
        lots = leaving.move_ids.move_line_ids.lot_id
        bad = self.env["distributor.quality.lot"]
        if lots:
            bad = bad._find_bad(lots, ("incident_id.stop_delivery", "=", True))
        if bad:
            raise UserError(
                self.env._(
                    "%(lots)s: not to be delivered because of %(incidents)s. Take other "
                    "lots.",
                    lots=", ".join(bad.lot_id.mapped("name")),
                    incidents=", ".join(bad.incident_id.mapped("display_name")),
                )
            )
        return super()._action_done()
