# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from markupsafe import escape

from odoo import fields, models
from odoo.exceptions import UserError


class DistributorAgreement(models.Model):
    """Ending an agreement, and what follows from it."""

    _inherit = "distributor.agreement"

    end_reason = fields.Text(readonly=True, copy=False)
    ended_by_id = fields.Many2one(comodel_name="res.users", readonly=True, copy=False)

    def action_end(self):
        """Open the wizard that ends an agreement before its time.

        :raises UserError: it is not signed
        """
        self.ensure_one()
        self._check_state("signed")
        return {
            "type": "ir.actions.act_window",
            "res_model": "distributor.agreement.end",
            "name": self.env._("End Agreement"),
            "view_mode": "form",
            "target": "new",
            "context": {"default_agreement_id": self.id},
        }

    def _end(self, last_day, reason):
        """End an agreement: it holds through a last day, or is over at once.

        :param last_day: today or later; None ends it now
        :param reason: told to the distributor
        :raises UserError: it is not signed, or the day lies outside of it
        """
        self.ensure_one()
        self.check_access("write")
        self._check_state("signed")
        today = self._get_today()
        if last_day and not max(today, self.date_from) <= last_day <= self.date_to:
            raise UserError(
                self.env._(
                    "Choose a last day from today on, and not after the agreement's own."
                )
            )
        # States are set by buttons alone; the right to write was checked.
        agreement = self.sudo()
        now = fields.Datetime.now()
        agreement.write(
            {
                "end_on": last_day or min(today, self.date_to),
                "end_reason": reason,
                "ended_by_id": self.env.uid,
            }
        )
        agreement._mail("distributor_crm.mail_template_agreement_ended")
        if not last_day:
            agreement.write({"state": "ended", "ends_at": max(now, self.starts_at)})
            agreement._after_end()

    def _after_end(self):
        """What follows when agreements are over and no other takes their place.

        Stores of an ended agreement close, of one that ran out they pause: a late
        renewal opens them again. The distributor keeps his access to what he earned.
        """
        for agreement in self:
            partner, company = agreement.partner_id, agreement.company_id
            agreement.amendment_ids.filtered(
                lambda a: a.state in ("draft", "sent")
            )._withdraw("cancelled")
            if partner._get_agreement_in_force(company, agreement.mode):
                continue
            stores = partner.store_ids.filtered(
                lambda s, a=agreement: s.company_id == a.company_id and s.mode == a.mode
            )
            if agreement.state == "ended":
                stores.filtered(lambda s: s.state != "closed")._close(
                    agreement.end_reason
                )
                agreement._ask_settlement()
            else:
                stores.action_suspend()
                agreement._tell_account_manager(
                    self.env._("Agreement ran out"),
                    self.env._(
                        "The stores are suspended until a new agreement is signed."
                    ),
                )
            if not partner._get_agreement_in_force(company):
                partner.has_reduced_access = True

    def _ask_settlement(self):
        """Have finance settle what the distributor earned."""
        for agreement in self:
            company = agreement.company_id
            user = company._get_settlement_user() or company._get_store_user(
                agreement.partner_id
            )
            agreement.activity_schedule(
                "mail.mail_activity_data_todo",
                summary=self.env._("Settle earnings"),
                note=escape(
                    self.env._(
                        "The agreement ended. Settle the earnings, rebates and open "
                        "withdrawals of %s.",
                        agreement.partner_id.name,
                    )
                ),
                user_id=user.id,
            )
