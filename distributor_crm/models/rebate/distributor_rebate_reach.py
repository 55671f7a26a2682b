# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ...rebate import ledger, writing
from ...rebate.ledger import Scope
from ...rebate.period import Period


class DistributorRebateProgram(models.Model):
    """Which sales of whom a computation reads."""

    _inherit = "distributor.rebate.program"

    def _get_heads(self) -> dict[int, int]:
        """Return the head office of each distributor that is a branch."""
        if self.group_policy == "own":
            return {}
        return dict(self.env.execute_query(writing.groups()))

    def _widen(self, touched, heads, moved=()):
        """Add the others of a group: they are measured together."""
        if touched is None:
            return None
        if moved:
            heads = self._connect(heads, moved)
        tops = {heads.get(one, one) for one in touched}
        members = {member for member, head in heads.items() if head in tops}
        return sorted(tops | members | set(touched))

    def _get_settled(self, heads, moved=()) -> tuple[list[list[int]], list[int]]:
        """Return whose sales count under each version besides those in its scope: what
        was settled stands. And those who are in no version's scope by now.
        """
        validity = self._get_validity()
        found = [
            self._get_settled_between(first, last, heads, moved)
            for _version, first, last in validity
        ]
        settled = {partner for partners in found for partner in partners}
        inside = self._get_insiders(settled)
        # A newcomer was promised nothing for what he bought before: in the scope of
        # another version, one needs a statement that is of this one alone.
        between = [
            sorted(
                partner
                for partner, alone in partners.items()
                if partner not in inside or (alone and len(validity) > 1)
            )
            for partners in found
        ]
        return between, sorted(settled - inside)

    def _get_settled_between(self, first, last, heads, moved):
        """Return who has closed statements of these days, and branches of theirs;
        and whether one is of these days alone."""
        query = SQL(
            """
            SELECT partner_id, bool_or(date_from >= %(first)s AND date_to <= %(last)s)
              FROM distributor_rebate_statement
             WHERE program_id = %(program)s AND approval_state <> 'draft'
               AND date_from <= %(last)s AND date_to >= %(first)s
             GROUP BY 1
            """,
            first=first,
            last=last,
            program=self.id,
        )
        settled = dict(self.env.execute_query(query))
        if self.group_policy == "head":
            branches = [*heads.items(), *((m, moved[m, w]) for m, w in moved)]
            settled |= {m: settled[head] for m, head in branches if head in settled}
        return settled

    def _get_insiders(self, partners) -> set[int]:
        """Return who of these is in the scope of a version."""
        if not partners:
            return set()
        Partner = self.env["res.partner"].with_context(active_test=False)
        scope = Domain.OR(v._get_partner_domain() for v, _f, _l in self._get_validity())
        return set(Partner.search(scope & Domain("id", "in", list(partners))).ids)

    def _forget_outsiders(self, members, left):
        """Who is out of scope by now earns nothing after what was settled."""
        if self.group_policy == "head":
            return
        for partner in left:
            member = members.get(partner)
            if member and member.closed:
                last = max(statement.period for statement in member.closed)
                member.until, member.promised = last, False
                for period in [p for p in member.sales if p > last]:
                    del member.sales[period]
                    member.collected.pop(period, None)

    def _get_scopes(self, spans, touched, heads, settled=(), moved=()) -> list[Scope]:
        """Return what counts under each version, and the periods to compare with."""
        common = {
            "company_id": self.company_id.id,
            "touched": touched,
            "payees": heads if self.group_policy == "head" else {},
            "kept": self._get_kept(spans, moved),
            "uom_id": self.uom_id.id if self._needs_unit() else None,
            "cascade": self._get_cascade().ids,
            "cascade_settled": self.stacking == "settled",
            "exclusive": self._get_exclusive().ids,
            "claims_of": self._origin.id if self.measure == "claim" else None,
        }
        scopes = []
        for place, (version, first, last) in enumerate(self._get_validity()):
            parts = {
                number: Period(max(span.start, first), min(span.end, last))
                for number, span in enumerate(spans)
                if span.start <= last and first <= span.end
            }
            if self.scale == "growth" and not scopes:
                parts |= self._get_compared(spans)
            partners, products = version._get_scope_sql()
            if settled and settled[place]:
                partners = SQL(
                    "(SELECT id FROM (SELECT unnest(%s) AS id) settled UNION ALL %s)",
                    settled[place],
                    partners,
                )
            if parts:
                scopes.append(
                    Scope(spans=parts, partners=partners, products=products, **common)
                )
        return scopes

    def _get_compared(self, spans) -> dict[int, Period]:
        """Return the earlier period of each span, under the negative of its place."""
        if self.baseline == "year":
            return {~n: span.a_year_before() for n, span in enumerate(spans)}
        compared = {}
        for number, (span, window) in enumerate(
            zip(spans, self._get_windows(spans), strict=True)
        ):
            days = window.end - window.start + timedelta(days=1)
            compared[~number] = Period(span.start - days, span.end - days)
        return compared

    def _get_scope_sql(self) -> tuple[SQL, SQL]:
        """Return the sub-select of distributors and the condition on the product."""
        Partner = self.env["res.partner"].with_context(active_test=False)
        partners = Partner._search(self._get_partner_domain()).subselect()
        domain = self._get_product_domain()
        if domain.is_true():
            return partners, ledger.TRUE
        Product = self.env["product.product"].with_context(active_test=False)
        chosen = Product._search(domain).subselect()
        if self._names_products():
            return partners, SQL("line.product_id IN %s", chosen)
        # Lines without a product count as long as only exclusions are named.
        return partners, SQL(
            "(line.product_id IS NULL OR line.product_id IN %s)", chosen
        )

    def _check_units(self, scopes):
        """Refuse to count quantities that do not convert.

        :raises UserError: names the products
        """
        if not self._needs_unit():
            return
        found = {
            row[0]
            for scope in scopes
            for row in self.env.execute_query(ledger.not_convertible(scope))
        }
        if found:
            products = self.env["product.product"].browse(found)
            raise UserError(
                self.env._(
                    "%(program)s counts in %(unit)s, and %(products)s were sold in "
                    "units that do not convert to it. Exclude these products, or "
                    "choose another unit.",
                    program=self.name,
                    unit=self.uom_id.name,
                    products=", ".join(products.mapped("display_name")),
                )
            )
