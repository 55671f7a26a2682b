# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools.misc import format_date

# So many representatives' statements are worked out between two commits.
CHUNK = 200


class DistributorFeeStatement(models.Model):
    """Handed in by the third working day, checked by the eighth, or void (R092, R098)."""

    _inherit = "distributor.fee.statement"

    submit_deadline = fields.Date(
        string="Submit Until",
        compute="_compute_deadlines",
        store=True,
        help="The last day on which the representative submits it.",
    )
    check_deadline = fields.Date(
        string="Signed Until",
        compute="_compute_deadlines",
        store=True,
        help="What is not signed by all on this day is void.",
    )
    reopened_until = fields.Date(readonly=True, copy=False)
    reminded_on = fields.Date(readonly=True, copy=False)
    escalated_on = fields.Date(readonly=True, copy=False)
    is_late = fields.Boolean(
        compute="_compute_is_late",
        search="_search_is_late",
        help="Not submitted in time: a sales manager submits it, with the reason.",
    )
    deadline_text = fields.Char(
        compute="_compute_deadline_text", help="Whom it waits for, and until when."
    )
    days_open = fields.Integer(
        compute="_compute_days_open",
        help="Since when it waits for a signature.",
    )

    @api.depends("company_id", "month", "reopened_until")
    def _compute_deadlines(self):
        days = {}
        for statement in self:
            company, month = statement.company_id, statement.month
            if not (company and month):
                statement.submit_deadline = statement.check_deadline = False
                continue
            if (company, month) not in days:
                days[company, month] = self._get_deadlines(company, month)
            submit, check = days[company, month]
            # Finance, which reopened it, says until when.
            statement.submit_deadline = statement.reopened_until or submit
            statement.check_deadline = statement.reopened_until or check

    @api.model
    def _get_deadlines(self, company, month):
        """Return the last days to submit and to sign a month's statements."""
        return self._get_policy_days(company, month, "submit_day", "check_day")

    @api.model
    def _get_policy_days(self, company, month, *names):
        """Return working days of the month after a month, as dates.

        :param names: fields of the policy, which number them
        """
        following = month + relativedelta(months=1)
        # Whoever sees his statement sees its deadlines.
        company = company.sudo()
        policy = company._get_fee_policy(following)
        return tuple(
            company._get_working_day(following.year, following.month, policy[name])
            for name in names
        )

    @api.depends("state", "submit_deadline")
    def _compute_is_late(self):
        today = fields.Date.context_today(self)
        for statement in self:
            statement.is_late = (
                statement.state == "draft"
                and bool(statement.submit_deadline)
                and statement.submit_deadline < today
            )

    def _search_is_late(self, operator, value):
        if operator != "in":
            return NotImplemented
        today = fields.Date.context_today(self)
        return Domain("state", "=", "draft") & Domain("submit_deadline", "<", today)

    @api.depends("waiting_for", "is_late", "submit_deadline", "check_deadline")
    @api.depends_context("lang")
    def _compute_deadline_text(self):
        for statement in self:
            text = False
            if statement.is_late:
                text = self.env._(
                    "It was to be submitted by %s. A sales manager submits it now, with "
                    "the reason.",
                    format_date(self.env, statement.submit_deadline),
                )
            elif statement.waiting_for:
                text = self.env._(
                    "Waiting for “%(step)s”, until %(day)s.",
                    step=statement.waiting_for,
                    day=format_date(self.env, statement.check_deadline),
                )
            statement.deadline_text = text

    @api.depends("state", "submitted_on")
    def _compute_days_open(self):
        today = fields.Date.context_today(self)
        for statement in self:
            since = statement.submitted_on
            statement.days_open = (
                (
                    today - fields.Datetime.context_timestamp(statement, since).date()
                ).days
                if statement.state == "submitted" and since
                else 0
            )

    # -- each night ------------------------------------------------------------------

    @api.model
    def _cron_month(self):
        """Work out the last month's statements of those who have none yet.

        Broken off, it goes on where it was: who has a statement is not worked out
        again.
        """
        cron = self.env["ir.cron"]
        today = fields.Date.context_today(self)
        month = today.replace(day=1) - relativedelta(months=1)
        last = month + relativedelta(months=1, days=-1)
        policies = self.env["distributor.fee.policy"].search(
            [("date_from", "<=", last)]
        )
        for company in policies.company_id:
            users = self._get_missing_users(company, month)
            for start in range(0, len(users), CHUNK):
                chunk = users[start : start + CHUNK]
                self._build(company, month, chunk)._ask_to_submit()
                if not cron._commit_progress(
                    len(chunk), remaining=len(users) - start - len(chunk)
                ):
                    return

    @api.model
    def _get_missing_users(self, company, month):
        """Return who sold something in a month, or was granted something before, and
        has no statement for it."""
        last = month + relativedelta(months=1, days=-1)
        moves = self.env["account.move"]._read_group(
            Domain("company_id", "=", company.id)
            & Domain("state", "=", "posted")
            & Domain("move_type", "in", ("out_invoice", "out_refund"))
            & Domain("invoice_date", ">=", month)
            & Domain("invoice_date", "<=", last),
            ["invoice_user_id"],
        )
        users = self.env["res.users"].browse([user.id for (user,) in moves if user])
        if any(not user for (user,) in moves):
            users |= (
                self.env["res.partner"]
                .search([("user_id", "!=", False), ("customer_rank", ">", 0)])
                .user_id
            )
        return (users | self._get_users(company, "<", month)) - self._get_users(
            company, "=", month
        )

    @api.model
    def _get_users(self, company, operator, month):
        """Return who has statements of months before, or of, a month."""
        groups = self._read_group(
            Domain("company_id", "=", company.id) & Domain("month", operator, month),
            ["user_id"],
        )
        return self.env["res.users"].union(*(user for (user,) in groups))

    def _ask_to_submit(self):
        """Put these on the representatives' lists of things to do."""
        for statement in self.with_context(mail_activity_quick_update=True):
            statement.activity_schedule(
                "mail.mail_activity_data_todo",
                date_deadline=statement.submit_deadline,
                summary=self.env._("Complete and submit the fee statement"),
                user_id=statement.user_id.id,
            )

    @api.model
    def _cron_watch(self):
        """Remind before the deadline, escalate after it, and void what is not signed."""
        today = fields.Date.context_today(self)
        self._void_overdue(today)
        self._remind(today)
        self._escalate(today)

    def _remind(self, today):
        """Remind of what is to be submitted, on each working day up to the last."""
        due = self.search(
            Domain("state", "=", "draft")
            & Domain("submit_deadline", ">=", today)
            & (Domain("reminded_on", "=", False) | Domain("reminded_on", "<", today))
        )
        for company, statements in due.grouped("company_id").items():
            if not company._is_working_day(today):
                continue
            for statement in statements:
                statement.message_notify(
                    partner_ids=statement.user_id.partner_id.ids,
                    subject=self.env._("Submit your fee statement"),
                    body=self.env._(
                        "%(statement)s is to be submitted by %(day)s. What is late is "
                        "submitted by a sales manager alone, with the reason.",
                        statement=statement.display_name,
                        day=format_date(self.env, statement.submit_deadline),
                    ),
                )
            statements.reminded_on = today

    def _escalate(self, today):
        """Tell the sales managers once of what was not submitted in time."""
        late = self.search(
            Domain("state", "=", "draft")
            & Domain("submit_deadline", "<", today)
            & Domain("check_deadline", ">=", today)
            & Domain("escalated_on", "=", False)
        )
        group = self.env.ref("distributor_crm.group_sales_manager")
        for company, statements in late.grouped("company_id").items():
            managers = group.all_user_ids.filtered(
                lambda user, company=company: company in user.company_ids
            )
            for statement in statements:
                statement.message_notify(
                    partner_ids=(managers - statement.user_id).partner_id.ids,
                    subject=self.env._("A fee statement is late"),
                    body=self.env._(
                        "%(statement)s was not submitted by %(deadline)s. Submit it with "
                        "the reason, or it is void after %(day)s.",
                        statement=statement.display_name,
                        deadline=format_date(self.env, statement.submit_deadline),
                        day=format_date(self.env, statement.check_deadline),
                    ),
                )
            statements.escalated_on = today

    def _void_overdue(self, today):
        """Void what was not signed by all in time (R097)."""
        over = self.search(
            Domain("state", "in", ("draft", "submitted"))
            & Domain("check_deadline", "<", today)
        ).try_lock_for_update()
        for statement in over:
            statement._void(
                self.env._(
                    "Not signed by all until %s.",
                    format_date(self.env, statement.check_deadline),
                )
            )
