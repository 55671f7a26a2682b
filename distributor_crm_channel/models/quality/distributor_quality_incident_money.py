# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.distributor_crm.guard import hold_until_committed


class DistributorQualityIncident(models.Model):
    """What distributors get for what they lost (R116)."""

    _inherit = "distributor.quality.incident"

    compensation = fields.Monetary(compute="_compute_compensation")
    credited = fields.Monetary(compute="_compute_compensation")
    move_count = fields.Integer(compute="_compute_compensation")

    def _compute_compensation(self):
        for incident in self:
            rows = incident.recall_ids
            moves = rows.move_id
            standing = rows.filtered(lambda row: row._is_credited())
            incident.compensation = sum(rows.mapped("compensation"))
            incident.credited = sum(standing.mapped("compensation"))
            incident.move_count = len(moves)

    def action_compensate(self):
        """Draft a credit note for each distributor who gets something; once each.

        :raises AccessError: the user is not in distributor finance
        :raises UserError: there is nothing to credit
        """
        if not self.env.user.has_group("distributor_crm.group_finance"):
            raise AccessError(
                self.env._("Only distributor finance credits compensation.")
            )
        self.check_access("read")
        # Two who press at the same moment: the second starts anew and finds it credited.
        rows = self.sudo().recall_ids
        hold_until_committed(rows)
        rows.invalidate_recordset(["move_id", "compensation"])
        moves = self.env["account.move"]
        for (company, partner), own in (
            rows._get_uncredited()
            .grouped(lambda row: (row.company_id, row.partner_id))
            .items()
        ):
            move = self.env["account.move"]._draft_distributor_credit(
                company,
                partner,
                [(row._describe_compensation(), row.compensation) for row in own],
            )
            # Finance writes no recall list; what was credited is noted on it.
            own.write({"move_id": move.id})
            moves += move
        if not moves:
            raise UserError(
                self.env._(
                    "Nothing is to be credited. Enter the compensation on the recall "
                    "list first."
                )
            )
        return moves._get_records_action(name=self.env._("Credit Notes"))

    def action_view_moves(self):
        """Open the credit notes of these incidents."""
        return self.recall_ids.move_id._get_records_action(
            name=self.env._("Credit Notes")
        )
