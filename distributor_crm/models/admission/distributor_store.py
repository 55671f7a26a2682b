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

    def _get_training_policy(self):
        # EXTENDS distributor_crm: the campaign that the owner applied in decides.
        campaign = self.application_ids.campaign_id[:1]
        return campaign.training_policy or super()._get_training_policy()

    def _get_obligatory_topics(self, current):
        # EXTENDS distributor_crm
        campaign = self.application_ids.campaign_id[:1]
        return campaign.obligatory_topic_ids or super()._get_obligatory_topics(current)

    def _after_training(self):
        # EXTENDS distributor_crm: it opens by itself where the campaign says so.
        waiting = self.application_ids.filtered(lambda a: a.state == "agreement")
        application = waiting[:1]
        if application.is_signed and application.campaign_id.opens_on_signature:
            return application._after_agreement()
        return super()._after_training()

    def action_view_applications(self):
        """Open the applications that these stores were opened by."""
        return self.application_ids._get_records_action(name=self.env._("Applications"))

    def action_view_invited_applications(self):
        """Open the applications of those whom these stores invited."""
        return self.invited_application_ids._get_records_action(
            name=self.env._("Invited Applicants")
        )
