# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    rebate_exclusion = fields.Char(
        string="No Rebate Because",
        inverse="_inverse_rebate_exclusion",
        help="With a reason here, this sale counts in no rebate program.",
    )

    def _inverse_rebate_exclusion(self):
        """Have the distributor's statements looked at again."""
        self.env["distributor.rebate.change"]._note(
            self.filtered(lambda line: line.parent_state == "posted").partner_id
        )
