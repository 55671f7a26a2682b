# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError

from ...guard import lock_or_refuse


class DistributorAdoption(models.Model):
    """An account manager offers to look after an orphan; a sales manager decides."""

    _name = "distributor.adoption"
    _description = "Offer to Adopt a Distributor"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "id desc"

    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Distributor",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        comodel_name="res.company", required=True, readonly=True, index=True
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Asked By",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    note = fields.Text(
        string="Why I", help="Why this distributor would be in good hands."
    )
    load = fields.Integer(
        string="Distributors So Far",
        compute="_compute_load",
        help="How many distributors this account manager looks after now.",
    )
    state = fields.Selection(
        selection=[
            ("asked", "To Decide"),
            ("granted", "Granted"),
            ("refused", "Refused"),
        ],
        required=True,
        readonly=True,
        default="asked",
        index=True,
        tracking=True,
    )
    decided_by_id = fields.Many2one(comodel_name="res.users", readonly=True)
    decided_on = fields.Date(readonly=True)

    _once = models.UniqueIndex(
        "(partner_id, user_id) WHERE state = 'asked'",
        "You offered to adopt this distributor already.",
    )
    _decided_has_day = models.Constraint(
        "CHECK(state = 'asked' OR decided_on IS NOT NULL)",
        "What was decided has the day of the decision.",
    )

    @api.depends("partner_id", "user_id")
    def _compute_display_name(self):
        for adoption in self:
            names = (adoption.user_id.name, adoption.partner_id.name)
            adoption.display_name = " → ".join(name or "" for name in names)

    @api.depends("user_id")
    def _compute_load(self):
        # How much somebody has counts distributors whom the reader may not see.
        counts = dict(
            self.env["res.partner"]
            .sudo()
            ._read_group(
                [
                    ("account_manager_id", "in", self.user_id.ids),
                    ("is_distributor", "=", True),
                ],
                ["account_manager_id"],
                ["__count"],
            )
        )
        for adoption in self:
            adoption.load = counts.get(adoption.user_id, 0)

    def write(self, vals):
        if not self.env.su:
            if vals.keys() - {"note"}:
                raise UserError(self.env._("Grant or refuse an offer by its buttons."))
            if any(a.user_id != self.env.user or a.state != "asked" for a in self):
                raise UserError(self.env._("Only who asks says why, until decided."))
        return super().write(vals)

    @api.model
    def _ask(self, partners, user):
        """Return the action that opens the offers of a user, made where missing.

        :param partners: distributors without a manager
        """
        known = self.search(
            [
                ("partner_id", "in", partners.ids),
                ("user_id", "=", user.id),
                ("state", "=", "asked"),
            ]
        )
        adoptions = known + self.create(
            [
                {
                    "partner_id": partner.id,
                    "user_id": user.id,
                    "company_id": (partner.company_id or self.env.company).id,
                }
                for partner in partners - known.partner_id
            ]
        )
        for company, own in (adoptions - known).grouped("company_id").items():
            managers = company._get_group_users("distributor_crm.group_sales_manager")
            for adoption in own if managers else ():
                adoption.activity_schedule(
                    "mail.mail_activity_data_todo",
                    summary=adoption.env._("Decide who looks after the distributor"),
                    user_id=managers[0].id,
                )
        return adoptions.with_env(partners.env)._get_records_action(
            name=self.env._("Offers to Adopt")
        )

    def _check_can_decide(self):
        """Check that this user decides on these offers, and that they are open.

        :raises AccessError: no sales manager
        :raises UserError: decided already
        """
        self.check_access("write")
        if not self.env.user.has_group("distributor_crm.group_sales_manager"):
            raise UserError(self.env._("Only sales managers decide on this."))
        lock_or_refuse(self, allow_referencing=True)
        self.invalidate_recordset(["state"])
        if any(adoption.state != "asked" for adoption in self):
            raise UserError(self.env._("This was decided already."))

    def action_grant(self):
        """Let who asked look after the distributor; other offers for it are refused.

        :raises UserError: decided already, or two ask for one distributor
        """
        self._check_can_decide()
        if len(self.partner_id) < len(self):
            raise UserError(
                self.env._("Choose one account manager for each distributor.")
            )
        taken = self.partner_id.filtered(lambda partner: not partner.is_orphan)
        if taken:
            raise UserError(
                self.env._(
                    "%s: somebody looks after them already.",
                    ", ".join(taken[:5].mapped("display_name")),
                )
            )
        # Who decides was checked; the distributor may be another salesperson's.
        adoptions = self.sudo()
        for user, own in adoptions.grouped("user_id").items():
            own.partner_id.write({"account_manager_id": user.id})
        others = adoptions.search(
            [
                ("partner_id", "in", self.partner_id.ids),
                ("state", "=", "asked"),
                ("id", "not in", self.ids),
            ]
        )
        adoptions._decide("granted")
        others._decide("refused")

    def action_refuse(self):
        """Refuse offers: the distributors stay without a manager for now."""
        self._check_can_decide()
        # States are set by buttons alone; who decides was checked.
        self.sudo()._decide("refused")

    def _decide(self, state):
        self.write(
            {
                "state": state,
                "decided_by_id": self.env.uid,
                "decided_on": fields.Date.context_today(self),
            }
        )
        self.activity_unlink(["mail.mail_activity_data_todo"])
        label = dict(self._fields["state"]._description_selection(self.env))[state]
        for adoption in self:
            adoption.message_notify(
                partner_ids=adoption.user_id.partner_id.ids,
                subject=adoption.display_name,
                body=self.env._(
                    "Your offer to look after %(distributor)s: %(decision)s.",
                    distributor=adoption.partner_id.name,
                    decision=label,
                ),
            )
