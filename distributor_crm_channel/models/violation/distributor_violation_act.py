# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models

from odoo.addons.distributor_crm.uploads import check_attachments


class DistributorViolationAct(models.TransientModel):
    """The dialog in which an act on a case says why."""

    _name = "distributor.violation.act"
    _description = "Act on a Case"

    violation_ids = fields.Many2many(
        comodel_name="distributor.violation", required=True, readonly=True
    )
    act = fields.Selection(
        selection=[
            ("judge", "First Opinion"),
            ("dismiss", "Dismiss"),
            ("lift", "Lift"),
            ("uphold", "Refuse the Appeal"),
            ("grant", "Grant the Appeal"),
            ("deliver", "Proof of Delivery"),
            ("admit", "Admit After the Deadline"),
            ("announce", "Announced"),
        ],
        required=True,
        readonly=True,
    )
    text = fields.Text()
    said = fields.Text(string="What the Accused Says")
    outcome = fields.Selection(
        selection=[
            ("corrected", "Corrected in Time"),
            ("not_corrected", "Not Corrected"),
        ],
    )
    asks_outcome = fields.Boolean(compute="_compute_asks_outcome")
    announcement = fields.Text(compute="_compute_asks_outcome")
    at = fields.Datetime(string="When", default=fields.Datetime.now)
    attachment_ids = fields.Many2many(comodel_name="ir.attachment", string="Files")

    @api.depends("violation_ids", "act")
    def _compute_asks_outcome(self):
        for wizard in self:
            wizard.asks_outcome = wizard.act == "judge" and any(
                wizard.violation_ids.mapped("correct_deadline")
            )
            wizard.announcement = wizard.violation_ids[:1].announcement

    def _get_title(self):
        """Return what the dialog is about."""
        label = dict(self._fields["act"]._description_selection(self.env))[self.act]
        return f"{label}: {', '.join(self.violation_ids.mapped('name'))}"

    def action_confirm(self):
        """Do what the dialog was opened for."""
        self.ensure_one()
        check_attachments(self.attachment_ids)
        for case in self.violation_ids:
            getattr(self, f"_do_{self.act}")(case)
        return {"type": "ir.actions.act_window_close"}

    def _do_judge(self, case):
        case._judge(self.text, self.outcome)

    def _do_dismiss(self, case):
        case._dismiss(self.text)

    def _do_lift(self, case):
        case._lift(self.text)

    def _do_uphold(self, case):
        case._decide_appeal(self.text, False)

    def _do_grant(self, case):
        case._decide_appeal(self.text, True)

    def _do_deliver(self, case):
        case._record_hand_over(self.at, self.text, self.attachment_ids)

    def _do_admit(self, case):
        files = [(f.name, f.raw, f.mimetype) for f in self.attachment_ids]
        case._admit_late(self.said, self.text, files)

    def _do_announce(self, case):
        case._announce(self.text)
