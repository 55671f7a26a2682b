# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models
from odoo.exceptions import UserError


class DistributorPriceRule(models.Model):
    """A rule is replaced from today on, and held against resellers once a lawyer says so."""

    _inherit = "distributor.price.rule"

    def action_replace(self):
        """End the rule yesterday, and open its copy that holds from today on."""
        self.ensure_one()
        self.check_access("write")
        today = fields.Date.context_today(self)
        if self.state != "in_force" or self.date_from >= today:
            raise UserError(
                self.env._("%s does not hold since yesterday: change it.", self.name)
            )
        last = self.date_to
        self.date_to = fields.Date.subtract(today, days=1)
        # The database compares the two, in the order in which they are written.
        self.flush_recordset()
        copy = self.copy({"date_from": today, "date_to": last, "name": self.name})
        return copy._get_records_action(name=self.env._("Price Rule"))

    def action_record_legal_approval(self):
        """Record that a lawyer, who is named, lets resellers be held to the rule.

        :raises UserError: nobody is named, or no reason is given
        """
        self.check_access("write")
        for rule in self:
            if not (rule.legal_approver or "").strip():
                raise UserError(
                    self.env._("Name the lawyer who gave the opinion on %s.", rule.name)
                )
            if rule.create_uid == self.env.user and not self.env.user.has_group(
                "distributor_crm.group_channel_admin"
            ):
                raise UserError(
                    self.env._("Somebody else than who made the rule records this.")
                )
        # Set by this button alone; the right to write was checked.
        self.sudo().write(
            {
                "legal_approved_on": fields.Date.context_today(self),
                "legal_recorded_by_id": self.env.uid,
            }
        )
        return True

    def action_withdraw_legal_approval(self):
        """Hold resellers to these rules no longer."""
        self.check_access("write")
        # Set by the buttons alone; the right to write was checked.
        self.sudo().write({"legal_approved_on": False, "legal_recorded_by_id": False})
        return True
