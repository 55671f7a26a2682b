# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models


class MailActivity(models.Model):
    _inherit = "mail.activity"

    def _action_done(self, feedback=False, attachment_ids=None):
        # EXTENDS mail: a store may open with the last topic that was open.
        topics = self.filtered(
            lambda activity: (
                activity.res_model == "distributor.store"
                and activity.activity_type_id.is_distributor_onboarding
            )
        )
        store_ids = topics.mapped("res_id")
        result = super()._action_done(feedback, attachment_ids)
        if store_ids:
            # Who did a topic need not hold rights on the store.
            self.env["distributor.store"].sudo().browse(store_ids)._follow_training()
        return result
