# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.distributor_crm.guard import hold_in_state

from .distributor_quality_incident import OPEN


class DistributorQualityIncident(models.Model):
    """Who has the goods, who is told, and how an incident ends."""

    _inherit = "distributor.quality.incident"

    def _check_handler(self):
        self.check_access("write")
        if not self.env.user.has_group("distributor_crm.group_account_manager"):
            raise AccessError(self.env._("Account managers handle incidents."))

    def action_trace(self):
        """Find out, from the stock moves, who has the lots; what was noted stays.

        :raises UserError: an incident names no lot
        """
        self._check_handler()
        hold_in_state(self, OPEN)
        for incident in self:
            if not incident.lot_line_ids:
                raise UserError(self.env._("Say which lots it is about."))
        self._update_recall()
        return True

    def _update_recall(self):
        """Bring the recall list up to date, with one statement for all incidents."""
        now = fields.Datetime.now()
        lines = self.lot_line_ids
        found = self.env["distributor.code.sighting"]._find_deliveries(
            [(line.id, line.lot_id.id, now) for line in lines]
        )
        # The list is written by the trace alone.
        Recall = self.env["distributor.quality.recall"].sudo()
        known = {
            (row.incident_id.id, row.lot_id.id, row.partner_id.id): row
            for row in self.sudo().recall_ids
        }
        fresh = []
        for line in lines:
            for delivery in found.get(line.id, ()):
                key = (line.incident_id.id, line.lot_id.id, delivery.partner_id)
                values = {
                    "delivered": delivery.out,
                    "returned": delivery.back,
                    "last_delivery": delivery.last,
                    "picking_id": delivery.picking_id,
                }
                if key in known:
                    known[key].write(values)
                else:
                    names = ("incident_id", "lot_id", "partner_id")
                    fresh.append({**values, **dict(zip(names, key, strict=True))})
        Recall.create(fresh)

    def action_recall(self):
        """Recall the goods: trace them, and tell everybody who has some.

        :raises UserError: an incident says nothing about what is to be done
        """
        self.action_trace()
        for incident in self:
            if not (incident.instruction or "").strip():
                raise UserError(
                    self.env._("Write what distributors shall do with the goods first.")
                )
        self._set(state="recalling", recalled_at=fields.Datetime.now())
        self.recall_ids._inform()
        return True

    def action_inform(self):
        """Tell those who came onto the list since, and remind who did not answer."""
        self._check_handler()
        hold_in_state(self, ("recalling",))
        self._update_recall()
        self.recall_ids.filtered(lambda row: not row.acknowledged_at)._inform()
        return True

    def action_close(self):
        """Close incidents whose cause is known and whose compensation is credited.

        :raises UserError: says what is missing
        """
        self._check_handler()
        hold_in_state(self, OPEN)
        for incident in self:
            if not (incident.cause or "").strip() or not incident.cause_kind:
                raise UserError(
                    self.env._("Say what the cause was before you close the incident.")
                )
            open_rows = incident.recall_ids._get_uncredited()
            if open_rows:
                raise UserError(
                    self.env._(
                        "Compensation of %s is not credited yet. Credit it, or set it to "
                        "nothing.",
                        ", ".join(open_rows.partner_id.mapped("name")),
                    )
                )
        self._set(state="closed", closed_at=fields.Datetime.now())
        self.sudo().activity_unlink(["mail.mail_activity_data_todo"])
        self.recall_ids.filtered("told_at")._tell_end()
        return True

    def action_cancel(self):
        """Drop incidents that proved unfounded, before anybody was told."""
        self._check_handler()
        hold_in_state(self, ("open",))
        self._set(state="cancelled", closed_at=fields.Datetime.now())
        self.sudo().activity_unlink(["mail.mail_activity_data_todo"])
        return True

    def action_reopen(self):
        """Take incidents up again."""
        self._check_handler()
        hold_in_state(self, ("closed", "cancelled"))
        for incident in self:
            state = "recalling" if incident.recalled_at else "open"
            incident._set(state=state, closed_at=False)
        return True

    def action_view_recall(self):
        """Open the recall list."""
        return {
            **self.env["ir.actions.act_window"]._for_xml_id(
                "distributor_crm_channel.distributor_quality_recall_action"
            ),
            "domain": [("incident_id", "in", self.ids)],
            "context": {},
        }

    def action_view_cases(self):
        """Open the cases of these incidents."""
        return self.case_ids._get_records_action(name=self.env._("Cases"))

    def action_view_returns(self):
        """Open the returns of these incidents."""
        return self.return_ids._get_records_action(name=self.env._("Returns"))
