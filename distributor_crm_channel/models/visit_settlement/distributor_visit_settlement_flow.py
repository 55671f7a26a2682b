# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.distributor_crm.guard import hold_in_state

DECIDERS = "distributor_crm.group_sales_manager,distributor_crm.group_finance"
# What an agency sees on the portal, and answers to.
SHOWN = ("submitted", "approved", "billed", "carried")
MAX_TEXT = 4000


class DistributorVisitSettlement(models.Model):
    """Who decides on a settlement, what the agency says to it, and what follows."""

    _inherit = "distributor.visit.settlement"

    def _check_decider(self):
        self.check_access("read")
        if not self.env.user.has_groups(DECIDERS):
            raise AccessError(
                self.env._("Only sales managers and finance decide on settlements.")
            )

    def action_compute(self):
        """Compute these drafts again."""
        self._check_decider()
        hold_in_state(self, ("draft",))
        for (company, month), drafts in self.grouped(
            lambda one: (one.company_id, one.month)
        ).items():
            self._compute_month(company, month, drafts.agency_id)
        return True

    def action_submit(self):
        """Bring drafts up to date, show them to the agency and ask for approval.

        :raises UserError: the month is not over, or nothing is left to settle
        """
        self._check_decider()
        hold_in_state(self, ("draft",))
        for settlement in self:
            if settlement.date_to >= settlement.company_id._get_visit_today():
                raise UserError(
                    self.env._(
                        "%s is submitted when its month is over.", settlement.name
                    )
                )
        self.action_compute()
        settlements = self.sudo().exists()  # who may was checked
        if len(settlements) < len(self):
            raise UserError(
                self.env._("Computed again, nothing is left to settle there.")
            )
        settlements.write({"state": "submitted", "submitted_by_id": self.env.uid})
        settlements.request_validation()
        for settlement in settlements:
            settlement.message_subscribe(partner_ids=settlement.partner_id.ids)
            settlement._tell(
                self.env._(
                    "Your visit settlement of %(month)s is ready: %(amount)s. Look at it "
                    "in the portal, and object there before it is approved if something "
                    "is wrong.",
                    month=settlement._get_month_label(),
                    amount=settlement.currency_id.format(settlement.amount),
                )
            )
        return True

    def action_approve(self):
        """Sign for this user; what has all signatures of the chain is approved.

        :raises UserError: it changed since, is objected to, or waits for somebody else
        """
        self._check_decider()
        hold_in_state(self, ("submitted",))
        settlements = self.sudo()  # who may sign is asked per settlement
        if disputed := settlements.filtered(lambda s: s.partner_state == "disputed"):
            raise UserError(
                self.env._(
                    "%s: the agency objects. Answer it, or send the settlement back.",
                    ", ".join(disputed.mapped("name")),
                )
            )
        settlements._check_stands()
        unsigned = settlements._sign_turns()
        done = (settlements - unsigned).filtered(
            lambda one: one.validation_status in ("validated", "no")
        )
        trusted = done.with_context(skip_validation_check=True)
        trusted.approved_on = fields.Datetime.now()
        done.state = "approved"
        done.filtered(lambda one: one.amount <= 0)._carry_forward()
        if unsigned:
            raise UserError(
                self.env._(
                    "It is not your turn to approve %(settlements)s. Waiting for "
                    "%(reviewers)s.",
                    settlements=", ".join(unsigned[:5].mapped("name")),
                    reviewers=", ".join(unsigned.reviewer_ids.mapped("name")),
                )
            )
        return True

    def _carry_forward(self):
        """What is not above zero is not billed: the next month takes it over."""
        for settlement in self:
            settlement._charge_penalties()
        self.with_context(skip_validation_check=True).state = "carried"

    def _charge_penalties(self):
        """Mark the cases of a settlement as collected, or given back, once."""
        self.ensure_one()
        charged = self.line_ids.filtered(lambda line: line.kind == "penalty")
        if charged:
            charged.violation_id._mark_settled(self)
        refunded = self.line_ids.filtered(lambda line: line.kind == "refund")
        if refunded:
            refunded.violation_id._mark_refunded(self)

    def action_send_back(self):
        """Open the form that asks why it goes back to draft."""
        return self._ask_reason("send_back", self.env._("Send Back"))

    def action_cancel(self):
        """Open the form that asks why it is cancelled."""
        return self._ask_reason("cancel", self.env._("Cancel Settlement"))

    def action_answer(self):
        """Open the form to answer the agency's objection."""
        return self._ask_reason("answer", self.env._("Answer the Objection"))

    def _ask_reason(self, act, name):
        self._check_decider()
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": "distributor.visit.settlement.reason",
            "view_mode": "form",
            "target": "new",
            "context": {"default_settlement_ids": self.ids, "default_act": act},
        }

    def _apply_reason(self, act, reason):
        """Do what the form asked for.

        :param act: "send_back", "cancel" or "answer"
        :param reason: stays on record
        """
        self._check_decider()
        reason = (reason or "").strip()[:MAX_TEXT]
        if not reason:
            raise UserError(self.env._("Say why: it stays on record."))
        getattr(self, f"_apply_{act}")(reason)

    def _apply_send_back(self, reason):
        hold_in_state(self, ("submitted", "approved"))
        settlements = self.sudo().with_context(skip_validation_check=True)
        settlements._end_round("withdrawn")
        settlements.write(
            {"state": "draft", "approved_on": False, "partner_state": "open"}
        )
        for settlement in settlements:
            settlement.message_post(body=self.env._("Sent back: %s", reason))

    def _apply_cancel(self, reason):
        """Cancel: what stood on it is free for other settlements."""
        hold_in_state(self, ("draft", "submitted", "approved"))
        settlements = self.sudo().with_context(skip_validation_check=True)
        settlements._end_round("cancelled")
        settlements.line_ids.is_void = True
        settlements.state = "cancelled"
        for settlement in settlements:
            settlement.message_post(body=self.env._("Cancelled: %s", reason))

    def _apply_answer(self, reason):
        settlements = self.sudo().with_context(skip_validation_check=True)
        if any(one.partner_state != "disputed" for one in settlements):
            raise UserError(self.env._("There is no objection to answer."))
        settlements.write({"answer": reason, "partner_state": "answered"})
        for settlement in settlements:
            settlement._tell(self.env._("Answer to your objection: %s", reason))

    # -- the agency --------------------------------------------------------------------

    @api.model
    def _get_portal_domain(self, user):
        """Return the domain of the settlements that a portal user may see: what is paid
        to himself, and what is paid for the agency that he speaks for.

        A field agent speaks for nobody but himself.
        """
        partner = user.sudo().partner_id  # what the company notes about himself
        shown = [("state", "in", SHOWN)]
        if partner.visit_agency_id or not partner.commercial_partner_id.is_visit_agency:
            return [*shown, ("partner_id", "=", partner.id)]
        return [*shown, ("agency_id", "=", partner.commercial_partner_id.id)]

    def _check_answerable(self):
        """:raises UserError: it is approved, or answered for good"""
        self.ensure_one()
        if self.state != "submitted":
            raise UserError(
                self.env._(
                    "This settlement is decided: it cannot be answered any more."
                )
            )

    def _accept(self, author):
        """The payee agrees to what the settlement says; the caller checked who he is."""
        self._check_answerable()
        self._answer_as(author, "accepted", self.env._("Accepted."))

    def _object(self, author, text):
        """The payee objects; it is approved when somebody has answered.

        :param author: partner who writes
        :param text: untrusted
        """
        self._check_answerable()
        text = (text or "").strip()[:MAX_TEXT]
        if not text:
            raise UserError(self.env._("Say what is wrong."))
        self._answer_as(author, "disputed", text)
        trusted = self.with_context(skip_validation_check=True)
        trusted.write({"objection": text, "objected_on": fields.Datetime.now()})
        manager = self.agency_id.user_id or self.submitted_by_id
        if manager and not manager.share:
            trusted.activity_schedule(
                "mail.mail_activity_data_todo",
                user_id=manager.id,
                summary=self.env._("Answer the agency's objection"),
            )

    def _answer_as(self, author, partner_state, text):
        hold_in_state(self, ("submitted",))
        trusted = self.with_context(skip_validation_check=True)
        trusted.partner_state = partner_state
        trusted.message_post(
            body=text, author_id=author.id, subtype_xmlid="mail.mt_comment"
        )

    def _tell(self, body):
        """Write to whoever is paid, and to the agency."""
        self.ensure_one()
        self.with_context(skip_validation_check=True).message_post(
            body=body,
            partner_ids=(self.partner_id | self.agency_id).ids,
            subtype_xmlid="mail.mt_comment",
        )

    # -- by the clock ------------------------------------------------------------------

    @api.model
    def _cron_compute(self):
        """Compute last month's drafts of all companies that have rate cards."""
        groups = self.env["distributor.visit.rate"]._read_group([], ["company_id"])
        for (company,) in groups:
            today = company._get_visit_today()
            last = fields.Date.subtract(today.replace(day=1), months=1)
            self._compute_month(company, last)
            self.env["ir.cron"]._commit_progress(1)
