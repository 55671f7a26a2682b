# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

ACTIVITY = "distributor_crm.activity_type_core_contact"
CHUNK = 100


class ResPartner(models.Model):
    """Core distributors are looked after first: nobody is forgotten (R002)."""

    _inherit = "res.partner"

    last_contact_on = fields.Datetime(
        string="Last Contact",
        compute="_compute_last_contact",
        compute_sudo=True,
        help="The last message, task done or order, of the distributor or its contacts.",
    )
    days_without_contact = fields.Integer(
        compute="_compute_last_contact", compute_sudo=True
    )
    is_core_neglected = fields.Boolean(
        string="Core Without Contact",
        compute="_compute_is_core_neglected",
        search="_search_is_core_neglected",
        help="A core distributor with whom nobody was in touch for as many days as the "
        "settings say.",
    )

    @api.depends_context("company")
    def _compute_last_contact(self):
        moments = dict(
            self.env.execute_query(
                SQL(
                    """
                    SELECT partner.id, (SELECT MAX(moment) FROM (%s) contact)
                      FROM res_partner partner WHERE partner.id IN %s
                    """,
                    self._get_contacts(SQL("partner.id")),
                    tuple(self.ids) or (0,),
                )
            )
        )
        now = fields.Datetime.now()
        for partner in self:
            last = moments.get(partner._origin.id)
            since = last or partner.create_date or now
            partner.last_contact_on = last
            partner.days_without_contact = max((now - since).days, 0)

    @api.depends_context("company")
    def _compute_is_core_neglected(self):
        neglected = self.search(
            Domain("id", "in", self.ids) & Domain("is_core_neglected", "=", True)
        )
        for partner in self:
            partner.is_core_neglected = partner._origin in neglected

    def _search_is_core_neglected(self, operator, value):
        if operator != "in":
            return NotImplemented
        neglected = self._get_neglected_domain(self.env.company)
        return neglected if True in value else ~neglected

    @api.model
    def _get_neglected_domain(self, company):
        """Return the domain of the core distributors that nobody was in touch with."""
        days = company.core_contact_days
        if not days:
            return Domain.FALSE
        since = fields.Datetime.now() - timedelta(days=days)
        self.env.flush_all()
        silent = Domain.custom(
            to_sql=lambda model, alias, query: SQL(
                "NOT EXISTS (SELECT FROM (%s) contact WHERE contact.moment >= %s)",
                self._get_contacts(SQL.identifier(alias, "id")),
                since,
            )
        )
        return (
            Domain("is_distributor", "=", True)
            & Domain("parent_id", "=", False)
            & Domain("grade_id.is_core", "=", True)
            & Domain("create_date", "<", since)
            & silent
        )

    @api.model
    def _get_contacts(self, distributor: SQL) -> SQL:
        """Return the SQL of the moments at which somebody was in touch.

        :param distributor: the id of the distributor, a column of the outer query
        """
        return SQL(" UNION ALL ").join(self._get_contact_sources(distributor))

    @api.model
    def _get_contact_sources(self, distributor: SQL) -> list[SQL]:
        """Hook: return SELECTs of one column, `moment`, for one distributor.

        Here: messages and tasks done at the distributor and its contacts, messages in
        its cases, and its orders.
        """
        spoken = SQL(
            "(message.message_type IN ('comment', 'email', 'email_outgoing', 'sms') "
            "OR message.mail_activity_type_id IS NOT NULL)"
        )
        return [
            SQL(
                """
                SELECT message.date AS moment
                  FROM mail_message message
                  JOIN res_partner person ON person.id = message.res_id
                 WHERE message.model = 'res.partner' AND %s
                   AND person.commercial_partner_id = %s
                """,
                spoken,
                distributor,
            ),
            SQL(
                """
                SELECT message.date AS moment
                  FROM mail_message message
                  JOIN distributor_case dispute ON dispute.id = message.res_id
                 WHERE message.model = 'distributor.case' AND %s
                   AND dispute.partner_id = %s
                """,
                spoken,
                distributor,
            ),
            SQL(
                """
                SELECT sale.date_order AS moment
                  FROM sale_order sale
                  JOIN res_partner person ON person.id = sale.partner_id
                 WHERE sale.state = 'sale' AND person.commercial_partner_id = %s
                """,
                distributor,
            ),
        ]

    # -- the nightly job -------------------------------------------------------------

    @api.model
    def _cron_care(self):
        # EXTENDS distributor_crm: the core distributors of every company come first.
        companies = self.env["res.company"]
        for company in companies.search([("core_contact_days", ">", 0)]):
            self._remind_of_core(company)
        return super()._cron_care()

    @api.model
    def _remind_of_core(self, company):
        """Ask account managers to get in touch; who is asked already is not again."""
        kind = self.env.ref(ACTIVITY)
        own = Domain("company_id", "=", company.id) | (
            Domain("company_id", "=", False)
            & Domain("account_manager_id.company_id", "=", company.id)
        )
        due = (
            self._get_neglected_domain(company)
            & own
            & Domain("account_manager_id.active", "=", True)
            & Domain("has_reduced_access", "=", False)
            & ~Domain("activity_ids", "any", [("activity_type_id", "=", kind.id)])
        )
        while partners := self.search(due, limit=CHUNK, order="id"):
            partners._plan_core_contact(kind)
            self.env["ir.cron"]._commit_progress(len(partners))

    def _plan_core_contact(self, kind):
        """Schedule the call of each of these distributors to its account manager."""
        today = fields.Date.today()
        model = self.env["ir.model"]._get_id(self._name)
        activities = self.env["mail.activity"].with_context(
            mail_activity_quick_update=True
        )
        vals_list = []
        for partner in self:
            manager = partner.account_manager_id
            told = partner.with_context(lang=manager.lang)
            step = kind.with_context(lang=manager.lang)
            vals_list.append(
                {
                    "activity_type_id": kind.id,
                    "summary": told.env._(
                        "No contact for %s days", told.days_without_contact
                    ),
                    "note": step.default_note,
                    "date_deadline": today + timedelta(days=kind.delay_count),
                    "user_id": manager.id,
                    "res_model_id": model,
                    "res_id": partner.id,
                }
            )
        activities.create(vals_list)
