# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError

# Who brings customers is paid for it: not everybody says who does.
BRINGS = ("is_visit_agency", "is_field_agent", "visit_agency_id")


class ResPartner(models.Model):
    """Agencies and agents: what they brought, and what happens when one is dismissed."""

    _inherit = "res.partner"

    visit_count = fields.Integer(compute="_compute_visit_counts")
    visit_agent_count = fields.Integer(compute="_compute_visit_counts")
    prechecked_invalid_share = fields.Float(
        string="Announced but Invalid (%)",
        compute="_compute_visit_quality",
        help="Share of the customers that the agency announced, and that turned out "
        "invalid, of the last 90 days.",
    )

    def _get_visits_domain(self):
        """Return the domain of visits of an agency, an agent, or at a distributor."""
        return [
            "|",
            "|",
            ("agency_id", "in", self.ids),
            ("agent_id", "in", self.ids),
            ("customer_id", "in", self.ids),
        ]

    def _compute_visit_counts(self):
        Visit = self.env["distributor.visit"]
        may_read = Visit.has_access("read")
        found = {}
        agents = {}
        if may_read and self.ids:
            for name in ("agency_id", "agent_id", "customer_id"):
                for partner, count in Visit._read_group(
                    [(name, "in", self.ids)], [name], ["__count"]
                ):
                    found[partner.id] = found.get(partner.id, 0) + count
            agents = dict(
                self._read_group(
                    [
                        ("visit_agency_id", "in", self.ids),
                        ("is_field_agent", "=", True),
                    ],
                    ["visit_agency_id"],
                    ["__count"],
                )
            )
        for partner in self:
            partner.visit_count = found.get(partner.id, 0)
            partner.visit_agent_count = agents.get(partner, 0)

    def _compute_visit_quality(self):
        Visit = self.env["distributor.visit"]
        rows = Visit.has_access("read") and Visit._read_group(
            [
                ("agency_id", "in", self.ids),
                ("preregistered_at", "!=", False),
                ("arrived_at", ">=", "-90d"),
                ("verdict", "in", ("valid", "invalid")),
            ],
            ["agency_id", "verdict"],
            ["__count"],
        )
        counts = {(agency.id, verdict): count for agency, verdict, count in rows or ()}
        for partner in self:
            bad = counts.get((partner.id, "invalid"), 0)
            total = bad + counts.get((partner.id, "valid"), 0)
            partner.prechecked_invalid_share = 100 * bad / total if total else 0

    def action_view_visits(self):
        """Open the visits of these agencies, agents or distributors."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "distributor_crm_channel.distributor_visit_action"
        )
        context = {}
        if len(self) == 1:
            if self.is_field_agent:
                context = {"default_agent_id": self.id, "default_kind": self.agent_kind}
            elif self.is_visit_agency:
                context = {"default_agency_id": self.id, "default_kind": "promoter"}
            else:
                context = {"default_customer_id": self.id, "default_kind": "care"}
        return {**action, "domain": self._get_visits_domain(), "context": context}

    def action_view_agents(self):
        """Open the agents of these agencies."""
        return self.visit_agent_ids._get_records_action(name=self.env._("Agents"))

    @api.onchange("is_visit_agency")
    def _onchange_is_visit_agency(self):
        if self.is_visit_agency:
            self.is_company = True

    @api.model_create_multi
    def create(self, vals_list):
        partners = super().create(vals_list)
        if partners.filtered(lambda one: any(one[name] for name in BRINGS)):
            self._check_may_appoint()
        return partners

    def _changes_who_brings(self, vals) -> bool:
        return any(
            self._fields[name].convert_to_write(partner[name], partner)
            != (vals[name] or False)
            for name in BRINGS
            if name in vals
            for partner in self
        )

    @api.model
    def _check_may_appoint(self):
        """:raises AccessError: neither account nor sales manager"""
        if not self.env.su and not self.env.user.has_group(
            "distributor_crm.group_account_manager"
        ):
            raise AccessError(
                self.env._(
                    "Account managers and sales managers say who brings customers for "
                    "which agency."
                )
            )

    def write(self, vals):
        if self._changes_who_brings(vals):
            self._check_may_appoint()
        leaving = (
            self.filtered("is_field_agent")
            if vals.get("active") is False
            or vals.get("is_field_agent") is False
            or "visit_agency_id" in vals
            else self.browse()
        )
        before = {agent.id: agent.visit_agency_id for agent in leaving}
        result = super().write(vals)
        gone = leaving.filtered(
            lambda agent: (
                not (agent.active and agent.is_field_agent)
                or agent.visit_agency_id != before[agent.id]
            )
        )
        if gone:
            gone._leave_agency()
        return result

    def _leave_agency(self):
        """Cancel what dismissed agents planned; what has begun goes on without them.

        Who has arrived is received and judged; the agency fills in the form and may
        appeal, as it sees all visits of its agents.
        """
        # Whoever dismisses an agent need not see all visits.
        visits = (
            self.env["distributor.visit"]
            .sudo()
            .search(
                [
                    ("agent_id", "in", self.ids),
                    ("state", "in", ("planned", "arrived", "reception")),
                ]
            )
        )
        planned = visits.filtered(lambda visit: visit.state == "planned")
        planned._cancel(self.env._("The agent no longer works for the agency."))
        for visit in visits - planned:
            visit.agent_left_at = visit.agent_left_at or fields.Datetime.now()
            visit._message_log(
                body=visit.env._(
                    "%(agent)s was dismissed during the visit; %(agency)s goes on.",
                    agent=visit.agent_id.name,
                    agency=visit.agency_id.name,
                )
            )
