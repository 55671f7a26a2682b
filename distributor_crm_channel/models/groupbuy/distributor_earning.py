# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, models
from odoo.tools import SQL


class DistributorEarning(models.Model):
    """What is earned on a group-buy waits until it is verified (R042)."""

    _inherit = "distributor.earning"

    @api.model
    def _get_waiting_sql(self) -> SQL:
        # EXTENDS distributor_crm
        return SQL(
            """
            %s OR EXISTS (
                SELECT FROM distributor_groupbuy groupbuy
                  JOIN distributor_groupbuy_policy policy
                    ON policy.id = groupbuy.policy_id
                 WHERE groupbuy.order_id = earning.order_id
                   AND policy.hold_earnings
                   AND (groupbuy.state IN ('filed', 'shipped') OR groupbuy.is_held))
            """,
            super()._get_waiting_sql(),
        )
