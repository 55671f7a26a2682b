# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import Command, models


class DistributorViolation(models.Model):
    """The dialogs in which people say why."""

    _inherit = "distributor.violation"

    def action_view_penalties(self):
        """Open the penalties of these cases."""
        return self.penalty_ids._get_records_action(name=self.env._("Penalties"))

    def _prepare_act(self, act):
        """Open the dialog in which an act is explained."""
        self.ensure_one()
        wizard = self.env["distributor.violation.act"].create(
            {"violation_ids": [Command.set(self.ids)], "act": act}
        )
        return wizard._get_records_action(name=wizard._get_title(), target="new")

    def action_judge(self):
        """Ask for the first opinion."""
        return self._prepare_act("judge")

    def action_dismiss(self):
        """Ask why a case is dismissed."""
        return self._prepare_act("dismiss")

    def action_lift(self):
        """Ask why a case is lifted."""
        return self._prepare_act("lift")

    def action_refuse_appeal(self):
        """Ask for the answer to an appeal that is refused."""
        return self._prepare_act("uphold")

    def action_grant_appeal(self):
        """Ask for the answer to an appeal that is granted."""
        return self._prepare_act("grant")

    def action_record_delivery(self):
        """Ask for the proof of a notice that was handed over."""
        return self._prepare_act("deliver")

    def action_admit_late(self):
        """Ask why an answer or an appeal is admitted after its time."""
        return self._prepare_act("admit")

    def action_announced(self):
        """Ask where the announcement was posted."""
        return self._prepare_act("announce")
