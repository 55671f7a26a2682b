# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class AccountMove(models.Model):
    _inherit = "account.move"

    distributor_import_id = fields.Many2one(
        comodel_name="distributor.sales.import",
        string="Sales Import",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )
    # The key is what makes an import safe to repeat: whatever is killed or run twice,
    # the database holds each order's invoice and credit note once.
    distributor_import_key = fields.Char(readonly=True, copy=False)
    distributor_import_digest = fields.Char(readonly=True, copy=False)

    _distributor_import_key_unique = models.UniqueIndex(
        "(company_id, distributor_import_key) WHERE distributor_import_key IS NOT NULL",
        "This order has been imported already.",
    )
