# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import hashlib
import json

from odoo import Command, fields, models
from odoo.exceptions import UserError

from odoo.addons.distributor_crm.guard import hold_in_state
from odoo.addons.distributor_crm.printing import print_document

from . import figures

REPORT = "distributor_crm_channel.visit_meeting_report"


class DistributorVisitMeeting(models.Model):
    """The figures of a meeting: live until it begins, then as they were shown."""

    _inherit = "distributor.visit.meeting"

    def _get_figures(self):
        """Return the figures of the days looked back on, one dict an agency and agent.

        Read live until they are frozen, then as they were.
        """
        self.ensure_one()
        if self.state in ("frozen", "held"):
            return [line._as_dict() for line in self.line_ids]
        company = self.company_id
        self.env.flush_all()
        rows = self.env.execute_query_dict(
            figures.week(
                company.id,
                company._get_agreement_tz(),
                company._get_visit_today(),
                self.date_from,
                self.date_to,
            )
        )
        reasons = self._get_reasons()
        invited = self.agency_line_ids.agency_id
        found = []
        for row in rows:
            if invited and row["agency_id"] not in invited.ids:
                continue
            key = row["agency_id"], row["agent_id"]
            numbers = {name: float(row[name] or 0) for name in figures.MEASURES}
            found.append(
                {
                    "agency_id": row["agency_id"],
                    "agent_id": row["agent_id"],
                    "reasons": reasons.get(key, ""),
                    **numbers,
                }
            )
        Partner = self.env["res.partner"]
        names = {
            partner.id: partner.name or ""
            for partner in Partner.browse(
                {row["agency_id"] for row in found}
                | {row["agent_id"] for row in found if row["agent_id"]}
            )
        }
        found.sort(
            key=lambda row: (
                names[row["agency_id"]],
                row["agency_id"],
                names.get(row["agent_id"], ""),
            )
        )
        return found

    def _get_reasons(self):
        """Return {(agency id, agent id): by which criteria visits were invalid}."""
        company = self.company_id
        rows = self.env.execute_query_dict(
            figures.criteria(
                company.id,
                company._get_visit_day_start(self.date_from),
                company._get_visit_day_end(self.date_to),
            )
        )
        criteria = self.env["distributor.visit.criterion"].browse(
            {row["criterion_id"] for row in rows}
        )
        names = {one.id: one.name for one in criteria.sudo()}  # their names are public
        found = {}
        for row in rows:
            text = f"{names[row['criterion_id']]}: {row['count']}"
            found.setdefault((row["agency_id"], row["agent_id"]), []).append(text)
        return {key: ", ".join(texts) for key, texts in found.items()}

    def action_freeze(self):
        """Copy, print and keep the figures as they are now.

        :raises UserError: the meeting has not begun yet
        """
        self.check_access("write")
        hold_in_state(self, ("planned",))
        now = fields.Datetime.now()
        for meeting in self:
            if meeting.start_at > now:
                raise UserError(
                    self.env._("The figures are frozen when the meeting begins.")
                )
        self.sudo()._freeze()  # who may was checked; figures are closed to users
        return True

    def _freeze(self):
        for meeting in self:
            rows = meeting._get_figures()
            meeting.write(
                {
                    "line_ids": [Command.create(row) for row in rows],
                    "checksum": hashlib.sha256(
                        json.dumps(rows, sort_keys=True).encode()
                    ).hexdigest(),
                    "frozen_at": fields.Datetime.now(),
                    "state": "frozen",
                }
            )
            meeting.agency_line_ids._freeze()
            meeting._keep_print()

    def _keep_print(self):
        """Keep the sheet as it was printed."""
        self.ensure_one()
        content, kind = print_document(self.env["ir.actions.report"], REPORT, self.ids)
        self.attachment_id = self.env["ir.attachment"].create(
            {
                "name": f"{self.name.replace(':', '')}.{kind}",
                "res_model": self._name,
                "res_id": self.id,
                "raw": content,
                "mimetype": "application/pdf" if kind == "pdf" else "text/html",
            }
        )

    def action_hold(self):
        """The meeting took place."""
        self.check_access("write")
        hold_in_state(self, ("planned", "frozen"))
        planned = self.filtered(lambda meeting: meeting.state == "planned")
        if planned:
            planned.action_freeze()
        self.sudo().state = "held"  # who may was checked
        return True

    def action_cancel(self):
        """The meeting does not take place."""
        self.check_access("write")
        hold_in_state(self, ("planned", "frozen"))
        self.sudo().state = "cancelled"  # who may was checked
