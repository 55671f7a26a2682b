# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Credit notes become settlements of their statements; groups stand as they are."""

from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    env = api.Environment(cr, SUPERUSER_ID, {})
    cr.execute("SELECT statement_id, move_id, amount FROM distributor_rebate_migrated")
    env["distributor.rebate.settlement"].create(
        [
            {"statement_id": statement, "move_id": move, "amount": amount}
            for statement, move, amount in cr.fetchall()
        ]
    )
    cr.execute("DROP TABLE distributor_rebate_migrated")
    closed = env["distributor.rebate.statement"].search(
        [("approval_state", "!=", "draft")]
    )
    env["distributor.rebate.membership"]._remember(closed)
