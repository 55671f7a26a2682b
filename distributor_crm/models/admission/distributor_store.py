# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models


class DistributorStore(models.Model):
    """A store knows the application that it was opened by, and those it invited."""

    _inherit = "distributor.store"

    application_ids = fields.One2many(
        comodel_name="distributor.application", inverse_name="store_id"
    )
    invited_application_ids = fields.One2many(
        comodel_name="distributor.application", inverse_name="invited_by_store_id"
    )
    application_count = fields.Integer(compute="_compute_application_count")
    invited_application_count = fields.Integer(compute="_compute_application_count")

    @api.depends("application_ids", "invited_application_ids")
    def _compute_application_count(self):
        for store in self:
            store.application_count = len(store.application_ids)
            store.invited_application_count = len(store.invited_application_ids)

    def action_view_applications(self):
        """Open the applications that these stores were opened by."""
        return self.application_ids._get_records_action(name=self.env._("Applications"))

    def action_view_invited_applications(self):
        """Open the applications of those whom these stores invited."""
        return self.invited_application_ids._get_records_action(
            name=self.env._("Invited Applicants")
        )
