# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...guard import without_closed


class DistributorPromotionParticipant(models.Model):
    """A distributor takes part in a topic activity (R032)."""

    _name = "distributor.promotion.participant"
    _description = "Participant of a Topic Activity"
    _order = "id desc"
    _rec_name = "partner_id"
    _check_company_auto = True

    promotion_id = fields.Many2one(
        comodel_name="distributor.promotion",
        string="Activity",
        required=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        related="promotion_id.company_id", store=True, precompute=True
    )
    date_from = fields.Date(related="promotion_id.date_from", store=True)
    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Distributor",
        required=True,
        index=True,
        ondelete="cascade",
        domain=[("is_distributor", "=", True), ("parent_id", "=", False)],
        check_company=True,
    )
    has_taken_part = fields.Boolean(string="Took Part", readonly=True)
    confirmed_by_id = fields.Many2one(comodel_name="res.users", readonly=True)

    _once = models.UniqueIndex(
        "(promotion_id, partner_id)", "A distributor registers once."
    )

    @api.constrains("promotion_id", "partner_id")
    def _check_taking_part(self):
        for participant in self:
            if participant.promotion_id.kind != "topic":
                raise ValidationError(
                    self.env._("Distributors register for topic activities alone.")
                )
            partner = participant.partner_id
            is_main = partner == partner.commercial_partner_id
            if not (partner.is_distributor and is_main):
                raise ValidationError(
                    self.env._(
                        "%s is no distributor. Choose the distributor itself, not one "
                        "of its contacts.",
                        partner.display_name,
                    )
                )

    @api.model
    def _get_closed_names(self):
        return {"has_taken_part", "confirmed_by_id"}

    @api.model_create_multi
    def create(self, vals_list):
        self, vals_list = without_closed(self, vals_list, self._get_closed_names())
        return super().create(vals_list)

    def write(self, vals):
        if self._get_closed_names() & vals.keys() and not self.env.su:
            raise UserError(self.env._("Who took part is confirmed with the button."))
        return super().write(vals)

    def action_confirm(self):
        """Note that these took part."""
        self.check_access("write")
        # Closed to users; the right to write was checked.
        self.sudo().write({"has_taken_part": True, "confirmed_by_id": self.env.uid})
        return True
