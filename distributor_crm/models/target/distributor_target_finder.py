# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import json
from collections import defaultdict

from odoo import api, models
from odoo.fields import Domain

from ...sales_import.columns import normalise
from ...sales_import.problems import Problem, ValueProblem

# What a file may call a scope, besides its name in the user's language.
NAMES = {
    "company": ("company", "wholecompany", "公司", "全公司"),
    "partner": ("distributor", "customer", "dealer", "分销商", "经销商", "客户"),
    "manager": ("accountmanager", "manager", "客户经理", "负责人"),
    "country": ("country", "国家"),
    "state": ("province", "state", "region", "省份", "省", "地区"),
    "category": ("productline", "category", "产品线", "产品类别"),
    "partner_category": ("distributorandproductline", "分销商与产品线"),
}


class DistributorTargetFinder(models.AbstractModel):
    """Whom the rows of a list of targets are about: a few searches for all of them."""

    _name = "distributor.target.finder"
    _description = "Finder of Targets"

    @api.model
    def _find(self, job, rows) -> list:
        """Return for each row itself, the values of its target, and what is wrong.

        :param job: the import, with company and year
        :param rows: `target.sheet.Row`
        """
        scopes = self._get_scope_names()
        known = self._look_up(job.company_id, rows, scopes)
        found, seen = [], {}
        for row in rows:
            problem, values = row.problem, {"amount": float(row.amount or 0)}
            if not problem:
                try:
                    values = self._read(job, row, scopes, known)
                    self._check_once(row, values, seen)
                except ValueProblem as error:
                    problem = error.problem
            if problem:
                values["subject"] = row.reference
            found.append((row, values, problem))
        self._match_standing(job.company_id, found)
        return found

    @api.model
    def _get_scope_names(self) -> dict:
        """Return {what a file may say: scope}."""
        field = self.env["distributor.target"]._fields["scope"]
        found = {}
        for scope, label in field._description_selection(self.env):
            for name in (scope, label, *NAMES.get(scope, ())):
                found[normalise(name)] = scope
        return found

    @api.model
    def _get_lookups(self) -> dict:
        """Return model, domain and the fields that name a record, by reference field.

        Extended with new scopes.
        """
        return {
            "partner_id": (
                "res.partner",
                Domain("is_distributor", "=", True) & Domain("parent_id", "=", False),
                ("ref", "name"),
            ),
            "user_id": (
                "res.users",
                Domain("share", "=", False),
                ("login", "email", "name"),
            ),
            "country_id": ("res.country", Domain.TRUE, ("code", "name")),
            "state_id": ("res.country.state", Domain.TRUE, ("name", "code")),
            "categ_id": ("product.category", Domain.TRUE, ("complete_name", "name")),
        }

    @api.model
    def _get_scope(self, row, scopes) -> str:
        """Return the scope of a row; without a word, it is a distributor's."""
        if not row.scope:
            if not row.reference:
                return "category" if row.category else "company"
            return "partner_category" if row.category else "partner"
        if normalise(row.scope) not in scopes:
            raise ValueProblem("bad_scope", value=row.scope)
        return scopes[normalise(row.scope)]

    @api.model
    def _get_asked(self, row, scope) -> dict:
        """Return what a row says for each reference field of its scope."""
        names = self.env["distributor.target"]._get_scope_fields()[scope]
        return {
            name: (row.category or ("" if len(names) > 1 else row.reference))
            if name == "categ_id"
            else row.reference
            for name in names
        }

    def _look_up(self, company, rows, scopes) -> dict:
        """Return {reference field: {text: records}} of all that the rows name."""
        wanted = defaultdict(set)
        for row in rows:
            try:
                asked = self._get_asked(row, self._get_scope(row, scopes))
            except ValueProblem:
                continue
            for name, text in asked.items():
                wanted[name].add(text)
        found = {}
        for name, texts in wanted.items():
            model, domain, fields_ = self._get_lookups()[name]
            Model = self.env[model]
            if "company_id" in Model._fields:
                domain &= Domain("company_id", "in", [False, company.id])
            stored = [f for f in fields_ if Model._fields[f].store]
            records = Model.search(
                domain & Domain.OR(Domain(f, "in", list(texts)) for f in stored)
            )
            # The more exact name wins: a code over a name.
            found[name] = {}
            for field in reversed(stored):
                for text, group in records.grouped(field).items():
                    found[name][text] = group
        return found

    @api.model
    def _read(self, job, row, scopes, known) -> dict:
        """Return the values of a row's target.

        :raises ValueProblem: what it names is not there, or there twice
        """
        scope = self._get_scope(row, scopes)
        values = {
            "year": row.year or job.year,
            "scope": scope,
            "amount": float(row.amount),
            "months": json.dumps([float(m) for m in row.months])
            if row.months
            else False,
        }
        subject = []
        for name, text in self._get_asked(row, scope).items():
            records = known.get(name, {}).get(text) if text else None
            if not text:
                raise ValueProblem("no_reference")
            if not records:
                raise ValueProblem("unknown_reference", value=text)
            if len(records) > 1:
                raise ValueProblem("unclear_reference", value=text)
            values[name] = records.id
            subject.append(records.display_name)
        values["subject"] = " · ".join(subject) or job.company_id.name
        return values

    @api.model
    def _get_key(self, values):
        names = self.env["distributor.target"]._get_reference_fields()
        return (
            values["year"],
            values["scope"],
            *(values.get(name) or False for name in names),
        )

    def _check_once(self, row, values, seen):
        key = self._get_key(values)
        if key in seen:
            raise ValueProblem("target_twice", line=seen[key])
        seen[key] = row.line

    def _match_standing(self, company, found):
        """Say of each good row whether it makes, changes or replaces a target."""
        good = [(row, values) for row, values, problem in found if not problem]
        Target = self.env["distributor.target"]
        years = {values["year"] for _row, values in good}
        standing = Target.search(
            [
                ("company_id", "=", company.id),
                ("year", "in", list(years)),
                ("state", "!=", "superseded"),
            ]
        )
        names = ["year", "scope", *Target._get_reference_fields()]
        by_key = defaultdict(dict)
        for target in standing:
            values = {
                n: target[n].id if n.endswith("_id") else target[n] for n in names
            }
            by_key[self._get_key(values)][target.state] = target
        for place, (row, values, problem) in enumerate(found):
            if problem:
                continue
            same = by_key[self._get_key(values)]
            if "to_approve" in same:
                found[place] = (row, values, Problem("target_waits"))
                continue
            target = same.get("draft") or same.get("approved")
            values["target_id"] = target.id if target else False
            values["effect"] = (
                "create"
                if not target
                else "update"
                if target.state == "draft"
                else "version"
            )
