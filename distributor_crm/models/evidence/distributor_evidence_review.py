# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models
from odoo.exceptions import AccessError, UserError


class DistributorEvidence(models.Model):
    """People decide on what was flagged: a flag is a hint, no verdict."""

    _inherit = "distributor.evidence"

    review = fields.Selection(
        selection=[
            ("none", "Not Reviewed"),
            ("accepted", "Accepted"),
            ("rejected", "Rejected"),
        ],
        required=True,
        readonly=True,
        default="none",
        index=True,
    )
    review_note = fields.Text(string="Reason")
    reviewed_by_id = fields.Many2one(comodel_name="res.users", readonly=True)
    reviewed_at = fields.Datetime(string="Reviewed On", readonly=True)

    def action_accept(self):
        """Let pictures count in spite of their flags."""
        return self._review("accepted")

    def action_reject(self):
        """Let pictures count no more.

        :raises UserError: one lacks the reason
        """
        if not all((one.review_note or "").strip() for one in self):
            raise UserError(self.env._("Enter the reason first."))
        return self._review("rejected")

    def _review(self, verdict):
        self.check_access("write")
        if not self.env.user.has_group("distributor_crm.group_account_manager"):
            raise AccessError(self.env._("Account managers review evidence."))
        # Written by nobody else; who may was checked above.
        self.sudo().write(
            {
                "review": verdict,
                "reviewed_by_id": self.env.uid,
                "reviewed_at": fields.Datetime.now(),
            }
        )
        return True

    def _counts(self):
        """Whether a picture counts: not rejected, and not used before unless accepted."""
        self.ensure_one()
        if self.review != "none":
            return self.review == "accepted"
        return not (self.flag_duplicate or self.flag_near)
