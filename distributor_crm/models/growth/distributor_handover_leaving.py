# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, models
from odoo.fields import Domain


class DistributorHandover(models.Model):
    """What happens when a user is archived: nobody is orphaned unseen."""

    _inherit = "distributor.handover"

    @api.model
    def _prepare_for(self, users):
        """Draft the hand-overs of users who were archived, and warn sales managers.

        :param users: those who had distributors, or something open of theirs
        """
        waiting = self.search(
            [
                ("user_id", "in", users.ids),
                ("state", "=", "draft"),
                ("reason", "=", "leave"),
            ]
        )
        known = {(draft.user_id, draft.company_id) for draft in waiting}
        for user, companies in self._find_companies(users).items():
            for company in companies:
                if (user, company) in known:
                    continue
                draft = self.with_company(company).create(
                    {"user_id": user.id, "company_id": company.id}
                )
                draft._propose()
                draft._hold_activities()
                draft._warn_managers()

    @api.model
    def _find_companies(self, users):
        """Return {user: companies in which there is something to hand over}."""
        found = {user: self.env["res.company"] for user in users}
        everything = self.with_context(active_test=False)
        for field in ("account_manager_id", "user_id"):
            rows = everything.env["res.partner"]._read_group(
                [(field, "in", users.ids), ("is_distributor", "=", True)],
                [field, "company_id"],
            )
            for user, company in rows:
                found[user] |= company or user.company_id
        for handed in self._get_handed():
            Model = self.env[handed.model]
            domain = Domain(handed.user_field, "in", users.ids) & Domain(handed.domain)
            groups = [handed.user_field]
            if "company_id" in Model._fields:
                groups.append("company_id")
            for user, *company in Model._read_group(domain, groups):
                found[user] |= (company and company[0]) or user.company_id
        return {user: companies for user, companies in found.items() if companies}

    def _hold_activities(self):
        """Give open activities to a caretaker, a sales manager, until the hand-over."""
        self.ensure_one()
        self.caretaker_id = self._get_fallback_user() or self.env.user
        held = self._get_activity_lines()
        activities = self.env["mail.activity"].browse(held.mapped("res_id")).exists()
        activities.with_context(mail_activity_quick_update=True).write(
            {"user_id": self.caretaker_id.id}
        )

    def _get_activity_lines(self):
        return self.item_line_ids.filtered(
            lambda line: line.res_model == "mail.activity"
        )

    def _warn_managers(self):
        """Ask the first sales manager to hand over, and tell the others."""
        self.ensure_one()
        managers = self.company_id._get_group_users(
            "distributor_crm.group_sales_manager"
        )
        managers -= self.user_id
        if not managers:
            return
        text = self.env._(
            "%(user)s was archived and leaves %(distributors)s distributors and %(items)s "
            "open matters. Check the proposal and hand them over.",
            user=self.user_id.name,
            distributors=self.distributor_count,
            items=self.item_count,
        )
        self.activity_schedule(
            "mail.mail_activity_data_todo",
            summary=self.env._("Hand over distributors"),
            note=text,
            user_id=managers[0].id,
        )
        if managers[1:]:
            self.message_notify(
                partner_ids=managers[1:].partner_id.ids,
                subject=self.env._("Distributors wait for a successor"),
                body=text,
            )
