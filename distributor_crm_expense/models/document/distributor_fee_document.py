# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.base.models.res_users import check_identity
from odoo.addons.distributor_crm.guard import hold_in_state

# What people may write on any of them; everything else is the actions' alone.
OPEN_FIELDS = {
    "activity_ids",
    "activity_user_id",
    "message_follower_ids",
    "message_ids",
    "message_main_attachment_id",
    "message_partner_ids",
    "paper_place",
}
# Three have signed: the figures count. Paid is a step further, the signatures stand.
GRANTED = ("signed", "paid")


class DistributorFeeDocument(models.AbstractModel):
    """What a representative hands in, and clerk, manager and finance sign (R095-R103).

    Who may act is checked first; what the buttons set is closed to users, over RPC
    too, so it is then written with superuser rights.

    Models have `company_id`, `user_id` (the representative) and `state`: draft,
    submitted, signed, paid or void.
    """

    _name = "distributor.fee.document"
    _description = "Fee Document"
    _inherit = ["mail.thread", "mail.activity.mixin", "tier.validation"]
    _mail_post_access = "read"

    _state_from = ["submitted"]
    _state_to = list(GRANTED)
    _cancel_state = "void"

    waiting_for = fields.Char(
        compute="_compute_waiting_for", help="The step that is to sign next."
    )
    submitted_on = fields.Datetime(readonly=True, copy=False)
    submitted_by_id = fields.Many2one(
        comodel_name="res.users", readonly=True, copy=False
    )
    void_reason = fields.Char(readonly=True, copy=False, tracking=True)

    @api.depends("state", "review_ids.status")
    def _compute_waiting_for(self):
        for document in self:
            # Whoever reads the document learns who is to sign it.
            waiting = document.sudo().review_ids.filtered(
                lambda review: review.status in ("waiting", "pending")
            )
            document.waiting_for = (
                document.state == "submitted"
                and waiting.sorted("sequence")[:1].step_name
            )

    # -- who -------------------------------------------------------------------------

    @api.model
    def _is_finance(self) -> bool:
        return self.env.user.has_group("distributor_crm.group_finance")

    @api.model
    def _is_manager(self) -> bool:
        return self.env.user.has_group("distributor_crm.group_sales_manager")

    def _get_approval_owners(self):
        # EXTENDS tier.validation: nobody signs his own document.
        return super()._get_approval_owners() | self.user_id

    # -- signing ---------------------------------------------------------------------

    def action_sign(self):
        """Sign these, one after the other three do: as the fee policy says, by the
        password, by a drawn signature, or by both."""
        if self._get_signing() != "password":
            return self._ask_to_draw()
        return self.action_sign_by_password()

    @check_identity
    def action_sign_by_password(self):
        """Sign these, after the password was entered.

        :raises UserError: the fee policy asks for a drawn signature
        """
        if self._get_signing() != "password":
            return self._ask_to_draw()
        return self._sign("password")

    @api.model
    def _get_signing(self):
        """Hook: return how these are signed."""
        return "password"

    def validate_tier(self):
        # EXTENDS tier.validation: a signature here takes the password.
        return self.action_sign()

    def _sign(self, confirmed_by, drawing=None):
        """Give this user's signature.

        :param confirmed_by: how he showed that it is him
        :param drawing: the bytes of the signature that he drew, if he did
        :raises UserError: names what waits for somebody else
        """
        self.check_access("read")
        self._check_state("submitted")
        self._check_not_over()
        self._check_may_be_signed()
        own = self.sudo()
        unsigned = own._sign_turns()
        signed = own - unsigned
        signed._get_round_signatures().filtered(
            lambda one: one.user_id == self.env.user and not one.confirmed_by
        )._confirm(confirmed_by, drawing)
        done = signed.filtered(lambda one: one.validation_status == "validated")
        if done:
            done._check_may_be_granted()
            done = done.with_context(skip_validation_check=True)
            done.state = "signed"
            done._keep_originals()
            done._close_if_nothing_left()
        if unsigned:
            raise UserError(
                self.env._(
                    "It is not your turn to sign %(documents)s. Waiting for "
                    "%(reviewers)s.",
                    documents=", ".join(unsigned[:5].mapped("display_name")),
                    reviewers=", ".join(unsigned.reviewer_ids.mapped("name")) or "–",
                )
            )

    def action_take_back(self):
        """Go back to draft before all have signed; their signatures are void."""
        self.check_access("read")
        self._check_state("submitted")
        if self.user_id - self.env.user and not all(one.can_review for one in self):
            raise AccessError(
                self.env._(
                    "The representative takes it back, or whoever is to sign it next "
                    "returns it."
                )
            )
        own = self.sudo().with_context(skip_validation_check=True)
        own._end_round("withdrawn")
        own._return_to_draft()

    def _return_to_draft(self):
        """Hook: what follows when these are a draft again."""
        self.state = "draft"

    def _check_paper(self, vals):
        """Refuse that others than finance say where the originals are."""
        if "paper_place" in vals and not self._is_finance():
            raise AccessError(self.env._("Finance keeps the originals and says where."))

    def _check_not_over(self):
        """Hook: refuse what came too late to be submitted or signed."""

    def _check_may_be_signed(self):
        """Hook: refuse what nobody signs as it stands, at whatever step."""

    def _check_may_pay_out(self):
        """Hook: refuse what is not to be paid, or not yet."""

    def _check_may_be_granted(self):
        """Hook: refuse what the last signature would grant beyond what is there."""

    def _close_if_nothing_left(self):
        """Hook: close those on which nothing can be paid any more."""

    # -- ends ------------------------------------------------------------------------

    def _void(self, reason):
        """Make these invalid: nothing is paid on them (R097)."""
        own = self.sudo().with_context(skip_validation_check=True)
        own._end_round("cancelled")
        own.write({"state": "void", "void_reason": reason})
        own.activity_unlink(["mail.mail_activity_data_todo"])
        for document in own:
            document.message_post(
                body=self.env._("Void: %s", reason),
                partner_ids=document.user_id.partner_id.ids,
            )

    def _mark_paid(self, paid=True):
        """Say whether all of these is paid; payouts do.

        :param bool paid: False takes a payment back
        """
        own = self.sudo().with_context(skip_validation_check=True)
        own.state = "paid" if paid else "signed"

    # -- checks ----------------------------------------------------------------------

    def _check_manager(self):
        self.check_access("read")
        if not self._is_manager():
            raise AccessError(self.env._("A sales manager does this."))

    def _check_finance(self):
        self.check_access("read")
        if not self._is_finance():
            raise AccessError(self.env._("Finance does this."))

    def _check_state(self, *states):
        """Refuse what is done to documents in another state, one process at a time.

        :raises UserError: names them
        """
        hold_in_state(self, states)

    @api.model
    def _clean_reason(self, reason):
        reason = (reason or "").strip()[:500]
        if not reason:
            raise UserError(self.env._("Say why: it stays on record."))
        return reason

    # -- forms -----------------------------------------------------------------------

    def _ask_reason(self, act, title):
        """Open the form that asks for the reason of an act."""
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": "distributor.fee.reason",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_res_model": self._name,
                "default_res_ids": self.ids,
                "default_act": act,
            },
        }

    def _apply_reason(self, act, reason, until):
        """Do what a reason was asked for; each act checks who may.

        :raises UserError: this document knows no such act
        """
        if act != "void":
            raise UserError(self.env._("This is not done to such a document."))
        self._void_by_hand(reason)

    def action_void(self):
        return self._ask_reason("void", self.env._("Void"))

    def _void_by_hand(self, reason):
        """Void what finance finds invalid, before anything is paid on it."""
        self._check_finance()
        self._check_state("draft", "submitted", "signed")
        self._check_unpaid()
        self._void(self._clean_reason(reason))

    def _check_unpaid(self):
        """Hook: refuse to void what a payout holds on to."""
