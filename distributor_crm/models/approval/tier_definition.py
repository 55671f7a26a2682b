# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain


class TierDefinition(models.Model):
    _inherit = "tier.definition"
    _order = "sequence, id"

    exclude_requester = fields.Boolean(
        default=True,
        help="Whoever asks for the approval, or whom the document pays, does not give "
        "it himself, nor does anybody in his place.",
    )
    allow_repeat = fields.Boolean(
        string="Several Signatures of One Person",
        help="Somebody who signed another step of the same document may sign this one "
        "too. Off, each step takes another person.",
    )
    escalation_days = fields.Integer(
        string="Escalate After (Days)",
        help="A signature that is missing for so many days is asked of the persons "
        "below too. 0: never.",
    )
    escalation_user_id = fields.Many2one(
        comodel_name="res.users", string="Escalate To", ondelete="restrict"
    )
    escalation_group_id = fields.Many2one(
        comodel_name="res.groups", string="Escalate To Group", ondelete="restrict"
    )

    _escalation_days_positive = models.Constraint(
        "CHECK(escalation_days >= 0)", "Escalate after a positive number of days."
    )
    _escalation_target = models.Constraint(
        "CHECK(escalation_days = 0 OR escalation_user_id IS NOT NULL "
        "OR escalation_group_id IS NOT NULL)",
        "Say whom to escalate to.",
    )

    @api.model
    def _get_tier_validation_model_names(self):
        return [
            *super()._get_tier_validation_model_names(),
            "distributor.rebate.statement",
        ]

    def _check_access(self, operation):
        # EXTENDS base: OCA lets portal and public users read who approves what.
        if not self.env.su and not self.env.user._is_internal():
            return self, lambda: AccessError(self.env._("Approval steps are internal."))
        return super()._check_access(operation)

    def write(self, vals):
        result = super().write(vals)
        if "model_id" in vals:
            # The rules look at records before they change: a step one may keep does
            # not become one for other documents.
            self.check_access("write")
        return result

    @api.model
    def _get_steps_of(self, model, company):
        """Return the active steps for documents of a model and company, in order."""
        return (
            self.with_context(active_test=True)
            .sudo()  # who asks for an approval need not see the steps
            .search(
                Domain("model", "=", model)
                & Domain("company_id", "in", [False, *company.ids])
            )
        )

    def _get_review_needing_reminder(self):
        # REPLACES base_tier_validation, which reminds of steps whose turn has not
        # come, and counts from the request.
        self.ensure_one()
        late = fields.Datetime.subtract(
            fields.Datetime.now(), days=self.notify_reminder_delay
        )
        return self.env["tier.review"].search(
            Domain("definition_id", "=", self.id)
            & Domain("status", "=", "pending")
            & Domain("pending_since", "<", late)
            & (
                Domain("last_reminder_date", "=", False)
                | Domain("last_reminder_date", "<", late)
            )
        )
