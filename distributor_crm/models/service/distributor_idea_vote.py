# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError


class DistributorIdeaVote(models.Model):
    """One distributor likes one idea of another (R215)."""

    _name = "distributor.idea.vote"
    _description = "Vote for a Product Idea"
    _order = "id desc"
    _rec_name = "partner_id"
    _check_company_auto = True

    idea_id = fields.Many2one(
        comodel_name="distributor.idea",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        related="idea_id.company_id", store=True, precompute=True
    )
    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Distributor",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
        check_company=True,
    )

    _once = models.UniqueIndex(
        "(idea_id, partner_id)", "A distributor votes once for an idea."
    )

    @api.constrains("idea_id", "partner_id")
    def _check_partner(self):
        for vote in self:
            if vote.partner_id == vote.idea_id.partner_id:
                raise ValidationError(
                    self.env._("This is your own idea. Others vote for it.")
                )
