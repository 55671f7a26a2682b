# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError

PERSONS = ("person_of_customer", "other_person")
# Nobody may agree to these.
PROHIBITED = ("official", "employee_of_ours")


class DistributorFeePayeeMixin(models.AbstractModel):
    """Who gets a fee, for what, on what occasion, and whether he may (R078-R083).

    A fee is for the relation with a customer, never anybody's private income: it goes
    to the customer as a company. A person needs the policy and the compliance
    reviewer; officials and our own people get none.

    Models have `company_id`, `partner_id` (the customer) and `currency_id`.
    """

    _name = "distributor.fee.payee.mixin"
    _description = "Payee of a Fee"

    payee_id = fields.Many2one(
        comodel_name="res.partner", index="btree_not_null", ondelete="restrict"
    )
    payee_kind = fields.Selection(
        selection=[
            ("entity", "Company"),
            ("person_of_customer", "Person at the customer"),
            ("other_person", "Other person"),
            ("official", "Public official"),
            ("employee_of_ours", "One of us"),
        ],
        compute="_compute_payee_kind",
        store=True,
    )
    purpose_id = fields.Many2one(
        comodel_name="distributor.fee.purpose",
        index="btree_not_null",
        ondelete="restrict",
    )
    occasion = fields.Char()
    compliance_state = fields.Selection(
        selection=[
            ("not_needed", "Not needed"),
            ("waiting", "Waiting for the reviewer"),
            ("cleared", "Agreed"),
            ("refused", "Refused"),
        ],
        string="Compliance",
        compute="_compute_compliance_state",
        store=True,
        readonly=True,
        copy=False,
    )
    compliance_user_id = fields.Many2one(
        comodel_name="res.users", string="Reviewer", readonly=True, copy=False
    )
    compliance_on = fields.Datetime(string="Reviewed On", readonly=True, copy=False)

    @api.depends("payee_id", "partner_id")
    def _compute_payee_kind(self):
        for record in self:
            record.payee_kind = record.payee_id and record._judge_payee()

    def _judge_payee(self):
        payee = self.payee_id
        if payee.is_official:
            return "official"
        # Whoever names a payee need not see all users.
        users = payee.sudo().with_context(active_test=False).user_ids
        employees = payee.sudo().with_context(active_test=False).employee_ids
        if employees or users.filtered(lambda user: not user.share):
            return "employee_of_ours"
        if payee.is_company:
            return "entity"
        customer = self.partner_id.commercial_partner_id
        if payee == customer:
            # Many distributors are single persons: they are the customer (R004).
            return "entity"
        if payee.commercial_partner_id == customer:
            return "person_of_customer"
        return "other_person"

    @api.depends("payee_kind", "payee_id")
    def _compute_compliance_state(self):
        for record in self:
            # Another payee was never agreed to.
            record.compliance_state = (
                "waiting"
                if record.payee_kind in (*PERSONS, *PROHIBITED)
                else "not_needed"
            )

    def _check_payee(self):
        """Check that these may be paid to whom they name.

        :raises UserError: names the first that may not
        """
        for record in self:
            if objection := record._get_payee_objection():
                raise UserError(objection)

    def _get_payee_objection(self, day=None):
        """Return why this is not paid to whom it names, empty if it may be.

        :param day: whose policy judges it; by default the one it was asked for
        """
        values = {"payee": self.payee_id.name, "what": self.display_name}
        if self.payee_kind == "official":
            return self.env._(
                "%(payee)s is a public official: no fee is paid to officials. "
                "Choose the customer as the payee of %(what)s.",
                **values,
            )
        if self.payee_kind == "employee_of_ours":
            return self.env._(
                "%(payee)s works for us: a fee is nobody's private income. "
                "Choose the customer as the payee of %(what)s.",
                **values,
            )
        if self.payee_kind not in PERSONS:
            return ""
        policy = self.company_id._get_fee_policy(day or self._get_policy_day())
        if policy.allow_person:
            return ""
        return self.env._(
            "The fee policy pays companies only, and %(payee)s is a person. "
            "Choose the customer as the payee of %(what)s.",
            **values,
        )

    def _get_policy_day(self):
        """Hook: return the day whose policy judges this."""
        return fields.Date.context_today(self)
