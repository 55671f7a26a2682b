# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from ...relation.anniversary import next_anniversary

BATCH = 200


class ResPartner(models.Model):
    """Account managers think of the days that matter to a distributor (A24)."""

    _inherit = "res.partner"

    distributor_since = fields.Date(
        copy=False,
        help="Where the co-operation began. A store's first opening sets it.",
    )
    memorable_on = fields.Date(
        string="Day to Remember",
        copy=False,
        help="A birthday, the founding of the firm: the account manager is reminded "
        "every year. Enter only what the person agreed to.",
    )
    memorable_what = fields.Char(string="Occasion", copy=False)
    anniversary_told_on = fields.Date(readonly=True, copy=False)
    memorable_told_on = fields.Date(readonly=True, copy=False)

    @api.model
    def _cron_remind_of_days(self):
        """Give account managers an activity for each anniversary that is near, once a
        year. Broken off, it goes on where it was."""
        today = fields.Date.context_today(self)
        companies = self.env["res.company"].search([("anniversary_days", ">=", 0)])
        most = max(companies.mapped("anniversary_days"), default=-1)
        for name, told in (
            ("distributor_since", "anniversary_told_on"),
            ("memorable_on", "memorable_told_on"),
        ):
            # Told since the window opened is told for this time round.
            open_ = Domain(told, "=", False) | Domain(
                told, "<", today - timedelta(days=most)
            )
            partners = self.search(Domain(name, "!=", False) & open_, order="id")
            due = partners.filtered(
                lambda partner, name=name: partner._is_day_near(partner[name], today)
            )
            self.env["ir.cron"]._commit_progress(remaining=len(due))
            for start in range(0, len(due), BATCH):
                chunk = due[start : start + BATCH]
                chunk._remind_of_day(name, today)
                chunk.write({told: today})
                if not self.env["ir.cron"]._commit_progress(len(chunk)):
                    return

    def _is_day_near(self, day, today):
        company = self._get_care_company()
        left = (next_anniversary(day, today) - today).days
        return 0 <= left <= company.anniversary_days

    def _get_care_company(self):
        firm = self.commercial_partner_id
        return firm.company_id or firm.account_manager_id.company_id or self.env.company

    def _remind_of_day(self, name, today):
        """Schedule the activities; without anybody to remember, none."""
        for partner in self:
            firm = partner.commercial_partner_id
            user = firm.account_manager_id or firm.user_id
            if not (firm.is_distributor and user):
                continue
            day = next_anniversary(partner[name], today)
            if name == "distributor_since":
                summary = self.env._(
                    "%(years)s years with %(distributor)s",
                    years=day.year - partner[name].year,
                    distributor=partner.name,
                )
            else:
                summary = f"{partner.memorable_what or self.env._('Day to Remember')}: {partner.name}"
            partner.activity_schedule(
                "distributor_crm.activity_type_anniversary",
                date_deadline=day,
                summary=summary,
                user_id=user.id,
            )


class DistributorStore(models.Model):
    _inherit = "distributor.store"

    def _after_opening(self):
        # EXTENDS distributor_crm
        result = super()._after_opening()
        # Whoever opens a store need not be allowed to write its owner.
        for store in self.sudo():
            if not store.partner_id.distributor_since:
                store.partner_id.distributor_since = store.opened_on
        return result
