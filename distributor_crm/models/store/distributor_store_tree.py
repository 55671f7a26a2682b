# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import secrets

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError


class DistributorStore(models.Model):
    """Stores below a store, and how they are invited (R014)."""

    _inherit = "distributor.store"

    child_count = fields.Integer(
        string="Number of Sub-stores", compute="_compute_child_count"
    )
    order_count = fields.Integer(compute="_compute_orders")
    order_amount = fields.Monetary(
        string="Sold Through the Store",
        compute="_compute_orders",
        help="Confirmed orders that came through this store, without taxes.",
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    agreement_count = fields.Integer(related="partner_id.agreement_count")

    @api.depends("child_ids")
    def _compute_child_count(self):
        counts = dict(
            self._read_group(
                [("parent_id", "in", self.ids)], ["parent_id"], ["__count"]
            )
        )
        for store in self:
            store.child_count = counts.get(store, 0)

    def _compute_orders(self):
        today = fields.Date.context_today(self)
        self.order_count = self.order_amount = 0
        # Who sees the store sees what it sold, whoever took the orders.
        for store, currency, count, amount in (
            self.env["sale.order"]
            .sudo()
            ._read_group(
                [("store_id", "in", self.ids), ("state", "=", "sale")],
                ["store_id", "currency_id"],
                ["__count", "amount_untaxed:sum"],
            )
        ):
            own = self.browse(store.id)
            own.order_count += count
            own.order_amount += currency._convert(
                amount, own.currency_id, own.company_id, today
            )

    # -- constraints -----------------------------------------------------------------

    @api.constrains("parent_id", "company_id")
    def _check_parent(self):
        for store in self:
            # A sub-store's owner is not the upline's reader.
            upline = store.sudo().parent_id
            if upline and upline.company_id != store.company_id:
                raise ValidationError(
                    self.env._("A store and its upline belong to the same company.")
                )

    @api.model_create_multi
    def create(self, vals_list):
        stores = super().create(vals_list)
        for store in stores:
            if store.sudo().parent_id.state == "closed":
                raise ValidationError(
                    self.env._(
                        "%s is closed: nothing opens below it any more.",
                        store.sudo().parent_id.name,
                    )
                )
        return stores

    def write(self, vals):
        if "parent_id" in vals:
            self._check_can_move(vals["parent_id"])
        if "partner_id" in vals:
            self._check_can_change_owner(vals["partner_id"])
        return super().write(vals)

    def _check_can_move(self, parent_id):
        """Refuse another upline for stores that others rest on.

        :raises UserError: the store has sub-stores or orders
        """
        for store in self.filtered(lambda s: s.parent_id.id != (parent_id or False)):
            if store.sudo().child_ids or store._has_orders():
                raise UserError(
                    self.env._(
                        "%s has sub-stores or orders: who invited it stays.", store.name
                    )
                )

    def _check_can_change_owner(self, partner_id):
        """Refuse another owner for a store that sold something.

        :raises UserError: what it earned is the owner's
        """
        for store in self.filtered(lambda s: s.partner_id.id != partner_id):
            if store._has_orders():
                raise UserError(
                    self.env._(
                        "%s has orders, which earn for its owner. Close it, and open a "
                        "new store.",
                        store.name,
                    )
                )

    def _has_orders(self):
        # Orders of others count too.
        orders = self.env["sale.order"].sudo()
        return bool(orders.search_count([("store_id", "in", self.ids)], limit=1))

    # -- invitations -----------------------------------------------------------------

    def _can_invite(self):
        """Whether this store may invite others."""
        self.ensure_one()
        return (
            self.state == "open"
            and self.level == 1
            and not self.partner_id.has_reduced_access
        )

    @api.model
    def _from_invite(self, token):
        # EXTENDS distributor_crm: whose agreement is over invites nobody.
        return super()._from_invite(token).filtered(lambda store: store._can_invite())

    def _get_invite_url(self):
        """Return the link by which this store invites others, None if it may not.

        Called with full rights: nobody else reads the token.
        """
        self.ensure_one()
        if not self._can_invite():
            return None
        return f"{self.get_base_url()}/distributor/apply?invite={self.invite_token}"

    def action_renew_invite(self):
        """Give stores a new link of invitation; the old one stops working."""
        self.check_access("write")
        # Tokens are read and written by code alone; the right to write was checked.
        for store in self.sudo():
            store.invite_token = secrets.token_urlsafe(16)
            store._message_log(body=self.env._("The link of invitation was renewed."))
        return True

    # -- buttons ---------------------------------------------------------------------

    def action_view_children(self):
        """Open the stores below these ones."""
        return self._get_related_action(
            "distributor_crm.distributor_store_action", "parent_id"
        )

    def action_view_orders(self):
        """Open the orders that came through these stores."""
        return self._get_related_action("sale.action_orders", "store_id")

    def action_view_agreements(self):
        """Open the agreements of these stores' owners."""
        return self.partner_id.action_view_agreements()

    def _get_related_action(self, xmlid, field):
        action = self.env["ir.actions.act_window"]._for_xml_id(xmlid)
        return {**action, "domain": [(field, "in", self.ids)], "context": {}}

    def action_close(self):
        """Ask for the reason, and close these stores."""
        self.check_access("write")
        return {
            "type": "ir.actions.act_window",
            "res_model": "distributor.store.close",
            "name": self.env._("Close Stores"),
            "view_mode": "form",
            "target": "new",
            "context": {"default_store_ids": self.ids},
        }
