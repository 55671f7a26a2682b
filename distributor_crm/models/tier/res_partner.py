# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...tier.ladder import Step


class ResPartner(models.Model):
    """A distributor's tier: its history, and the way to the next one."""

    _inherit = "res.partner"

    tier_change_ids = fields.One2many(
        comodel_name="distributor.tier.change", inverse_name="partner_id"
    )
    tier_change_count = fields.Integer(compute="_compute_tier_change_count")
    tier_proposal_id = fields.Many2one(
        comodel_name="distributor.tier.change",
        string="Proposed Change of Tier",
        compute="_compute_tier_proposal_id",
    )

    @api.depends("tier_change_ids")
    def _compute_tier_change_count(self):
        counts = dict(
            self.env["distributor.tier.change"]._read_group(
                [("partner_id", "in", self.ids)], ["partner_id"], ["__count"]
            )
        )
        for partner in self:
            partner.tier_change_count = counts.get(partner, 0)

    @api.depends("tier_change_ids.state")
    def _compute_tier_proposal_id(self):
        found = self.env["distributor.tier.change"].search(
            [("partner_id", "in", self.ids), ("state", "=", "proposed")]
        )
        by_partner = found.grouped("partner_id")
        for partner in self:
            partner.tier_proposal_id = by_partner.get(partner, found)[:1]

    @api.constrains("grade_id", "account_manager_id", "is_distributor", "parent_id")
    def _check_core_manager(self):
        """A core distributor is never without an account manager (R002).

        :raises ValidationError: names who has none
        """
        lacking = self.filtered(
            lambda partner: (
                partner.is_distributor
                and not partner.parent_id
                and partner.grade_id.is_core
                and not partner.account_manager_id
            )
        )
        if lacking:
            raise ValidationError(
                self.env._(
                    "%(distributors)s: a core distributor needs an account manager. "
                    "Choose one first.",
                    distributors=", ".join(lacking[:5].mapped("display_name")),
                )
            )

    def write(self, vals):
        if "grade_id" not in vals or self.env.context.get("is_known_tier_change"):
            return super().write(vals)
        held = {partner: partner.grade_id for partner in self}
        result = super().write(vals)
        self._record_tier_changes(held)
        return result

    def _record_tier_changes(self, held):
        """Keep what was set by hand in the history, as what the rules bring is."""
        today = fields.Date.context_today(self)
        # The history is closed to users; who may set a tier is checked elsewhere.
        changes = self.env["distributor.tier.change"].sudo()
        changed = self.filtered(
            lambda partner: (
                partner.is_distributor
                and not partner.parent_id
                and partner.grade_id != held[partner]
            )
        )
        changes.search(
            [("partner_id", "in", changed.ids), ("state", "=", "proposed")]
        )._withdraw()
        changes.create(
            [
                {
                    "partner_id": partner.id,
                    "company_id": (partner.company_id or self.env.company).id,
                    "old_grade_id": held[partner].id,
                    "new_grade_id": partner.grade_id.id,
                    "origin": "manual",
                    "state": "applied",
                    "date": today,
                    "decided_on": today,
                    "decided_by_id": self.env.uid,
                }
                for partner in changed
            ]
        )

    def action_view_tier_changes(self):
        """Open the history of the tiers of these distributors."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "distributor_crm.distributor_tier_change_action"
        )
        return {**action, "domain": [("partner_id", "in", self.ids)], "context": {}}

    def _get_tier_way(self, company) -> dict:
        """Return where a distributor stands: his tier, the next one, and what is missing.

        :return: `grade`, `next` (empty where there is none), `ways`: a list of rules,
            each a list of conditions with text, figure, value, part (0 to 100), is_met
        """
        self.ensure_one()
        Grade = self.env["res.partner.grade"].sudo()
        steps = Grade._get_steps(company)
        place = next(
            (i for i, step in enumerate(steps) if step.grade_id == self.grade_id.id),
            len(steps),
        )
        above: list[Step] = [step for step in steps[:place] if step.enter]
        if not above:
            return {"grade": self.grade_id, "next": Grade, "ways": []}
        # Whoever looks at his own tier may not see the rules themselves.
        Rule = self.env["distributor.tier.rule"].sudo()
        rules = Rule.browse([rule.rule_id for rule in above[-1].enter])
        keys = rules._get_keys()
        figures = Rule._measure(company, keys, self)
        own = {**Rule._get_empty(keys), **figures.get(self.id, {})}
        return {
            "grade": self.grade_id,
            "next": Grade.browse(above[-1].grade_id),
            "ways": [
                [condition._show(own) for condition in rule.condition_ids]
                for rule in rules
            ],
        }
