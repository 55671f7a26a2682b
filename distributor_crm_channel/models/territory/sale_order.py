# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools.sql import column_exists, create_column

from .distributor_territory_judge import CONTROLS, Question

JUDGED = {"territory_verdict", "territory_id", "territory_filing_id"}
# The worst of an order's products counts.
VERDICTS = ("free", "inside", "agreed", "unclear", "outside")


class SaleOrder(models.Model):
    """An order says where its goods would leave the buyer's territory (R122, R147)."""

    _inherit = "sale.order"

    territory_verdict = fields.Selection(
        selection=[
            ("free", "Not Controlled"),
            ("inside", "Inside"),
            ("agreed", "Agreed"),
            ("unclear", "Unclear"),
            ("outside", "Outside"),
        ],
        string="Territory",
        compute="_compute_territory_verdict",
        store=True,
        index="btree_not_null",
        copy=False,
        help="Whether the goods go to the buyer's own territory. It stays as it was when "
        "the order was confirmed.",
    )
    territory_id = fields.Many2one(
        comodel_name="distributor.territory",
        string="Goods Go To",
        compute="_compute_territory_verdict",
        store=True,
        index="btree_not_null",
        copy=False,
    )
    territory_filing_id = fields.Many2one(
        comodel_name="distributor.territory.filing",
        string="Cross-territory Filing",
        compute="_compute_territory_verdict",
        store=True,
        index="btree_not_null",
        copy=False,
    )
    territory_warning = fields.Text(compute="_compute_territory_warning")

    def _auto_init(self):
        # Orders that were there before us are not judged: that would read them all.
        table = self._table
        if not column_exists(self.env.cr, table, "territory_verdict"):
            create_column(self.env.cr, table, "territory_verdict", "varchar")
            create_column(self.env.cr, table, "territory_id", "int4")
            create_column(self.env.cr, table, "territory_filing_id", "int4")
        return super()._auto_init()

    @api.depends(
        "partner_id", "partner_shipping_id", "company_id", "order_line.product_id"
    )
    def _compute_territory_verdict(self):
        self.filtered(lambda order: order.state in ("draft", "sent"))._judge_territory()

    def write(self, vals):
        # EXTENDS sale: a share is paid for what was judged, not for what is written.
        if JUDGED & vals.keys() and not self.env.su:
            raise UserError(
                self.env._("Territories are judged by address and authorizations.")
            )
        return super().write(vals)

    def _judge_territory(self):
        """Set what the territories say about these orders, and return it, see
        `_ask_territories`."""
        # Nobody writes it by hand.
        answers = self.sudo()._ask_territories()
        for order, (verdict, answer, _control) in answers.items():
            order.territory_verdict = verdict
            order.territory_id = answer.territories[:1].id if answer else False
            order.territory_filing_id = answer.filing.id if answer else False
        return answers

    def _ask_territories(self):
        """Return for each order the verdict, the answer it rests on, and the control.

        Orders of others than distributors have none.
        """
        today = fields.Date.context_today(self)
        questions, askers = [], []
        # Territories, and contacts as they are: whoever sells.
        for order in self.sudo():
            if not order.partner_id.commercial_partner_id.is_distributor:
                continue
            # Products without a category or brand ask as one.
            for category, brand in {
                (product.categ_id, product.distributor_brand_id)
                for product in order._get_goods()
            }:
                questions.append(
                    Question(
                        order.company_id,
                        order.partner_id,
                        order._get_destination(),
                        category,
                        today,
                        brand=brand,
                    )
                )
                askers.append(order.id)
        answers = self.env["distributor.territory"].sudo()._judge(questions)
        found = {}
        for order_id, answer in zip(askers, answers, strict=True):
            found.setdefault(order_id, []).append(answer)
        return {order: self._pick_worst(found.get(order.id)) for order in self}

    @api.model
    def _pick_worst(self, answers):
        if not answers:
            return False, None, "free"
        worst = max(answers, key=lambda answer: VERDICTS.index(answer.verdict))
        outside = [a.control for a in answers if a.verdict == worst.verdict]
        return worst.verdict, worst, max(outside, key=CONTROLS.index)

    def _get_goods(self):
        lines = self.order_line.filtered(lambda line: not line.display_type)
        return lines.product_id.filtered(lambda product: product.type != "service")

    def _get_destination(self):
        """Return country, state, city and postal code to which the goods go."""
        self.ensure_one()
        partner = self.partner_shipping_id or self.partner_id
        return (partner.country_id, partner.state_id, partner.city, partner.zip)

    @api.depends("territory_verdict", "territory_filing_id", "state")
    def _compute_territory_warning(self):
        """Say in words what is wrong; one round of searches for all orders at once."""
        self.territory_warning = False
        waiting = self.filtered(
            lambda order: (
                order.territory_verdict == "outside"
                and order.state in ("draft", "sent")
            )
        )
        for order, (verdict, answer, control) in waiting._ask_territories().items():
            if verdict == "outside" and control in ("warn", "block"):
                order.territory_warning = order._describe_outside(answer, control)

    def _describe_outside(self, answer, control):
        destination = self.sudo().partner_shipping_id  # a place, no secret
        parts = [
            self.env._(
                "The goods go to %(place)s, outside the territory of %(distributor)s.",
                place=", ".join(
                    filter(None, (destination.city, destination.state_id.name))
                )
                or destination.country_id.name
                or destination.display_name,
                distributor=self.partner_id.commercial_partner_id.name,
            )
        ]
        if answer.rivals:
            parts.append(
                self.env._(
                    "%(territory)s is the territory of %(rivals)s.",
                    territory=answer.territories[:1].name or self.env._("This place"),
                    rivals=", ".join(answer.rivals.mapped("name")),
                )
            )
        if control == "block":
            parts.append(
                self.env._("The order is not confirmed before a filing is agreed.")
            )
        return " ".join(parts)

    def action_confirm(self):
        # EXTENDS sale: judged by the addresses and authorizations of today
        waiting = self.filtered(lambda order: order.state in ("draft", "sent"))
        waiting._meet_territories(waiting._judge_territory())
        return super().action_confirm()

    def _meet_territories(self, answers):
        """Refuse orders for closed territories; note on the others that they were told.

        :param answers: see `_ask_territories`
        :raises UserError: says which, and what to do
        """
        for order in self:
            verdict, answer, control = answers[order]
            if verdict != "outside" or control not in ("warn", "block"):
                continue
            text = order._describe_outside(answer, control)
            # A cart was asked before it was paid; who has paid gets his goods.
            if control == "block" and not order.website_id:
                raise UserError(
                    self.env._(
                        "%(order)s: %(problem)s File the sale with the distributor who is "
                        "at home there, or choose another delivery address.",
                        order=order.name,
                        problem=text,
                    )
                )
            order.message_post(body=self.env._("Confirmed all the same: %s", text))

    def _check_cart_is_ready_to_be_paid(self):
        # EXTENDS website_sale
        answers = self._judge_territory()
        for order in self:
            verdict, answer, control = answers[order]
            if verdict == "outside" and control == "block":
                raise ValidationError(order._describe_outside(answer, control))
        return super()._check_cart_is_ready_to_be_paid()

    def _get_pending_filings(self):
        """Return the filings for the places of these orders that wait for an answer."""
        outside = self.filtered(lambda order: order.territory_verdict == "outside")
        return self.env["distributor.territory.filing"].search(
            [
                ("state", "in", ("draft", "filed")),
                ("partner_id", "in", outside.partner_id.commercial_partner_id.ids),
                ("territory_id", "in", outside.territory_id.ids),
            ]
        )

    def action_file_territory(self):
        """Open a new filing for the sale that this order is about."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Cross-territory Filing"),
            "res_model": "distributor.territory.filing",
            "view_mode": "form",
            "context": {
                "default_partner_id": self.partner_id.commercial_partner_id.id,
                "default_territory_id": self.territory_id.id,
                "default_company_id": self.company_id.id,
                "default_customer": self.partner_shipping_id.display_name,
                "default_city": self.partner_shipping_id.city,
            },
        }


class StockPicking(models.Model):
    _inherit = "stock.picking"

    territory_verdict = fields.Selection(
        related="sale_id.territory_verdict", string="Territory"
    )

    def _action_done(self):
        # EXTENDS stock: the share is agreed before anything is shipped (R147).
        orders = self._get_customer_shipments().sale_id
        # Who ships need not see filings.
        waiting = orders.sudo()._get_pending_filings()
        for order in orders.sudo() if waiting else ():
            buyer = order.partner_id.commercial_partner_id
            filing = waiting.filtered(
                lambda filing, order=order, buyer=buyer: (
                    filing.partner_id == buyer
                    and filing.territory_id == order.territory_id
                )
            )
            if filing:
                raise UserError(
                    self.env._(
                        "%(order)s is not shipped yet: %(filing)s waits for an answer "
                        "from the distributor who is at home in %(territory)s.",
                        order=order.name,
                        filing=filing[0].name,
                        territory=order.territory_id.name,
                    )
                )
        return super()._action_done()
