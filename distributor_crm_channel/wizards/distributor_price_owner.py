# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models
from odoo.exceptions import UserError


class DistributorPriceOwner(models.TransientModel):
    """Asks whose shop it is in which prices were seen."""

    _name = "distributor.price.owner"
    _description = "Owner of an Unknown Shop"

    observation_ids = fields.Many2many(comodel_name="distributor.price.observation")
    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Distributor",
        required=True,
        domain=[("is_distributor", "=", True), ("parent_id", "=", False)],
        help="What was seen in these shops is his from now on. A shop that he did not "
        "declare opens a case.",
    )

    def action_name(self):
        """Say that the shops of these prices are this distributor's."""
        self.ensure_one()
        seen = self.observation_ids
        seen.check_access("write")
        if seen.filtered(lambda one: one.state not in ("unknown_shop", "new")):
            raise UserError(self.env._("Choose prices of unknown shops alone."))
        keys = set(filter(None, seen.mapped("shop_key")))
        same = seen | seen.search(
            [
                ("company_id", "in", seen.company_id.ids),
                ("shop_key", "in", list(keys)),
                ("state", "=", "unknown_shop"),
            ]
        )
        # He may name a distributor whose prices he does not see afterwards.
        same.sudo().write({"partner_id": self.partner_id.id})
        same.sudo().action_compare()
        return {"type": "ir.actions.act_window_close"}
