# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from collections import defaultdict
from typing import NamedTuple

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ...price.choice import Rule, judge
from ..store.sale_order import PAYING

# Means of payment, which lower no price.
PAYMENTS = ("gift_card", "ewallet")


class Breach(NamedTuple):
    """A line below the floor: the rule, the price and the floor in the rule's currency."""

    line: models.BaseModel
    rule: Rule
    price: float
    percent: float
    is_allowed: bool


class SaleOrder(models.Model):
    """Nothing leaves the house below its floor unless a manager allows it (R170)."""

    _inherit = "sale.order"

    price_breach_note = fields.Text(
        string="Below the Floor",
        compute="_compute_price_breach_note",
        compute_sudo=True,
        help="Lines below the lowest price, each with what it may cost.",
    )
    can_allow_prices = fields.Boolean(compute="_compute_price_breach_note")
    prices_allowed_by_id = fields.Many2one(
        comodel_name="res.users", readonly=True, copy=False
    )
    prices_allowed_on = fields.Datetime(readonly=True, copy=False)
    prices_allowed_reason = fields.Text(readonly=True, copy=False)

    @api.depends(
        *("order_line.price_subtotal", "order_line.product_uom_qty"),
        *("order_line.product_id", "order_line.price_allowed", "state"),
        *("partner_id", "company_id", "date_order"),
    )
    def _compute_price_breach_note(self):
        for order in self:
            breaches = []
            if order.state in ("draft", "sent"):
                breaches = [b for b in order._find_breaches() if not b.is_allowed]
            order.price_breach_note = order._describe_breaches(breaches)
            order.can_allow_prices = bool(breaches) and not any(
                breach.rule.refuses for breach in breaches
            )

    def _get_price_channel(self):
        """Return the channel that the order sells through, and the distributor."""
        self.ensure_one()
        buyer = self.partner_id.commercial_partner_id.sudo()
        owner = self.sudo().store_id.partner_id
        if buyer.is_distributor:
            return "wholesale", buyer
        if self.website_id or owner:
            return "shop", owner
        return "direct", owner

    def _find_breaches(self):
        """Return the lines below the floor that holds for them, allowed ones too.

        Costs nothing where the company has no price rules.

        :return: list of Breach
        """
        self.ensure_one()
        rules = self.env["distributor.price.rule"]
        book = rules._get_book(self.company_id.id)
        if not book:
            return []
        channel, seller = self._get_price_channel()
        day = fields.Date.context_today(self, self.date_order or None)
        lines = self.order_line.filtered(lambda line: line._has_own_price())
        found, cuts = [], {}
        for line in lines:
            case = rules._make_case(
                line.product_id,
                company=self.company_id,
                day=day,
                channel=channel,
                seller=seller,
                place=self.partner_shipping_id or self.partner_id,
                currency=self.currency_id,
            )
            rule = book.choose(case)
            if rule is None or rule.kind == "free":
                continue
            if rule.promotions not in cuts:
                cuts[rule.promotions] = self._get_price_cuts(rule)
            price = line._get_unit_price(rule, lines, cuts[rule.promotions])
            currency = self.env["res.currency"].browse(rule.currency)
            if currency != self.currency_id:
                price = self.currency_id._convert(
                    price, currency, self.company_id, day, round=False
                )
            verdict = judge(rule, price, currency.decimal_places)
            if verdict.state == "below":
                is_allowed = 0 < line.price_allowed <= currency.round(price)
                found.append(Breach(line, rule, price, verdict.percent, is_allowed))
        return found

    def _describe_breaches(self, breaches):
        """Return a line of text for each breach."""
        currencies = self.env["res.currency"]
        return "\n".join(
            self.env._(
                "%(product)s: %(price)s, the lowest price is %(floor)s.",
                product=breach.line.product_id.display_name,
                price=currencies.browse(breach.rule.currency).format(breach.price),
                floor=currencies.browse(breach.rule.currency).format(breach.rule.floor),
            )
            for breach in breaches
        )

    def _check_floors(self):
        """Refuse what would leave the house below its floor.

        :raises UserError: names the lines, and says who may allow them
        """
        for order in self:
            if message := order._get_floor_message():
                raise UserError(message)

    def _get_floor_message(self):
        """Return why the order may not go out at these prices; empty if it may."""
        self.ensure_one()
        # Whoever sells may not see the rules, which bind him all the same.
        order = self.sudo()
        breaches = [b for b in order._find_breaches() if not b.is_allowed]
        if not breaches:
            return ""
        lines = order._describe_breaches(breaches)
        if any(breach.rule.refuses for breach in breaches):
            return self.env._(
                "%(order)s goes below the lowest price:\n%(lines)s\nRaise the price, or "
                "take the discount back.",
                order=self.name,
                lines=lines,
            )
        return self.env._(
            "%(order)s goes below the lowest price:\n%(lines)s\nRaise the price, or ask "
            "a sales manager to allow these prices.",
            order=self.name,
            lines=lines,
        )

    # -- where it binds --------------------------------------------------------------

    def _confirmation_error_message(self):
        # EXTENDS sale
        message = super()._confirmation_error_message()
        if message or self._is_being_paid():
            return message
        return self._get_floor_message()

    def _is_being_paid(self):
        """Whether money has come or is coming: then the order stands as it is."""
        # Who confirms need not read payments.
        return any(t.state in PAYING for t in self.sudo().transaction_ids)

    def action_confirm(self):
        result = super().action_confirm()
        for order in self:
            if order._is_being_paid() and (text := order._get_floor_message()):
                order.message_post(body=text)
        return result

    def action_quotation_send(self):
        # EXTENDS sale: an offer binds as well
        self.filtered(lambda order: order.state in ("draft", "sent"))._check_floors()
        return super().action_quotation_send()

    def action_quotation_sent(self):
        # EXTENDS sale: an offer binds as well
        self._check_floors()
        return super().action_quotation_sent()

    def _check_cart_is_ready_to_be_paid(self):
        # EXTENDS website_sale
        # The shopper reads neither rules nor prices of distributors.
        order = self.sudo()
        low = [b.line for b in order._find_breaches() if not b.is_allowed]
        if low:
            raise ValidationError(
                self.env._(
                    "%s cannot be sold as cheaply as this. Take a coupon out of the "
                    "cart, or ask us for an offer.",
                    ", ".join(line.name_short for line in low[:5]),
                )
            )
        return super()._check_cart_is_ready_to_be_paid()

    # -- allowing --------------------------------------------------------------------

    def action_allow_prices(self):
        """Ask a sales manager for the reason to sell below the floor."""
        self.ensure_one()
        self._check_may_allow()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Allow These Prices"),
            "res_model": "distributor.price.allow",
            "view_mode": "form",
            "target": "new",
            "context": {"default_order_id": self.id},
        }

    def _check_may_allow(self):
        self.check_access("write")
        if not self.env.user.has_group("distributor_crm.group_sales_manager"):
            raise AccessError(
                self.env._("Sales managers alone allow prices below the floor.")
            )

    def _allow_prices(self, reason):
        """Let the lines be sold at their prices of now, not lower.

        :raises AccessError: the user is no sales manager
        :raises UserError: there is nothing to allow, or a rule refuses it
        """
        self.ensure_one()
        self._check_may_allow()
        # The rules' amounts are read whoever allows.
        order = self.sudo()
        breaches = [b for b in order._find_breaches() if not b.is_allowed]
        if not breaches:
            raise UserError(self.env._("No price is below the floor."))
        if any(breach.rule.refuses for breach in breaches):
            raise UserError(order._get_floor_message())
        for breach in breaches:
            currency = self.env["res.currency"].browse(breach.rule.currency)
            breach.line.price_allowed = currency.round(breach.price)
        order.write(
            {
                "prices_allowed_by_id": self.env.uid,
                "prices_allowed_on": fields.Datetime.now(),
                "prices_allowed_reason": reason,
            }
        )
        order.message_post(
            body=self.env._(
                "Prices below the floor allowed by %(user)s: %(reason)s\n%(lines)s",
                user=self.env.user.name,
                reason=reason,
                lines=order._describe_breaches(breaches),
            )
        )

    def _get_price_cuts(self, rule):
        """Return what rewards on the order take off its lines, as the rule sees them.

        :return: list of (amount without tax, amount with tax, lines or None for all)
        """
        self.ensure_one()
        cuts = []
        groups = defaultdict(lambda: self.env["sale.order.line"])
        for line in self.order_line:
            if line.reward_id:
                groups[line.reward_id] |= line
            elif not line.display_type and line._is_discount_line():
                cuts.append((-line.price_subtotal, -line.price_total, None))
        allowed = self._get_allowed_rewards(rule) if groups else ()
        for reward, lines in groups.items():
            if reward.program_id.program_type in PAYMENTS:
                continue
            if reward.reward_type in allowed:
                continue
            cuts.append(lines._get_reward_cut(reward))
        return cuts

    def _get_allowed_rewards(self, rule):
        promotions = self.env["distributor.price.promotion"].browse(rule.promotions)
        return {p.reward_type for p in promotions if p.reward_type}
