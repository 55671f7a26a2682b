# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class DistributorPartnerBlacklist(models.TransientModel):
    """The act of putting partners on the blacklist of distributors."""

    _name = "distributor.partner.blacklist"
    _description = "Blacklist Distributors"

    partner_ids = fields.Many2many(comodel_name="res.partner", required=True)
    reason = fields.Text(required=True)
    legal_basis = fields.Text(
        required=True,
        help="The clause of the agreement or the law that the entry rests on, and how "
        "the person was told.",
    )

    def action_confirm(self):
        """Put the partners on the blacklist."""
        self.ensure_one()
        self.partner_ids._blacklist_distributor(self.reason, self.legal_basis)
        return {"type": "ir.actions.act_window_close"}
