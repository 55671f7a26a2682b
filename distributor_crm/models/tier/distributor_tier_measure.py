# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from collections import defaultdict
from decimal import Decimal

from odoo import api, fields, models
from odoo.fields import Domain

from ...rebate.ledger import Scope
from ...tier import figures
from ...tier.windows import window


class DistributorTierRule(models.Model):
    """The figures that rules ask for, of all distributors at once."""

    _inherit = "distributor.tier.rule"

    @api.model
    def _get_judged_domain(self, company) -> Domain:
        """Return the domain of the distributors whom a company judges."""
        return (
            Domain("is_distributor", "=", True)
            & Domain("parent_id", "=", False)
            & Domain("company_id", "in", [False, company.id])
        )

    @api.model
    def _measure(self, company, keys, partners=None, today=None):
        """Return the figures of distributors: {partner id: {key: figure}}.

        Who bought nothing is not among them: his figures are zero, or not known, as
        `_get_empty` says.

        :param keys: metric and window of each figure asked for
        :param partners: only these distributors; None for all
        """
        today = today or fields.Date.context_today(self)
        self.env.flush_all()
        domain = self._get_judged_domain(company)
        if partners is not None:
            domain &= Domain("id", "in", partners.ids)
        # Who is judged does not depend on who looks.
        chosen = self.env["res.partner"].sudo()._search(domain).subselect()
        found = defaultdict(dict)
        for metric, windows in _by_metric(keys).items():
            spans = {place: window(name, today) for place, name in enumerate(windows)}
            scope = Scope(company.id, spans, chosen)
            for number, partner, figure in self._measure_one(metric, scope, today):
                found[partner][metric, windows[number]] = Decimal(figure)
        return found

    @api.model
    def _measure_one(self, metric, scope, today):
        """Return rows of window, distributor's id and figure, as text.

        Extended by whoever adds a metric.
        """
        if metric == "sales":
            return self.env.execute_query(figures.sold(scope))
        if metric == "collected":
            return self.env.execute_query(figures.collected(scope, today))
        if metric == "invoices":
            return self.env.execute_query(
                figures.invoices(scope.company_id, scope.spans, scope.partners)
            )
        return []

    @api.model
    def _get_empty(self, keys) -> dict:
        """Return the figures of a distributor of whom nothing was found."""
        return {key: Decimal(0) for key in keys}

    def _get_keys(self):
        """Return metric and window of all conditions, each once."""
        return sorted({(c.metric, c.time_window) for c in self.condition_ids})


def _by_metric(keys):
    """Return the windows of each metric, in order."""
    found = defaultdict(list)
    for metric, name in sorted(keys):
        found[metric].append(name)
    return found
