# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models
from odoo.exceptions import UserError
from odoo.tools.misc import format_date


class ResCompany(models.Model):
    _inherit = "res.company"

    def _find_fee_policy(self, day):
        # Deadlines and limits are no secret to those they bind.
        return (
            self.env["distributor.fee.policy"]
            .sudo()
            .search(
                [("company_id", "=", self.id), ("date_from", "<=", day)],
                order="date_from desc",
                limit=1,
            )
        )

    def _get_fee_policy(self, day):
        """Return the policy in force on a day.

        :raises UserError: there is none; says who sets one
        """
        self.ensure_one()
        policy = self._find_fee_policy(day)
        if not policy:
            raise UserError(
                self.env._(
                    "%(company)s has no fee policy for %(day)s. Ask the fee "
                    "administrator to set one: Relationship Fees › Configuration › "
                    "Policies.",
                    company=self.name,
                    day=format_date(self.env, day),
                )
            )
        return policy
