# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from collections import defaultdict
from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import AccessError

from ...earning import arithmetic, ledger
from ...earning.events import NOTHING, Booked, Sold, Wanted

MANAGERS = "distributor_crm.group_sales_manager"


class SaleOrder(models.Model):
    """What is sold through a store earns: counted anew from the ledger each time.

    What is booked is the difference to what was booked before, so that running it
    again, or five times after the same payment, adds nothing.
    """

    _inherit = "sale.order"

    earning_ids = fields.One2many(
        comodel_name="distributor.earning", inverse_name="order_id", readonly=True
    )
    earning_count = fields.Integer(compute="_compute_earning_count")

    @api.depends("earning_ids")
    def _compute_earning_count(self):
        counts = dict(
            self.env["distributor.earning"]._read_group(
                [("order_id", "in", self.ids)], ["order_id"], ["__count"]
            )
            if self.env["distributor.earning"].has_access("read")
            else []
        )
        for order in self:
            order.earning_count = counts.get(order._origin, 0)

    def action_view_earnings(self):
        """Open what these orders earned."""
        return self.env["distributor.earning"]._get_list_action(
            [("order_id", "in", self.ids)]
        )

    def write(self, vals):
        if "store_id" in vals and not self.env.su:
            self._check_store_change(vals["store_id"])
        result = super().write(vals)
        if "store_id" in vals:
            self.env["distributor.earning.change"]._note(
                self.filtered(lambda order: order.state == "sale")
            )
        return result

    def _check_store_change(self, store_id):
        """Keep confirmed orders with the store that earns on them.

        :raises AccessError: only a sales manager moves them
        """
        moved = self.filtered(
            lambda order: (
                order.state == "sale" and order.store_id.id != (store_id or False)
            )
        )
        if moved and not self.env.user.has_group(MANAGERS):
            raise AccessError(
                self.env._(
                    "Who earns on a confirmed order is changed by a sales manager alone."
                )
            )

    # -- what is earned --------------------------------------------------------------

    def _book_earnings(self):
        """Book what these orders have earned so far, less what was booked.

        :return: the new earnings
        """
        self.env.flush_all()
        # What is earned does not depend on who pays, or looks.
        orders = self.sudo().exists()
        Earning = orders.env["distributor.earning"]
        booked = orders._get_booked_earnings()
        wanted = orders._get_wanted_earnings(booked)
        numbers = defaultdict(int)
        for (line, level, _store), row in booked.items():
            numbers[line, level] = max(numbers[line, level], row.number)
        vals_list = []
        for key in {**booked, **wanted}:
            want, before = wanted.get(key, NOTHING), booked.get(key)
            line, level, _store = key
            unit = _unit(line.order_id.company_id.currency_id)
            amount = want.amount - (before.amount if before else 0)
            if arithmetic.rounded(amount, unit):
                numbers[line, level] += 1
                number = numbers[line, level]
                vals_list.append(self._prepare_earning(key, want, before, number))
        earnings = Earning.create(vals_list)
        earnings._cancel_out()
        return earnings

    def _prepare_earning(self, key, want, before, number):
        """Return the values of the row that books a difference.

        :param key: order line, level, store
        :param want: what it has earned in all
        :param before: what was booked, or None
        """
        line, level, store = key
        order = line.order_id
        # Who earns is fixed with the first event; the owner of a store may change.
        earner = (store if level == 1 else store.parent_id).partner_id
        amount = want.amount - (before.amount if before else 0)
        values = {
            "company_id": order.company_id.id,
            "policy_id": (before.policy if before else order._get_earning_policy()).id,
            "partner_id": (before.partner if before else earner).id,
            "store_id": store.id,
            "level": level,
            "order_id": order.id,
            "order_line_id": line.id,
            "number": number,
            "reason": "moved" if order.store_id != store else want.reason,
            "date": fields.Date.context_today(self),
            "base": float(want.base - (before.base if before else 0)),
            "rate": want.rate or (before.rate if before else 0),
            "unit_cost": want.unit_cost or (before.unit_cost if before else 0),
            "amount": float(amount),
        }
        if amount > 0:
            values["reason"] = "paid"
        if before and before.delivered_on:
            values["delivered_on"] = before.delivered_on
        return values

    def _get_booked_earnings(self):
        """Return {(order line, level, store): what was booked of it}."""
        rows = self.env["distributor.earning"].search(
            [("order_id", "in", self.ids)], order="number"
        )
        booked = {}
        for row in rows:
            key = (row.order_line_id, row.level, row.store_id)
            before = booked.get(key)
            booked[key] = Booked(
                amount=_exact(row.amount) + (before.amount if before else 0),
                base=_exact(row.base) + (before.base if before else 0),
                number=row.number,
                partner=row.partner_id,
                policy=row.policy_id,
                rate=row.rate or (before.rate if before else 0),
                unit_cost=row.unit_cost or (before.unit_cost if before else 0),
                delivered_on=row.delivered_on,
            )
        return booked

    def _get_wanted_earnings(self, booked):
        """Return {(order line, level, store): what it has earned in all}."""
        sold = defaultdict(dict)
        for order, line, untaxed, taxed, quantity, refunded in self.env.execute_query(
            ledger.sold(self.ids)
        ):
            sold[order][line] = Sold(
                Decimal(untaxed), Decimal(taxed), Decimal(quantity), refunded
            )
        documents = defaultdict(list)
        for order, *amounts in self.env.execute_query(ledger.collected(self.ids)):
            documents[order].append([Decimal(amount) for amount in amounts])
        policies = {line.order_id: row.policy for (line, _l, _s), row in booked.items()}
        wanted = {}
        for order in self.filtered("store_id"):
            policy = policies.get(order) or order._get_earning_policy()
            if policy and order.id in sold and order._may_earn(policy):
                share = arithmetic.paid_share(documents[order.id])
                wanted |= order._count_earnings(policy, sold[order.id], share, booked)
        return wanted

    def _get_earning_policy(self):
        """Return the policy of the day on which the order was placed."""
        policies = self.env["distributor.earning.policy"]
        return policies._get_valid(self.company_id, self._get_earning_day())

    def _get_earning_day(self):
        """Return the day on which the order was placed, where the company is."""
        self.ensure_one()
        zone = self.company_id.partner_id.tz or "UTC"
        moment = self.with_context(tz=zone)
        return fields.Datetime.context_timestamp(moment, self.date_order).date()

    def _may_earn(self, policy) -> bool:
        """Whether the order earns at all: an owner's own order may not."""
        customer = self.partner_id.commercial_partner_id
        return policy.pay_own_orders or customer != self.store_id.partner_id

    def _count_earnings(self, policy, sold, share, booked):
        """Return {(order line, level, store): what it has earned in all}.

        :param sold: {order line's id: what was invoiced of it}
        :param share: the part of the order that was paid
        """
        lines = self.env["sale.order.line"].browse(sorted(sold))
        kinds = {line: line._get_earning_kind() for line in lines}
        price = "taxed" if policy.with_tax else "untaxed"

        def total(kind):
            return sum(
                (getattr(sold[x.id], price) for x in lines if kinds[x] == kind),
                Decimal(0),
            )

        goods = lines.filtered(lambda line: kinds[line] == "goods")
        bases = [
            base * share
            for base in arithmetic.bases(
                [getattr(sold[line.id], price) for line in goods],
                total("other"),
                -total("deduction"),
            )
        ]
        costs = self._get_own_prices(goods, booked) if policy.method == "margin" else {}
        wanted = {}
        for level, rate in self._get_paid_levels(policy):
            if level == 1 and policy.method == "margin":
                exact = [
                    arithmetic.on_margin(
                        base, Decimal(str(costs[line])) * sold[line.id].quantity, share
                    )
                    for line, base in zip(goods, bases, strict=True)
                ]
            else:
                exact = [arithmetic.on_rate(base, Decimal(str(rate))) for base in bases]
            unit = _unit(self.company_id.currency_id)
            amounts = arithmetic.round_running(exact, unit)
            for line, base, amount in zip(goods, bases, amounts, strict=True):
                wanted[line, level, self.store_id] = Wanted(
                    amount,
                    arithmetic.rounded(base, unit),
                    rate,
                    costs.get(line, 0.0),
                    "refunded" if sold[line.id].refunded else "reopened",
                )
        return wanted

    def _get_paid_levels(self, policy):
        """Return (level, rate) of everybody who is paid for a sale of this order."""
        levels = [(1, 0.0 if policy.method == "margin" else policy.own_rate)]
        upline = self.store_id.parent_id
        is_closed = upline.closed_on and upline.closed_on < self._get_earning_day()
        # Nobody is paid twice for one sale.
        others = upline.partner_id - self.store_id.partner_id
        if policy.upper_rate and others and not is_closed:
            levels.append((2, policy.upper_rate))
        return levels

    def _get_own_prices(self, lines, booked):
        """Return {order line: the owner's own price of one unit, without tax}.

        What was once looked up stays: pricelists change, the order does not.
        """
        known = {
            line: row.unit_cost
            for (line, level, _store), row in booked.items()
            if level == 1 and row.unit_cost
        }
        owner = self.store_id.partner_id.with_company(self.company_id)
        pricelist = (
            owner.specific_property_product_pricelist
            or owner.grade_id.default_pricelist_id
            or owner.property_product_pricelist
        )
        for line in lines - self.env["sale.order.line"].union(*known):
            known[line] = pricelist._get_product_price(
                line.product_id,
                line.product_uom_qty or 1.0,
                uom=line.product_id.uom_id,
                date=self.date_order,
                currency=self.company_id.currency_id,
            )
        return known


def _exact(amount) -> Decimal:
    return Decimal(str(amount))


def _unit(currency) -> Decimal:
    return Decimal(str(currency.rounding))
