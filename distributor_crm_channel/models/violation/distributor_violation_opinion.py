# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models
from odoo.exceptions import UserError


class DistributorViolationPolicy(models.Model):
    """The legal opinion without which some rules punish nobody."""

    _inherit = "distributor.violation.policy"

    def _store_opinion(self, text):
        """Store a legal opinion in the name of this user.

        :raises AccessError: no channel administrator
        :raises UserError: it says nothing
        """
        self._check_legal_approver()
        if not (text or "").strip():
            raise UserError(self.env._("Enter the opinion, and whose it is."))
        # The fields are closed to users; who may was checked.
        self.sudo().write(
            {
                "legal_opinion": text,
                "legal_approver_id": self.env.uid,
                "legal_approved_at": fields.Datetime.now(),
            }
        )

    def action_store_opinion(self):
        """Ask for the legal opinion."""
        self.ensure_one()
        self._check_legal_approver()
        wizard = self.env["distributor.violation.opinion"].create(
            {"policy_id": self.id}
        )
        return wizard._get_records_action(
            name=self.env._("Legal Opinion"), target="new"
        )

    def action_take_back_opinion(self):
        """Take the opinion back: no penalties beyond a warning from now on."""
        self._check_legal_approver()
        # The fields are closed to users; who may was checked.
        self.sudo().write({"legal_approver_id": False, "legal_approved_at": False})
        for policy in self:
            policy._message_log(body=self.env._("The legal opinion was taken back."))


class DistributorViolationOpinion(models.TransientModel):
    """The dialog in which a legal opinion is stored."""

    _name = "distributor.violation.opinion"
    _description = "Legal Opinion on Rules"

    policy_id = fields.Many2one(
        comodel_name="distributor.violation.policy", required=True, readonly=True
    )
    legal_note = fields.Text(related="policy_id.legal_note")
    text = fields.Text(string="Opinion", required=True)

    def action_confirm(self):
        """Store what was entered."""
        self.ensure_one()
        self.policy_id._store_opinion(self.text)
        return {"type": "ir.actions.act_window_close"}
