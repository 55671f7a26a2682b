# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

CHUNK = 100
# What nobody was invited to for so long is not asked about any more.
LATEST = 30


class DistributorSurveyRule(models.Model):
    """Whom a rule invites, and the job that does so each night (R226).

    A new event is a value of the selection and a method `_get_<event>_events` that
    returns SQL of: distributor, source, label, day.
    """

    _inherit = "distributor.survey.rule"

    @api.model
    def _cron_invite(self):
        """Scheduled: invite whom something happened to. Broken off, it goes on."""
        commit = self.env["ir.cron"]._commit_progress
        self._invite_all(commit=commit)

    @api.model
    def _invite_all(self, today=None, commit=None):
        """Invite the distributors whose events are due, each event once a rule.

        :param commit: called after each chunk with the number of distributors
        """
        today = today or fields.Date.context_today(self)
        for rule in self.search([("survey_id.active", "=", True)]):
            last = 0
            while rows := rule._get_due(today, last):
                last = rows[-1][0]
                rule._invite(rows, today)
                if commit:
                    commit(len(rows))

    def _get_due(self, today, last):
        """Return the next (distributor's id, source, label) to invite.

        :param last: the distributor after whom to go on
        """
        self.ensure_one()
        self.env.flush_all()
        latest = today - timedelta(days=self.delay_days)
        tiers = SQL("TRUE")
        if self.grade_ids:
            tiers = SQL("partner.grade_id = ANY(%s)", self.grade_ids.ids)
        return self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT ON (partner.id) partner.id, event.source, event.label
                  FROM (%(events)s) event (partner_id, source, label, day)
                  JOIN res_partner partner ON partner.id = event.partner_id
                 WHERE partner.id > %(last)s AND partner.active
                   AND partner.is_distributor AND partner.parent_id IS NULL
                   AND (partner.company_id IS NULL OR partner.company_id = %(company)s)
                   AND partner.is_survey_opt_out IS NOT TRUE
                   AND partner.has_reduced_access IS NOT TRUE
                   AND event.day BETWEEN %(first)s AND %(latest)s
                   AND %(tiers)s
                   AND NOT EXISTS (
                       SELECT FROM distributor_survey_invitation sent
                        WHERE sent.partner_id = partner.id
                          AND (sent.sent_on > %(rest)s
                               OR sent.rule_id = %(rule)s
                              AND sent.source = event.source))
                 ORDER BY partner.id, event.day DESC
                 LIMIT %(chunk)s
                """,
                events=getattr(self, f"_get_{self.event}_events")(today),
                last=last,
                company=self.company_id.id,
                first=max(self.start_on, latest - timedelta(days=LATEST)),
                latest=latest,
                tiers=tiers,
                rest=today - timedelta(days=self.rest_days),
                rule=self.id,
                chunk=CHUNK,
            )
        )

    def _get_application_events(self, today):
        return SQL(
            """
            SELECT partner_id, 'distributor.application,' || id, name, opened_on
              FROM distributor_application
             WHERE state = 'opened' AND company_id = %s
            """,
            self.company_id.id,
        )

    def _get_order_events(self, today):
        return SQL(
            """
            SELECT buyer.commercial_partner_id, 'sale.order,' || sale.id, sale.name,
                   sale.delivered_on
              FROM sale_order sale
              JOIN res_partner buyer ON buyer.id = sale.partner_id
             WHERE sale.delivered_on IS NOT NULL AND sale.company_id = %s
            """,
            self.company_id.id,
        )

    def _get_complaint_events(self, today):
        return SQL(
            """
            SELECT partner_id, 'distributor.case,' || id, name, solved_at::date
              FROM distributor_case
             WHERE kind = 'complaint' AND state IN ('solved', 'closed')
               AND company_id = %s
            """,
            self.company_id.id,
        )

    def _get_training_events(self, today):
        kind = self.env.ref(
            "distributor_crm.activity_type_care_training", raise_if_not_found=False
        )
        return SQL(
            """
            SELECT res_id, 'mail.activity,' || id, summary, date_done
              FROM mail_activity
             WHERE res_model = 'res.partner' AND NOT active AND activity_type_id = %s
            """,
            kind.id if kind else 0,
        )

    def _get_yearly_events(self, today):
        # On 29 February, the day before in other years.
        year = today.year - (
            (today.month, today.day) < (self.start_on.month, self.start_on.day)
        )
        years = year - self.start_on.year
        return SQL(
            """
            SELECT id, %(source)s, %(label)s,
                   (%(start)s::date + make_interval(years => %(years)s))::date
              FROM res_partner WHERE is_distributor
            """,
            source=f"year,{year}",
            label=str(year),
            start=self.start_on,
            years=years,
        )

    def _invite(self, rows, today):
        """Invite the contacts of these distributors, where one has an e-mail address.

        :param rows: (distributor's id, source, label)
        """
        self.ensure_one()
        partners = self.env["res.partner"].browse(key for key, *_source in rows)
        contacts = {partner.id: partner._get_portal_contact() for partner in partners}
        blocked = partners.concat(*contacts.values()).filtered("is_blacklisted")
        deadline = fields.Datetime.to_datetime(today) + timedelta(days=self.answer_days)
        vals_list = []
        for (key, source, label), partner in zip(rows, partners, strict=True):
            contact = contacts[key]
            if not contact.email or contact in blocked or contact.is_survey_opt_out:
                continue
            answer = self.survey_id._create_answer(
                partner=contact, check_attempts=False, deadline=deadline
            )
            vals_list.append(
                {
                    "rule_id": self.id,
                    "partner_id": key,
                    "contact_id": contact.id,
                    "source": source,
                    "label": label,
                    "sent_on": today,
                    "user_input_id": answer.id,
                    "grade_id": partner.grade_id.id,
                    "state_id": partner.state_id.id,
                }
            )
        invitations = self.env["distributor.survey.invitation"].create(vals_list)
        template = self.env.ref(
            "distributor_crm.mail_template_survey_invitation", raise_if_not_found=False
        )
        if template and invitations:
            template.send_mail_batch(invitations.ids)
        return invitations
