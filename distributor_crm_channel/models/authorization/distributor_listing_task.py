# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class DistributorListingTask(models.Model):
    """A kit's listing task does for the listing duty of the shops it was given with
    (R169)."""

    _inherit = "distributor.listing.task"

    authorization_duty_ids = fields.One2many(
        comodel_name="distributor.authorization.duty", inverse_name="listing_task_id"
    )

    def action_verify(self):
        # EXTENDS distributor_crm: listed is listed, it is not to be proved twice.
        result = super().action_verify()
        # Duties are closed to users; who may verify was checked.
        duties = self.sudo().authorization_duty_ids.filtered(
            lambda d: d.kind == "listing" and d.state in ("open", "proved", "overdue")
        )
        duties._set(
            state="done", proved_at=fields.Datetime.now(), checked_by_id=self.env.uid
        )
        return result

    def action_cancel_right(self):
        # EXTENDS distributor_crm: who lost the right to sell holds no certificate.
        result = super().action_cancel_right()
        for task in self:
            self.env["distributor.authorization"]._withdraw_of(
                task.partner_id,
                self.env._("The products of %s were not listed.", task.kit_id.name),
                task,
                task.company_id,
            )
        return result
