# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError


class DistributorGift(models.Model):
    """A gift may reward a product idea; each idea once (R215)."""

    _inherit = "distributor.gift"

    idea_id = fields.Many2one(
        comodel_name="distributor.idea",
        string="Product Idea",
        index="btree_not_null",
        copy=False,
        ondelete="restrict",
        domain="[('partner_id', '=', partner_id), ('state', 'in', ('adopted', 'launched'))]",
        check_company=True,
    )

    _idea_once = models.UniqueIndex(
        "(idea_id) WHERE idea_id IS NOT NULL AND state <> 'refused'",
        "This idea has a reward already.",
    )

    @api.constrains("idea_id", "partner_id")
    def _check_idea(self):
        for gift in self.filtered("idea_id"):
            idea = gift.idea_id.sudo()  # the rule holds whoever looks
            is_his = idea.partner_id == gift.partner_id
            if not is_his or idea.state not in ("adopted", "launched"):
                raise ValidationError(
                    self.env._("Reward an idea of this distributor that was adopted.")
                )

    def write(self, vals):
        if not self.env.su and "idea_id" in vals:
            self._check_state("draft")
        return super().write(vals)
