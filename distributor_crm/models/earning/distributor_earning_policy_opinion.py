# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ...guard import without_closed

CONTENT = {
    "opinion_file",
    "opinion_filename",
    "opinion_author",
    "opinion_date",
    "opinion_text",
}
# Set by the button alone, over RPC too.
CLOSED = {"opinion_stored_by_id", "opinion_stored_at"}


class DistributorEarningPolicy(models.Model):
    """A second paid level, only with a legal opinion that a manager stored (R014)."""

    _inherit = "distributor.earning.policy"

    opinion_file = fields.Binary(
        string="Legal Opinion",
        attachment=False,  # stays with the policy: an attachment can be deleted
        help="The document of the lawyer who looked at the second paid level.",
    )
    opinion_filename = fields.Char(string="File Name")
    opinion_author = fields.Char(string="Given By", tracking=True)
    opinion_date = fields.Date(string="Given On", tracking=True)
    opinion_text = fields.Text(
        string="Conclusion", help="What the opinion says, and under which conditions."
    )
    opinion_stored_by_id = fields.Many2one(
        comodel_name="res.users",
        string="Stored By",
        readonly=True,
        copy=False,
        ondelete="restrict",
        tracking=True,
    )
    opinion_stored_at = fields.Datetime(string="Stored On", readonly=True, copy=False)

    _second_level_needs_opinion = models.Constraint(
        "CHECK(COALESCE(upper_rate, 0) = 0 OR (opinion_stored_at IS NOT NULL "
        "AND opinion_stored_by_id IS NOT NULL AND opinion_file IS NOT NULL "
        "AND opinion_author IS NOT NULL AND opinion_date IS NOT NULL "
        "AND opinion_text IS NOT NULL))",
        "Earning on sub-stores' sales is a second paid level: shops were fined for it "
        "as pyramid selling. Leave the rate at 0, or have a manager store the legal "
        "opinion first.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        self, vals_list = without_closed(self, vals_list, CLOSED)
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su and CLOSED & vals.keys():
            raise UserError(self.env._("Use the button to store a legal opinion."))
        if CONTENT & vals.keys() and any(self.mapped("opinion_stored_at")):
            raise UserError(
                self.env._(
                    "A stored legal opinion stays as it is. Take it back first, or make "
                    "a new policy with the new opinion."
                )
            )
        return super().write(vals)

    def action_store_opinion(self):
        """Store the legal opinion: from now on a second paid level may be set.

        :raises AccessError: only sales managers take this on themselves
        :raises UserError: something of it is missing
        """
        self._check_opinion_manager()
        for policy in self:
            if policy.opinion_stored_at:
                raise UserError(self.env._("The legal opinion is stored already."))
            if not all(policy[name] for name in CONTENT if name != "opinion_filename"):
                raise UserError(
                    self.env._(
                        "Attach the legal opinion, and say who gave it, when, and what "
                        "it concludes."
                    )
                )
        # Who and when are set here alone; the right to do so was checked.
        self.sudo().write(
            {
                "opinion_stored_by_id": self.env.uid,
                "opinion_stored_at": fields.Datetime.now(),
            }
        )

    def action_take_back_opinion(self):
        """Unlock a legal opinion to replace it, where no second level rests on it.

        :raises UserError: a second level is set, or was paid
        """
        self._check_opinion_manager()
        # Whether it was paid does not depend on what this user sees.
        paid = (
            self.env["distributor.earning"]
            .sudo()
            .search_count([("policy_id", "in", self.ids), ("level", "=", 2)], limit=1)
        )
        if paid or any(self.mapped("upper_rate")):
            raise UserError(
                self.env._(
                    "A second paid level rests on this legal opinion: it stays on record."
                )
            )
        # Who and when are set by buttons alone; the right to do so was checked.
        self.sudo().write({"opinion_stored_by_id": False, "opinion_stored_at": False})

    def _check_opinion_manager(self):
        self.check_access("write")
        if not self.env.user.has_group("distributor_crm.group_sales_manager"):
            raise AccessError(
                self.env._(
                    "Only a sales manager stores a legal opinion, or takes it back."
                )
            )
