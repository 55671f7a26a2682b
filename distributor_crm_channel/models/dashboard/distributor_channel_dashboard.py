# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain

GROUPS = ("distributor_crm.group_account_manager", "distributor_crm.group_finance")
CASES = "distributor.violation.report"
AUTHORIZATION = "distributor.authorization"
DUTY = "distributor.authorization.duty"
TOP = 10
# What breaches of so many days say about who breaks most.
BREACH_DAYS = 90


class DistributorChannelDashboard(models.AbstractModel):
    """The channel at a glance: numbers that open the records behind them.

    The same figures are on the screen, with the rights of who looks, and in the weekly
    report, for a whole company.
    """

    _name = "distributor.channel.dashboard"
    _description = "Channel Overview"

    @api.model
    @api.readonly
    def get_overview(self):
        """Return what the screen shows, of the companies that the user has chosen.

        :return: {"tiles": [...], "charts": [...], "lists": [...], "prices": {...}};
            each entry names the model and the domain of the records behind it
        :raises AccessError: neither an account manager nor finance
        """
        if not any(self.env.user.has_group(group) for group in GROUPS):
            raise AccessError(
                self.env._(
                    "Only account managers and finance see the channel overview."
                )
            )
        company = Domain("company_id", "in", self.env.companies.ids)
        return self._get_figures(company, fields.Date.context_today(self))

    @api.model
    def _get_figures(self, company, today):
        """Return the figures of companies on a day.

        :param company: the domain of their records
        """
        return {
            "tiles": self._get_tiles(company, today),
            "charts": [
                self._count_cases(company, name, label)
                for name, label in (
                    ("policy_id", self.env._("Open Cases by Kind")),
                    ("state", self.env._("Open Cases by Status")),
                    ("state_id", self.env._("Open Cases by Region")),
                    ("age", self.env._("Open Cases by Age")),
                )
            ],
            "lists": [
                self._get_top_breaches(company, today),
                self._get_ending(company),
            ],
            "prices": self._get_price_index(company, today),
        }

    @api.model
    def _get_tiles(self, company, today):
        week = today - timedelta(days=7)
        rows = (
            (
                "cases",
                self.env._("Open Cases"),
                CASES,
                [("is_open", "=", True)],
                "info",
            ),
            (
                "new_cases",
                self.env._("New Cases in 7 Days"),
                CASES,
                [("reported_on", ">", week)],
                "info",
            ),
            (
                "to_judge",
                self.env._("Cases to Judge"),
                "distributor.violation",
                [("state", "in", ("draft", "answered", "judged", "appealed"))],
                "warning",
            ),
            (
                "below",
                self.env._("Prices below the Floor in 7 Days"),
                "distributor.price.observation",
                [("percent_below", ">", 0), ("day", ">", week)],
                "danger",
            ),
            (
                "expiring",
                self.env._("Authorizations About to End"),
                AUTHORIZATION,
                [("state", "=", "expiring")],
                "warning",
            ),
            (
                "to_grant",
                self.env._("Authorizations to Decide"),
                AUTHORIZATION,
                ["|", ("state", "=", "draft"), ("proposed_by_id", "!=", False)],
                "warning",
            ),
            (
                "duties",
                self.env._("Proofs to Check"),
                DUTY,
                [("state", "=", "proved")],
                "info",
            ),
            (
                "late_duties",
                self.env._("Overdue Duties"),
                DUTY,
                [("state", "in", ("overdue", "breach"))],
                "danger",
            ),
            (
                "unread",
                self.env._("Events Not Acknowledged"),
                "distributor.channel.event.recipient",
                [
                    ("sent_at", "!=", False),
                    ("acknowledged_at", "=", False),
                    ("event_id.state", "=", "running"),
                    ("event_id.needs_acknowledgement", "=", True),
                ],
                "warning",
            ),
            (
                "doubts",
                self.env._("Public Doubts in 7 Days"),
                "distributor.authorization.query",
                [("result", "!=", "valid"), ("asked_at", ">", week)],
                "info",
            ),
        )
        tiles = []
        for key, label, model, domain, tone in rows:
            if not self.env[model].has_access("read"):
                continue
            found = company & Domain(domain)
            count = self.env[model].search_count(found)
            tiles.append(
                {
                    "key": key,
                    "label": label,
                    "value": count,
                    "tone": tone if count else "muted",
                    "model": model,
                    "domain": list(found),
                }
            )
        return tiles

    @api.model
    def _count_cases(self, company, name, title):
        """Return the open cases by one field, most first; by age the youngest first."""
        is_open = company & Domain("is_open", "=", True)
        Report = self.env[CASES]
        labels = {}
        if Report._fields[name].type == "selection":
            labels = dict(Report._fields[name]._description_selection(self.env))
        bars = []
        for key, count in Report._read_group(is_open, [name], ["__count"]):
            is_record = isinstance(key, models.BaseModel)
            value = key.id if is_record else key
            label = key.sudo().display_name if is_record else labels.get(key)
            bars.append(
                {
                    "label": label or self.env._("Unknown"),
                    "value": count,
                    "key": value or False,
                    "domain": list(is_open & Domain(name, "=", value or False)),
                }
            )
        if name == "age":
            bars.sort(key=lambda bar: bar["key"])
        else:
            bars.sort(key=lambda bar: (-bar["value"], bar["label"]))
        return {"title": title, "model": CASES, "bars": bars[:TOP]}

    @api.model
    def _get_top_breaches(self, company, today):
        """Return who has the most cases of late that were not dismissed or lifted."""
        since = today - timedelta(days=BREACH_DAYS)
        lately = (
            company
            & Domain("reported_on", ">", since)
            & Domain("state", "not in", ("dismissed", "lifted"))
        )
        rows = self.env[CASES]._read_group(
            lately,
            ["partner_id"],
            ["__count", "severity:max"],
            order="__count DESC, partner_id",
            limit=TOP,
        )
        return {
            "key": "breaches",
            "title": self.env._("Top Breaches in %s Days", BREACH_DAYS),
            "columns": [self.env._("Distributor"), self.env._("Cases")],
            "model": CASES,
            "rows": [
                {
                    "id": partner.id,
                    # Names of the accused are no secret to who sees their cases.
                    "cells": [partner.sudo().display_name, count],
                    "domain": list(lately & Domain("partner_id", "=", partner.id)),
                }
                for partner, count, _severity in rows
            ],
        }

    @api.model
    def _get_ending(self, company):
        """Return the authorizations that end next."""
        ending = company & Domain("state", "=", "expiring")
        records = self.env[AUTHORIZATION].search(ending, order="date_to, id", limit=TOP)
        return {
            "key": "ending",
            "title": self.env._("Authorizations About to End"),
            "columns": [self.env._("Authorization"), self.env._("Last Day")],
            "model": AUTHORIZATION,
            "rows": [
                {
                    "id": record.id,
                    "cells": [
                        record.sudo().display_name,
                        fields.Date.to_string(record.date_to),
                    ],
                    "domain": [("id", "=", record.id)],
                }
                for record in records
            ],
        }
