# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.distributor_crm.guard import lock_or_refuse


class DistributorVisitDispute(models.Model):
    """A verdict that is doubted, and the second opinion of somebody else (R052, R076)."""

    _name = "distributor.visit.dispute"
    _description = "Dispute about a Visit"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "id desc"

    visit_id = fields.Many2one(
        comodel_name="distributor.visit",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(related="visit_id.company_id", store=True)
    agency_id = fields.Many2one(related="visit_id.agency_id", store=True)
    kind = fields.Selection(
        selection=[
            ("appeal", "Appeal of the Agency"),
            ("same_customer", "Same Customer Brought Twice"),
        ],
        required=True,
        readonly=True,
        default="appeal",
    )
    other_visit_id = fields.Many2one(
        comodel_name="distributor.visit",
        string="Came First",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    text = fields.Text(string="What Is Said", readonly=True)
    raised_by_id = fields.Many2one(comodel_name="res.users", readonly=True)
    former_verdict = fields.Selection(
        selection=[("pending", "Pending"), ("valid", "Valid"), ("invalid", "Invalid")],
        readonly=True,
    )
    state = fields.Selection(
        selection=[
            ("open", "To Decide"),
            ("valid", "Decided: Valid"),
            ("invalid", "Decided: Invalid"),
        ],
        string="Status",
        required=True,
        readonly=True,
        default="open",
        index=True,
        tracking=True,
    )
    decided_by_id = fields.Many2one(comodel_name="res.users", readonly=True)
    decided_at = fields.Datetime(readonly=True)
    opinion = fields.Text(string="Second Opinion")

    _one_open = models.UniqueIndex(
        "(visit_id) WHERE state = 'open'", "A dispute about this visit is open already."
    )

    @api.depends("visit_id")
    def _compute_display_name(self):
        for dispute in self:
            dispute.display_name = dispute.visit_id.display_name

    def write(self, vals):
        if not self.env.su:
            if vals.keys() - {
                "opinion",
                "activity_ids",
                "message_follower_ids",
                "message_ids",
                "message_main_attachment_id",
                "message_partner_ids",
            }:
                raise AccessError(self.env._("Disputes are decided by their buttons."))
            if "opinion" in vals and any(one.state != "open" for one in self):
                raise UserError(self.env._("This dispute is decided."))
        return super().write(vals)

    @api.model
    def _open(self, visit, kind, text, other=None):
        """Doubt a verdict: it no longer counts until somebody else decides."""
        dispute = self.sudo().create(
            {
                "visit_id": visit.id,
                "kind": kind,
                "text": text,
                "other_visit_id": other and other.id,
                "raised_by_id": self.env.uid,
                "former_verdict": "pending"
                if visit.verdict == "disputed"
                else visit.verdict,
            }
        )
        manager = visit.agency_id.account_manager_id
        if manager and manager != visit.user_id:
            dispute.activity_schedule(
                "mail.mail_activity_data_todo",
                user_id=manager.id,
                summary=dispute.env._("A second opinion is asked for"),
            )
        return dispute

    def _drop(self):
        """Forget the open disputes of visits that are cancelled."""
        self.filtered(lambda one: one.state == "open").write(
            {"state": "invalid", "decided_at": fields.Datetime.now()}
        )

    def action_valid(self):
        """Decide that the visit is valid."""
        self._decide("valid")

    def action_invalid(self):
        """Decide that the visit is not valid."""
        self._decide("invalid")

    def _decide(self, verdict):
        """Give the second opinion: a manager's, who neither received nor judged.

        :raises AccessError: no manager
        :raises UserError: his own verdict, or no reason
        """
        self.visit_id._check_manager()
        lock_or_refuse(self.sudo(), allow_referencing=True)
        for dispute in self:
            visit = dispute.visit_id
            if dispute.state != "open":
                raise UserError(self.env._("This dispute is decided."))
            if self.env.user in visit.user_id | visit.verdict_by_id.filtered(
                lambda user: user._is_internal()
            ) or visit._is_of_agency(self.env.user):
                raise UserError(
                    self.env._(
                        "A second opinion is somebody else's: you received or judged "
                        "this customer yourself."
                    )
                )
            if not (dispute.opinion or "").strip():
                raise UserError(self.env._("Give the reasons of your opinion first."))
            own = dispute.sudo()  # states are closed to users; who may was checked
            own.write(
                {
                    "state": verdict,
                    "decided_by_id": self.env.uid,
                    "decided_at": fields.Datetime.now(),
                }
            )
            own.activity_feedback(["mail.mail_activity_data_todo"])
            own.visit_id._apply_opinion(own)
