# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

LEAST = 2
GAPS = ("contacts", "users", "decider")


class ResPartner(models.Model):
    """Whether a relation hangs on one person, on either side (R228, A01)."""

    _inherit = "res.partner"

    decision_role = fields.Selection(
        groups="base.group_user",
        selection=[
            ("decides", "Decides"),
            ("influences", "Influences"),
            ("buys", "Buys"),
            ("uses", "Uses"),
            ("blocks", "Blocks"),
        ],
        string="Role in Decisions",
        help="What this person does when the distributor decides about us.",
    )
    relation_ids = fields.One2many(
        groups="base.group_user",
        comodel_name="distributor.relation",
        inverse_name="partner_id",
    )
    known_contact_count = fields.Integer(
        groups="base.group_user", compute="_compute_relation_coverage"
    )
    our_people_count = fields.Integer(
        groups="base.group_user",
        string="Our People",
        compute="_compute_relation_coverage",
    )
    is_relation_thin = fields.Boolean(
        groups="base.group_user",
        string="Relation Hangs on One Person",
        compute="_compute_relation_coverage",
        search="_search_is_relation_thin",
    )
    relation_gaps = fields.Char(
        groups="base.group_user",
        string="What the Relation Lacks",
        compute="_compute_relation_coverage",
    )

    def _compute_relation_coverage(self):
        # How many people know each other is no secret; who they are is.
        rows = self.env.execute_query(self._get_coverage_query(self.ids))
        found = {key: figures for key, *figures in rows}
        for partner in self:
            contacts, users, deciders = found.get(partner._origin.id, (0, 0, 0))
            partner.known_contact_count = contacts
            partner.our_people_count = users
            gaps = []
            if partner.is_distributor and not partner.parent_id:
                gaps = partner._name_gaps(contacts, users, deciders)
            partner.is_relation_thin = bool(gaps)
            partner.relation_gaps = "; ".join(gaps)

    def _name_gaps(self, contacts, users, deciders):
        gaps = []
        if contacts < LEAST:
            gaps.append(
                self.env._("one contact only")
                if contacts
                else self.env._("no contact known")
            )
        if users < LEAST:
            gaps.append(
                self.env._("known to one of us only")
                if users
                else self.env._("known to none of us")
            )
        if not deciders:
            gaps.append(self.env._("decider unknown"))
        return gaps

    @api.model
    def _get_coverage_query(self, ids=None):
        """Return the SQL of (distributor, contacts known, people of ours, deciders).

        :param ids: of these; all distributors by default
        """
        self.env.flush_all()
        chosen = SQL("TRUE") if ids is None else SQL("partner.id = ANY(%s)", ids)
        return SQL(
            """
            SELECT partner.id, COUNT(DISTINCT contact.id) AS contacts,
                   COUNT(DISTINCT own.id) AS users,
                   (SELECT COUNT(*) FROM res_partner person
                     WHERE person.commercial_partner_id = partner.id AND person.active
                       AND person.decision_role = 'decides') AS deciders
              FROM res_partner partner
              LEFT JOIN distributor_relation relation
                ON relation.partner_id = partner.id AND relation.active
              LEFT JOIN res_users own ON own.id = relation.user_id AND own.active
              LEFT JOIN res_partner contact
                ON contact.id = relation.contact_id AND contact.active
               AND own.id IS NOT NULL
             WHERE partner.is_distributor AND partner.parent_id IS NULL AND %s
             GROUP BY partner.id
            """,
            chosen,
        )

    def _search_is_relation_thin(self, operator, value):
        if operator != "in":
            return NotImplemented
        thin = SQL(
            "(SELECT id FROM (%s) found WHERE contacts < %s OR users < %s OR deciders = 0)",
            self._get_coverage_query(),
            LEAST,
            LEAST,
        )
        return Domain("id", "in" if True in value else "not in", thin)

    # -- buttons ---------------------------------------------------------------------

    def action_view_relations(self):
        """Open who of us knows whom at these distributors."""
        self.check_access("read")
        return {
            **self._get_own_action("distributor_crm.distributor_relation_action"),
            "context": {"default_user_id": self.env.uid},
        }

    def action_strengthen_relation(self):
        """Ask who looks after these distributors to know more people there.

        Where that is asked already, or the relation is sound, nothing is planned.
        """
        self.check_access("read")
        kind = self.env.ref("distributor_crm.activity_type_relation")
        thin = self.filtered("is_relation_thin")
        asked = self.env["mail.activity"].search(
            [
                ("res_model", "=", self._name),
                ("res_id", "in", thin.ids),
                ("activity_type_id", "=", kind.id),
            ]
        )
        deadline = fields.Date.context_today(self) + timedelta(days=kind.delay_count)
        for partner in thin.filtered(lambda p: p.id not in set(asked.mapped("res_id"))):
            caller = partner.account_manager_id or partner.user_id or self.env.user
            partner.activity_schedule(
                activity_type_id=kind.id,
                user_id=caller.id,
                date_deadline=deadline,
                summary=self.env._("Know more people here"),
                note=partner.relation_gaps,
            )
        return True
