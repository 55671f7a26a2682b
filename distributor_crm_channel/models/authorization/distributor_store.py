# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models
from odoo.exceptions import UserError


class DistributorStore(models.Model):
    _name = "distributor.store"
    _inherit = ["distributor.store", "distributor.authorized.shop"]

    _authorization_field = "store_id"

    authorization_ids = fields.One2many(
        comodel_name="distributor.authorization", inverse_name="store_id"
    )

    def write(self, vals):
        if "partner_id" in vals:
            # Whether the store is authorized does not depend on who hands it over.
            for store in self.sudo():
                held = store.authorization_ids.filtered(
                    lambda r: r.decision == "granted" and r.state != "expired"
                )
                if held and store.partner_id.id != vals["partner_id"]:
                    raise UserError(
                        self.env._(
                            "%(store)s is authorized for %(partner)s, and an "
                            "authorization cannot be transferred. Withdraw %(number)s "
                            "first.",
                            store=store.name,
                            partner=store.partner_id.name,
                            number=held[0].name or held[0].display_name,
                        )
                    )
        return super().write(vals)

    def _after_closing(self):
        # EXTENDS distributor_crm: a closed store sells nothing.
        result = super()._after_closing()
        # Who may close was checked; what follows is the company's doing.
        for store in self.sudo():
            store.authorization_ids._withdraw(
                store.close_reason or self.env._("The store is closed."), store
            )
        return result
