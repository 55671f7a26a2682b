# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from collections import defaultdict

from dateutil.relativedelta import relativedelta
from psycopg2.errors import UniqueViolation

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from odoo.addons.distributor_crm.guard import check_own_company

from . import figures

ORDER = (
    "visit",
    "commission",
    "restored",
    "adjusted",
    "recovery",
    "penalty",
    "refund",
    "carried",
)


KEYS = ("kind", "visit_id", "violation_id", "reversed_line_id", "carried_id")


def _get_row_key(row):
    """Return what makes a line the same one when it is computed again."""
    return tuple(row.get(name) or False for name in KEYS)


class DistributorVisitSettlement(models.Model):
    """Computing settlements: all payees of a month at once, as often as one likes."""

    _inherit = "distributor.visit.settlement"

    @api.model
    def _compute_month(self, company, month, agencies=None):
        """Bring the drafts of a month up to date; those further on are left alone.

        What stands on a settlement that was submitted is never paid again. Computing
        twice gives the same lines, and changes nothing the second time.

        :param month: any day of it; it has to be over, or running
        :param agencies: only these; all of them when left out
        :raises UserError: the month is still to come, or somebody computes it too
        :return: the settlements of the month that are drafts now
        """
        self._check_computer(company)
        month = fields.Date.to_date(month).replace(day=1)
        if month > company._get_visit_today():
            raise UserError(self.env._("This month has not begun yet."))
        # Who may was checked; settlements are closed to users.
        Settlement = self.sudo().with_company(company)
        Settlement._lock_month(company, month)
        wanted = Settlement._get_wanted(company, month, agencies)
        try:
            with self.env.cr.savepoint():
                drafts = Settlement._get_drafts(company, month, wanted, agencies)
                drafts._take_lines(wanted)
                self.env.flush_all()
        except UniqueViolation as error:
            raise UserError(
                self.env._(
                    "Somebody settled some of these visits at the same moment. Compute "
                    "the month again."
                )
            ) from error
        empty = drafts.filtered(lambda one: not one.line_ids)
        kept = drafts - empty
        empty.unlink()
        return kept.with_env(self.env)

    @api.model
    def _check_computer(self, company):
        check_own_company(self.env, company)
        if not self.env.su and not self.env.user.has_groups(
            "distributor_crm.group_sales_manager,distributor_crm.group_finance"
        ):
            raise AccessError(
                self.env._("Sales managers and finance compute settlements.")
            )

    def _get_payee(self):
        self.ensure_one()
        return self.agency_id.id, self.partner_id.id

    @api.model
    def _lock_month(self, company, month):
        """Let one process at a time compute a company's settlements.

        Months depend on each other through what is carried forward; the lock ends with
        the transaction. Whoever comes second sees what the first one did: the unique
        indexes refuse what he would do twice.
        """
        self.env.cr.execute(
            SQL(
                "SELECT pg_advisory_xact_lock(hashtext(%s))",
                f"distributor.visit.settlement,{company.id}",
            )
        )
        self.env.invalidate_all()

    # -- what there is to settle -------------------------------------------------------

    @api.model
    def _get_wanted(self, company, month, agencies=None):
        """Return {(agency id, payee id): values of lines} of a month."""
        self.env["distributor.visit"]._revalue_sales(company)
        self.env.flush_all()
        zone = company._get_agreement_tz()
        end = company._get_visit_day_start(month + relativedelta(months=1))
        ids = agencies.ids if agencies else None
        lines = defaultdict(list)
        for query in (
            figures.due(company.id, zone, month, end, ids),
            figures.turned(company.id, month, end, ids),
        ):
            for row in self.env.execute_query_dict(query):
                payee = row.pop("agency_id"), row.pop("payee_id")
                round_ = company.currency_id.round
                already = float(row.pop("already", 0))
                row["amount"] = round_(round_(float(row["amount"])) - already)
                row["base"] = float(row.get("base") or 0)
                row["rate"] = float(row.get("rate") or 0)
                if row["amount"]:
                    lines[payee].append(row)
        for case, kind in self._get_cases(company, month, end, agencies):
            amount = case._get_settled_share(company, kind)
            lines[case.partner_id.id, case.partner_id.id].append(
                {
                    "kind": kind,
                    "violation_id": case.id,
                    "amount": -amount if kind == "penalty" else amount,
                    "base": 1,
                    "rate": amount,
                }
            )
        for earlier in self._get_carried(company, month, agencies):
            lines[earlier._get_payee()].append(
                {
                    "kind": "carried",
                    "carried_id": earlier.id,
                    "amount": earlier.amount,
                    "base": 1,
                    "rate": earlier.amount,
                }
            )
        return lines

    @api.model
    def _get_unrated(self, company, month):
        """Return signed visits up to a month's end that no rate card pays for."""
        check_own_company(self.env, company)
        self.env.flush_all()
        end = company._get_visit_day_start(
            month.replace(day=1) + relativedelta(months=1)
        )
        rows = self.env.execute_query(
            figures.unrated(company.id, company._get_agreement_tz(), end)
        )
        return self.env["distributor.visit"].browse(row[0] for row in rows)

    @api.model
    def _get_cases(self, company, month, end, agencies=None):
        """Return (case, "penalty" or "refund") of what is to be charged to agencies, and
        of what was charged and is given back as the case was lifted."""
        Violation = self.env["distributor.violation"].sudo()
        accused = agencies or self._get_accused(company)
        penalties, refunds = Violation.browse(), Violation.browse()
        for agency in accused.filtered("is_visit_agency"):
            penalties |= Violation._collect_unsettled(agency, company)
            refunds |= Violation._collect_refunds(agency, company).filtered(
                lambda case: case.settled_model == self._name
            )
        penalties = penalties.filtered(lambda case: case.occurred_at < end)
        return [
            (case, kind)
            for kind, cases in (("penalty", penalties), ("refund", refunds))
            for case in cases - self._get_standing("violation_id", cases, month, kind)
        ]

    @api.model
    def _get_accused(self, company):
        """Return the partners with cases that may have money to collect or give back."""
        groups = self.env["distributor.violation"]._read_group(
            [
                ("company_id", "=", company.id),
                "|",
                "&",
                ("amount", ">", 0),
                ("settled_id", "=", False),
                "&",
                ("state", "=", "lifted"),
                ("settled_amount", ">", 0),
            ],
            ["partner_id"],
        )
        return self.env["res.partner"].union(*(partner for (partner,) in groups))

    @api.model
    def _get_carried(self, company, month, agencies=None):
        """Return earlier settlements below zero that no later one has taken over."""
        domain = [
            ("company_id", "=", company.id),
            ("month", "<", month),
            ("state", "in", ("approved", "carried")),
            ("amount", "<", 0),
        ]
        if agencies:
            domain.append(("agency_id", "in", agencies.ids))
        below = self.search(domain)
        return below - self._get_standing("carried_id", below, month)

    @api.model
    def _get_standing(self, name, records, month, kind="carried"):
        """Return those of records that are on a settlement that goes before a month's
        drafts.

        :param name: the field of a line
        :param kind: of the line
        """
        lines = self.env["distributor.visit.settlement.line"].search(
            [
                (name, "in", records.ids),
                ("kind", "=", kind),
                ("is_void", "=", False),
                "|",
                ("settlement_id.state", "!=", "draft"),
                ("month", "<", month),
            ]
        )
        return lines[name]

    # -- writing it --------------------------------------------------------------------

    @api.model
    def _get_drafts(self, company, month, wanted, agencies=None):
        """Return the drafts of a month: those there are, and those that are missing."""
        domain = [
            ("company_id", "=", company.id),
            ("month", "=", month),
            ("state", "!=", "cancelled"),
        ]
        if agencies:
            domain.append(("agency_id", "in", agencies.ids))
        known = self.search(domain)
        there = {settlement._get_payee() for settlement in known}
        missing = [payee for payee in sorted(wanted) if payee not in there]
        numbers = self.env["ir.sequence"].with_company(company)
        created = self.create(
            [
                {
                    "name": numbers.next_by_code("distributor.visit.settlement") or "/",
                    "company_id": company.id,
                    "agency_id": agency_id,
                    "partner_id": payee_id,
                    "month": month,
                }
                for agency_id, payee_id in missing
            ]
        )
        self._release_later_drafts(company, month, wanted)
        return known.filtered(lambda one: one.state == "draft") | created

    @api.model
    def _release_later_drafts(self, company, month, wanted):
        """Take lines out of drafts of later months that belong into this one."""
        keys = {_get_row_key(row) for lines in wanted.values() for row in lines}
        lines = self.env["distributor.visit.settlement.line"].search(
            [
                ("company_id", "=", company.id),
                ("month", ">", month),
                ("settlement_id.state", "=", "draft"),
                ("is_void", "=", False),
            ]
        )
        lines.filtered(lambda line: line._get_key() in keys).unlink()

    def _take_lines(self, wanted):
        """Make these the lines of drafts; those that are there already stay.

        :param wanted: {(agency id, payee id): values of lines}
        """
        Line = self.env["distributor.visit.settlement.line"]
        gone, new = Line.browse(), []
        describe = self._get_describer(wanted)
        for settlement in self:
            there = {line._get_key(): line for line in settlement.line_ids}
            for row in wanted.get(settlement._get_payee(), []):
                line = there.pop(_get_row_key(row), None)
                if line is None:
                    new.append({**row, **describe(row), "settlement_id": settlement.id})
                elif not line._is_same_as(row):
                    line.write({**row, **describe(row)})
            gone = gone.union(*there.values())
        gone.unlink()
        Line.create(new)

    def _get_describer(self, wanted):
        """Return a function that gives text, day and place of a line's values."""
        rows = [row for lines in wanted.values() for row in lines]

        def get(model, name):
            records = self.env[model].browse(
                {row[name] for row in rows if row.get(name)}
            )
            return {record.id: record for record in records}

        visits = get("distributor.visit", "visit_id")
        cases = get("distributor.violation", "violation_id")
        settlements = get(self._name, "carried_id")

        def describe(row):
            kind = row["kind"]
            if kind in ("penalty", "refund"):
                case = cases[row["violation_id"]]
                name = f"{case.name} {case.policy_id.name}"
                day = case.company_id._get_visit_day(case.occurred_at)
            elif kind == "carried":
                earlier = settlements[row["carried_id"]]
                name, day = earlier.name, earlier.date_to
            else:
                visit = visits[row["visit_id"]]
                name = " ".join(filter(None, (visit.name, visit.form_number)))
                bought = kind in ("commission", "adjusted") and visit.deal_at
                day = visit.company_id._get_visit_day(bought or visit.arrived_at)
            return {"name": name, "date": day, "sequence": ORDER.index(kind)}

        return describe

    # -- still right? ------------------------------------------------------------------

    def _check_stands(self):
        """Check that a settlement would come out the same if computed now.

        :raises UserError: it would not
        """
        for settlement in self:
            found = settlement._recompute_alone()
            have = {line._get_key(): line.amount for line in settlement.line_ids}
            if have != found:
                raise UserError(
                    self.env._(
                        "Since %(settlement)s was computed, visits, cases or rates have "
                        "changed. Send it back, compute it again, and submit it anew.",
                        settlement=settlement.name,
                    )
                )

    def _recompute_alone(self):
        """Return {key: amount} of what this settlement would hold if computed now.

        Of lines that are here already it asks whether they still hold; what is due and
        stands nowhere yet waits for the next month.
        """
        self.ensure_one()
        lines = self.line_ids
        visits = lines.filtered(lambda line: line.kind in ("visit", "commission"))
        false = visits.visit_id.filtered(
            lambda visit: (
                visit.found_false
                or visit.verdict != "valid"
                or visit.state != "signed"
                or not visit.form_attachment_id
            )
        )
        unsold = visits.filtered(
            lambda line: (
                (line.kind == "commission" or line.rate_id.trigger == "deal")
                and (
                    not line.visit_id.deal_at
                    or line.visit_id.deal_order_id.state not in (False, "sale")
                )
            )
        )
        gone = unsold | lines.filtered(
            lambda line: line.visit_id in false and line.kind in ("visit", "commission")
        )
        gone |= lines.filtered(
            lambda line: (
                (line.kind == "penalty" and not line.violation_id._is_chargeable())
                or (line.kind == "refund" and line.violation_id.state != "lifted")
            )
        )
        found = {line._get_key(): line.amount for line in lines - gone}
        for line in lines.filtered("violation_id") - gone:
            amount = line.violation_id._get_settled_share(self.company_id, line.kind)
            found[line._get_key()] = -amount if line.kind == "penalty" else amount
        return found
