# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import secrets

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools.misc import format_date

from odoo.addons.distributor_crm.guard import lock_or_refuse

from .distributor_authorization import IN_FORCE


class DistributorAuthorization(models.Model):
    """Granting, refusing and withdrawing authorizations (R180, R181, R184)."""

    _inherit = "distributor.authorization"

    access_key = fields.Char(
        readonly=True,
        copy=False,
        groups="base.group_system",
        help="What the code on the certificate leads to.",
    )
    decided_by_id = fields.Many2one(comodel_name="res.users", readonly=True, copy=False)
    decided_on = fields.Datetime(readonly=True, copy=False)
    refusal_reason = fields.Char(readonly=True, copy=False)
    withdrawn_on = fields.Datetime(readonly=True, copy=False, index="btree_not_null")
    withdrawal_reason = fields.Char(readonly=True, copy=False, tracking=True)
    withdrawal_model = fields.Char(readonly=True, copy=False)
    withdrawal_source = fields.Many2oneReference(
        model_field="withdrawal_model",
        string="Withdrawn Because of",
        readonly=True,
        copy=False,
        help="The record that led to it, e.g. a case.",
    )
    proposed_by_id = fields.Many2one(
        comodel_name="res.users",
        string="Withdrawal Proposed by",
        readonly=True,
        copy=False,
    )
    proposal_reason = fields.Char(
        string="Why Withdraw", readonly=True, copy=False, tracking=True
    )

    def _check_decider(self):
        """Check that this user grants and withdraws: a sales manager.

        :raises AccessError: he is none
        """
        self.check_access("read")
        if not self.env.user.has_group("distributor_crm.group_sales_manager"):
            raise AccessError(
                self.env._("Only sales managers decide on authorizations.")
            )

    def _hold(self, *states):
        """Let one process decide at a time, and refuse what is done in another status.

        :raises UserError: names the authorizations
        """
        # Who may was checked; the lock says nothing about it.
        lock_or_refuse(self.sudo(), allow_referencing=True)
        self.invalidate_recordset()
        labels = dict(self._fields["state"]._description_selection(self.env))
        if wrong := self.filtered(lambda r: r.state not in states):
            raise UserError(
                self.env._(
                    "%(authorizations)s: this is done in status %(states)s only.",
                    authorizations=", ".join(wrong[:5].mapped("display_name")),
                    states=", ".join(labels[state] for state in states),
                )
            )

    def _decide(self, decision, **values):
        # Decisions are set by buttons alone; the caller has checked who may.
        self.sudo().write(
            {
                **values,
                "decision": decision,
                "decided_by_id": self.env.uid,
                "decided_on": fields.Datetime.now(),
            }
        )

    # -- granting --------------------------------------------------------------------

    def action_grant(self):
        """Grant these drafts: number, certificate and duties follow (R180).

        :raises AccessError: not a sales manager
        :raises UserError: the shop is not verified, or its owner may not sell
        """
        self._check_decider()
        self._hold("draft")
        # What follows is the company's doing; who may was checked.
        for record in self.sudo():
            record._check_can_grant()
            record._decide(
                "granted",
                name=record.name or record._next_number(),
                access_key=record.access_key or secrets.token_urlsafe(24),
            )
        self.env.flush_all()
        self.sudo()._after_grant()
        return True

    def _check_can_grant(self):
        """Check that shop and owner may sell.

        :raises UserError: says why not
        """
        self.ensure_one()
        shop, store = self.shop_id, self.store_id
        if obstacle := self.partner_id._get_authorization_obstacle(self.company_id):
            raise UserError(obstacle)
        if shop and shop.state != "verified":
            raise UserError(
                self.env._("%s is not verified. Verify the shop first.", shop.name)
            )
        if store and store.state not in ("preparing", "open"):
            raise UserError(
                self.env._(
                    "%s is suspended or closed. Open the store first.", store.name
                )
            )
        if self.date_to and self.date_to < fields.Date.context_today(self):
            raise UserError(
                self.env._(
                    "%s would be over already. Set a later last day.",
                    self.display_name,
                )
            )

    def _next_number(self):
        """Return the number to print: the one a verified shop shows already, or a new
        one."""
        self.ensure_one()
        shown = self.shop_id.authorization_number
        if shown and not self.search_count(
            [("company_id", "=", self.company_id.id), ("name", "=", shown)], limit=1
        ):
            return shown
        numbers = self.env["ir.sequence"].with_company(self.company_id).sudo()
        return numbers.next_by_code("distributor.authorization")

    def _after_grant(self):
        """What follows when authorizations for shops were granted."""
        self._make_certificate()
        self._create_duties()
        for record in self:
            record._tell_partner(
                record.env._(
                    "%(shop)s is authorized from %(start)s until %(end)s. Your number is "
                    "%(number)s; show it in your shop. On the portal you find the "
                    "certificate, and what we ask you to do in the next days.",
                    shop=record._get_label(),
                    start=format_date(record.env, record.date_from),
                    end=format_date(record.env, record.date_to) or "∞",
                    number=record.name,
                )
            )

    def action_refuse(self):
        """Ask for the reason why these drafts are refused."""
        self._check_decider()
        return self._open_reason("refuse")

    def action_propose_withdrawal(self):
        """Ask for the reason why these should be withdrawn; another person decides."""
        self._check_may_propose()
        return self._open_reason("propose")

    def _check_may_propose(self):
        self.check_access("read")
        if not self.env.user.has_group("distributor_crm.group_account_manager"):
            raise AccessError(
                self.env._("Only account managers propose to withdraw authorizations.")
            )

    def _open_reason(self, act):
        return {
            "type": "ir.actions.act_window",
            "res_model": "distributor.authorization.reason",
            "name": self.env._("Reason"),
            "view_mode": "form",
            "target": "new",
            "context": {"default_authorization_ids": self.ids, "default_act": act},
        }

    def _refuse(self, reason):
        """Refuse drafts.

        :param reason: told to the distributor
        """
        self._check_decider()
        self._hold("draft")
        self._decide("refused", refusal_reason=reason)
        for record in self.sudo():
            record._tell_partner(
                record.env._(
                    "We do not authorize %(shop)s: %(reason)s",
                    shop=record._get_label(),
                    reason=reason,
                )
            )

    # -- withdrawing -----------------------------------------------------------------

    def _propose_withdrawal(self, reason):
        """Ask the sales managers to withdraw; nothing is taken away yet.

        :param reason: told to them, and to the distributor if they agree
        """
        self._hold("upcoming", *IN_FORCE)
        Policy = self.env["distributor.case.policy"]
        # Proposals are set by buttons alone; the caller has checked who may.
        for record in self.sudo().filtered(lambda r: not r.proposed_by_id):
            record.write({"proposed_by_id": self.env.uid, "proposal_reason": reason})
            manager = Policy._get_escalation_user(record.company_id)
            if manager:
                record.activity_schedule(
                    "mail.mail_activity_data_warning",
                    summary=self.env._("Withdraw the authorization?"),
                    note=reason,
                    user_id=manager.id,
                )

    def action_confirm_withdrawal(self):
        """Withdraw what another person proposed to withdraw.

        :raises AccessError: not a sales manager
        :raises UserError: nobody proposed it, or the proposer was oneself
        """
        self._check_decider()
        self._hold("upcoming", *IN_FORCE)
        for record in self:
            if not record.proposed_by_id:
                raise UserError(
                    self.env._("Nobody proposed to withdraw %s.", record.display_name)
                )
            if record.proposed_by_id == self.env.user:
                raise UserError(
                    self.env._(
                        "You proposed it yourself. Another sales manager decides."
                    )
                )
        for record in self:
            record._withdraw(record.proposal_reason, record)
        return True

    def action_keep(self):
        """Turn a proposal to withdraw down."""
        self._check_decider()
        # Proposals are set by buttons alone; who may was checked.
        records = self.sudo()
        records.write({"proposed_by_id": False, "proposal_reason": False})
        records.activity_unlink(["mail.mail_activity_data_warning"])
        return True

    def _withdraw(self, reason, source=None):
        """Withdraw authorizations at once: no page, no certificate is valid any more.

        The caller has checked who may, and that the distributor was heard. What is over
        or was withdrawn stays as it is.

        :param reason: told to the distributor, never to the public
        :param source: the record that led to it, e.g. a case; None where there is none
        :return: what was withdrawn
        """
        # Decisions are set by buttons alone; the caller has checked who may.
        standing = self.sudo().filtered(
            lambda r: r.decision == "granted" and r.state != "expired"
        )
        if not standing:
            return standing
        standing._decide(
            "withdrawn",
            withdrawn_on=fields.Datetime.now(),
            withdrawal_reason=reason,
            withdrawal_model=source._name if source else False,
            withdrawal_source=source.id if source else False,
            proposed_by_id=False,
            proposal_reason=False,
        )
        standing.duty_ids._close_withdrawn()
        standing.activity_unlink(
            ["mail.mail_activity_data_warning", "mail.mail_activity_data_todo"]
        )
        for record in standing.filtered("name"):
            record._tell_partner(
                record.env._(
                    "The authorization %(number)s for %(shop)s is withdrawn: %(reason)s "
                    "Take the certificate out of your shop.",
                    number=record.name,
                    shop=record._get_label(),
                    reason=reason,
                )
            )
        return standing.with_env(self.env)

    @api.model
    def _withdraw_of(self, partners, reason, source=None, company=None):
        """Withdraw all that these distributors hold, their branches' too.

        :param company: of this company alone; of all companies where left out
        :return: what was withdrawn
        """
        domain = [
            ("partner_id", "child_of", partners.ids),
            ("decision", "=", "granted"),
        ]
        if company:
            domain.append(("company_id", "=", company.id))
        # Whoever takes a distributor off need not see each authorization.
        return self.sudo().search(domain)._withdraw(reason, source)

    def action_view_source(self):
        """Open the record that led to the withdrawal."""
        self.ensure_one()
        source = self.env[self.withdrawal_model].browse(self.withdrawal_source)
        return source._get_records_action()

    def _tell_partner(self, text):
        """Tell the distributor something, by mail and in the chatter."""
        for record in self:
            record.message_post(
                body=text,
                subject=record.display_name,
                message_type="comment",
                subtype_xmlid="mail.mt_comment",
                partner_ids=record.partner_id.ids,
                author_id=self.env.user.partner_id.id,
            )
