# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ...guard import without_closed

# Set by the buttons alone, over RPC too.
CLOSED = {
    "is_blacklisted_distributor",
    "blacklist_reason",
    "blacklist_legal_basis",
    "blacklisted_on",
    "blacklisted_by_id",
}


class ResPartner(models.Model):
    """Applications of a contact, and the blacklist of distributors.

    A blacklist touches a person's rights: an entry needs a reason and a legal basis,
    is made by a sales manager, and can be taken off.
    """

    _inherit = "res.partner"

    application_ids = fields.One2many(
        comodel_name="distributor.application", inverse_name="partner_id"
    )
    application_count = fields.Integer(compute="_compute_application_count")
    is_blacklisted_distributor = fields.Boolean(
        string="Blacklisted Distributor",
        readonly=True,
        copy=False,
        tracking=True,
        help="No application of this contact is admitted.",
    )
    blacklist_reason = fields.Text(readonly=True, copy=False)
    blacklist_legal_basis = fields.Text(
        string="Legal Basis of the Blacklist", readonly=True, copy=False
    )
    blacklisted_on = fields.Date(readonly=True, copy=False)
    blacklisted_by_id = fields.Many2one(
        comodel_name="res.users", readonly=True, copy=False
    )

    _email_idx = models.Index("(email_normalized) WHERE email_normalized IS NOT NULL")
    _blacklist_has_reason = models.Constraint(
        "CHECK(NOT is_blacklisted_distributor OR (blacklist_reason IS NOT NULL "
        "AND blacklist_legal_basis IS NOT NULL AND blacklisted_on IS NOT NULL))",
        "A blacklist entry needs a reason, a legal basis and a day.",
    )

    @api.depends("application_ids")
    def _compute_application_count(self):
        counts = dict(
            self.env["distributor.application"]._read_group(
                [("partner_id", "in", self.ids)], ["partner_id"], ["__count"]
            )
        )
        for partner in self:
            partner.application_count = counts.get(partner, 0)

    @api.model_create_multi
    def create(self, vals_list):
        self, vals_list = without_closed(self, vals_list, CLOSED)
        return super().create(vals_list)

    def write(self, vals):
        if CLOSED & vals.keys() and not self.env.su:
            raise UserError(
                self.env._("Use the buttons to change the blacklist of distributors.")
            )
        return super().write(vals)

    def _check_may_run_store(self, company):
        # EXTENDS distributor_crm: nobody opens a store from the blacklist.
        result = super()._check_may_run_store(company)
        for partner in self.filtered("is_blacklisted_distributor"):
            raise UserError(
                self.env._("%s is on the blacklist of distributors.", partner.name)
            )
        return result

    def _check_may_blacklist(self):
        self.check_access("write")
        if not self.env.user.has_group("distributor_crm.group_sales_manager"):
            raise AccessError(
                self.env._("Only sales managers change the blacklist of distributors.")
            )

    def action_blacklist_distributor(self):
        """Open the dialog to put contacts on the blacklist."""
        self._check_may_blacklist()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Blacklist"),
            "res_model": "distributor.partner.blacklist",
            "view_mode": "form",
            "target": "new",
            "context": {"default_partner_ids": self.commercial_partner_id.ids},
        }

    def _blacklist_distributor(self, reason, legal_basis):
        """Put contacts on the blacklist of distributors.

        :param reason: what happened
        :param legal_basis: what the entry rests on
        :raises AccessError: not a sales manager
        :raises UserError: reason or basis is empty
        """
        self._check_may_blacklist()
        if not (reason or "").strip() or not (legal_basis or "").strip():
            raise UserError(
                self.env._("A blacklist entry needs a reason and a legal basis.")
            )
        # The fields are closed to users; who may was checked.
        self.sudo().write(
            {
                "is_blacklisted_distributor": True,
                "blacklist_reason": reason,
                "blacklist_legal_basis": legal_basis,
                "blacklisted_on": fields.Date.context_today(self),
                "blacklisted_by_id": self.env.uid,
            }
        )
        for partner in self:
            partner._message_log(
                body=self.env._("Put on the blacklist of distributors: %s", reason)
            )

    def action_unblacklist_distributor(self):
        """Take contacts off the blacklist; the chatter keeps what was."""
        self._check_may_blacklist()
        # The fields are closed to users; who may was checked.
        self.sudo().write({"is_blacklisted_distributor": False})
        for partner in self:
            partner._message_log(
                body=self.env._("Taken off the blacklist of distributors.")
            )

    def action_view_applications(self):
        """Open the applications of these contacts."""
        return self.application_ids._get_records_action(name=self.env._("Applications"))
