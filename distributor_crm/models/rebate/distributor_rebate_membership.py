# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from collections import defaultdict

from odoo import fields, models

from ...rebate import membership


class DistributorRebateMembership(models.Model):
    """With whom a distributor is measured while something of the time is settled.

    Written when a statement is closed. Who moves to another head office later is
    measured there from the next window on: what was settled with the old group is
    neither taken back from one nor paid again to the other.
    """

    _name = "distributor.rebate.membership"
    _description = "Rebate Group"
    _order = "program_id, window_from, head_id, partner_id"
    _rec_name = "partner_id"

    program_id = fields.Many2one(
        comodel_name="distributor.rebate.program",
        required=True,
        readonly=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(related="program_id.company_id")
    window_from = fields.Date(
        string="Added Up From",
        required=True,
        readonly=True,
        help="First day of the time over which sales add up.",
    )
    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Distributor",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    head_id = fields.Many2one(
        comodel_name="res.partner",
        string="Head Office",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )

    _partner_unique = models.Constraint(
        "UNIQUE(program_id, window_from, partner_id)",
        "A distributor is in one group at a time.",
    )

    def _remember(self, statements):
        """Keep the groups of statements that are being closed."""
        self._execute(membership.remember(statements.ids, self.env.uid))

    def _forget(self, statements):
        """Let groups of which nothing is closed any more follow the head offices."""
        self._execute(membership.forget(statements.program_id.ids))

    def _execute(self, query):
        self.env.flush_all()
        self.env.cr.execute(query)
        self.invalidate_model()


class DistributorRebateProgram(models.Model):
    """Groups as they were where something is settled, as they are elsewhere."""

    _inherit = "distributor.rebate.program"

    def _get_moved(self) -> dict[tuple, int]:
        """Return the head office of a distributor and window, where it was another."""
        if self.group_policy == "own":
            return {}
        rows = self.env.execute_query(membership.moved(self.id))
        return {(partner, window): head for partner, window, head in rows}

    def _get_kept(self, spans, moved) -> list[tuple]:
        """Return distributor, period and payee, where he is another than today."""
        if self.group_policy != "head" or not moved:
            return []
        kept = []
        for number, window in enumerate(self._get_windows(spans)):
            for (partner, start), head in moved.items():
                if start == window.start:
                    kept += [(partner, number, head), (partner, ~number, head)]
        return kept

    @staticmethod
    def _connect(heads, moved) -> dict[int, int]:
        """Return a common name for all whose figures hang together: who belongs to one
        group today, or did when something was settled."""
        links = defaultdict(set)
        for (partner, _window), head in moved.items():
            for one, other in (
                (partner, head),
                (heads.get(partner, partner), head),
                (heads.get(head, head), head),
            ):
                links[one].add(other)
                links[other].add(one)
        names = dict(heads)
        seen = set()
        for start in sorted(links):
            if start in seen:
                continue
            found, queue = {start}, [start]
            while queue:
                new = links[queue.pop()] - found
                found |= new
                queue += new
            seen |= found
            names.update(dict.fromkeys(found, start))
        # Branches follow their head office, wherever that hangs.
        return {one: names.get(name, name) for one, name in names.items()}

    def _set_homes(self, members, heads, moved, plan, spans):
        """Tell members with whom they are measured, and were."""
        places = {
            window.start: plan.windows[number]
            for number, window in enumerate(self._get_windows(spans))
        }
        for partner, member in members.items():
            member.home = heads.get(partner, partner)
        for (partner, start), head in moved.items():
            if partner in members and start in places:
                homes = members[partner].homes
                members[partner].homes = {**homes, places[start]: head}
