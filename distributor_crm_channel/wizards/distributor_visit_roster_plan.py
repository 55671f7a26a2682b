# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
LONGEST = 92


class DistributorVisitRosterPlan(models.TransientModel):
    """Plans the same shifts for several days at once."""

    _name = "distributor.visit.roster.plan"
    _description = "Plan Shifts"
    _check_company_auto = True

    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        default=lambda self: self.env.company,
    )
    post_id = fields.Many2one(
        comodel_name="distributor.visit.post", required=True, check_company=True
    )
    agent_ids = fields.Many2many(
        comodel_name="res.partner",
        string="People",
        required=True,
        domain="[('is_company', '=', False)]",
    )
    date_from = fields.Date(
        string="From", required=True, default=lambda self: self._get_next_monday()
    )
    date_to = fields.Date(
        string="Until",
        required=True,
        default=lambda self: self._get_next_monday() + timedelta(days=6),
    )
    hour_from = fields.Float(string="Begins", default=9, required=True)
    hour_to = fields.Float(string="Ends", default=18, required=True)
    monday = fields.Boolean(default=True)
    tuesday = fields.Boolean(default=True)
    wednesday = fields.Boolean(default=True)
    thursday = fields.Boolean(default=True)
    friday = fields.Boolean(default=True)
    saturday = fields.Boolean(default=True)
    sunday = fields.Boolean(default=True)

    @api.model
    def _get_next_monday(self):
        today = fields.Date.context_today(self)
        return today + timedelta(days=7 - today.weekday())

    def _get_days(self):
        """Return the days that are meant.

        :raises UserError: none, or too many
        """
        length = (self.date_to - self.date_from).days + 1
        if not 0 < length <= LONGEST:
            raise UserError(
                self.env._("Plan at least one day, and at most three months at once.")
            )
        days = (self.date_from + timedelta(days=step) for step in range(length))
        found = [day for day in days if self[DAYS[day.weekday()]]]
        if not found:
            raise UserError(
                self.env._("None of the chosen weekdays is among the days.")
            )
        return found

    def action_plan(self):
        """Create the shifts; people who have one at that time already keep it."""
        self.ensure_one()
        days = self._get_days()
        Roster = self.env["distributor.visit.roster"]
        Roster._check_planner()
        taken = {
            (shift.agent_id.id, shift.date)
            for shift in Roster.search(
                [
                    ("agent_id", "in", self.agent_ids.ids),
                    ("date", "in", days),
                    ("hour_from", "<", self.hour_to),
                    ("hour_to", ">", self.hour_from),
                ]
            )
        }
        shifts = Roster.create(
            [
                {
                    "post_id": self.post_id.id,
                    "agent_id": agent.id,
                    "date": day,
                    "hour_from": self.hour_from,
                    "hour_to": self.hour_to,
                }
                for agent in self.agent_ids
                for day in days
                if (agent.id, day) not in taken
            ]
        )
        if not shifts:
            raise UserError(
                self.env._("All of them have shifts on these days already.")
            )
        return shifts._get_records_action(name=self.env._("Planned Shifts"))
