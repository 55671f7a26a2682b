# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError

HOW = [
    ("portal", "Read on the Portal"),
    ("mail_opened", "Opened From the Mail"),
    ("mail_sent", "Mail Did Not Come Back"),
    ("handover", "Handed Over"),
]


class DistributorViolationNotice(models.Model):
    """What the accused was told, when, and how its delivery is proved (R173).

    Nobody writes it but the case itself: it is what deadlines and penalties stand on.
    """

    _name = "distributor.violation.notice"
    _description = "Notice of a Case"
    _order = "id"
    _rec_name = "kind"
    _check_company_auto = True

    violation_id = fields.Many2one(
        comodel_name="distributor.violation",
        string="Case",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    company_id = fields.Many2one(
        related="violation_id.company_id", store=True, precompute=True, index=True
    )
    partner_id = fields.Many2one(
        related="violation_id.partner_id", store=True, precompute=True, index=True
    )
    kind = fields.Selection(
        selection=[
            ("charge", "Notice of the Breach"),
            ("decision", "Decision"),
            ("appeal", "Answer to the Appeal"),
            ("end", "Lifted or Dismissed"),
        ],
        required=True,
        readonly=True,
    )
    recipient_id = fields.Many2one(
        comodel_name="res.partner", readonly=True, ondelete="restrict"
    )
    email = fields.Char(readonly=True)
    message_id = fields.Many2one(
        comodel_name="mail.message", readonly=True, ondelete="set null"
    )
    sent_at = fields.Datetime(required=True, readonly=True)
    sent_by_id = fields.Many2one(comodel_name="res.users", readonly=True)
    delivered_at = fields.Datetime(string="Delivered", readonly=True)
    delivered_how = fields.Selection(selection=HOW, string="Proved By", readonly=True)
    delivered_to = fields.Char(
        string="To Whom", readonly=True, help="Who read it or took it."
    )
    delivered_ip = fields.Char(string="From Address", readonly=True)
    recorded_by_id = fields.Many2one(comodel_name="res.users", readonly=True)
    proof_ids = fields.Many2many(
        comodel_name="ir.attachment",
        relation="distributor_violation_notice_proof_rel",
        readonly=True,
    )

    _delivered_is_proved = models.Constraint(
        "CHECK((delivered_at IS NULL) = (delivered_how IS NULL))",
        "A delivery says when and how.",
    )
    _undelivered = models.Index("(violation_id) WHERE delivered_at IS NULL")

    @api.model_create_multi
    def create(self, vals_list):
        self._check_own_code()
        return super().create(vals_list)

    def write(self, vals):
        self._check_own_code()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("Notices stay on record."))

    def _check_own_code(self):
        if not self.env.su:
            raise UserError(
                self.env._("Notices are sent and proved with the buttons of the case.")
            )

    def _prove(self, how, when=None, **more):
        """Record that notices were delivered; what is proved already stays.

        :param how: one of HOW
        :param when: UTC; now where left out
        :param more: `delivered_to`, `delivered_ip`, `proof_ids`
        """
        # Who may prove what was checked by the caller.
        fresh = self.sudo().filtered(lambda notice: not notice.delivered_at)
        if not fresh:
            return
        fresh.write(
            {
                "delivered_at": when or fields.Datetime.now(),
                "delivered_how": how,
                "recorded_by_id": self.env.uid,
                **more,
            }
        )
        fresh.violation_id._follow_delivery()
