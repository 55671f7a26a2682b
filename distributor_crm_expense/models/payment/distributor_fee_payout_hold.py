# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models

from odoo.addons.distributor_crm.guard import hold_until_committed


class DistributorFeePayout(models.Model):
    """A payout is held when one of its payees may not be paid any more (R078-R082), or
    a case holds him or the customer (R118)."""

    _inherit = "distributor.fee.payout"

    def _hold_prohibited(self):
        """Judge all payees again, right before expenses are made; hold what may not be.

        :return: the payouts that are held
        """
        # Who makes a payee an official in this moment is seen, or comes after us.
        hold_until_committed(self.item_ids.filtered("paid").payee_id)
        held = self.browse()
        for payout in self:
            objections = payout._get_objections()
            text = "\n".join(objections.values())
            if text:
                held |= payout
                payout.message_post(body=self.env._("Held: %s", text))
                payout._get_source()._tell_objection(text)
            if (payout.hold_reason or "") != text:
                payout.hold_reason = text or False
        return held

    def _get_objections(self):
        """Return {what is settled, or who is held: why it is not paid now}."""
        lines = self.line_ids.statement_line_id.filtered(lambda line: line.payable > 0)
        return {
            **lines._judge_again(),
            **self.line_ids.application_id._judge_again(),
            **self._get_held_partners(),
        }

    def _get_held_partners(self):
        """Fees wait while a case holds the customer, or who is paid for him (R118)."""
        paid = self.item_ids.filtered("paid")
        holds = (paid.partner_id | paid.payee_id)._get_distributor_holds(
            "earning", self.company_id
        )
        return {
            partner: f"{partner.display_name}: {', '.join(reasons)}"
            for partner, reasons in holds.items()
        }

    def _tell_hold(self):
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "danger",
                "sticky": True,
                "title": self.env._("Nothing was paid"),
                "message": "\n".join(self.mapped("hold_reason")),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }
