# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from markupsafe import Markup

from odoo import api, fields, models
from odoo.tools import SQL


class DistributorNotice(models.Model):
    """What a distributor was told of an order, when, and how soon after it happened.

    One record a step and shipment, so that nothing is told twice (R034).
    """

    _name = "distributor.notice"
    _description = "Order Notice"
    _order = "sent_at desc, id desc"
    _rec_name = "order_id"
    _check_company_auto = True

    order_id = fields.Many2one(
        comodel_name="sale.order",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        related="order_id.company_id", store=True, index=True, precompute=True
    )
    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Distributor",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    account_manager_id = fields.Many2one(related="partner_id.account_manager_id")
    store_id = fields.Many2one(related="order_id.store_id", store=True, precompute=True)
    step = fields.Selection(
        selection=lambda self: (
            self.env["distributor.notice.policy"]
            ._fields["step"]
            ._description_selection(self.env)
        ),
        required=True,
        readonly=True,
        index=True,
    )
    key = fields.Char(
        string="Shipment",
        required=True,
        readonly=True,
        default="/",
        help="The shipment it is about, where an order has several.",
    )
    carrier = fields.Char(readonly=True)
    tracking = fields.Char(string="Tracking Number", readonly=True)
    tracking_url = fields.Char(readonly=True)
    event_at = fields.Datetime(string="Happened", required=True, readonly=True)
    sent_at = fields.Datetime(string="Told", required=True, readonly=True)
    minutes = fields.Float(
        string="Minutes to Feedback",
        compute="_compute_minutes",
        store=True,
        aggregator="avg",
        help="Of several notices the median is shown.",
    )

    _once = models.UniqueIndex(
        "(order_id, step, key)", "The distributor was told of this step already."
    )

    @api.depends("event_at", "sent_at")
    def _compute_minutes(self):
        for notice in self:
            seconds = (notice.sent_at - notice.event_at).total_seconds()
            notice.minutes = max(seconds, 0) / 60

    def _read_group_select(self, aggregate_spec, query):
        # EXTENDS base: one notice that took a week hides nothing of the rest.
        if aggregate_spec == "minutes:avg":
            field = self._field_to_sql(self._table, "minutes", query)
            return SQL("percentile_cont(0.5) WITHIN GROUP (ORDER BY %s)", field)
        return super()._read_group_select(aggregate_spec, query)

    def _get_step_text(self):
        """Return what the step means to the distributor, in the reader's language."""
        texts = {
            "1_accepted": self.env._("Your order was accepted."),
            "2_processing": self.env._("We are preparing your order."),
            "3_shipped": self.env._("Your order was shipped."),
            "4_delivered": self.env._("Your order was delivered."),
        }
        return texts[self.step]

    def _get_items(self):
        """Return product and quantity of the order's goods: no price, no person."""
        return [
            (line.product_id.display_name, line.product_uom_qty, line.product_uom_id)
            for line in self.order_id.order_line
            if line.product_id and not line.display_type
        ]

    def _is_own_order(self):
        """Whether the distributor ordered himself; else a shopper of his store did."""
        return self.order_id.partner_id.commercial_partner_id == self.partner_id

    def _send(self):
        """Tell the distributors: by mail, and in the chatter of the order, or of the
        store, whose owner learns nothing about the person who bought (R186)."""
        for notice in self:
            policy = self.env["distributor.notice.policy"]._find(
                notice.company_id, notice.step
            )
            lang = notice.partner_id.lang
            template = policy.template_id.with_context(lang=lang)
            values = template._generate_template(notice.ids, ("subject", "body_html"))[
                notice.id
            ]
            own = notice._is_own_order()
            thread = notice.order_id if own else notice.store_id
            receiver = notice.order_id.partner_id if own else notice.partner_id
            thread.message_post(
                subject=values["subject"],
                body=Markup(values["body_html"]),
                partner_ids=receiver.ids,
                message_type="comment",
                subtype_xmlid="mail.mt_comment",
                author_id=(notice.account_manager_id or self.env.user).partner_id.id,
            )
