# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from odoo.addons.distributor_crm.guard import without_defaults

from ...groupbuy import address_key, phone_key

# On record: no other may be filed for the same recipient, place and day.
FILED = ("filed", "shipped", "verified")
# What is filed: to change it, the filing is taken back to draft.
FACTS = {
    "partner_id",
    "order_id",
    "company_id",
    "recipient",
    "phone",
    "address",
    "purpose",
    "purpose_note",
    "planned_on",
    "use_count",
}


class DistributorGroupbuy(models.Model):
    """A large order for an event: filed before it ships, verified on site (R036-R043)."""

    _name = "distributor.groupbuy"
    _description = "Group-buy"
    _inherit = ["distributor.service.document", "distributor.evidence.mixin"]

    order_id = fields.Many2one(
        comodel_name="sale.order",
        required=True,
        index=True,
        ondelete="restrict",
        domain="[('state', 'in', ('draft', 'sent', 'sale')), '|', "
        "('partner_id', 'child_of', partner_id), "
        "('store_id.partner_id', '=', partner_id)]",
        check_company=True,
        tracking=True,
    )
    ordered_quantity = fields.Float(
        string="Ordered (Units)",
        compute="_compute_ordered_quantity",
        digits="Product Unit",
    )
    # -- the six facts of a filing (R036) ----------------------------------------------
    recipient = fields.Char(help="Who receives the goods.", tracking=True)
    phone = fields.Char(tracking=True)
    address = fields.Char(
        help="Exact: city, street, number, and the hall or room.", tracking=True
    )
    purpose = fields.Selection(
        selection=[
            ("wedding", "Wedding"),
            ("birthday", "Birthday or Birth"),
            ("company", "Company Banquet"),
            ("festival", "Festival Gifts"),
            ("promotion", "Promotion or Tasting"),
            ("other", "Other"),
        ],
        string="Use",
        tracking=True,
    )
    purpose_note = fields.Char(string="Use in Detail")
    planned_on = fields.Date(string="Planned On", index=True, tracking=True)
    use_count = fields.Integer(
        string="Number of Uses",
        default=1,
        tracking=True,
        help="In how many parts the goods are used.",
    )
    use_ids = fields.One2many(
        comodel_name="distributor.groupbuy.use",
        inverse_name="groupbuy_id",
        string="Uses",
        copy=False,
    )
    planned_quantity = fields.Float(
        string="In Uses (Units)",
        compute="_compute_planned_quantity",
        digits="Product Unit",
    )
    phone_key = fields.Char(compute="_compute_keys", store=True, index=True)
    address_key = fields.Char(compute="_compute_keys", store=True)
    latitude = fields.Float(digits=(10, 7), help="Photos taken elsewhere are flagged.")
    longitude = fields.Float(digits=(10, 7))
    # -- how far it is -----------------------------------------------------------------
    state = fields.Selection(
        selection=[
            ("draft", "Draft"),
            ("filed", "Filed"),
            ("shipped", "Shipped"),
            ("verified", "Verified"),
            ("cancelled", "Cancelled"),
        ],
        string="Status",
        required=True,
        readonly=True,
        default="draft",
        copy=False,
        index=True,
        tracking=True,
        group_expand=True,
    )
    policy_id = fields.Many2one(
        comodel_name="distributor.groupbuy.policy",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        help="The version of the rules that held when it was filed.",
    )
    filed_at = fields.Datetime(string="Filed On", readonly=True, copy=False)
    filed_by_id = fields.Many2one(
        comodel_name="res.partner", string="Filed By", readonly=True, copy=False
    )
    shipped_at = fields.Datetime(string="Shipped On", readonly=True, copy=False)
    verify_until = fields.Date(
        string="Verify Until", compute="_compute_verify_until", store=True
    )
    similar_count = fields.Integer(compute="_compute_similar_count")

    _on_record_once = models.UniqueIndex(
        "(company_id, phone_key, address_key, planned_on) "
        "WHERE state IN ('filed', 'shipped', 'verified')",
        "A group-buy of this recipient, address and day is on record already. The "
        "first filed counts.",
    )
    _order_once = models.UniqueIndex(
        "(order_id) WHERE state <> 'cancelled'",
        "This order has a group-buy already.",
    )
    _use_count_positive = models.Constraint(
        "CHECK(use_count BETWEEN 1 AND 50)", "Goods are used in 1 to 50 parts."
    )
    _filed_is_complete = models.Constraint(
        "CHECK(state IN ('draft', 'cancelled') OR (recipient <> '' AND phone_key <> '' "
        "AND address_key <> '' AND purpose IS NOT NULL AND planned_on IS NOT NULL "
        "AND filed_at IS NOT NULL))",
        "A filing names recipient, phone, address, use and planned day.",
    )

    @api.model
    def _get_closed_fields(self):
        return super()._get_closed_fields() | {
            "policy_id",
            "filed_at",
            "filed_by_id",
            "shipped_at",
        }

    @api.depends("order_id.order_line.product_uom_qty")
    def _compute_ordered_quantity(self):
        for groupbuy in self:
            # The lines are of an order that the user may read.
            goods = groupbuy.order_id.sudo()._get_groupbuy_goods()
            groupbuy.ordered_quantity = sum(goods.values())

    @api.depends("use_ids.quantity")
    def _compute_planned_quantity(self):
        for groupbuy in self:
            groupbuy.planned_quantity = sum(groupbuy.use_ids.mapped("quantity"))

    @api.depends("phone", "address")
    def _compute_keys(self):
        for groupbuy in self:
            groupbuy.phone_key = phone_key(groupbuy.phone)
            groupbuy.address_key = address_key(groupbuy.address)

    @api.depends("planned_on", "use_ids.date", "policy_id.verify_days")
    def _compute_verify_until(self):
        for groupbuy in self:
            days = [day for day in groupbuy.use_ids.mapped("date") if day]
            last = max(days, default=groupbuy.planned_on)
            wait = groupbuy.policy_id.verify_days
            groupbuy.verify_until = last and fields.Date.add(last, days=wait)

    def _get_similar_domain(self):
        """Return the domain of others with the same phone or place about that day."""
        self.ensure_one()
        return [
            ("id", "!=", self._origin.id or 0),
            ("company_id", "=", self.company_id.id),
            ("state", "!=", "cancelled"),
            ("planned_on", ">=", fields.Date.subtract(self.planned_on, days=7)),
            ("planned_on", "<=", fields.Date.add(self.planned_on, days=7)),
            "|",
            ("phone_key", "=", self.phone_key),
            ("address_key", "=", self.address_key),
        ]

    @api.depends("phone_key", "address_key", "planned_on", "company_id")
    def _compute_similar_count(self):
        for groupbuy in self:
            is_known = groupbuy.planned_on and groupbuy.phone_key
            # Counted whoever looks after them; only who may reads them.
            groupbuy.similar_count = (
                self.sudo().search_count(groupbuy._get_similar_domain())
                if is_known and groupbuy.address_key
                else 0
            )

    @api.constrains("partner_id", "order_id")
    def _check_order(self):
        # Whose order it is does not depend on whose orders one may read.
        for groupbuy in self.sudo():
            order, partner = groupbuy.order_id, groupbuy.partner_id
            owners = order.partner_id.commercial_partner_id | order.store_id.partner_id
            if partner not in owners:
                raise ValidationError(
                    self.env._("%s is no order of the distributor.", order.name)
                )

    @api.constrains("latitude", "longitude")
    def _check_place(self):
        for groupbuy in self:
            if abs(groupbuy.latitude) > 90 or abs(groupbuy.longitude) > 180:
                raise ValidationError(self.env._("There is no such place on earth."))

    @api.model_create_multi
    def create(self, vals_list):
        # EXTENDS distributor_crm: an order says whose it is
        self = without_defaults(self, self._get_closed_fields())
        for vals in vals_list:
            order = self.env["sale.order"].browse(vals.get("order_id")).exists()
            if order:
                vals.setdefault("company_id", order.company_id.id)
                vals.setdefault("partner_id", order._get_groupbuy_partner().id)
        return super().create(vals_list)

    def write(self, vals):
        if FACTS & vals.keys() and not self.env.su:
            self._check_state("draft")
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_filed(self):
        self._check_state("draft", "cancelled")

    @api.onchange("order_id")
    def _onchange_order_id(self):
        if self.order_id and not self.partner_id:
            self.partner_id = self.order_id._get_groupbuy_partner()
        if self.order_id and not self.address:
            self._fill_from_order()

    def _fill_from_order(self):
        """Propose what the order's delivery address tells."""
        shipping = self.order_id.partner_shipping_id
        self.recipient = self.recipient or shipping.name
        self.phone = self.phone or shipping.phone
        parts = (shipping.city, shipping.street, shipping.street2)
        self.address = ", ".join(filter(None, parts))

    @api.model
    def _get_list_action(self, domain):
        return {
            **self.env["ir.actions.act_window"]._for_xml_id(
                "distributor_crm_channel.distributor_groupbuy_action"
            ),
            "domain": domain,
            "context": {},
        }

    def action_view_similar(self):
        """Open what is filed for the same phone or place about that day."""
        return self._get_list_action(self._get_similar_domain())

    def action_view_order(self):
        """Open the order of this group-buy."""
        return self.order_id._get_records_action()

    def _shows_evidence_to(self, partner):
        return self.partner_id == partner.commercial_partner_id

    def _check_evidence_wanted(self):
        # EXTENDS distributor_crm: a verdict stands on what was there when it fell
        if self.state in ("verified", "cancelled"):
            raise UserError(self.env._("%s takes no more photos.", self.display_name))
