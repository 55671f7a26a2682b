# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models
from odoo.exceptions import UserError


class DistributorPortfolioPlan(models.TransientModel):
    """Lists that lead to an action: a call, a visit or an offer for many (A03)."""

    _name = "distributor.portfolio.plan"
    _description = "Plan Tasks for Distributors"

    portfolio_ids = fields.Many2many(
        comodel_name="distributor.portfolio", string="Distributors", required=True
    )
    kind = fields.Selection(
        selection=[("call", "Call"), ("visit", "Visit"), ("offer", "Offer")],
        string="Task",
        required=True,
        default="call",
    )
    date_deadline = fields.Date(
        string="Until", required=True, default=fields.Date.context_today
    )
    summary = fields.Char()
    assigned_to = fields.Selection(
        selection=[
            ("manager", "Account manager of each"),
            ("seller", "Salesperson of each"),
            ("me", "Me"),
        ],
        required=True,
        default="manager",
    )

    def action_plan(self):
        """Schedule the task for each distributor, with the signs of churn in its note.

        Who has nobody for it gets the user himself.

        :raises UserError: the day is over, or no distributor was chosen
        """
        self.ensure_one()
        rows = self.portfolio_ids
        if not rows:
            raise UserError(self.env._("Choose distributors in the list first."))
        if self.date_deadline < fields.Date.context_today(self):
            raise UserError(self.env._("Choose a day that is not over."))
        rows.check_access("read")
        kind = self.env.ref(
            {
                "call": "mail.mail_activity_data_call",
                "visit": "distributor_crm.activity_type_growth_visit",
                "offer": "distributor_crm.activity_type_growth_offer",
            }[self.kind]
        )
        model = self.env["ir.model"]._get("res.partner")
        me = self.env.user
        who = {
            "manager": lambda row: row.account_manager_id,
            "seller": lambda row: row.user_id,
            "me": lambda row: me,
        }[self.assigned_to]
        self.env["mail.activity"].with_context(mail_activity_quick_update=True).create(
            [
                {
                    "activity_type_id": kind.id,
                    "summary": self.summary or kind.name,
                    "note": row.churn_reasons,
                    "date_deadline": self.date_deadline,
                    "user_id": (who(row).filtered("active") or me).id,
                    "res_model_id": model.id,
                    "res_id": row.partner_id.id,
                }
                for row in rows
            ]
        )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._("%s tasks were planned.", len(rows)),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }
