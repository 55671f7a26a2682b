# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models


class DistributorStoreClose(models.TransientModel):
    """Closes stores, with the reason that their owners are told."""

    _name = "distributor.store.close"
    _description = "Close Stores"

    store_ids = fields.Many2many(
        comodel_name="distributor.store", string="Stores", required=True
    )
    child_count = fields.Integer(
        string="Number of Sub-stores", compute="_compute_child_count"
    )
    with_children = fields.Boolean(
        string="Close Their Sub-stores Too",
        help="Otherwise they go on selling, and nobody earns on what they sell above "
        "them.",
    )
    reason = fields.Text(required=True, help="Told to the owners.")

    @api.depends("store_ids")
    def _compute_child_count(self):
        for wizard in self:
            wizard.child_count = len(wizard._get_children())

    def _get_children(self):
        return self.store_ids.child_ids.filtered(lambda store: store.state != "closed")

    def action_close(self):
        """Close the stores, and tell their owners."""
        self.ensure_one()
        stores = self.store_ids.filtered(lambda store: store.state != "closed")
        if self.with_children:
            stores |= self._get_children()
        stores._close(self.reason)
        # The mail goes to the owner, whatever the closer may read of him.
        template = self.env.ref("distributor_crm.mail_template_store_closed").sudo()
        for store in stores.filtered("partner_id.email"):
            template.send_mail(
                store.id, email_layout_xmlid="mail.mail_notification_light"
            )
        return True
