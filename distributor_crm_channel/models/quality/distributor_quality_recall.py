# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.distributor_crm.guard import lock_or_refuse, without_closed

# What people enter; the rest is written by the trace, the notices and the answers.
TYPED = {"compensation", "compensation_reason", "message_follower_ids", "activity_ids"}


class DistributorQualityRecall(models.Model):
    """Who got how much of a lot, whether he knows, and what he is paid."""

    _name = "distributor.quality.recall"
    _description = "Recall"
    _inherit = ["mail.thread"]
    _order = "incident_id desc, partner_id, id"
    _rec_name = "partner_id"
    _check_company_auto = True

    incident_id = fields.Many2one(
        comodel_name="distributor.quality.incident",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        related="incident_id.company_id", store=True, precompute=True, index=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    incident_state = fields.Selection(related="incident_id.state")
    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Delivered To",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    account_manager_id = fields.Many2one(related="partner_id.account_manager_id")
    lot_id = fields.Many2one(
        comodel_name="stock.lot",
        string="Lot/Serial",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    product_id = fields.Many2one(
        related="lot_id.product_id", store=True, precompute=True, index=True
    )
    delivered = fields.Float(digits="Product Unit", readonly=True)
    returned = fields.Float(digits="Product Unit", readonly=True)
    outstanding = fields.Float(
        string="Still There",
        digits="Product Unit",
        compute="_compute_outstanding",
        store=True,
        help="Delivered and not returned; sold on since, or still on the shelf.",
    )
    on_shelf = fields.Float(
        string="On His Shelf",
        digits="Product Unit",
        readonly=True,
        help="How much the distributor says he still has.",
    )
    last_delivery = fields.Datetime(readonly=True)
    picking_id = fields.Many2one(
        comodel_name="stock.picking",
        string="Delivery",
        readonly=True,
        index="btree_not_null",
    )
    told_at = fields.Datetime(string="Told On", readonly=True)
    told_count = fields.Integer(string="Times Told", readonly=True)
    acknowledged_at = fields.Datetime(string="Acknowledged On", readonly=True)
    acknowledged_by_id = fields.Many2one(
        comodel_name="res.users", string="Answered By", readonly=True
    )
    answer = fields.Text(readonly=True)
    compensation = fields.Monetary(tracking=True)
    compensation_reason = fields.Char(string="What For")
    move_id = fields.Many2one(
        comodel_name="account.move",
        string="Credit Note",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )

    _once = models.UniqueIndex(
        "(incident_id, lot_id, partner_id)",
        "Each distributor is on the list once for each lot.",
    )
    _figures_positive = models.Constraint(
        "CHECK(compensation >= 0 AND on_shelf >= 0)", "Amounts are zero at least."
    )

    @api.depends("delivered", "returned")
    def _compute_outstanding(self):
        for row in self:
            row.outstanding = max(row.delivered - row.returned, 0)

    @api.model_create_multi
    def create(self, vals_list):
        names = set(self._fields) - TYPED - {"incident_id", "partner_id", "lot_id"}
        self, vals_list = without_closed(self, vals_list, names)
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su:
            if vals.keys() - TYPED:
                raise UserError(
                    self.env._("The list is written by the trace and the answers.")
                )
            if "compensation" in vals and any(row._is_credited() for row in self):
                raise UserError(
                    self.env._(
                        "This is credited already. Cancel the credit note first."
                    )
                )
        return super().write(vals)

    def _is_credited(self):
        self.ensure_one()
        # Whether it is paid is no secret of accounting.
        move = self.sudo().move_id
        return bool(move) and move.state != "cancel"

    def _get_uncredited(self):
        """Return those that something is to be paid for still."""
        return self.filtered(
            lambda row: (
                row.currency_id.compare_amounts(row.compensation, 0) > 0
                and not row._is_credited()
            )
        )

    def _describe_compensation(self):
        return self.env._(
            "%(incident)s: %(lot)s, %(reason)s",
            incident=self.incident_id.name,
            lot=self.lot_id.name,
            reason=self.compensation_reason or self.env._("compensation"),
        )

    # -- notices -----------------------------------------------------------------------

    def _inform(self):
        """Tell those who still have goods, each of all of his lots in one message."""
        now = fields.Datetime.now()
        rows = self.sudo().filtered(lambda row: row.outstanding)
        for (incident, partner), own in rows.grouped(
            lambda row: (row.incident_id, row.partner_id)
        ).items():
            text = own.with_context(lang=partner.lang)._describe_notice()
            own[0]._post(partner, incident.subject, text)
            for row in own:
                row.write(
                    {"told_at": row.told_at or now, "told_count": row.told_count + 1}
                )

    def _describe_notice(self):
        incident = self.incident_id
        lots = "; ".join(
            f"{row.product_id.display_name} {row.lot_id.name}: {row.outstanding:g}"
            for row in self
        )
        return self.env._(
            "%(subject)s. You received: %(lots)s. %(instruction)s Please acknowledge this "
            "on the portal and tell us how much you still have.",
            subject=incident.subject,
            lots=lots,
            instruction=incident.instruction or "",
        )

    def _tell_end(self):
        """Tell those who were told of the incident that it is over."""
        rows = self.sudo()
        for (incident, partner), own in rows.grouped(
            lambda row: (row.incident_id, row.partner_id)
        ).items():
            text = own.with_context(lang=partner.lang).env._(
                "%(subject)s: the matter is closed. The cause was: %(cause)s",
                subject=incident.subject,
                cause=incident.cause,
            )
            own[0]._post(partner, incident.subject, text)

    def _post(self, partner, subject, text):
        # The mail goes to the distributor; who presses the button needs no right on him.
        self.message_post(
            body=text,
            subject=subject,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            partner_ids=partner.ids,
            author_id=self.env.user.partner_id.id,
        )

    def _acknowledge(self, left, text):
        """Note that the distributor knows; whoever calls has checked who he is.

        :param left: {row: how much he still has}
        :raises UserError: the recall is over, or he has less than that
        """
        lock_or_refuse(self.sudo())
        for row in self.sudo():
            if row.incident_state != "recalling":
                raise UserError(self.env._("This recall is over."))
            number = left.get(row, 0)
            if not 0 <= number <= row.outstanding:
                raise UserError(
                    self.env._(
                        "Of %(lot)s you received %(quantity)s. Enter how much of it you "
                        "still have.",
                        lot=row.lot_id.name,
                        quantity=f"{row.outstanding:g}",
                    )
                )
            row.write(
                {
                    "on_shelf": number,
                    "answer": text,
                    "acknowledged_at": row.acknowledged_at or fields.Datetime.now(),
                    "acknowledged_by_id": self.env.uid,
                }
            )
