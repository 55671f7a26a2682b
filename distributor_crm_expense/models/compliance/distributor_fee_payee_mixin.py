# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from odoo.addons.distributor_crm.guard import hold_until_committed

from ..policy.distributor_fee_payee_mixin import PERSONS

COMPLIANCE = "distributor_crm_expense.group_fee_compliance"


class DistributorFeePayeeMixin(models.AbstractModel):
    """The compliance reviewer agrees to what a person gets, or refuses it (R079-R082).

    Neither who is to sign nor who asks for it decides; what is agreed to one person in
    a year stays within the policy's limit, over all documents. Models have `user_id`
    and `state`, too.
    """

    _inherit = "distributor.fee.payee.mixin"

    # What is paid to the payee: a stored field, in company currency.
    _fee_amount_field = None
    # Whether it is decided on now: figures stand, nothing is paid.
    _compliance_states = ("submitted", "signed")

    # Of the company; each model says where from.
    currency_id = fields.Many2one(comodel_name="res.currency")
    compliance_user_id = fields.Many2one(
        compute="_compute_compliance_state", store=True, index="btree_not_null"
    )
    compliance_on = fields.Datetime(compute="_compute_compliance_state", store=True)
    compliance_note = fields.Char(
        string="Why Refused",
        compute="_compute_compliance_state",
        store=True,
        readonly=True,
        copy=False,
    )
    agreed_this_year = fields.Monetary(
        compute="_compute_agreed_this_year",
        help="What was agreed to for this person since January, in all documents.",
    )

    def _compute_compliance_state(self):
        # EXTENDS: another payee, or amount, starts anew.
        result = super()._compute_compliance_state()
        for record in self:
            if record._get_fee_amount() <= 0:
                record.compliance_state = "not_needed"
            record.compliance_user_id = False
            record.compliance_on = False
            record.compliance_note = False
        return result

    def _get_fee_amount(self) -> float:
        """Return what the payee gets, in company currency."""
        self.ensure_one()
        return self[self._fee_amount_field]

    def _get_involved(self):
        """Hook: return the users who ask for the fee; they do not decide on it."""
        return self.user_id

    @api.depends("payee_id", "company_id", "compliance_state")
    def _compute_agreed_this_year(self):
        persons = self.filtered(lambda record: record.payee_kind in PERSONS)
        agreed = persons._get_agreed()
        for record in self:
            key = record.payee_id._origin, record.company_id
            record.agreed_this_year = agreed.get(key, 0.0)

    def _get_agreed(self):
        """Return what these payees were agreed to get this year, by all documents.

        :return dict: (payee, company): amount in company currency
        """
        today = fields.Date.context_today(self)
        domain = (
            Domain("payee_id", "in", self.payee_id.ids)
            & Domain("company_id", "in", self.company_id.ids)
            & Domain("compliance_state", "=", "cleared")
            & Domain("compliance_on", ">=", today.replace(month=1, day=1))
            & Domain("state", "!=", "void")
        )
        agreed = defaultdict(float)
        if not self.payee_id:
            return agreed
        for name in self.env.registry.descendants(
            ["distributor.fee.payee.mixin"], "_inherit"
        ):
            model = self.env[name]
            if model._abstract:
                continue
            # The limit is the person's, whatever part of it one may see.
            groups = model.sudo()._read_group(
                domain,
                ["payee_id", "company_id"],
                [f"{model._fee_amount_field}:sum"],
            )
            for payee, company, amount in groups:
                agreed[payee, company] += amount
        return agreed

    # -- deciding --------------------------------------------------------------------

    def action_compliance_agree(self):
        """Agree to these, as the compliance reviewer, within the limit of the year.

        :raises UserError: names the person whose limit it exceeds
        """
        self._check_compliance()
        # Two reviewers, or one in two windows, add up what the other has agreed to.
        hold_until_committed(self.payee_id.sudo())
        # Who became an official, or one of us, meanwhile is judged anew.
        own = self.sudo().with_context(skip_validation_check=True)
        own._compute_payee_kind()
        own.flush_recordset()
        agreed = self._get_agreed()
        for record in self:
            record._check_payee()
            key = record.payee_id, record.company_id
            agreed[key] += record._get_fee_amount()
            record._check_year_limit(agreed[key])
        self._set_compliance("cleared")

    def action_compliance_refuse(self, reason):
        """Refuse these, as the compliance reviewer: nothing is paid on them.

        :param reason: required, stays on record
        """
        self._check_compliance()
        reason = (reason or "").strip()[:500]
        if not reason:
            raise UserError(self.env._("Say why: it stays on record."))
        self._set_compliance("refused", reason)

    def action_compliance_ask_why(self):
        """Open the form that asks why these are refused."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Refuse"),
            "res_model": "distributor.fee.reason",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_res_model": self._name,
                "default_res_ids": self.ids,
                "default_act": "refuse",
            },
        }

    def _check_compliance(self):
        """Check that this user may decide on these now.

        :raises AccessError: he is no reviewer, or asks for the fee himself
        :raises UserError: there is nothing to decide
        """
        self.check_access("read")
        user = self.env.user
        if not user.has_group(COMPLIANCE):
            raise AccessError(self.env._("The compliance reviewer decides this."))
        hold_until_committed(self.sudo())
        self.invalidate_recordset(["compliance_state"])
        for record in self:
            # Who asked for it is judged by, not shown.
            if user in record.sudo()._get_involved():
                raise AccessError(
                    self.env._(
                        "You asked for this fee yourself. Somebody else has to decide "
                        "on %s.",
                        record.display_name,
                    )
                )
            if (
                record.compliance_state != "waiting"
                or record.state not in self._compliance_states
            ):
                raise UserError(
                    self.env._(
                        "%s does not wait for the compliance reviewer.",
                        record.display_name,
                    )
                )

    def _check_year_limit(self, total):
        policy = self.company_id._get_fee_policy(fields.Date.context_today(self))
        limit = policy.person_year_limit
        if self.currency_id.compare_amounts(total, limit) > 0:
            raise UserError(
                self.env._(
                    "%(payee)s would get %(total)s this year, and the fee policy allows "
                    "%(limit)s a person. Refuse %(what)s, or ask for the customer as "
                    "the payee.",
                    payee=self.payee_id.name,
                    total=self.currency_id.format(total),
                    limit=self.currency_id.format(limit),
                    what=self.display_name,
                )
            )

    def _set_compliance(self, state, note=False):
        # A reviewer decides on what he may not write; this has no other way in.
        own = self.sudo().with_context(skip_validation_check=True)
        own.write(
            {
                "compliance_state": state,
                "compliance_user_id": self.env.uid,
                "compliance_on": fields.Datetime.now(),
                "compliance_note": note,
            }
        )
        for record in own:
            text = (
                self.env._(
                    "Compliance refused the fee to %(payee)s: %(reason)s. It is not "
                    "paid.",
                    payee=record.payee_id.name,
                    reason=note,
                )
                if state == "refused"
                else self.env._(
                    "Compliance agreed to the fee to %s.", record.payee_id.name
                )
            )
            record._get_document().message_post(
                body=text, author_id=self.env.user.partner_id.id
            )

    def _get_document(self):
        """Hook: return the document whose chatter tells of decisions."""
        return self

    @api.model
    def _get_compliance_users(self, company):
        group = self.env.ref(COMPLIANCE)
        # Who reviews is no secret to whom waits for it.
        return group.sudo().all_user_ids.filtered(
            lambda user: company in user.company_ids
        )
