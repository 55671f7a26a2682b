# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError

from ...uploads import check_attachments

BATCH = 100


class DistributorCase(models.Model):
    """What messages and time do to a case."""

    _inherit = "distributor.case"

    def message_post(self, **kwargs):
        # EXTENDS mail
        if self.env.user.share and kwargs.get("attachment_ids"):
            # Whoever posts over the portal was let in by his token; the files that he
            # names are judged as they are.
            files = self.env["ir.attachment"].sudo().browse(kwargs["attachment_ids"])
            check_attachments(files)
        return super().message_post(**kwargs)

    def _message_post_after_hook(self, message, msg_vals):
        # EXTENDS mail
        result = super()._message_post_after_hook(message, msg_vals)
        # What a message does to its case does not depend on who wrote it.
        self.sudo()._follow_message(message.sudo())
        return result

    def _follow_message(self, message):
        """The first public word of ours stops the clock; a word of theirs starts it."""
        is_public = message.message_type in ("comment", "email") and (
            message.subtype_id == self.env.ref("mail.mt_comment")
        )
        author = message.author_id
        if not is_public or not author or message.is_internal:
            return
        if author.partner_share:
            self.filtered(lambda case: case.state == "waiting")._go_on()
            self.filtered(lambda case: case.state == "solved")._reopen()
            return
        now = fields.Datetime.now()
        for case in self.filtered(lambda case: not case.first_response_at):
            case._set(
                first_response_at=now,
                response_hours=case._get_policy()._count_hours(case.opened_at, now),
            )
            case.activity_unlink(["mail.mail_activity_data_todo"])
            if case.state == "new":
                case._go_on()

    # -- time -------------------------------------------------------------------------

    @api.model
    def _cron_escalate(self):
        """Tell a sales manager of each missed deadline, once a level; close what was
        solved long ago. Broken off, it goes on where it was."""
        now = fields.Datetime.now()
        waits_for_us = ("state", "in", ("new", "in_progress"))
        for level, late in (
            (2, [("solve_deadline", "<", now)]),
            (1, [("response_deadline", "<", now), ("first_response_at", "=", False)]),
        ):
            domain = [waits_for_us, ("escalation_level", "<", level), *late]
            if not self._work_off(domain, lambda cases, n=level: cases._escalate(n)):
                return
        self._close_solved(now)

    @api.model
    def _work_off(self, domain, work):
        """Do the work on all cases of a domain, in batches.

        :param work: called with the cases; afterwards they are no longer in the domain
        :return: whether there is time left
        """
        while cases := self.search(domain, limit=BATCH, order="id"):
            work(cases)
            left = self.search_count(domain)
            if not self.env["ir.cron"]._commit_progress(len(cases), remaining=left):
                return False
        return True

    def _escalate(self, level):
        """Give a sales manager an activity on each of these cases."""
        texts = {
            1: self.env._("No answer in time: the distributor waits"),
            2: self.env._("Not solved in time"),
        }
        for case in self:
            manager = case.policy_id._get_escalation_user(case.company_id)
            case._set(escalation_level=level)
            if manager:
                case.activity_schedule(
                    "mail.mail_activity_data_warning",
                    summary=texts[level],
                    user_id=manager.id,
                )

    @api.model
    def _close_solved(self, now):
        Policy = self.env["distributor.case.policy"].with_context(active_test=False)
        for policy in Policy.search([("close_days", ">", 0)]):
            limit = fields.Datetime.subtract(now, days=policy.close_days)
            domain = [
                ("policy_id", "=", policy.id),
                ("state", "=", "solved"),
                ("solved_at", "<", limit),
            ]
            if not self._work_off(domain, lambda cases: cases.action_close()):
                return

    @api.ondelete(at_uninstall=False)
    def _unlink_except_answered(self):
        """What was answered stays on record."""
        if any(case.state != "new" for case in self):
            raise UserError(
                self.env._("Only new cases can be deleted. Close this one instead.")
            )
