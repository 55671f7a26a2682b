# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from dateutil.relativedelta import relativedelta

from odoo import api, fields, models


class DistributorEarning(models.Model):
    """What a store earned on one sold line by one event: paid, refunded, reopened.

    Rows are only added: what takes something back has its own day and line. Their sum
    is what the ledger of invoices and payments says is earned; nobody writes them but
    the engine.
    """

    _name = "distributor.earning"
    _description = "Distributor Earning"
    _order = "date desc, id desc"
    _check_company_auto = True

    company_id = fields.Many2one(
        comodel_name="res.company", required=True, readonly=True, index=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    policy_id = fields.Many2one(
        comodel_name="distributor.earning.policy",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Distributor",
        required=True,
        readonly=True,
        ondelete="restrict",
    )
    account_manager_id = fields.Many2one(related="partner_id.account_manager_id")
    store_id = fields.Many2one(
        comodel_name="distributor.store",
        string="Sold Through",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    level = fields.Integer(
        required=True,
        readonly=True,
        aggregator=None,
        help="1: the store that sold. 2: the store that invited it.",
    )
    order_id = fields.Many2one(
        comodel_name="sale.order",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    order_line_id = fields.Many2one(
        comodel_name="sale.order.line",
        required=True,
        readonly=True,
        ondelete="restrict",
    )
    product_id = fields.Many2one(related="order_line_id.product_id", store=True)
    number = fields.Integer(
        string="Event",
        required=True,
        readonly=True,
        aggregator=None,
        help="Counts what happened to the earning of this line.",
    )
    reason = fields.Selection(
        selection=[
            ("paid", "Paid"),
            ("refunded", "Refunded"),
            ("reopened", "Payment Undone"),
            ("moved", "Order of Another Store"),
        ],
        required=True,
        readonly=True,
    )
    date = fields.Date(required=True, readonly=True)
    base = fields.Monetary(
        string="Really Paid",
        readonly=True,
        help="By how much the event changed what was paid for the goods, after coupons "
        "and store credit.",
    )
    rate = fields.Float(
        string="Rate (%)", digits=(16, 2), readonly=True, aggregator=None
    )
    unit_cost = fields.Float(
        string="Own Price",
        digits="Product Price",
        readonly=True,
        aggregator=None,
        help="With a margin: the owner's own price of one unit when it was ordered.",
    )
    amount = fields.Monetary(required=True, readonly=True)
    delivered_on = fields.Date(
        compute="_compute_delivered_on",
        store=True,
        help="The day on which all goods of the order had been delivered.",
    )
    release_on = fields.Date(
        string="Free On",
        compute="_compute_release_on",
        store=True,
        help="From this day on it can be posted and withdrawn.",
    )
    state = fields.Selection(
        selection=[
            ("frozen", "Frozen"),
            ("released", "Released"),
            ("cancelled", "Cancelled Out"),
        ],
        string="Status",
        required=True,
        readonly=True,
        default="frozen",
        index=True,
        help="Frozen: waits for delivery and the time to return the goods. Released: "
        "posted to the distributor's account. Cancelled out: taken back before that.",
    )
    move_id = fields.Many2one(
        comodel_name="account.move",
        string="Journal Entry",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )

    _once = models.UniqueIndex(
        "(order_line_id, level, number)",
        "This event has earned already: nothing is earned twice.",
    )
    _two_levels = models.Constraint(
        "CHECK(level IN (1, 2))",
        "No more than two levels are ever paid for a sale: a third is pyramid selling.",
    )
    _amount_not_zero = models.Constraint(
        "CHECK(amount <> 0)", "An earning without an amount is none."
    )
    _released_is_posted = models.Constraint(
        "CHECK((state = 'released') = (move_id IS NOT NULL))",
        "What is released stands in the ledger.",
    )
    _partner_idx = models.Index("(partner_id, company_id, state)")
    _frozen_idx = models.Index("(release_on) WHERE state = 'frozen'")

    @api.depends("order_id.delivered_on")
    def _compute_delivered_on(self):
        # Goods that come back do not undo the delivery of those that stay.
        for earning in self:
            earning.delivered_on = earning.order_id.delivered_on or earning.delivered_on

    @api.depends("delivered_on", "policy_id.freeze_days")
    def _compute_release_on(self):
        for earning in self:
            day = earning.delivered_on
            earning.release_on = day and day + relativedelta(
                days=earning.policy_id.freeze_days
            )

    @api.depends("order_id", "level", "number")
    def _compute_display_name(self):
        for earning in self:
            # Whoever sees an earning may know the order's number.
            order = earning.sudo().order_id.name
            earning.display_name = f"{order} / {earning.product_id.display_name or ''}"

    @api.model
    def _get_list_action(self, domain, **context):
        """Return the action that lists the earnings of a domain."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "distributor_crm.distributor_earning_action"
        )
        return {**action, "domain": domain, "context": context}
