# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.tools import SQL

ROLES = {
    "representative": "distributor_crm.group_sales_rep",
    "clerk": "distributor_crm_expense.group_fee_clerk",
    "manager": "distributor_crm.group_sales_manager",
    "finance": "distributor_crm.group_finance",
    "compliance": "distributor_crm_expense.group_fee_compliance",
    "auditor": "distributor_crm_expense.group_fee_auditor",
    "admin": "distributor_crm_expense.group_fee_admin",
}
# Two roles that one person should not have, and what still keeps them apart: each
# document, where nobody acts twice; or nothing but the roles. A sales manager is a
# representative too by his group, and never signs his own: that is no conflict.
CONFLICTS = (
    ("clerk", "manager", "document"),
    ("clerk", "finance", "document"),
    ("manager", "finance", "document"),
    ("representative", "clerk", "document"),
    ("representative", "finance", "document"),
    ("representative", "compliance", "document"),
    ("clerk", "compliance", "document"),
    ("manager", "compliance", "document"),
    ("finance", "compliance", "document"),
    ("clerk", "auditor", "roles"),
    ("manager", "auditor", "roles"),
    ("finance", "auditor", "roles"),
    ("compliance", "auditor", "roles"),
    ("admin", "auditor", "roles"),
    ("admin", "finance", "roles"),
    ("admin", "compliance", "document"),
)
# Who has the first has the second by his group: one finding is enough.
INCLUDED = {"manager": ("representative",)}


class DistributorFeeDuty(models.Model):
    """Who may do what should be done by two: separation of duties (R096, R110).

    One row for each person, company, and pair of roles that should not meet in one
    person. It follows the groups of users, those they imply included.
    """

    _name = "distributor.fee.duty"
    _description = "Conflict of Duties"
    _auto = False
    _order = "safeguard desc, user_id, first_role, second_role, id"
    _rec_name = "user_id"

    user_id = fields.Many2one(comodel_name="res.users", string="Person", readonly=True)
    company_id = fields.Many2one(comodel_name="res.company", readonly=True)
    first_role = fields.Selection(
        selection=lambda self: self._get_roles(), string="May Act As", readonly=True
    )
    second_role = fields.Selection(
        selection=lambda self: self._get_roles(), string="And As", readonly=True
    )
    safeguard = fields.Selection(
        selection=[
            ("document", "Kept apart on each document"),
            ("roles", "Kept apart by nothing else"),
        ],
        readonly=True,
        help="On each document: nobody signs twice, his own, or what he agreed to as "
        "compliance reviewer; nobody pays his own or what he agreed to, nor checks "
        "what he paid.\n"
        "By nothing else: take one of the two roles from this person.",
    )

    @api.model
    def _get_roles(self):
        return [
            ("representative", self.env._("Representative")),
            ("clerk", self.env._("Sales clerk")),
            ("manager", self.env._("Sales manager")),
            ("finance", self.env._("Finance")),
            ("compliance", self.env._("Compliance reviewer")),
            ("auditor", self.env._("Auditor")),
            ("admin", self.env._("Fee administrator")),
        ]

    @property
    def _table_query(self) -> SQL:
        ids = {role: self.env.ref(group).id for role, group in ROLES.items()}
        return SQL(
            """
            WITH RECURSIVE held(user_id, group_id) AS (
                SELECT uid, gid FROM res_groups_users_rel
                 UNION
                SELECT held.user_id, implied.hid
                  FROM held
                  JOIN res_groups_implied_rel implied ON implied.gid = held.group_id
            ), role(name, group_id) AS (VALUES %(roles)s),
            conflict(number, first_role, second_role, safeguard) AS (
                VALUES %(conflicts)s
            ), has AS (
                SELECT held.user_id, role.name
                  FROM held JOIN role ON role.group_id = held.group_id
            )
            SELECT (person.id::bigint * 100000 + company.cid) * 100 + conflict.number
                       AS id,
                   person.id AS user_id, company.cid AS company_id,
                   conflict.first_role, conflict.second_role, conflict.safeguard
              FROM conflict
              JOIN has one ON one.name = conflict.first_role
              JOIN has other ON other.name = conflict.second_role
                            AND other.user_id = one.user_id
              JOIN res_users person ON person.id = one.user_id
              JOIN res_company_users_rel company ON company.user_id = person.id
             WHERE person.active
               AND NOT EXISTS (
                SELECT 1 FROM has greater
                 WHERE greater.user_id = one.user_id
                   AND greater.name = ANY(%(greater)s)
                   AND conflict.first_role = 'representative')
            """,
            roles=SQL(", ").join(
                SQL("(%s, %s)", role, group) for role, group in ids.items()
            ),
            conflicts=SQL(", ").join(
                SQL("(%s, %s, %s, %s)", number, *conflict)
                for number, conflict in enumerate(CONFLICTS)
            ),
            greater=[
                role for role, less in INCLUDED.items() if "representative" in less
            ],
        )

    def action_view_user(self):
        """Open the person whose roles meet."""
        return self.user_id._get_records_action()
