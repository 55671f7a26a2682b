# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from dataclasses import replace
from decimal import Decimal
from typing import NamedTuple

from odoo import api, fields, models
from odoo.fields import Domain

from ...rebate import writing
from ...rebate.arithmetic import ZERO
from ...rebate.statements import Member, Sums


class Sale(NamedTuple):
    """A sale that is still to come: a line of a quotation.

    :ivar amount: without tax, in the company's currency
    """

    product_id: int
    amount: Decimal
    quantity: Decimal
    uom: models.BaseModel


class Outlook(NamedTuple):
    """What a sale would do to a distributor under one program.

    :ivar counted: the sales that count, by their key, with their amount
    :ivar now: the rebate of the running period as it stands
    :ivar then: the same with the sale
    :ivar cost: what the sale adds to the rebates of the whole group
    :ivar rate: what of each sale goes into the rebate, as a share of one
    """

    program: models.BaseModel
    period: str
    tier_now: str
    tier_then: str
    now: float
    then: float
    cost: Decimal
    missing: str
    counted: dict
    rate: Decimal


class DistributorRebateProgram(models.Model):
    """What a quotation would do: the engine on the ledger and one more sale."""

    _inherit = "distributor.rebate.program"

    @api.model
    def _get_outlooks(self, partner, company, sales) -> list[Outlook]:
        """Return what these sales would do under each running program.

        As if they were invoiced, and paid, today.

        :param sales: `Sale` by any key
        """
        today = fields.Date.context_today(self)
        programs = self.search(
            [
                ("state", "=", "running"),
                ("origin_id", "=", False),
                ("measure", "!=", "claim"),
                ("company_id", "=", company.id),
                ("date_from", "<=", today),
                ("date_to", ">=", today),
            ]
        )
        if not programs:
            return []
        self.env.flush_all()
        heads = dict(self.env.execute_query(writing.groups()))
        found = {}
        for program in programs._in_order():
            left = program._get_left(sales, found)
            outlook = program._look_ahead(partner, today, heads, left)
            if outlook:
                found[program] = outlook
        return list(found.values())

    def _get_left(self, sales, found):
        """Return what earlier programs leave of each sale."""
        left = dict(sales)
        for program in self._get_exclusive():
            if program in found and found[program].then > 0:
                left = {
                    k: s for k, s in left.items() if k not in found[program].counted
                }
        # Rebates of a sale to come are never settled yet.
        cascade = self._get_cascade() if self.stacking == "cascade" else self.browse()
        for program in cascade:
            if program not in found:
                continue
            outlook = found[program]
            for key in outlook.counted.keys() & left.keys():
                taken = outlook.counted[key] * outlook.rate
                left[key] = left[key]._replace(amount=left[key].amount - taken)
        return left

    def _look_ahead(self, partner, today, heads, sales):
        """Return the outlook under this program; None where the partner has no part."""
        spans = self._get_periods()
        place = len(spans) - 1
        if self.group_policy == "own":
            heads = {}
        validity = self._get_validity()
        number, version = next(
            (number, version)
            for number, (version, first, last) in enumerate(validity)
            if first <= today <= last
        )
        scope = Domain("id", "=", partner.id) & version._get_partner_domain()
        if not self.env["res.partner"].search_count(scope, limit=1):
            return None
        payee = heads.get(partner.id, partner.id)
        if self.group_policy != "head":
            payee = partner.id
        touched = self._widen([partner.id], heads)
        scopes = self._get_scopes(spans, touched, heads)
        members = self._read_sales(spans, scopes)
        members[payee] = members.get(payee) or Member({}, {}, {}, [], {})
        self._read_targets(spans, members)
        versions = [found for found, _first, _last in validity]
        plan = self._get_plan(spans)
        counted = version._count_sales(sales)
        added = self._add_up(counted)
        members = {name: replace(m, promised=True) for name, m in members.items()}
        before = self._get_group(plan, heads, members, payee)
        members[payee] = self._with_sale(members[payee], place, number, added)
        after = self._get_group(plan, heads, members, payee)
        return self._tell(
            payee, place, versions, spans[place].label, before, after, counted
        )

    def _get_group(self, plan, heads, members, payee):
        """Return the group that a distributor is measured in."""
        groups = self._get_groups(plan, heads, members)
        return next(group for group in groups if payee in group.members)

    def _count_sales(self, sales):
        """Return the sales that count under this version."""
        products = {sale.product_id for sale in sales.values() if sale.product_id}
        domain = self._get_product_domain()
        if not domain.is_true():
            Product = self.env["product.product"].with_context(active_test=False)
            products = set(Product.search(Domain("id", "in", products) & domain).ids)
        bare = not self._names_products()
        return {
            key: sale
            for key, sale in sales.items()
            if (sale.product_id in products if sale.product_id else bare)
            and self._converts(sale.uom)
        }

    def _converts(self, uom) -> bool:
        """Whether sales in this unit count; quantities must convert to the program's."""
        if not self._needs_unit():
            return True
        family = (self.uom_id.parent_path or "").split("/")[0]
        return (uom.parent_path or "").split("/")[0] == family

    def _add_up(self, counted) -> Sums:
        """Return the sums of the sales, quantities in the program's unit."""
        amount = sum((sale.amount for sale in counted.values()), ZERO)
        quantity = ZERO
        if self._needs_unit():
            quantity = sum(
                sale.quantity * Decimal(str(sale.uom.factor / self.uom_id.factor))
                for sale in counted.values()
            )
        return Sums(amount, Decimal(quantity), len(counted))

    def _with_sale(self, member, place, version, added) -> Member:
        """Return a member who has bought more in a period, and paid for it."""
        here = dict(member.sales.get(place, {}))
        have = here.get(version, Sums())
        here[version] = Sums(*(x + y for x, y in zip(have, added, strict=True)))
        paid = {k: dict(v) for k, v in member.collected.get(place, {}).items()}
        until = paid.setdefault(version, {})
        until[place] = until.get(place, ZERO) + added.amount
        return replace(
            member,
            sales={**member.sales, place: here},
            collected={**member.collected, place: paid},
        )

    def _tell(self, payee, place, versions, period, before, after, counted):
        """Return the outlook in money and words."""
        now, then = (g.statements(payee)[place] for g in (before, after))
        total_now, total_then = (
            sum((g.statements(name)[place].earned for name in g.members), ZERO)
            for g in (before, after)
        )
        worth = self._get_worth()
        basis = then.window_basis
        return Outlook(
            program=self,
            period=period,
            tier_now=self._get_tier_label(versions, now),
            tier_then=self._get_tier_label(versions, then),
            now=float(now.earned * worth),
            then=float(then.earned * worth),
            cost=(total_then - total_now) * worth,
            missing=self._say_missing(versions, then),
            counted={key: sale.amount for key, sale in counted.items()},
            rate=then.earned * worth / basis if basis else ZERO,
        )

    def _get_tier_label(self, versions, figures):
        """Return the reached tier in words, empty for none."""
        if figures.reached < 0:
            return ""
        tiers = versions[figures.version].tier_ids.sorted("threshold")
        return tiers[figures.reached].display_name

    def _say_missing(self, versions, figures):
        """Return how much more reaches the next tier, empty on the highest."""
        if figures.missing <= 0:
            return ""
        tiers = versions[figures.version].tier_ids.sorted("threshold")
        missing = float(figures.missing)
        if self.measure == "quantity":
            text = f"{missing:,.10g} {self.uom_id.name}"
        else:
            text = self.currency_id.format(missing)
        return self.env._(
            "%(missing)s more and it reaches %(rate)s",
            missing=text,
            rate=tiers[figures.reached + 1]._format_rate(),
        )
