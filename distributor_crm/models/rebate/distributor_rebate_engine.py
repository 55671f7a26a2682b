# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ...rebate import ledger, writing
from ...rebate.arithmetic import HUNDRED, ZERO, round_to
from ...rebate.evidence import Evidence, Target
from ...rebate.ledger import Scope
from ...rebate.period import Period
from ...rebate.statements import Closed, Group, Member, Sums

FOR_EVER = date(9999, 12, 31)
RATE = Decimal("0.0001")
# What a program shows of its statements.
STATEMENT_TOTALS = [
    "statement_ids",
    "statement_count",
    "earning_count",
    "basis_total",
    "earned_total",
    "is_frozen",
]


class DistributorRebateProgram(models.Model):
    """The computation of a program: the ledger in, statements out.

    A fixed number of SQL statements, whatever the number of distributors and lines.
    """

    _inherit = "distributor.rebate.program"

    def _compute_statements(self, touched=None):
        """Aggregate, decide, write: the whole run of one program.

        :param touched: ids of the distributors whose sales changed; None for all
        """
        self.ensure_one()
        self.env.flush_all()  # what follows is SQL
        spans = self._get_periods()
        if spans:
            heads, moved = self._get_heads(), self._get_moved()
            touched = self._widen(touched, heads, moved)
            settled, left = self._get_settled(heads, moved)
            scopes = self._get_scopes(spans, touched, heads, settled, moved)
            self._check_units(scopes)
            found = self._read_members(spans, scopes, touched)
            self._forget_outsiders(found[0], left)
            self._write_statements(spans, scopes, heads, touched, *found, moved)
        self.sudo().computed_at = fields.Datetime.now()  # the engine's own mark

    # -- what counts -----------------------------------------------------------------

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

    # -- reading ---------------------------------------------------------------------

    def _get_cut_offs(self, spans):
        """Return the last day on which payments count for each period."""
        grace = timedelta(days=self.grace_days)
        return [span.end + grace for span in spans[:-1]] + [FOR_EVER]

    def _read_members(self, spans, scopes, touched):
        """Return the members by distributor, and the ids of their statements."""
        members = self._read_sales(spans, scopes)
        ids = self._read_existing(spans, touched, members)
        self._read_targets(spans, members, touched)
        return dict(members), ids

    def _read_sales(self, spans, scopes):
        """Return what the ledger says of each distributor."""
        members = defaultdict(lambda: Member({}, {}, {}, [], {}))
        for version, scope in enumerate(scopes):
            for number, partner, amount, quantity, lines in self.env.execute_query(
                ledger.aggregate(scope)
            ):
                sums = Sums(Decimal(amount), Decimal(quantity), lines)
                if number < 0:
                    units = self.measure == "quantity"
                    members[partner].baseline[~number] = (
                        sums.quantity if units else sums.amount
                    )
                else:
                    members[partner].sales.setdefault(number, {})[version] = sums
        if self._reads_payments():
            self._read_collected(spans, scopes, members)
        return members

    def _reads_payments(self):
        return self.release == "collected" or "collected" in (self.measure, self.basis)

    def _read_collected(self, spans, scopes, members):
        cut_offs = self._get_cut_offs(spans)
        for version, scope in enumerate(scopes):
            rows = self.env.execute_query(ledger.collected(scope, cut_offs))
            for number, paid, partner, amount in rows:
                if number >= 0:
                    by_version = members[partner].collected.setdefault(number, {})
                    by_version.setdefault(version, {})[paid] = Decimal(amount)

    def _read_existing(self, spans, touched, members):
        """Tell members of their closed statements and adjustments.

        :return: id and whether closed, by distributor, first day and number
        """
        place = {span.start: number for number, span in enumerate(spans)}
        ids = {}
        goods = self.reward == "goods"
        for row in self.env.execute_query(writing.read(self.id, touched, goods)):
            number, partner, first, supplement, closed, due, settled, extra, kept = row
            ids[partner, first, supplement] = number, closed
            period = place.get(first)
            if period is None:
                if closed:
                    self._check_period(first)
                continue
            if closed:
                amounts = Decimal(due), Decimal(settled), Decimal(extra)
                statement = Closed(period, supplement, *amounts)
                members[partner].closed.append(statement)
            elif kept:
                members[partner].adjustments[period, supplement] = Decimal(extra)
        return ids

    def _check_period(self, first):
        """Refuse to settle again what was settled in periods that were cut otherwise.

        :raises UserError: says what to do
        """
        if any(span.start == first for span in self._cut(self.period_type)):
            return
        raise UserError(
            self.env._(
                "%(program)s has settled statements of a period from %(day)s, and no "
                "period begins on that day: the fiscal year was changed. Set it back to "
                "compute this program, or close it and create another one.",
                program=self.name,
                day=first,
            )
        )

    def _get_promised(self, touched) -> set[int]:
        """Return who has a guarantee by name, whether he buys or not."""
        if not self.guarantee:
            return set()
        named = set(self.partner_ids.ids)
        if touched is not None:
            named &= set(touched)
        named = self._get_insiders(named)
        if self.group_policy == "head":
            heads = self._get_heads()
            named = {heads.get(partner, partner) for partner in named}
        return named

    def _read_targets(self, spans, members, touched=None):
        """Set targets and agreed baselines; promise a statement where one is agreed."""
        for partner in self._get_promised(touched):
            members[partner].promised = True
        if self.scale == "absolute":
            return
        place = {span.start: number for number, span in enumerate(spans)}
        for target in self.target_ids.sorted(lambda t: bool(t.date_from)):
            # A branch that was given a target of its own is measured by it, too.
            member = members.get(target.partner_id.id)
            if member is None:
                continue
            if not target.date_from:
                where = range(len(spans))
            else:
                where = [place[target.date_from]] if target.date_from in place else []
            for period in where:
                member.baseline[period] = Decimal(str(target.amount))

    # -- deciding and writing --------------------------------------------------------

    def _get_groups(self, plan, heads, members, moved=(), spans=()) -> list[Group]:
        """Return those who are measured together, in an order that never changes."""
        shared = heads if self.group_policy == "shared" else {}
        if moved and self.group_policy == "shared":
            self._set_homes(members, heads, moved, plan, spans)
            shared = self._connect(heads, moved)
        grouped = defaultdict(dict)
        for partner in sorted(members):
            grouped[shared.get(partner, partner)][partner] = members[partner]
        return [Group(plan, found) for found in grouped.values()]

    def _write_statements(self, spans, scopes, heads, touched, members, ids, moved=()):
        """Make the open statements and their evidence say what the ledger does."""
        versions = [version for version, _first, _last in self._get_validity()]
        plan = self._get_plan(versions, spans)
        rows, wanted, recomputed = [], set(), []
        tiers = [version.tier_ids.sorted("threshold").ids for version in versions]
        windows = [window.start for window in self._get_windows(spans)]
        cost = self._exact(self.free_product_id.standard_price)
        for group in self._get_groups(plan, heads, members, moved, spans):
            for partner, member in group.members.items():
                for period, figures in group.statements(partner).items():
                    wanted.add((partner, spans[period].start, figures.number))
                    rows.append(
                        {
                            "partner_id": partner,
                            "date_from": spans[period].start,
                            "date_to": spans[period].end,
                            "period": spans[period].label,
                            "window_from": windows[period],
                            "version_id": versions[figures.version].id,
                            "tier_id": tiers[figures.version][figures.reached]
                            if figures.reached >= 0
                            else None,
                            **self._prepare_figures(figures, cost),
                        }
                    )
                keys = [
                    (partner, spans[c.period].start, c.number) for c in member.closed
                ]
                amounts = group.recomputed(partner) if keys else ()
                if self.reward == "goods":
                    # As many units as before are worth what they were.
                    amounts = [
                        None if amount == closed.due else amount * cost
                        for amount, closed in zip(amounts, member.closed, strict=True)
                    ]
                recomputed += [
                    (ids[key][0], amount)
                    for key, amount in zip(keys, amounts, strict=True)
                ]
        stale = [
            number
            for key, (number, closed) in ids.items()
            if not closed and key not in wanted
        ]
        self._store(rows, recomputed, stale)
        if self.keep_evidence:
            self._refresh_evidence(spans, scopes, touched, members, ids)

    def _prepare_figures(self, figures, cost) -> dict:
        """Return a statement's figures as its columns; free goods at their cost."""
        goods = self.reward == "goods"
        worth = cost if goods else Decimal(1)
        next_tier = figures.missing and (
            figures.missing * HUNDRED / figures.baseline
            if self.scale != "absolute"
            else figures.missing
        )
        goal = figures.measure + next_tier
        return {
            "number": figures.number,
            "line_count": figures.lines,
            "basis": figures.basis,
            "quantity": figures.quantity,
            "window_basis": figures.window_basis,
            "collected": figures.collected,
            "measure": round_to(figures.measure, RATE),
            "baseline": figures.baseline,
            "missing": round_to(figures.missing, RATE),
            "progress": round_to(figures.measure / goal * HUNDRED, RATE)
            if next_tier and figures.measure > 0
            else (ZERO if next_tier else HUNDRED),
            "earned": figures.earned * worth,
            "earned_quantity": figures.earned if goods else ZERO,
            "released": figures.released * worth,
            "settled_before": figures.settled_before * worth,
            "true_up": figures.true_up * worth,
            "due": figures.due * worth,
            "due_quantity": figures.due if goods else ZERO,
            "settled": figures.settled * worth,
            "effective_rate": round_to(
                figures.earned * worth / figures.window_basis * HUNDRED, RATE
            )
            if figures.window_basis
            else ZERO,
        }

    def _store(self, rows, recomputed, stale):
        """Write what changed, and let the ORM know."""
        Statement = self.env["distributor.rebate.statement"]
        Statement.browse(stale).unlink()
        self.env.flush_all()
        written = []
        if rows:
            upsert = writing.upsert(self.id, self.env.uid, rows)
            written += self.env.execute_query(upsert)
        if recomputed:
            written += self.env.execute_query(writing.tell_recomputed(recomputed))
        if written:
            Statement.invalidate_model()
            self.invalidate_recordset(STATEMENT_TOTALS)
            self.env["res.partner"].invalidate_model(
                ["rebate_statement_ids", "rebate_statement_count"]
            )
            changed = Statement.browse([number for (number,) in written])
            changed.modified([*writing.FIGURES, "recomputed"])

    def _refresh_evidence(self, spans, scopes, touched, members, ids):
        """Make the evidence of open statements equal to what was added up."""
        self.env.flush_all()
        drafts = self._read_open(spans, touched)
        evidence = Evidence(
            program_id=self.id,
            scopes=[
                scope.only(number for number in scope.spans if number >= 0)
                for scope in scopes
            ],
            opened=[
                (number, partner, period)
                for number, partner, period, supplement in drafts
                if not supplement
            ],
            cut_offs=self._get_cut_offs(spans) if self._reads_payments() else (),
            targets=self._get_targets(drafts, members),
        )
        cr = self.env.cr
        if any(not closed for _number, closed in ids.values()):
            cr.execute(evidence.drop_stale())
        cr.execute(evidence.add_missing(is_new=not ids))
        self.env["distributor.rebate.line"].invalidate_model()

    def _read_open(self, spans, touched):
        """Return the open statements: id, distributor, period and number, in order."""
        place = {span.start: number for number, span in enumerate(spans)}
        some = SQL() if touched is None else SQL("AND partner_id = ANY(%s)", touched)
        query = SQL(
            """
            SELECT id, partner_id, date_from, number
              FROM distributor_rebate_statement
             WHERE program_id = %s AND approval_state = 'draft' %s
             ORDER BY partner_id, date_from, number
            """,
            self.id,
            some,
        )
        return [
            (number, partner, place[day], supplement)
            for number, partner, day, supplement in self.env.execute_query(query)
        ]

    def _get_targets(self, drafts, members) -> list[Target]:
        """Return where the changes behind closed statements are written down."""
        first = {}
        for number, partner, period, _supplement in drafts:
            first.setdefault(partner, (number, period))
        return [
            Target(partner, max(c.period for c in member.closed), *first[partner])
            for partner, member in members.items()
            if member.closed and partner in first
        ]
