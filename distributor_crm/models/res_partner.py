# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError

# Who looks after a distributor decides who sees his figures; the tier, what he pays.
ASSIGNMENT = ("is_distributor", "user_id", "account_manager_id", "grade_id")


class ResPartner(models.Model):
    _inherit = "res.partner"

    is_distributor = fields.Boolean(
        string="Distributor",
        tracking=True,
        help="The company sells through this partner and may pay rebates to it.",
    )
    account_manager_id = fields.Many2one(
        comodel_name="res.users",
        domain=[("share", "=", False)],
        tracking=True,
        index="btree_not_null",
        help="The person who looks after this distributor and sees its figures.",
    )
    rebate_statement_ids = fields.One2many(
        comodel_name="distributor.rebate.statement",
        inverse_name="partner_id",
    )
    rebate_statement_count = fields.Integer(compute="_compute_rebate_statement_count")

    _distributor_idx = models.Index("(id) WHERE is_distributor")
    # An index on the field itself would stay behind when the addon goes.
    _grade_idx = models.Index("(grade_id) WHERE grade_id IS NOT NULL")

    @api.depends("rebate_statement_ids")
    def _compute_rebate_statement_count(self):
        counts = dict(
            self.env["distributor.rebate.statement"]._read_group(
                [("partner_id", "in", self.ids)], ["partner_id"], ["__count"]
            )
        )
        for partner in self:
            partner.rebate_statement_count = counts.get(partner, 0)

    @api.model_create_multi
    def create(self, vals_list):
        # EXTENDS base: the default of the Distributors menu is meant for the company,
        # not for the contacts that are created with it.
        partners = super().create(
            [
                {"is_distributor": False, **vals} if vals.get("parent_id") else vals
                for vals in vals_list
            ]
        )
        if not self._may_assign():
            others = partners.account_manager_id - self.env.user
            if others:
                partners._refuse_assignment()
        return partners

    def write(self, vals):
        if any(name in vals for name in ASSIGNMENT) and not self._may_assign():
            self._check_assignment(vals)
        return super().write(vals)

    @api.model
    def _may_assign(self):
        return self.env.su or self.env.user.has_group(
            "distributor_crm.group_sales_manager"
        )

    def _check_assignment(self, vals):
        """Check that nobody gives himself, or others, a distributor to look after.

        A seller may make a contact of his a distributor, looked after by himself.

        :raises AccessError: only sales managers do that
        """
        asked = {name: vals[name] or False for name in ASSIGNMENT if name in vals}
        for partner in self:
            changed = {
                name
                for name, value in asked.items()
                if value
                != partner._fields[name].convert_to_write(partner[name], partner)
            }
            given = asked.get("account_manager_id") not in (None, self.env.uid)
            if changed and (
                partner.is_distributor or "account_manager_id" in changed and given
            ):
                self._refuse_assignment()

    def _refuse_assignment(self):
        raise AccessError(
            self.env._(
                "Only a sales manager decides who is a distributor, of which tier, and who "
                "looks after one. Ask yours to change it."
            )
        )

    def action_view_rebate_statements(self):
        """Open the rebate statements of these distributors."""
        return self.env["distributor.rebate.statement"]._get_list_action(
            [("partner_id", "in", self.ids)]
        )
