# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal

from odoo import models
from odoo.exceptions import UserError

from ...rebate import ledger, writing
from ...rebate.statements import Closed, Member, Sums

FOR_EVER = date(9999, 12, 31)


class DistributorRebateProgram(models.Model):
    """What a computation reads: sales, payments, what is closed, what was agreed."""

    _inherit = "distributor.rebate.program"

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
