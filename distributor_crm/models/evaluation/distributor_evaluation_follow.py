# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from odoo import Command, models


class DistributorEvaluation(models.Model):
    """What follows from a band: a reward, a plan, and in the end a proposal (R127)."""

    _inherit = "distributor.evaluation"

    def _follow_up(self, today):
        """Let follow what the bands say: nothing ends by itself."""
        self.filtered(lambda e: e.consequence == "reward")._plan_reward()
        bad = self.filtered(lambda e: e.consequence == "plan")
        before = bad._get_before()
        plans = self.env["distributor.improvement"].create(
            [evaluation._prepare_improvement(today, before) for evaluation in bad]
        )
        plans._tell_responsible()
        plans.filtered("proposes_end")._propose_end()

    def _get_before(self) -> dict:
        """Return the published evaluation before each of these, where there is one."""
        found = {}
        families = {t: t._get_family().ids for t in self.template_id}
        earlier = self.search(
            [
                ("partner_id", "in", self.partner_id.ids),
                ("state", "in", ("published", "closed")),
            ],
            order="date_from",
        )
        for evaluation in self:
            mine = earlier.filtered(
                lambda e, own=evaluation: (
                    e.partner_id == own.partner_id
                    and e.template_id.id in families[own.template_id]
                    and e.date_from < own.date_from
                )
            )
            found[evaluation] = mine[-1:]
        return found

    def _prepare_improvement(self, today, before):
        template = self.template_id
        deadline = today + timedelta(days=template.improvement_days)
        weak = self.line_ids.filtered(lambda line: line._is_weak())
        last = before[self]
        return {
            "partner_id": self.partner_id.id,
            "company_id": self.company_id.id,
            "evaluation_id": self.id,
            "user_id": self.company_id._get_store_user(self.partner_id).id,
            "date": today,
            "deadline": deadline,
            "proposes_end": bool(last and last.band_id.consequence == "plan"),
            "action_ids": [
                Command.create(
                    {
                        "name": self.env._(
                            "%(kpi)s: %(figure)s so far, %(points)s points",
                            kpi=line.kpi_id.name,
                            figure=line.figure_text,
                            points=f"{line.points:g}",
                        ),
                        "kpi_id": line.kpi_id.id,
                        "deadline": deadline,
                    }
                )
                for line in weak
            ],
        }

    def _plan_reward(self):
        """Ask the account managers to reward who did well (R132)."""
        for evaluation in self:
            partner = evaluation.partner_id
            partner.activity_schedule(
                "distributor_crm.activity_type_care_incentive",
                user_id=evaluation.company_id._get_store_user(partner).id,
                summary=self.env._(
                    "Reward band %(band)s of %(period)s",
                    band=evaluation.band_id.name,
                    period=evaluation.period,
                ),
            )

    def action_gift(self):
        """Open a new gift for a distributor who did well."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "distributor.gift",
            "view_mode": "form",
            "name": self.env._("Gift"),
            "context": {
                "default_partner_id": self.partner_id.id,
                "default_reason": self.env._(
                    "Band %(band)s in the evaluation of %(period)s",
                    band=self.band_id.name,
                    period=self.period,
                ),
            },
        }
