# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models
from odoo.exceptions import AccessError


class DistributorViolation(models.Model):
    """The appeal, decided by a third person, and the lifting of what was decided."""

    _inherit = "distributor.violation"

    def _decide_appeal(self, text, is_granted):
        """Decide an appeal: somebody who neither judged nor confirmed.

        :param text: the answer to the accused
        :param is_granted: the case is lifted; else it stands for good
        """
        self.ensure_one()
        self._check_decider()
        self._lock()
        self._check_state("appealed")
        self._check_reason(text)
        if self.env.user in self.judge_id | self.confirmed_by_id:
            raise AccessError(
                self.env._(
                    "You judged or confirmed %s. Somebody else decides the appeal.",
                    self.name,
                )
            )
        self._set(appeal_answer=text, appeal_judge_id=self.env.uid)
        self.sudo().activity_unlink(["mail.mail_activity_data_todo"])
        if is_granted:
            self._undo(text)
            return
        self._set(state="upheld")
        self.sudo().penalty_ids._begin_waiting()
        self.sudo()._send_notice("appeal")

    # -- lifting -----------------------------------------------------------------------

    def _lift(self, reason):
        """Lift confirmed cases, and take back what can be taken back.

        :param reason: told to the accused
        :raises AccessError: no sales manager
        """
        self._check_decider()
        self._lock()
        self._check_state("confirmed", "appealed", "upheld", "closed")
        self._check_reason(reason)
        for case in self:
            case._undo(reason)

    def _undo(self, reason):
        """End sanctions, give money back, and tell the accused."""
        # Who may was checked by the caller.
        case = self.sudo()
        case.penalty_ids._lift()
        case._give_back()
        case._set(state="lifted", end_reason=reason, ended_at=fields.Datetime.now())
        case._send_notice("end")
        # What held the distributor holds him no more.
        case.partner_id._message_log(
            body=self.env._("%(case)s was lifted: %(why)s", case=case.name, why=reason)
        )
