# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import Command, models
from odoo.exceptions import AccessError


class CommentWizard(models.TransientModel):
    _inherit = "comment.wizard"

    def add_comment(self):
        # EXTENDS base_tier_validation, which trusts the client with the reviews.
        self.ensure_one()
        if not self.env["tier.review"]._has_resource_model(self.res_model):
            raise AccessError(self.env._("This is no document with an approval."))
        document = self.env[self.res_model].browse(self.res_id)
        document._check_turn()
        wizard = self.sudo()
        wizard.review_ids = [Command.set(document.sudo()._get_turn().ids)]
        return super(CommentWizard, wizard).add_comment()
