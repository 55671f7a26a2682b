# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from collections import defaultdict
from decimal import Decimal

from odoo import fields, models
from odoo.tools import SQL

from ...rebate import writing
from ...rebate.arithmetic import HUNDRED, ZERO, round_to
from ...rebate.evidence import Evidence, Target
from ...rebate.statements import Group

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
        versions = self._get_applied_versions()
        plan = self._get_plan(spans)
        rows, wanted, recomputed = [], set(), []
        tiers = [version.tier_ids.sorted("threshold").ids for version in versions]
        windows = [window.start for window in self._get_windows(spans)]
        worth = self._get_worth()
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
                            **self._prepare_figures(figures, worth),
                        }
                    )
                keys = [
                    (partner, spans[c.period].start, c.number) for c in member.closed
                ]
                amounts = group.recomputed(partner) if keys else ()
                if self.reward == "goods":
                    # As many units as before are worth what they were.
                    amounts = [
                        None if amount == closed.due else amount * worth
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

    def _prepare_figures(self, figures, worth) -> dict:
        """Return a statement's figures as its columns; free goods at their cost."""
        goods = self.reward == "goods"
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
        self.env.cr.execute(evidence.refresh(is_new=not ids))
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
