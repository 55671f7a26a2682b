# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools.misc import format_date

from .distributor_authorization import IN_FORCE

BATCH = 100


class DistributorAuthorization(models.Model):
    """Renewing authorizations, and reminding before they end (R180)."""

    _inherit = "distributor.authorization"

    renews_id = fields.Many2one(
        comodel_name="distributor.authorization",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    renewal_ids = fields.One2many(
        comodel_name="distributor.authorization", inverse_name="renews_id"
    )
    reminder_count = fields.Integer(string="Reminders", readonly=True, copy=False)

    _renewed_once = models.UniqueIndex(
        "(renews_id) WHERE renews_id IS NOT NULL AND decision IN ('draft', 'granted')",
        "The authorization is renewed already.",
    )

    def action_renew(self):
        """Prepare the authorizations that follow these, and open them; those prepared
        already are opened too.

        :raises UserError: one does not end, or was withdrawn
        """
        self.check_access("read")
        if not self.env.user.has_group("distributor_crm.group_account_manager"):
            raise AccessError(self.env._("Only account managers renew authorizations."))
        return self._renew()._get_records_action(name=self.env._("Renewals"))

    def _renew(self):
        """Return the renewals of these, made where there is none yet."""
        self._hold(*IN_FORCE, "expired", "upcoming")
        if endless := self.filtered(lambda r: not r.date_to):
            raise UserError(
                self.env._(
                    "%s does not end, there is nothing to renew.",
                    endless[0].display_name,
                )
            )
        # Administrators alone create; who may renew was checked.
        records = self.sudo()
        kept = records.renewal_ids.filtered(
            lambda r: r.decision in ("draft", "granted")
        )
        return (
            kept
            + records.create(
                [record._prepare_renewal_vals() for record in records - kept.renews_id]
            )
        ).with_env(self.env)

    def _prepare_renewal_vals(self):
        self.ensure_one()
        months = (
            self.env["distributor.authorization.policy"]._find(self.company_id).months
        )
        start = max(self.date_to + timedelta(days=1), fields.Date.context_today(self))
        links = (
            *("territory_id", "channel_id", "shop_id", "store_id"),
            *("brand_id", "categ_id"),
        )
        return {
            **{name: self[name].id for name in links},
            "partner_id": self.partner_id.id,
            "exclusive": self.exclusive,
            "legal_basis": self.legal_basis,
            "date_from": start,
            "date_to": start + relativedelta(months=months, days=-1),
            "renews_id": self.id,
            "decision": "draft",
        }

    # -- reminders -------------------------------------------------------------------

    @api.model
    def _cron_remind(self):
        """Remind both sides of authorizations of shops that end; each twice at most.

        Broken off, it goes on where it was.
        """
        today = fields.Date.context_today(self)
        Policy = self.env["distributor.authorization.policy"]
        companies = self.env["res.company"].search([("id", "!=", False)])
        for company in companies:
            policy = Policy._find(company)
            for count, days in enumerate((policy.remind_days, policy.last_remind_days)):
                domain = (
                    self._get_in_force_domain(today)
                    & Domain("company_id", "=", company.id)
                    & Domain("name", "!=", False)
                    & Domain("date_to", "<=", today + timedelta(days=days))
                    & Domain("reminder_count", "=", count)
                    & Domain("renewal_ids", "not any", [("decision", "=", "granted")])
                )
                while ending := self.search(domain, limit=BATCH, order="id"):
                    ending._remind(count)
                    left = self.search_count(domain)
                    if not self.env["ir.cron"]._commit_progress(
                        len(ending), remaining=left
                    ):
                        return

    def _remind(self, count):
        for record in self:
            record.reminder_count = count + 1
            record._tell_partner(
                record.env._(
                    "The authorization %(number)s for %(shop)s ends on %(day)s. Ask your "
                    "account manager to renew it.",
                    number=record.name,
                    shop=record._get_label(),
                    day=format_date(record.env, record.date_to),
                )
            )
            if record.user_id and not count:
                record.activity_schedule(
                    "mail.mail_activity_data_todo",
                    date_deadline=record.date_to,
                    summary=record.env._("Renew the authorization?"),
                    user_id=record.user_id.id,
                )
