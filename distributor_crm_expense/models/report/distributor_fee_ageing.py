# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

DAY = timedelta(days=1)
# Whom a step waits for where no person is named.
ROLES = {
    "compliance": "distributor_crm_expense.group_fee_compliance",
    "finance": "distributor_crm.group_finance",
    "manager": "distributor_crm.group_sales_manager",
}
# Since longer than this is shown as the number of days alone.
LONG = timedelta(days=400)


class DistributorFeeAgeing(models.Model):
    """What is open, at which step, since how many working days, and with whom.

    One row for each person whom a document waits for; it is the documents, their
    reviews, payouts, advances and checks themselves, read as one list.
    """

    _name = "distributor.fee.ageing"
    _description = "Open Fee Document"
    _auto = False
    _order = "working_days desc, since, id"
    _rec_name = "document"

    document = fields.Reference(
        selection=[
            ("distributor.fee.statement", "Monthly Statement"),
            ("distributor.fee.application", "Special Fee"),
            ("distributor.fee.payout", "Payout"),
            ("distributor.fee.advance", "Advance"),
            ("distributor.fee.check", "Spot Check"),
        ],
        readonly=True,
    )
    kind = fields.Selection(
        selection=[
            ("statement", "Monthly Statement"),
            ("application", "Special Fee"),
            ("payout", "Payout"),
            ("advance", "Advance"),
            ("check", "Spot Check"),
        ],
        readonly=True,
    )
    stage = fields.Selection(
        selection=[
            ("submit", "To Submit"),
            ("sign", "To Sign"),
            ("compliance", "To Review"),
            ("pay", "To Pay"),
            ("receipts", "To Prove"),
            ("clear", "To Clear"),
            ("check", "To Check"),
        ],
        readonly=True,
    )
    step = fields.Char(readonly=True, help="The step of the approval.")
    person_id = fields.Many2one(
        comodel_name="res.users",
        string="Waiting For",
        readonly=True,
        help="Empty: for whoever has the role.",
    )
    role = fields.Selection(
        selection=[
            ("representative", "Representative"),
            ("signer", "Signer"),
            ("manager", "Sales manager"),
            ("compliance", "Compliance reviewer"),
            ("finance", "Finance"),
        ],
        readonly=True,
    )
    user_id = fields.Many2one(
        comodel_name="res.users", string="Representative", readonly=True
    )
    company_id = fields.Many2one(comodel_name="res.company", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    amount = fields.Monetary(
        readonly=True,
        aggregator=None,
        help="Of the document, whoever else it waits for.",
    )
    since = fields.Date(readonly=True)
    working_days = fields.Integer(
        readonly=True,
        aggregator="max",
        help="How many working days it has been waiting, by the table of holidays and "
        "make-up days.",
    )
    age = fields.Selection(
        selection=[
            ("0", "Today"),
            ("1", "1 to 2 working days"),
            ("3", "3 to 5 working days"),
            ("6", "6 to 10 working days"),
            ("9", "More than 10 working days"),
        ],
        readonly=True,
    )
    deadline = fields.Date(readonly=True)
    is_overdue = fields.Boolean(readonly=True)
    reminded_on = fields.Date(string="Last Reminded", readonly=True)
    escalated_on = fields.Date(string="Escalated", readonly=True)
    documents = fields.Integer(
        readonly=True,
        aggregator="count_distinct",
        help="Each document once, however many persons it waits for.",
    )

    @property
    def _table_query(self) -> SQL:
        for name in (
            "distributor.fee.statement",
            "distributor.fee.statement.line",
            "distributor.fee.application",
            "distributor.fee.payout",
            "distributor.fee.advance",
            "distributor.fee.check",
            "tier.review",
        ):
            self.env[name].flush_model()
        today = fields.Date.context_today(self)
        return SQL(
            """
            SELECT hash.value AS id, part.kind, part.res_model || ',' || part.res_id
                       AS document,
                   part.stage, part.step, part.person_id, part.role, part.user_id,
                   part.company_id, part.amount, part.since, part.deadline,
                   part.deadline < %(today)s AS is_overdue,
                   part.reminded_on, part.escalated_on,
                   waited.days AS working_days,
                   CASE WHEN waited.days < 1 THEN '0' WHEN waited.days < 3 THEN '1'
                        WHEN waited.days < 6 THEN '3' WHEN waited.days < 11 THEN '6'
                        ELSE '9' END AS age,
                   ('x' || substr(md5(part.res_model || ',' || part.res_id), 1, 7)
                       )::bit(28)::int AS documents
              FROM (%(parts)s) part
              LEFT JOIN (%(calendar)s) calendar
                ON calendar.company_id = part.company_id
             CROSS JOIN LATERAL (
                SELECT GREATEST(COALESCE(
                    CASE WHEN part.since >= calendar.days[1]
                         THEN width_bucket(%(today)s::date, calendar.days)
                              - width_bucket(part.since, calendar.days) END,
                    %(today)s::date - part.since), 0) AS days
             ) waited
             CROSS JOIN LATERAL (
                SELECT ('x' || substr(md5(concat_ws('/', part.res_model, part.res_id,
                           part.stage, COALESCE(part.person_id, 0))), 1, 13)
                       )::bit(52)::bigint AS value
             ) hash
            """,
            today=today,
            parts=SQL(" UNION ALL ").join(self._get_parts()),
            calendar=self._get_calendar(today),
        )

    def _get_calendar(self, today) -> SQL:
        """Return the working days up to today of each company, in their order."""
        rows = []
        for company in self.env.companies.sudo():
            known = company._get_working_days(today)
            days = [
                day
                for number in range(LONG.days, -1, -1)
                if (day := today - DAY * number) in known
            ]
            rows.append(SQL("(%s, %s::date[])", company.id, days))
        return SQL(
            "SELECT * FROM (VALUES %s) AS own (company_id, days)", SQL(", ").join(rows)
        )

    def _get_parts(self):
        """Return the queries of what is open, with the same columns each."""
        return [
            self._select_drafts(),
            *(self._select_reviews(*source) for source in self._get_signed_models()),
            self._select_compliance_lines(),
            self._select_compliance_applications(),
            self._select_unpaid("statement"),
            self._select_unpaid("application"),
            self._select_payouts(),
            self._select_advances(),
            self._select_checks(),
        ]

    def _get_signed_models(self):
        """Return (kind, its amount, its deadline) of what is signed."""
        return [
            ("statement", SQL("payable"), SQL("document.check_deadline")),
            ("application", SQL("amount"), SQL("NULL::date")),
            ("advance", SQL("amount"), SQL("NULL::date")),
        ]

    def _select_drafts(self) -> SQL:
        return SQL(
            """
            SELECT 'statement' AS kind, 'distributor.fee.statement' AS res_model,
                   id AS res_id, 'submit' AS stage, NULL::varchar AS step,
                   user_id AS person_id, 'representative' AS role, user_id, company_id,
                   payable AS amount, COALESCE(built_on, create_date)::date AS since,
                   submit_deadline AS deadline, reminded_on, escalated_on
              FROM distributor_fee_statement
             WHERE state = 'draft'
            """
        )

    def _select_reviews(self, kind, amount, deadline) -> SQL:
        return SQL(
            """
            SELECT %(kind)s, %(model)s, document.id, 'sign', review.step_name,
                   person.res_users_id, 'signer', document.user_id,
                   document.company_id, document.%(amount)s,
                   COALESCE(review.pending_since, review.create_date)::date,
                   %(deadline)s, review.last_reminder_date::date, review.escalated_on::date
              FROM %(table)s document
              JOIN tier_review review
                ON review.model = %(model)s AND review.res_id = document.id
               AND review.active AND review.status = 'pending'
              LEFT JOIN res_users_tier_review_rel person
                ON person.tier_review_id = review.id
             WHERE document.state IN ('submitted', 'requested')
            """,
            kind=kind,
            model=f"distributor.fee.{kind}",
            table=SQL.identifier(f"distributor_fee_{kind}"),
            amount=amount,
            deadline=deadline,
        )

    def _select_compliance_lines(self) -> SQL:
        return SQL(
            """
            SELECT 'statement', 'distributor.fee.statement', statement.id, 'compliance',
                   NULL, NULL::int, 'compliance', statement.user_id,
                   statement.company_id, SUM(line.payable),
                   MIN(statement.submitted_on)::date, NULL::date, NULL::date, NULL::date
              FROM distributor_fee_statement_line line
              JOIN distributor_fee_statement statement
                ON statement.id = line.statement_id
             WHERE line.compliance_state = 'waiting' AND line.payable > 0
               AND statement.state IN ('submitted', 'signed')
             GROUP BY statement.id
            """
        )

    def _select_compliance_applications(self) -> SQL:
        return SQL(
            """
            SELECT 'application', 'distributor.fee.application', id, 'compliance', NULL,
                   NULL::int, 'compliance', user_id, company_id, amount,
                   submitted_on::date, NULL::date, NULL::date, NULL::date
              FROM distributor_fee_application
             WHERE compliance_state = 'waiting' AND state IN ('submitted', 'signed')
            """
        )

    def _select_unpaid(self, kind) -> SQL:
        """What all have signed and no payout is prepared for."""
        return SQL(
            """
            SELECT %(kind)s, %(model)s, document.id, 'pay', NULL, NULL::int, 'finance',
                   document.user_id, document.company_id, document.%(amount)s,
                   COALESCE(signed.day, document.submitted_on)::date,
                   NULL::date, NULL::date, NULL::date
              FROM %(table)s document
              LEFT JOIN LATERAL (
                SELECT MAX(signed_on) AS day FROM distributor_signature signature
                 WHERE signature.res_model = %(model)s
                   AND signature.res_id = document.id
                   AND signature.voided_on IS NULL
              ) signed ON TRUE
             WHERE document.state = 'signed'
               AND NOT EXISTS (
                SELECT 1 FROM distributor_fee_payout payout
                 WHERE payout.%(source)s = document.id AND payout.state = 'draft')
            """,
            kind=kind,
            model=f"distributor.fee.{kind}",
            table=SQL.identifier(f"distributor_fee_{kind}"),
            amount=SQL("payable" if kind == "statement" else "amount"),
            source=SQL.identifier(f"{kind}_id"),
        )

    def _select_payouts(self) -> SQL:
        return SQL(
            """
            SELECT 'payout', 'distributor.fee.payout', id, 'receipts', NULL, user_id,
                   'representative', user_id, company_id, amount, create_date::date,
                   NULL::date, NULL::date, NULL::date
              FROM distributor_fee_payout WHERE state = 'draft'
            """
        )

    def _select_advances(self) -> SQL:
        return SQL(
            """
            SELECT 'advance', 'distributor.fee.advance', id,
                   CASE state WHEN 'approved' THEN 'pay' ELSE 'clear' END, NULL,
                   CASE state WHEN 'approved' THEN NULL ELSE user_id END,
                   CASE state WHEN 'approved' THEN 'finance' ELSE 'representative' END,
                   user_id, company_id, amount,
                   COALESCE(issued_on, requested_on, create_date::date),
                   NULL::date, NULL::date, NULL::date
              FROM distributor_fee_advance WHERE state IN ('approved', 'issued')
            """
        )

    def _select_checks(self) -> SQL:
        """The representative's own manager checks, or any other sales manager."""
        return SQL(
            """
            SELECT 'check', 'distributor.fee.check', own.id, 'check', NULL,
                   boss.user_id, 'manager', own.user_id, own.company_id, NULL::numeric,
                   own.drawn_on::date, NULL::date, NULL::date, NULL::date
              FROM distributor_fee_check own
              LEFT JOIN hr_employee employee
                ON employee.user_id = own.user_id
               AND employee.company_id = own.company_id
              LEFT JOIN hr_employee boss ON boss.id = employee.parent_id
             WHERE own.state = 'open'
            """
        )

    # -- what one does about it ------------------------------------------------------

    def action_view_document(self):
        """Open the document this is a row of."""
        self.ensure_one()
        return self.document._get_records_action()

    def action_remind(self):
        """Remind whom these wait for, by a message on each document.

        :raises AccessError: he does not run the month
        :raises UserError: there is nobody to remind
        """
        user = self.env.user
        if not user.has_groups(
            "distributor_crm.group_sales_manager,distributor_crm.group_finance,"
            "distributor_crm_expense.group_fee_clerk"
        ):
            raise AccessError(
                self.env._(
                    "The sales clerk, a sales manager or finance reminds others."
                )
            )
        reminded = 0
        for row in self:
            users = row._get_asked() - user
            document = row.document
            document.check_access("read")
            if not users:
                continue
            reminded += 1
            # Who may read the document may tell its people of it.
            document.sudo().message_notify(
                author_id=user.partner_id.id,
                partner_ids=users.partner_id.ids,
                subject=self.env._("%s waits for you", document.display_name),
                body=self.env._(
                    "%(document)s waits for you since %(days)s working days: "
                    "%(stage)s.",
                    document=document.display_name,
                    days=row.working_days,
                    stage=row.step or row._get_stage_label(),
                ),
            )
        if not reminded:
            raise UserError(self.env._("This waits for nobody but you."))
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._("Reminded of %s open steps.", reminded),
            },
        }

    def _get_asked(self):
        """Return the users whom this waits for."""
        if self.person_id or self.role not in ROLES:
            return self.person_id
        # Who has a role is no secret to whom a document waits for it.
        group = self.env.ref(ROLES[self.role]).sudo()
        return group.all_user_ids.filtered(
            lambda user: user.active and self.company_id in user.company_ids
        )

    def _get_stage_label(self):
        return dict(self._fields["stage"]._description_selection(self.env))[self.stage]
