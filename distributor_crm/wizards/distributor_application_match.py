# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError


class DistributorApplicationMatch(models.TransientModel):
    """The contacts that an applicant may be, side by side with the application (R219)."""

    _name = "distributor.application.match"
    _description = "Compare With Known Contacts"
    _rec_name = "application_id"

    application_id = fields.Many2one(
        comodel_name="distributor.application",
        required=True,
        readonly=True,
        ondelete="cascade",
    )
    partner_id = fields.Many2one(related="application_id.partner_id")
    email = fields.Char(related="application_id.email")
    phone = fields.Char(related="application_id.phone")
    city = fields.Char(related="application_id.city")
    line_ids = fields.One2many(
        comodel_name="distributor.application.match.line", inverse_name="match_id"
    )


class DistributorApplicationMatchLine(models.TransientModel):
    """One contact that the applicant may be."""

    _name = "distributor.application.match.line"
    _description = "Known Contact of an Applicant"

    match_id = fields.Many2one(
        comodel_name="distributor.application.match", required=True, ondelete="cascade"
    )
    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Contact",
        required=True,
        readonly=True,
        ondelete="cascade",
        context={"active_test": False},
    )
    shared = fields.Char(string="They Share", readonly=True)
    email = fields.Char(related="partner_id.email")
    phone = fields.Char(related="partner_id.phone")
    city = fields.Char(related="partner_id.city")
    grade_id = fields.Many2one(related="partner_id.grade_id", string="Tier")
    account_manager_id = fields.Many2one(related="partner_id.account_manager_id")
    is_blacklisted = fields.Boolean(related="partner_id.is_blacklisted_distributor")
    store_count = fields.Integer(related="partner_id.store_count")
    has_account = fields.Boolean(
        string="Portal Account", compute="_compute_has_account", compute_sudo=True
    )
    can_merge = fields.Boolean(compute="_compute_can_merge")

    @api.depends("partner_id")
    def _compute_has_account(self):
        for line in self:
            contact = line.partner_id
            line.has_account = bool((contact | contact.child_ids).user_ids)

    @api.depends("match_id.application_id.partner_id")
    @api.depends_context("uid")
    def _compute_can_merge(self):
        wizard = self.env["base.partner.merge.automatic.wizard"]
        may_merge = wizard.has_access("create")
        for line in self:
            own = line.match_id.partner_id
            line.can_merge = bool(may_merge and own and own != line.partner_id)

    def action_use(self):
        """Tie the application to this contact, instead of making a new one."""
        self.ensure_one()
        self.match_id.application_id._use_partner(self.partner_id)
        return {"type": "ir.actions.act_window_close"}

    def action_merge(self):
        """Open Odoo's own merge with the application's distributor and this contact.

        :raises UserError: one of them is on the blacklist, or there is nothing to merge
        """
        self.ensure_one()
        application = self.match_id.application_id
        application._check_reviewer()
        own, other = application.partner_id, self.partner_id
        if not own or own == other:
            raise UserError(
                self.env._(
                    "There is no second contact to merge with. Use this one for the "
                    "application."
                )
            )
        for partner in own | other:
            application._check_partner_usable(partner)
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "base.action_partner_merge"
        )
        both = {"active_model": "res.partner", "active_ids": (own | other).ids}
        wizard = self.env["base.partner.merge.automatic.wizard"].with_context(**both)
        kept = self._get_kept(own, other)
        prepared = wizard.create({"dst_partner_id": kept.id})
        return {**action, "res_id": prepared.id, "context": both}

    def _get_kept(self, own, other):
        """Return which of two contacts stays: who logs in, then who is older."""

        def rank(partner):
            # Whether somebody logs in is no secret to who merges.
            users = (partner | partner.child_ids).sudo().user_ids
            return (not users, not partner.active, partner.create_date, partner.id)

        return min(own, other, key=rank)
