# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models


class StockMoveLine(models.Model):
    _inherit = "stock.move.line"

    # Odoo has no index on lots: without one a code is looked for in all moves.
    _distributor_lot_index = models.Index(
        "(lot_id, date) WHERE lot_id IS NOT NULL AND state = 'done'"
    )


class StockLot(models.Model):
    _inherit = "stock.lot"

    # People type codes in small letters; the trigram index answers no equality.
    _distributor_name_index = models.Index("(upper(name))")
