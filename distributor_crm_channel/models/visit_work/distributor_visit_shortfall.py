# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from .figures import windows

# How far back a night that was missed is made up for.
BACK = timedelta(days=31)


class DistributorVisitShortfall(models.Model):
    """Somebody was below his target in several windows in a row (R057).

    The figures are kept as they were found: a visit judged later changes what is still
    to come, and may be brought up in the appeal.
    """

    _name = "distributor.visit.shortfall"
    _description = "Target Shortfall"
    _inherit = ["mail.thread"]
    _order = "date_to desc, id desc"
    _check_company_auto = True

    target_id = fields.Many2one(
        comodel_name="distributor.visit.target",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    company_id = fields.Many2one(
        related="target_id.company_id", store=True, precompute=True, index=True
    )
    duty_id = fields.Many2one(
        comodel_name="distributor.visit.duty",
        string="Rules",
        required=True,
        readonly=True,
        ondelete="restrict",
    )
    agency_id = fields.Many2one(
        comodel_name="res.partner", required=True, readonly=True, ondelete="restrict"
    )
    agent_id = fields.Many2one(
        comodel_name="res.partner",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    date_from = fields.Date(string="From", required=True, readonly=True)
    date_to = fields.Date(string="Until", required=True, readonly=True)
    windows = fields.Integer(string="Windows in a Row", readonly=True, aggregator=None)
    due = fields.Float(readonly=True, digits=(16, 2))
    valid = fields.Integer(string="Valid Customers", readonly=True)
    violation_id = fields.Many2one(
        comodel_name="distributor.violation",
        string="Case",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )

    _once = models.Constraint(
        "UNIQUE(target_id, agent_id, date_to)",
        "This shortfall is on record already.",
    )

    @api.depends("agent_id", "date_from", "date_to")
    def _compute_display_name(self):
        for shortfall in self:
            shortfall.display_name = (
                f"{shortfall.agent_id.name}, {shortfall.date_from} – "
                f"{shortfall.date_to}"
            )

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            raise AccessError(
                self.env._("Shortfalls are found by the program, from valid visits.")
            )
        return super().create(vals_list)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("Shortfalls stay on record."))

    @api.model
    def _cron_find(self):
        """Find new shortfalls of all companies, each night."""
        groups = self.env["distributor.visit.target"]._read_group([], ["company_id"])
        for (company,) in groups:
            self.with_company(company)._find(company)
            self.env["ir.cron"]._commit_progress(1)

    @api.model
    def _find(self, company):
        """Find and report the shortfalls of a company; twice is once.

        :return: the new shortfalls
        """
        duties = self.env["distributor.visit.duty"].search(
            [("company_id", "=", company.id)]
        )
        if not duties:
            return self.browse()
        today = company._get_visit_today()
        self.env.flush_all()
        rows = self.env.execute_query_dict(
            SQL(
                """
                SELECT * FROM (%s) own
                 WHERE is_short AND date_to >= %s
                 ORDER BY target_id, agent_id, number
                """,
                windows(company.id, company._get_agreement_tz(), today),
                today - 13 * BACK,
            )
        )
        return self._record(self._get_new(company, rows, today - BACK))

    @api.model
    def _get_new(self, company, rows, since):
        """Return the values of shortfalls that are not on record yet.

        :param rows: short windows, in their order
        :param since: older ones are left alone
        """
        Duty, Partner = self.env["distributor.visit.duty"], self.env["res.partner"]
        streaks, found, duties = {}, [], {}
        for row in rows:
            key = row["target_id"], row["agent_id"]
            run = streaks.setdefault(key, [])
            if row["streak"] == 1:
                run.clear()
            run.append(row)
            if row["date_to"] < since:
                continue
            place = row["agency_id"], row["date_to"]
            if place not in duties:
                agency = Partner.browse(row["agency_id"])
                duties[place] = Duty._find_version(company, agency, row["date_to"])
            duty = duties[place]
            if duty and row["streak"] % duty.shortfall_windows == 0:
                last = run[-duty.shortfall_windows :]
                found.append(
                    {
                        "target_id": row["target_id"],
                        "agent_id": row["agent_id"],
                        "agency_id": row["agency_id"],
                        "duty_id": duty.id,
                        "date_from": last[0]["date_from"],
                        "date_to": row["date_to"],
                        "windows": len(last),
                        "due": sum(one["due"] for one in last),
                        "valid": sum(one["valid"] for one in last),
                    }
                )
        known = {
            (one.target_id.id, one.agent_id.id, one.date_to)
            for one in self.search([("date_to", ">=", since)])
        }
        return [
            vals
            for vals in found
            if (vals["target_id"], vals["agent_id"], vals["date_to"]) not in known
        ]

    @api.model
    def _record(self, vals_list):
        """Keep new shortfalls, and open a case of each."""
        # Found by the program: nobody may write them.
        shortfalls = self.sudo().create(vals_list)
        cases = self.env["distributor.violation"]._report(
            [shortfall._prepare_case() for shortfall in shortfalls]
        )
        for shortfall, case in zip(shortfalls, cases, strict=True):
            shortfall.violation_id = case
        return shortfalls.with_env(self.env)

    def _prepare_case(self):
        self.ensure_one()
        duty = self.duty_id
        return {
            "policy": "visit_shortfall",
            "partner_id": self.agency_id.id,
            "person_id": self.agent_id._get_visit_person(self.agency_id).id,
            "severity": self.due - self.valid,
            "company_id": self.company_id.id,
            "occurred_at": self.company_id._get_visit_day_end(self.date_to),
            "source": self,
            "amount": duty.shortfall_amount,
            "facts": self.env._(
                "%(agent)s brought %(valid)s valid customers from %(first)s to %(last)s, "
                "the target is %(due)g: %(windows)s windows below it in a row. %(clause)s",
                agent=self.agent_id.name,
                valid=self.valid,
                first=self.date_from,
                last=self.date_to,
                due=self.due,
                windows=self.windows,
                clause=duty.clause or "",
            ).strip(),
        }
