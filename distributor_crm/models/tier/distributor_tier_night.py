# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from odoo import Command, api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...tier.ladder import judge

CHUNK = 500


class DistributorTierChange(models.Model):
    """The nightly job: judge everybody, propose what follows."""

    _inherit = "distributor.tier.change"

    @api.model
    def _cron_judge(self):
        """Scheduled: judge the distributors of every company with rules.

        Broken off, the next run goes on: what is proposed already is found again.
        """
        cron = self.env["ir.cron"]
        self._judge_all(commit=lambda count: cron._commit_progress(count))

    @api.model
    def _judge_all(self, commit=None):
        """Judge the distributors of every company with rules."""
        ruled = self.env["distributor.tier.rule"]._read_group([], ["company_id"])
        for (company,) in ruled:
            self._judge_company(company, commit)

    @api.model
    def _judge_company(self, company, commit=None) -> int:
        """Judge the distributors of a company, and propose or apply what follows.

        :param commit: called after each chunk with the number of changes
        :return: how many distributors should change
        """
        # The job decides for all, whoever starts it.
        changes = self.sudo().with_company(company)
        today = fields.Date.context_today(changes)
        verdicts = changes._get_verdicts(company)
        changes._withdraw_recovered(company, verdicts)
        rules = changes._get_rules(company)
        found = sorted(verdicts)
        for start in range(0, len(found), CHUNK):
            part = {partner: verdicts[partner] for partner in found[start:][:CHUNK]}
            changes._propose(company, part, today, rules)
            if commit:
                commit(len(part))
        changes._take_effect(company, today, commit)
        return len(found)

    @api.model
    def _get_verdicts(self, company, replaced=None, partners=None) -> dict:
        """Return who should change: {partner id: (grade now, verdict, figures)}.

        :param replaced: values of conditions by their id, for a what-if
        """
        Rule = self.env["distributor.tier.rule"].sudo()
        rules = Rule.search([("company_id", "=", company.id)])
        if not rules:
            return {}
        steps = self.env["res.partner.grade"]._get_steps(company, replaced)
        keys = rules._get_keys()
        figures = Rule._measure(company, keys, partners)
        empty = Rule._get_empty(keys)
        domain = Rule._get_judged_domain(company)
        if partners is not None:
            domain &= Domain("id", "in", partners.ids)
        # Who is judged does not depend on who looks.
        query = self.env["res.partner"].sudo()._search(domain)
        columns = [SQL.identifier(query.table, name) for name in ("id", "grade_id")]
        verdicts = {}
        for partner, grade in self.env.execute_query(query.select(*columns)):
            own = {**empty, **figures.get(partner, {})}
            verdict = judge(steps, grade, own)
            if verdict.grade_id != grade:
                verdicts[partner] = grade, verdict, own
        return verdicts

    def _withdraw_recovered(self, company, verdicts):
        """Withdraw the proposals that the figures do not support any more."""
        open_ones = self.search(
            [("company_id", "=", company.id), ("state", "=", "proposed")]
        )
        gone = open_ones.filtered(
            lambda change: (
                change.partner_id.id not in verdicts
                or verdicts[change.partner_id.id][1].grade_id
                != (change.new_grade_id.id or None)
            )
        )
        gone._withdraw()

    def _withdraw(self):
        changes = self.with_context(skip_validation_check=True)
        changes._end_round("withdrawn")
        changes.write({"state": "withdrawn"})

    def _propose(self, company, verdicts, today, rules):
        """Create the proposals that are missing."""
        known = self.search(
            [
                ("company_id", "=", company.id),
                ("partner_id", "in", list(verdicts)),
                ("state", "in", ("proposed", "refused")),
            ]
        )
        since = today - timedelta(days=company.tier_refusal_days)
        skipped = {
            change.partner_id.id
            for change in known
            if change.state == "proposed"
            or change.decided_on > since
            and (change.new_grade_id.id or None)
            == verdicts[change.partner_id.id][1].grade_id
        }
        self.with_context(tracking_disable=True).create(
            [
                self._prepare_proposal(company, partner, verdict, today, rules)
                for partner, verdict in verdicts.items()
                if partner not in skipped
            ]
        )

    def _get_rules(self, company):
        """Return the rules of a company, each by its id and all by tier and kind."""
        rules = self.env["distributor.tier.rule"].search(
            [("company_id", "=", company.id)]
        )
        return {
            **{rule.id: rule for rule in rules},
            **rules.grouped(lambda rule: (rule.grade_id.id, rule.kind)),
        }

    def _prepare_proposal(self, company, partner, verdict, today, rules):
        grade, decision, figures = verdict
        is_up = decision.rule_id is not None
        if is_up:
            asked = rules[decision.rule_id]
        else:
            asked = rules.get((grade, "keep")) or rules.get((grade, "enter"))
        held = self.env["res.partner.grade"].browse(grade)
        grace = 0 if is_up else held.grace_days
        return {
            "partner_id": partner,
            "company_id": company.id,
            "old_grade_id": grade,
            "new_grade_id": decision.grade_id,
            "rule_id": decision.rule_id,
            "date": today,
            "due_on": today + timedelta(days=grace),
            "figure_ids": [
                Command.create(condition._prepare_figure(figures))
                for condition in (asked.condition_ids if asked else ())
            ],
        }

    def _take_effect(self, company, today, commit=None):
        """Apply what is due and needs nobody; ask for the approval of the rest."""
        due = self.search(
            [
                ("company_id", "=", company.id),
                ("state", "=", "proposed"),
                ("due_on", "<=", today),
            ]
        )
        at_once = due.filtered(lambda change: change._is_automatic())
        asked = (due - at_once).filtered(lambda change: not change.review_ids)
        for work, changes in (
            ("_apply", at_once),
            ("request_validation", asked),
        ):
            for start in range(0, len(changes), CHUNK):
                part = changes[start:][:CHUNK]
                getattr(part, work)()
                if commit:
                    commit(len(part))
