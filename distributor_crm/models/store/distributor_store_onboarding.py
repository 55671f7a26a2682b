# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models


class DistributorStore(models.Model):
    """Training of new stores, topic by topic (R007 to R009)."""

    _inherit = "distributor.store"

    onboarding_total = fields.Integer(
        string="Topics", compute="_compute_onboarding", compute_sudo=True
    )
    onboarding_done = fields.Integer(
        string="Topics Done", compute="_compute_onboarding", compute_sudo=True
    )
    onboarding_progress = fields.Float(
        string="Onboarding",
        compute="_compute_onboarding",
        compute_sudo=True,
        help="How many of the topics the store was trained in, in percent.",
    )

    @api.depends("activity_ids")
    def _compute_onboarding(self):
        counts = {
            (res_id, active): count
            for res_id, active, count in self.env["mail.activity"]
            .with_context(active_test=False)
            ._read_group(
                self._get_onboarding_domain(), ["res_id", "active"], ["__count"]
            )
        }
        for store in self:
            done = counts.get((store.id, False), 0)
            total = done + counts.get((store.id, True), 0)
            store.onboarding_done = done
            store.onboarding_total = total
            store.onboarding_progress = 100 * done / total if total else 0

    def _get_onboarding_domain(self):
        return [
            ("res_model", "=", self._name),
            ("res_id", "in", self.ids),
            ("activity_type_id.is_distributor_onboarding", "=", True),
        ]

    def _get_onboarding(self):
        """Return the topics of this store with full rights, those done included."""
        self.ensure_one()
        # Portal users see the progress of their store, and no other activity.
        activities = self.env["mail.activity"].sudo().with_context(active_test=False)
        return activities.search(self._get_onboarding_domain(), order="id")

    def _start_onboarding(self):
        """Schedule the topics of the plan, once, to the account manager."""
        model = self.env["ir.model"]._get(self._name)
        activities = self.env["mail.activity"].with_context(
            mail_activity_quick_update=True
        )
        for store in self:
            if store.onboarding_total:
                continue
            manager = store.company_id._get_store_user(store.partner_id)
            lang = manager.lang or self.env.lang
            plan = store.company_id._get_onboarding_plan().with_context(lang=lang)
            today = store.company_id._get_agreement_today()
            activities.create(
                [
                    {
                        "activity_type_id": step.activity_type_id.id,
                        "summary": step.summary or step.activity_type_id.name,
                        "note": step._get_told_note(),
                        "date_deadline": step._get_date_deadline(today),
                        "user_id": (step.responsible_id or manager).id,
                        "res_model_id": model.id,
                        "res_id": store.id,
                    }
                    for step in plan.template_ids
                ]
            )

    def _after_closing(self):
        # EXTENDS distributor_crm: nobody trains a closed store.
        result = super()._after_closing()
        domain = [*self._get_onboarding_domain(), ("active", "=", True)]
        # The topics may be another person's.
        self.env["mail.activity"].sudo().search(domain).unlink()
        return result

    def action_view_onboarding(self):
        """Open the topics that these stores are trained in."""
        return {
            **self.env["ir.actions.act_window"]._for_xml_id(
                "distributor_crm.onboarding_activity_action"
            ),
            "domain": self._get_onboarding_domain(),
            "context": {"active_test": False},
        }
