# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

MAX_ADDRESS = 64


class DistributorChannelEventRecipient(models.Model):
    """One distributor who is told of an event; when, and whether he knows.

    Nobody writes it but the sending and the portal: it is the proof.
    """

    _name = "distributor.channel.event.recipient"
    _description = "Recipient of an Event"
    _order = "event_id desc, id"
    _rec_name = "partner_id"
    _check_company_auto = True

    event_id = fields.Many2one(
        comodel_name="distributor.channel.event",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        related="event_id.company_id", store=True, precompute=True, index=True
    )
    event_state = fields.Selection(related="event_id.state")
    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Distributor",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    account_manager_id = fields.Many2one(related="partner_id.account_manager_id")
    grade_id = fields.Many2one(related="partner_id.grade_id", store=True)
    sent_at = fields.Datetime(string="Told", readonly=True, index="btree_not_null")
    read_at = fields.Datetime(string="First Read", readonly=True)
    acknowledged_at = fields.Datetime(
        string="Acknowledged", readonly=True, index="btree_not_null"
    )
    acknowledged_by_id = fields.Many2one(comodel_name="res.users", readonly=True)
    acknowledged_ip = fields.Char(string="From Address", readonly=True)
    remind_at = fields.Datetime(string="Next Reminder", readonly=True)
    reminder_count = fields.Integer(string="Reminders", readonly=True)
    minutes = fields.Float(
        string="Hours to Answer",
        compute="_compute_minutes",
        store=True,
        aggregator="avg",
    )
    stock_ids = fields.One2many(
        comodel_name="distributor.channel.event.stock",
        inverse_name="recipient_id",
        string="Declared Stock",
        readonly=True,
    )

    _once = models.UniqueIndex(
        "(event_id, partner_id)", "The distributor is told of this event already."
    )
    _waiting_idx = models.Index("(id) WHERE sent_at IS NULL")
    _remind_idx = models.Index("(remind_at) WHERE acknowledged_at IS NULL")

    @api.depends("sent_at", "acknowledged_at")
    def _compute_minutes(self):
        for recipient in self:
            sent, known = recipient.sent_at, recipient.acknowledged_at
            spent = (known - sent).total_seconds() / 3600 if sent and known else 0
            recipient.minutes = max(spent, 0)

    def _read(self):
        """Note that the distributor opened the event on the portal, the first time.

        Called with full rights by the portal, which checked whose it is.
        """
        unread = self.filtered(lambda r: r.sent_at and not r.read_at)
        unread.read_at = fields.Datetime.now()

    def _acknowledge(self, address, stocks=None):
        """Note that the distributor knows, and what he holds of protected products.

        Called with full rights by the portal, which checked whose it is. What was
        acknowledged stays so; stocks may be corrected while the event runs.

        :param address: the network address of who acknowledges
        :param stocks: {line id: quantity} as typed, untrusted
        :raises UserError: the event is over, or a quantity is none
        """
        self.ensure_one()
        event = self.event_id
        if event.state != "running" or not self.sent_at:
            raise UserError(self.env._("This event is over."))
        self._declare(stocks or {})
        if not self.acknowledged_at:
            now = fields.Datetime.now()
            self.write(
                {
                    "acknowledged_at": now,
                    "acknowledged_by_id": self.env.uid,
                    "acknowledged_ip": (address or "")[:MAX_ADDRESS],
                    "read_at": self.read_at or now,
                    "remind_at": False,
                }
            )

    def _declare(self, stocks):
        """Keep what the distributor says that he holds.

        :param stocks: {line id: quantity} as typed, untrusted
        """
        for line in self.event_id.line_ids.filtered("protects"):
            typed = str(stocks.get(line.id) or "").strip()
            if not typed:
                continue
            try:
                quantity = float(typed)
            except ValueError:
                quantity = -1
            if not 0 <= quantity < 10**7:
                raise UserError(
                    self.env._(
                        "Enter how much of %s you hold, 0 if none.",
                        line.product_id.display_name,
                    )
                )
            kept = self.stock_ids.filtered(lambda s, one=line: s.line_id == one)
            if kept:
                kept.quantity = quantity
            else:
                self.stock_ids.create(
                    {
                        "recipient_id": self.id,
                        "line_id": line.id,
                        "quantity": quantity,
                    }
                )

    def _get_next_reminder(self, event):
        """Return when to remind next; nothing where it is not to be acknowledged."""
        if not event.needs_acknowledgement:
            return False
        return fields.Datetime.now() + timedelta(hours=event.acknowledge_hours)
