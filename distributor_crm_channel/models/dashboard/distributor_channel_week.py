# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from odoo.addons.distributor_crm.printing import print_document


class DistributorChannelWeek(models.Model):
    """The channel's report of a week, printed once and sent to the sales managers.

    What was printed stays: figures and file are of the Monday after the week.
    """

    _name = "distributor.channel.week"
    _description = "Weekly Channel Report"
    _order = "date_from desc, company_id"
    _rec_name = "date_from"

    company_id = fields.Many2one(
        comodel_name="res.company", required=True, readonly=True, index=True
    )
    date_from = fields.Date(string="Week From", required=True, readonly=True)
    date_to = fields.Date(
        string="Until", compute="_compute_date_to", store=True, precompute=True
    )
    figures = fields.Json(readonly=True)
    case_count = fields.Integer(string="New Cases", readonly=True)
    open_count = fields.Integer(string="Open Cases", readonly=True, aggregator="max")
    below_count = fields.Integer(string="Prices below the Floor", readonly=True)
    ending_count = fields.Integer(
        string="Authorizations About to End", readonly=True, aggregator="max"
    )
    document_id = fields.Many2one(
        comodel_name="ir.attachment", readonly=True, ondelete="restrict"
    )
    sent_at = fields.Datetime(readonly=True)

    _once = models.UniqueIndex(
        "(company_id, date_from)", "The report of this week is there already."
    )

    @api.depends("date_from")
    def _compute_date_to(self):
        for week in self:
            week.date_to = week.date_from + timedelta(days=6)

    @api.depends("date_from", "date_to")
    def _compute_display_name(self):
        for week in self:
            week.display_name = f"{week.date_from} – {week.date_to}"

    @api.model
    def _cron_report(self):
        """Make and send the reports of the week that ended, of each company once.

        Run again or broken off, it makes and sends what is missing alone.
        """
        today = fields.Date.context_today(self)
        start = today - timedelta(days=today.weekday() + 7)
        have = self.search([("date_from", "=", start)])
        missing = self.env["res.company"].search(
            [("id", "not in", have.company_id.ids)]
        )
        todo = len(missing)
        for company in missing:
            self._make(company, start)
            todo -= 1
            if not self.env["ir.cron"]._commit_progress(1, remaining=todo):
                return
        for week in self.search([("date_from", "=", start), ("sent_at", "=", False)]):
            week._send()
            self.env["ir.cron"]._commit_progress(1)

    @api.model
    def _make(self, company, start):
        """Make the report of a week.

        :param start: its Monday
        :return: the report, printed
        """
        # The report is of the whole company, whoever reads it.
        overview = self.env["distributor.channel.dashboard"].sudo()
        overview = overview.with_company(company)
        figures = overview._get_figures(
            Domain("company_id", "=", company.id), start + timedelta(days=6)
        )
        figures.update(self.sudo()._get_more_figures(company, start))
        values = {tile["key"]: tile["value"] for tile in figures["tiles"]}
        week = self.sudo().create(
            {
                "company_id": company.id,
                "date_from": start,
                "figures": self._strip(figures),
                "case_count": values.get("new_cases", 0),
                "open_count": values.get("cases", 0),
                "below_count": values.get("below", 0),
                "ending_count": values.get("expiring", 0),
            }
        )
        week._print()
        return week

    @api.model
    def _get_more_figures(self, company, start):
        """Hook: return what is printed beside the figures of the screen.

        :param start: the Monday of the week
        """
        return {}

    @api.model
    def _strip(self, figures):
        """Return figures without the domains, which are for the screen."""
        if isinstance(figures, dict):
            return {k: self._strip(v) for k, v in figures.items() if k != "domain"}
        if isinstance(figures, (list, tuple)):
            return [self._strip(v) for v in figures]
        return figures

    def _print(self):
        self.ensure_one()
        reports = self.env["ir.actions.report"].with_context(
            lang=self.company_id.partner_id.lang or self.env.lang
        )
        name = "distributor_crm_channel.distributor_channel_week_report"
        content, kind = print_document(reports, name, self.ids)
        self.document_id = self.env["ir.attachment"].create(
            {
                "name": f"{self._get_report_base_filename()}.{kind}",
                "raw": content,
                "mimetype": "application/pdf" if kind == "pdf" else "text/html",
                "res_model": self._name,
                "res_id": self.id,
            }
        )

    def _get_report_base_filename(self):
        self.ensure_one()
        return f"{self.env._('Channel report')} {self.date_from}"

    def _send(self):
        """Send the report to the sales managers of the company, once."""
        self.ensure_one()
        managers = self.company_id._get_group_users(
            "distributor_crm.group_sales_manager"
        )
        mails = [
            {
                "subject": self.env._(
                    "%(company)s: channel report of the week from %(day)s",
                    company=self.company_id.name,
                    day=self.date_from,
                ),
                "body_html": self.env["ir.qweb"]._render(
                    "distributor_crm_channel.channel_week_mail", {"week": self}
                ),
                "email_to": user.email_formatted,
                "attachment_ids": self.document_id.ids,
                "auto_delete": False,
            }
            for user in managers
            if user.email
        ]
        self.env["mail.mail"].sudo().create(mails)
        self.sent_at = fields.Datetime.now()

    def action_download(self):
        """Download the printed report.

        :raises UserError: it was not printed
        """
        self.ensure_one()
        self.check_access("read")
        if not self.document_id:
            raise UserError(self.env._("The report was not printed."))
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self.sudo().document_id.id}?download=true",
        }
