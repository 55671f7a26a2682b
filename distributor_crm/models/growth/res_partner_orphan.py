# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain


class ResPartner(models.Model):
    """Distributors whom nobody looks after, and who offers to (R154)."""

    _inherit = "res.partner"

    is_orphan = fields.Boolean(
        string="Without a Manager",
        compute="_compute_is_orphan",
        search="_search_is_orphan",
        help="A distributor without an account manager, or whose account manager was "
        "archived.",
    )
    adoption_ids = fields.One2many(
        comodel_name="distributor.adoption", inverse_name="partner_id"
    )
    adoption_count = fields.Integer(
        string="Offers to Adopt", compute="_compute_adoption_count"
    )

    @api.depends("is_distributor", "parent_id", "account_manager_id.active")
    def _compute_is_orphan(self):
        for partner in self:
            # Whether somebody works here is no secret.
            manager = partner.sudo().account_manager_id
            partner.is_orphan = (
                partner.is_distributor
                and not partner.parent_id
                and not (manager and manager.active)
            )

    def _search_is_orphan(self, operator, value):
        if operator != "in":
            return NotImplemented
        # Archived users are not found unless they are asked for.
        gone = (
            self.env["res.users"]
            .sudo()
            ._search([("active", "=", False)], active_test=False)
        )
        orphans = (
            Domain("is_distributor", "=", True)
            & Domain("parent_id", "=", False)
            & (
                Domain("account_manager_id", "=", False)
                | Domain("account_manager_id", "in", gone)
            )
        )
        return orphans if True in value else ~orphans

    @api.depends("adoption_ids.state")
    def _compute_adoption_count(self):
        counts = dict(
            self.env["distributor.adoption"]._read_group(
                [("partner_id", "in", self.ids), ("state", "=", "asked")],
                ["partner_id"],
                ["__count"],
            )
        )
        for partner in self:
            partner.adoption_count = counts.get(partner, 0)

    def action_ask_to_adopt(self):
        """Offer to look after these distributors; a sales manager decides.

        :raises AccessError: no account manager
        :raises UserError: somebody looks after them already
        """
        if not self.env.user.has_group("distributor_crm.group_account_manager"):
            raise AccessError(
                self.env._("Only account managers can look after distributors.")
            )
        self.check_access("read")
        kept = self.filtered(lambda partner: not partner.is_orphan)
        if kept:
            raise UserError(
                self.env._(
                    "%s: somebody looks after them already.",
                    ", ".join(kept[:5].mapped("display_name")),
                )
            )
        # Offers are made by this button alone.
        return self.env["distributor.adoption"].sudo()._ask(self, self.env.user)

    def action_view_adoptions(self):
        """Open the offers to adopt these distributors."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "distributor_crm.distributor_adoption_action"
        )
        return {**action, "domain": [("partner_id", "in", self.ids)], "context": {}}

    def action_hand_over_orphans(self):
        """Draft a hand-over of the distributors without a manager, and open it."""
        handover = self.env["distributor.handover"].create({"reason": "orphans"})
        handover.action_propose()
        return handover._get_records_action()
