# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from psycopg2.errors import UniqueViolation

from odoo import Command, api, fields, models
from odoo.exceptions import ConcurrencyError, UserError

from .distributor_violation import OPEN

MAX_FACTS = 10000


class DistributorViolation(models.Model):
    """How other rooms report a breach: once each, however often they try."""

    _inherit = "distributor.violation"

    @api.model
    def _report(self, reports):
        """Open a case for each report, or return the one that is there.

        Nothing is sent and nothing is decided: the cases are drafts. One and the same
        source is reported under one policy once; reports with the same `key` while a
        case of the accused is open join it, with their facts and evidence.

        :param reports: list of {"policy": code, "partner_id": id, "company_id": id,
            "occurred_at": UTC datetime, "source": record or None, "facts": text,
            "severity": float or None, "amount": float or None, and optionally
            "currency_id", "store_id", "product_id", "lot_id", "user_id", "person_id",
            "second_partner_id", "evidence_ids" (ids of distributor.evidence),
            "key" (text that says what it is about, such as "shop/5/product/7")}
        :return: the cases, with full rights, one for each report and in their order
        :raises UserError: a policy is missing, or a partner
        """
        # Who reports a breach needs no right on cases: rooms call this, not users.
        cases = self.sudo()
        prepared = [cases._prepare_report(report) for report in reports]
        cases._choose_policies(prepared)
        known = cases._get_reported(prepared)
        fresh, places = [], {}
        for values in prepared:
            keys = cases._get_report_keys(values)
            if any(key in known or key in places for key in keys):
                continue
            for key in keys:
                places[key] = len(fresh)
            fresh.append(values)
        created = cases._create_reported(fresh)
        found = []
        for values, report in zip(prepared, reports, strict=True):
            keys = cases._get_report_keys(values)
            case = next((known[key] for key in keys if key in known), None)
            if case is None:
                place = next((places[key] for key in keys if key in places), None)
                if place is None:
                    place = fresh.index(values)
                case = created[place]
            case._join_report(values, report.get("evidence_ids"))
            found.append(case.id)
        return cases.browse(found)

    @api.model
    def _prepare_report(self, report):
        """Return the values of a case, without its policy."""
        partner = self.env["res.partner"].browse(report["partner_id"] or [])
        if not partner:
            raise UserError(self.env._("Say whom the breach is reported of."))
        company = self.env["res.company"].browse(
            report.get("company_id") or self.env.company.id
        )
        source = report.get("source")
        accused = partner.commercial_partner_id
        person = report.get("person_id") or (
            partner.id if partner != accused else False
        )
        values = {
            "policy_code": report["policy"],
            "partner_id": accused.id,
            "person_id": person,
            "company_id": company.id,
            "currency_id": report.get("currency_id") or company.currency_id.id,
            "occurred_at": report.get("occurred_at") or fields.Datetime.now(),
            "facts": (report.get("facts") or "")[:MAX_FACTS] or "-",
            "severity": report.get("severity") or 0.0,
            "amount": report.get("amount") or 0.0,
            "source_model": source._name if source else False,
            "source_id": source.id if source else False,
            "subject_key": report.get("key") or False,
        }
        for name in ("store_id", "product_id", "lot_id", "second_partner_id"):
            values[name] = report.get(name) or False
        if report.get("user_id"):
            values["user_id"] = report["user_id"]
        return values

    @api.model
    def _choose_policies(self, prepared):
        """Set the version of the rules that held when each breach happened."""
        Policy = self.env["distributor.violation.policy"]
        keys = {}
        for place, values in enumerate(prepared):
            day = fields.Datetime.context_timestamp(
                self, fields.Datetime.to_datetime(values["occurred_at"])
            ).date()
            keys[place] = (values.pop("policy_code"), values["company_id"], day)
        versions = Policy._find_all(set(keys.values()))
        for place, key in keys.items():
            if not versions[key]:
                raise UserError(
                    self.env._(
                        "There are no rules for “%(code)s” on %(day)s. A channel "
                        "administrator makes them under Rules for Breaches.",
                        code=key[0],
                        day=key[2],
                    )
                )
            prepared[place]["policy_id"] = versions[key].id

    @api.model
    def _get_report_keys(self, values):
        """Return by what a report is known again: its source, and what it is about."""
        code = self.env["distributor.violation.policy"].browse(values["policy_id"]).code
        keys = []
        if values["source_id"]:
            keys.append(
                (
                    code,
                    values["company_id"],
                    values["source_model"],
                    values["source_id"],
                )
            )
        if values["subject_key"]:
            keys.append(
                (
                    code,
                    values["company_id"],
                    values["partner_id"],
                    values["subject_key"],
                )
            )
        return keys

    @api.model
    def _get_reported(self, prepared):
        """Return {key: case} of what was reported before, in two searches."""
        known = {}
        subjects = {v["subject_key"] for v in prepared if v["subject_key"]}
        if subjects:
            open_cases = self.search(
                [
                    ("subject_key", "in", list(subjects)),
                    ("partner_id", "in", list({v["partner_id"] for v in prepared})),
                    ("state", "in", OPEN),
                ]
            )
            for case in open_cases:
                known[
                    case.policy_code,
                    case.company_id.id,
                    case.partner_id.id,
                    case.subject_key,
                ] = case
        sources = {}
        for values in prepared:
            if values["source_id"]:
                sources.setdefault(values["source_model"], []).append(
                    values["source_id"]
                )
        for model, ids in sources.items():
            for case in self.search(
                [("source_model", "=", model), ("source_id", "in", ids)]
            ):
                known[case.policy_code, case.company_id.id, model, case.source_id] = (
                    case
                )
        return known

    @api.model
    def _create_reported(self, values_list):
        """Create the cases, unless somebody else reports the same at this moment.

        :raises ConcurrencyError: then; Odoo has the request start anew
        """
        if not values_list:
            return self.browse()
        try:
            with self.env.cr.savepoint():
                return self.create(values_list)
        except UniqueViolation as error:
            raise ConcurrencyError(
                self.env._("Somebody else is reporting the same breach right now.")
            ) from error

    def _join_report(self, values, evidence_ids):
        """Add what a report knows to its case: evidence, and that it was seen again."""
        self.ensure_one()
        if evidence_ids:
            self.proof_ids = [Command.link(number) for number in evidence_ids]
        seen = fields.Datetime.to_datetime(values["occurred_at"])
        if not values["subject_key"] or seen <= self.occurred_at:
            return
        self._message_log(
            body=self.env._(
                "Seen again on %(when)s: %(facts)s",
                when=self._say_moment(seen),
                facts=values["facts"],
            )
        )
        # Who had time to correct it, or said he had, has not.
        deadline = self.correct_deadline
        is_late = (
            self.state in ("notified", "answered") and deadline and seen > deadline
        )
        if self.outcome != "not_corrected" and (is_late or self.state == "watched"):
            self._fail_correction()

    def _add_facts(self, facts, evidence):
        """Add to a case what was found later, with its evidence."""
        self.ensure_one()
        self.proof_ids = [Command.link(number) for number in evidence.ids]
        self._message_log(body=self.env._("Found as well: %s", facts))
