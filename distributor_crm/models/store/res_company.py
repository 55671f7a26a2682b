# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import date

import pytz

from odoo import fields, models

from odoo.addons.base.models.res_partner import _tz_get

from .distributor_store_training import TRAINING


class ResCompany(models.Model):
    _inherit = "res.company"

    store_agreement_policy = fields.Selection(
        selection=[
            ("made", "Where an agreement was made"),
            ("always", "Always"),
            ("never", "Never"),
        ],
        string="Agreement Before Opening",
        required=True,
        default="made",
        help="When a store needs an agreement in force to open. Where an agreement was "
        "made: of everybody admitted by application, and of whom one was prepared for.",
    )
    store_training_policy = fields.Selection(
        selection=TRAINING,
        string="Training Before Opening",
        required=True,
        default="warn",
        help="Whether a store opens before its owner has learned the obligatory topics. "
        "Campaigns decide for the stores of their applicants.",
    )
    store_onboarding_plan_id = fields.Many2one(
        comodel_name="mail.activity.plan",
        string="Onboarding Plan",
        domain=[("res_model", "=", "distributor.store")],
        check_company=True,
        help="What a new store is trained in. Empty for the plan that came with the "
        "application.",
    )
    agreement_tz = fields.Selection(
        selection=_tz_get,
        string="Agreement Time Zone",
        help="Whose midnight counts in new agreements. Empty for that of the company's "
        "working hours.",
    )
    agreement_reminder_days = fields.Integer(
        string="Remind of Signature After (Days)",
        required=True,
        default=3,
        help="So long after an agreement was sent the distributor is asked again to sign. "
        "Zero sends no reminder.",
    )
    agreement_last_call_days = fields.Integer(
        string="Last Reminder Before the End (Days)",
        required=True,
        default=2,
        help="So long before the time to sign is over. Zero sends no reminder.",
    )
    agreement_settlement_user_id = fields.Many2one(
        comodel_name="res.users",
        string="Settles Ended Agreements",
        domain=[("share", "=", False)],
        help="Is asked to settle the earnings when an agreement was ended. Empty for "
        "the first user of Distributor Finance.",
    )

    _agreement_reminders_not_negative = models.Constraint(
        "CHECK(agreement_reminder_days >= 0 AND agreement_last_call_days >= 0)",
        "Enter a number of days, zero for no reminder.",
    )

    def _get_agreement_tz(self):
        """Return the name of the time zone in which the company counts its days."""
        self.ensure_one()
        return (
            self.agreement_tz
            or self.resource_calendar_id.tz
            or self.partner_id.tz
            or "UTC"
        )

    def _get_agreement_today(self) -> date:
        """Return today's date where the company counts its days."""
        now = pytz.utc.localize(fields.Datetime.now())
        return now.astimezone(pytz.timezone(self._get_agreement_tz())).date()

    def _get_settlement_user(self):
        """Return who settles ended agreements; empty where nobody does finance."""
        self.ensure_one()
        if self.agreement_settlement_user_id:
            return self.agreement_settlement_user_id
        return self._get_group_users("distributor_crm.group_finance")[:1]

    def _get_store_user(self, partner):
        """Return who is asked when something is to be done for a distributor.

        :param partner: his account manager, or else the first sales manager; who acts
            may be a visitor who signs an agreement
        """
        self.ensure_one()
        manager = partner.account_manager_id
        if manager:
            return manager
        managers = self._get_group_users("distributor_crm.group_sales_manager")
        return managers[:1] or self.env.ref("base.user_admin")

    def _get_group_users(self, group):
        """Return the employees of a group who work in this company, oldest first.

        :param group: XML id; who has it by a group above it counts too
        """
        self.ensure_one()
        # Who has a role is no secret, and the caller may not read users.
        users = self.env["res.users"].sudo()
        return users.search(
            [
                ("all_group_ids", "in", self.env.ref(group).id),
                ("company_ids", "in", self.id),
                ("share", "=", False),
                ("id", "not in", [self.env.ref("base.user_root").id]),
            ],
            order="id",
        )

    def _get_onboarding_plan(self):
        """Return the plan for new stores; empty where it was archived."""
        self.ensure_one()
        plan = self.store_onboarding_plan_id or self.env.ref(
            "distributor_crm.onboarding_plan", raise_if_not_found=False
        )
        return plan.filtered("active") if plan else self.env["mail.activity.plan"]
