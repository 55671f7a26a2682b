# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from typing import NamedTuple

from odoo import Command, api, models

from ...rebate.arithmetic import ZERO
from .distributor_rebate_version import VERSION_TERMS

# Terms that a what-if may change, besides the tiers.
CHANGEABLE = (
    "period_type",
    "window_type",
    "measure",
    "uom_id",
    "scale",
    "baseline",
    "basis",
    "reward",
    "method",
    "multiple",
    "free_product_id",
    "minimum",
    "maximum",
    "guarantee",
    "is_guarantee_cumulated",
    "release",
    "group_policy",
    "grade_ids",
    "partner_ids",
    "partner_tag_ids",
    "excluded_partner_ids",
    "product_categ_ids",
    "product_ids",
    "product_tag_ids",
    "excluded_product_categ_ids",
    "excluded_product_ids",
)


class Outcome(NamedTuple):
    """What a program would have brought a distributor over all its periods."""

    basis: float
    amount: float


class DistributorRebateProgram(models.Model):
    """What a program would have paid over any period: the engine, writing nothing."""

    _inherit = "distributor.rebate.program"

    def action_simulate(self):
        """Open a what-if that starts from the terms as they are."""
        self.ensure_one()
        origin = self.origin_id or self
        version = self if self.origin_id else self._get_versions()[-1]
        simulation = self.env["distributor.rebate.simulation"].create(
            {
                "program_id": origin.id,
                "date_from": origin.date_from,
                "date_to": origin.date_to,
                **version._copy_terms(),
            }
        )
        return simulation._get_records_action(name=self.env._("What If"))

    def _copy_terms(self, names=CHANGEABLE) -> dict:
        """Return the terms of this version as values to create a program with."""
        return self._copy_terms_from(self, names)

    @api.model
    def _copy_terms_from(self, record, names=CHANGEABLE) -> dict:
        """Return the terms of a version or a what-if as values of a program."""
        values = {}
        for name in names:
            field, value = record._fields[name], record[name]
            if field.type == "many2many":
                values[name] = [Command.set(value.ids)]
            else:
                values[name] = field.convert_to_write(value, record)
        tiers = [
            Command.create({"threshold": tier.threshold, "rate": tier.rate})
            for tier in record.tier_ids.sorted("threshold")
        ]
        return {**values, "tier_ids": tiers}

    def _over(self, start, end):
        """Return this program as if it ran over other days, in memory only.

        The version that was in force on the first day applies from there on.
        """
        self.ensure_one()
        versions = self._get_versions()
        if self.version_rule == "latest":
            base, later = versions[-1], self.browse()
        else:
            before = versions.filtered(lambda v: v.valid_from <= start)
            base = before[-1:] or versions[:1]
            later = (versions - base).filtered(lambda v: start < v.valid_from <= end)
        names = [name for name in VERSION_TERMS if name in CHANGEABLE]
        return self._in_memory(
            {
                **base._copy_terms(names),
                "date_from": start,
                "date_to": end,
                "valid_from": start,
                "version_ids": [Command.set(later.ids)],
            }
        )

    def _in_memory(self, values):
        """Return this program with other values, as a record that is never written.

        Records with one origin are one record to Odoo: the last one counts, use it up
        before the next.
        """
        self.new(origin=self).invalidate_recordset(flush=False)
        tiers = [Command.clear(), *values.get("tier_ids", [])]
        return self.new({**values, "tier_ids": tiers}, origin=self)

    def _simulate(self) -> dict[int, Outcome]:
        """Return what each distributor would have earned: read, aggregate, decide.

        As statements would say that were settled one after the other.
        """
        self.ensure_one()
        self.env.flush_all()
        spans = self._get_periods()
        if not spans:
            return {}
        heads = self._get_heads()
        scopes = self._get_scopes(spans, None, heads)
        self._check_units(scopes)
        members = self._read_sales(spans, scopes)
        self._read_targets(spans, members)
        plan = self._get_plan(spans)
        worth = self._get_worth()
        found = {}
        for group in self._get_groups(plan, heads, dict(members)):
            for partner in group.members:
                statements = group.statements(partner).values()
                basis = sum((figures.basis for figures in statements), ZERO)
                paid = sum((figures.settled for figures in statements), ZERO)
                found[partner] = Outcome(float(basis), float(paid * worth))
        return found
