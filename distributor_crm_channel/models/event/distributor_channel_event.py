# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from odoo.addons.distributor_crm.guard import without_closed

# Set by the buttons alone, over RPC too.
CLOSED = {"number", "state", "started_by_id", "started_at", "ended_at"}
# What colleagues add to a running event: talk about it, nothing of it.
CHATTER = ("message_", "activity_", "rating_", "website_message_")


class DistributorChannelEvent(models.Model):
    """Something that happens to the market all of a sudden, and what the company does
    about it in one go: it informs all concerned, changes or freezes prices from a time,
    and protects what distributors have in stock (R121).
    """

    _name = "distributor.channel.event"
    _description = "Sudden Event"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "starts_at desc, id desc"
    _check_company_auto = True

    name = fields.Char(string="Subject", required=True, tracking=True)
    number = fields.Char(readonly=True, copy=False, default="/")
    kind = fields.Selection(
        selection=[
            ("price_rise", "Price Rise"),
            ("price_fall", "Price Fall"),
            ("recall", "Recall"),
            ("dumping", "Dumping"),
            ("neighbour", "Neighbouring Market"),
            ("competitor", "Competing Product"),
            ("slow_sale", "Slow Sale"),
            ("other", "Other"),
        ],
        required=True,
        default="price_fall",
        index=True,
        tracking=True,
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Responsible",
        default=lambda self: self.env.user,
        domain=[("share", "=", False)],
        check_company=True,
        tracking=True,
    )
    body = fields.Html(
        string="What to Do",
        help="Read by distributors, in the mail and on the portal.",
    )
    attachment_ids = fields.Many2many(
        comodel_name="ir.attachment",
        string="Files",
        help="Sent along: photos of lots, letters to customers.",
    )
    starts_at = fields.Datetime(
        string="From",
        required=True,
        default=fields.Datetime.now,
        tracking=True,
        help="Prices hold from this moment on; distributors are told at once.",
    )
    ends_at = fields.Datetime(
        string="Until",
        copy=False,
        tracking=True,
        help="Prices return to what they would be. Empty: until somebody ends it.",
    )
    # Whom it concerns
    grade_ids = fields.Many2many(
        comodel_name="res.partner.grade",
        string="Tiers",
        help="All tiers where none is named.",
    )
    territory_ids = fields.Many2many(
        comodel_name="distributor.territory",
        string="Territories",
        check_company=True,
        help="Who is authorized there or has his address there. All where none is named.",
    )
    lot_ids = fields.Many2many(
        comodel_name="stock.lot",
        string="Lots/Serials",
        help="Of a recall: only who was delivered one of them is concerned.",
    )
    lot_names = fields.Char(string="Lots", compute="_compute_lot_names")
    partner_ids = fields.Many2many(
        comodel_name="res.partner",
        string="Others Too",
        domain=[("is_distributor", "=", True), ("parent_id", "=", False)],
        help="Told in any case.",
    )
    reach = fields.Integer(
        string="Reaches",
        compute="_compute_reach",
        help="So many distributors would be told now.",
    )
    # Answers
    needs_acknowledgement = fields.Boolean(
        string="Ask for Acknowledgement", default=True
    )
    acknowledge_hours = fields.Integer(
        string="Acknowledge within (Hours)",
        default=24,
        help="Who has not by then is reminded, as often as this again.",
    )
    max_reminders = fields.Integer(string="Reminders at Most", default=3)
    # Prices and stock
    pricelist_ids = fields.Many2many(
        comodel_name="product.pricelist",
        string="Pricelists",
        compute="_compute_pricelist_ids",
        store=True,
        readonly=False,
        check_company=True,
        help="Where the prices change: the tiers' own, unless you choose others.",
    )
    line_ids = fields.One2many(
        comodel_name="distributor.channel.event.line",
        inverse_name="event_id",
        string="Products",
        copy=True,
    )
    item_ids = fields.One2many(
        comodel_name="product.pricelist.item",
        inverse_name="channel_event_id",
        string="Prices",
        readonly=True,
    )
    recipient_ids = fields.One2many(
        comodel_name="distributor.channel.event.recipient",
        inverse_name="event_id",
        readonly=True,
    )
    recipient_count = fields.Integer(compute="_compute_counts")
    sent_count = fields.Integer(string="Told", compute="_compute_counts")
    read_count = fields.Integer(string="Read", compute="_compute_counts")
    acknowledged_count = fields.Integer(
        string="Acknowledged", compute="_compute_counts"
    )
    missing_count = fields.Integer(
        string="Not Acknowledged",
        compute="_compute_counts",
        help="Told, and has not said that he knows.",
    )
    progress = fields.Float(string="Told (%)", compute="_compute_counts")
    started_by_id = fields.Many2one(comodel_name="res.users", readonly=True, copy=False)
    started_at = fields.Datetime(readonly=True, copy=False)
    ended_at = fields.Datetime(readonly=True, copy=False)
    state = fields.Selection(
        selection=[
            ("draft", "Draft"),
            ("running", "Running"),
            ("ended", "Ended"),
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

    _times_in_order = models.Constraint(
        "CHECK(ends_at IS NULL OR ends_at > starts_at)",
        "An event ends after it starts. Correct one of the two times.",
    )
    _hours_positive = models.Constraint(
        "CHECK(acknowledge_hours > 0 AND max_reminders >= 0)",
        "Give at least one hour to acknowledge, and no negative number of reminders.",
    )

    @api.depends("grade_ids", "territory_ids", "lot_ids", "partner_ids", "company_id")
    def _compute_reach(self):
        for event in self:
            event.reach = len(event._find_partners()) if event.company_id else 0

    @api.depends("lot_ids")
    def _compute_lot_names(self):
        # Sales managers need not see the stock to know which lots are called back.
        for event in self.sudo():
            event.lot_names = ", ".join(event.lot_ids.mapped("name"))

    @api.depends("grade_ids")
    def _compute_pricelist_ids(self):
        for event in self:
            tiers = event.grade_ids.default_pricelist_id
            event.pricelist_ids = tiers or event.pricelist_ids

    @api.depends("recipient_ids.sent_at", "recipient_ids.acknowledged_at")
    def _compute_counts(self):
        rows = {
            event: (total, sent, read, known)
            for event, total, sent, read, known in self.env[
                "distributor.channel.event.recipient"
            ]._read_group(
                [("event_id", "in", self.ids)],
                ["event_id"],
                [
                    "__count",
                    "sent_at:count",
                    "read_at:count",
                    "acknowledged_at:count",
                ],
            )
        }
        for event in self:
            total, sent, read, known = rows.get(event, (0, 0, 0, 0))
            event.recipient_count, event.sent_count = total, sent
            event.read_count, event.acknowledged_count = read, known
            asked = event.needs_acknowledgement
            event.missing_count = sent - known if asked else 0
            event.progress = 100 * sent / total if total else 0

    @api.constrains("state", "line_ids", "pricelist_ids")
    def _check_pricelists(self):
        for event in self.filtered(lambda e: e.state == "running"):
            changing = event.line_ids.filtered(lambda line: line.action != "none")
            if changing and not event.pricelist_ids:
                raise ValidationError(
                    self.env._("Choose the pricelists in which the prices change.")
                )

    @api.model_create_multi
    def create(self, vals_list):
        self, vals_list = without_closed(self, vals_list, CLOSED)
        Sequence = self.env["ir.sequence"]
        for vals in vals_list:
            company = vals.get("company_id") or self.env.company.id
            numbers = Sequence.with_company(company).sudo()
            vals["number"] = numbers.next_by_code(self._name) or "/"
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su:
            if CLOSED & vals.keys():
                raise UserError(self.env._("Use the buttons to start or end an event."))
            if any(not name.startswith(CHATTER) for name in vals):
                self._check_draft()
        return super().write(vals)

    def _check_draft(self):
        """Refuse to change what distributors were told.

        :raises UserError: says what to do
        """
        for event in self.filtered(lambda e: e.state != "draft"):
            raise UserError(
                self.env._(
                    "%s was sent: what distributors were told stays as it is. End it, "
                    "and tell them anew.",
                    event.name,
                )
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_sent(self):
        self._check_draft()

    def _find_partners(self):
        """Return the distributors that an event concerns, with full rights: whom it
        concerns does not depend on who sends it."""
        self.ensure_one()
        event = self.sudo()
        Partner = event.env["res.partner"]
        domain = Domain(
            [
                ("is_distributor", "=", True),
                ("parent_id", "=", False),
                ("company_id", "in", (False, event.company_id.id)),
            ]
        )
        if event.grade_ids:
            domain &= Domain("grade_id", "in", event.grade_ids.ids)
        if event.territory_ids:
            domain &= Domain("id", "in", event._get_territory_partners().ids)
        if event.lot_ids:
            owners = event.lot_ids.partner_ids.commercial_partner_id
            domain &= Domain("id", "in", owners.ids)
        return Partner.search(domain) | event.partner_ids.commercial_partner_id

    def _get_territory_partners(self):
        """Return who is authorized in the territories or has his address there."""
        today = fields.Date.context_today(self)
        Authorization = self.env["distributor.authorization"]
        held = Authorization.search(
            Authorization._get_in_force_domain(today)
            & Domain("territory_id", "in", self.territory_ids.ids)
        )
        inside = self.territory_ids._origin._get_partners_inside()
        return (held.partner_id | inside).commercial_partner_id

    def action_view_recipients(self):
        """Open who is told, and who has read and acknowledged it."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "distributor_crm_channel.distributor_channel_event_recipient_action"
        )
        return {**action, "domain": [("event_id", "in", self.ids)], "context": {}}

    def action_view_missing(self):
        """Open who has not acknowledged it yet."""
        domain = [
            ("event_id", "in", self.ids),
            ("sent_at", "!=", False),
            ("acknowledged_at", "=", False),
        ]
        return {**self.action_view_recipients(), "domain": domain}

    def action_view_prices(self):
        """Open the rules that the event set in the pricelists."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Prices"),
            "res_model": "product.pricelist.item",
            "view_mode": "list",
            "domain": [("channel_event_id", "in", self.ids)],
            "context": {"create": False, "edit": False, "delete": False},
        }
