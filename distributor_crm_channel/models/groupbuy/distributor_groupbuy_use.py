# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import datetime

from odoo import api, fields, models
from odoo.exceptions import UserError

# What is filed of a use; the rest is what was found on site.
PLAN = {"groupbuy_id", "date", "place", "quantity"}
CLOSED = {"reported_at", "reported_by_id", "performer"}
MAX_CODES = 500


class DistributorGroupbuyUse(models.Model):
    """One of the times the goods of a group-buy are used: as planned, and as found."""

    _name = "distributor.groupbuy.use"
    _description = "Use of a Group-buy"
    _inherit = ["distributor.evidence.mixin"]
    _order = "groupbuy_id, date, id"
    _check_company_auto = True

    groupbuy_id = fields.Many2one(
        comodel_name="distributor.groupbuy",
        string="Group-buy",
        required=True,
        index=True,
        ondelete="cascade",
        check_company=True,
    )
    company_id = fields.Many2one(
        related="groupbuy_id.company_id", store=True, index=True
    )
    partner_id = fields.Many2one(
        related="groupbuy_id.partner_id", store=True, index=True
    )
    groupbuy_state = fields.Selection(
        related="groupbuy_id.state", string="Group-buy Status"
    )
    date = fields.Date(string="Planned On")
    place = fields.Char()
    quantity = fields.Float(string="Planned (Units)", digits="Product Unit")
    # -- on site (R037-R041) -----------------------------------------------------------
    held_on = fields.Date(string="Took Place On")
    guests = fields.Integer()
    tables = fields.Integer()
    goods_ids = fields.One2many(
        comodel_name="distributor.groupbuy.goods",
        inverse_name="use_id",
        string="Goods Used",
    )
    used_quantity = fields.Float(
        string="Used (Units)", compute="_compute_used_quantity", digits="Product Unit"
    )
    code_ids = fields.One2many(
        comodel_name="distributor.groupbuy.code",
        inverse_name="use_id",
        string="Product Codes",
    )
    scanned = fields.Text(
        string="Scan or Type Codes",
        store=False,
        inverse="_inverse_scanned",
        compute="_compute_scanned",
        help="One in a line, or with spaces between them.",
    )
    note = fields.Text()
    performer = fields.Selection(
        selection=[("staff", "Own Staff"), ("partner", "Distributor")],
        readonly=True,
        copy=False,
        help="What distributors report themselves is weaker: look at it more closely.",
    )
    reported_at = fields.Datetime(string="Reported On", readonly=True, copy=False)
    reported_by_id = fields.Many2one(
        comodel_name="res.partner", string="Reported By", readonly=True, copy=False
    )

    _counts_positive = models.Constraint(
        "CHECK(guests BETWEEN 0 AND 100000 AND tables BETWEEN 0 AND 10000 "
        "AND quantity >= 0)",
        "Guests, tables and quantities are zero or more.",
    )

    @api.depends("goods_ids.quantity")
    def _compute_used_quantity(self):
        for use in self:
            use.used_quantity = sum(use.goods_ids.mapped("quantity"))

    def _compute_scanned(self):
        self.scanned = False

    def _inverse_scanned(self):
        for use in self:
            use._add_codes((use.scanned or "").split())

    @api.depends("groupbuy_id.name", "date", "place")
    def _compute_display_name(self):
        for use in self:
            parts = (use.groupbuy_id.name, use.place)
            use.display_name = " · ".join(filter(None, parts))

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            vals_list = [
                {name: value for name, value in vals.items() if name not in CLOSED}
                for vals in vals_list
            ]
        uses = super().create(vals_list)
        uses._check_plan_open()
        return uses

    def write(self, vals):
        if not self.env.su:
            if CLOSED & vals.keys():
                raise UserError(
                    self.env._("The status is changed with the buttons of the form.")
                )
            if PLAN & vals.keys():
                self._check_plan_open()
            if vals.keys() - PLAN:
                self._check_facts_open()
                self._note_change(vals)
        result = super().write(vals)
        if PLAN & vals.keys():
            self._check_plan_open()
        if "held_on" in vals:
            # Photos are judged by the day on which it took place.
            self.sudo().evidence_ids._judge()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_closed(self):
        self._check_plan_open()

    def _check_plan_open(self):
        """Refuse to change the plan once it is filed."""
        self.groupbuy_id._check_state("draft")

    def _check_facts_open(self):
        """Refuse to change what was found once it was judged."""
        self.groupbuy_id._check_state("draft", "filed", "shipped")

    def _note_change(self, vals):
        """Leave a trace of what is changed after it was reported."""
        names = [
            self._fields[name]._description_string(self.env)
            for name in vals
            if name in self._fields
        ]
        for use in self.filtered("reported_at"):
            use.groupbuy_id._message_log(
                body=self.env._(
                    "%(use)s was changed after its report: %(names)s",
                    use=use.display_name,
                    names=", ".join(names),
                )
            )

    def _check_evidence_wanted(self):
        # EXTENDS distributor_crm
        self.groupbuy_id._check_evidence_wanted()

    def _shows_evidence_to(self, partner):
        return self.groupbuy_id._shows_evidence_to(partner)

    def _get_evidence_place(self):
        # EXTENDS distributor_crm: photos are from that day and place
        day = self.held_on or self.date
        groupbuy = self.groupbuy_id
        place = {}
        if groupbuy.latitude or groupbuy.longitude:
            place = {"latitude": groupbuy.latitude, "longitude": groupbuy.longitude}
        if not day:
            return place
        start = datetime.datetime.combine(day, datetime.time.min)
        zone = self.env["distributor.evidence"]._get_zone(self.company_id)
        start -= zone.utcoffset(start)
        return {**place, "since": start, "until": start + datetime.timedelta(days=1)}

    def _get_records_needing_evidence(self):
        # EXTENDS distributor_crm: open group-buys and cases need their photos
        return self.filtered(
            lambda use: (
                use.groupbuy_id.state in ("filed", "shipped") or use.groupbuy_id.is_held
            )
        )

    def action_open(self):
        """Open what was found on site."""
        return self._get_records_action()

    # -- reporting ---------------------------------------------------------------------

    def action_report(self):
        """Say that what was entered is what was found on site.

        :raises UserError: something is missing
        """
        self.check_access("write")
        return self._report()

    def _report(self):
        self.groupbuy_id._lock()
        self.groupbuy_id._check_state("shipped")
        today = fields.Date.context_today(self)
        for use in self:
            if not use.held_on or use.held_on > today:
                raise UserError(
                    self.env._("Enter the day on which it took place, today at latest.")
                )
            if not use.goods_ids:
                raise UserError(self.env._("Enter what was used, and how much."))
        # Closed to users; whoever calls has checked who may.
        self.sudo().write(
            {
                "reported_at": fields.Datetime.now(),
                "reported_by_id": self.env.user.partner_id.id,
                "performer": "partner" if self.env.user.share else "staff",
            }
        )
        return True

    def action_fill_goods(self):
        """Enter the order's goods in the planned quantity, to be corrected."""
        self.check_access("write")
        self._check_facts_open()
        for use in self:
            # Who reports need not read order lines.
            goods = use.groupbuy_id.order_id.sudo()._get_groupbuy_goods()
            total = sum(goods.values())
            share = use.quantity / total if total else 0
            known = use.goods_ids.product_id
            use.goods_ids = [
                fields.Command.create(
                    {"product_id": product.id, "quantity": quantity * share}
                )
                for product, quantity in goods.items()
                if product not in known
            ]
        return True

    def _add_codes(self, names):
        """Add codes that were read; those that are there stay."""
        self.ensure_one()
        names = list(dict.fromkeys(name[:64] for name in names))
        known = set(self.code_ids.mapped("name"))
        new = [name for name in names if name not in known]
        if len(known) + len(new) > MAX_CODES:
            raise UserError(self.env._("Enter at most %s codes for a use.", MAX_CODES))
        self.env["distributor.groupbuy.code"].create(
            [{"use_id": self.id, "name": name} for name in new]
        )
        self.code_ids._resolve()
