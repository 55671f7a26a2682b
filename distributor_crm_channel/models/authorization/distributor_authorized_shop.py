# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models
from odoo.exceptions import AccessError

from .distributor_authorization import IN_FORCE


class DistributorAuthorizedShop(models.AbstractModel):
    """What declared shops and our own stores share: their authorizations (R180)."""

    _name = "distributor.authorized.shop"
    _description = "Authorized Shop"

    authorization_count = fields.Integer(compute="_compute_authorization_count")
    is_authorized = fields.Boolean(
        compute="_compute_authorization_count",
        help="An authorization of this shop is in force today.",
    )

    def _compute_authorization_count(self):
        # Whether a shop may sell is no secret to who sees the shop.
        found = self.authorization_ids.sudo().grouped(self._authorization_field)
        for shop in self:
            records = found.get(shop.sudo(), self.env["distributor.authorization"])
            shop.authorization_count = len(records)
            shop.is_authorized = any(r.state in IN_FORCE for r in records)

    def action_view_authorizations(self):
        """Open the authorizations of these shops, past ones too."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "distributor_crm_channel.distributor_authorization_action"
        )
        name = self._authorization_field
        context = {f"default_{name}": self.id} if len(self) == 1 else {}
        return {**action, "domain": [(name, "in", self.ids)], "context": context}

    def action_request_authorization(self):
        """Prepare an authorization of each shop for a sales manager to grant.

        Where one is prepared or in force already, it is opened instead.
        """
        self.check_access("read")
        if not self.env.user.has_group("distributor_crm.group_account_manager"):
            raise AccessError(
                self.env._("Only account managers ask for authorizations.")
            )
        name = self._authorization_field
        # Administrators alone create; who may ask was checked.
        standing = self.sudo().authorization_ids.filtered(
            lambda r: r.state in ("draft", "upcoming", *IN_FORCE)
        )
        missing = self.sudo() - standing[name]
        created = standing.create([{name: shop.id} for shop in missing])
        records = (standing + created).with_env(self.env)
        return records._get_records_action(name=self.env._("Authorizations"))
