# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models

EVENTS = [
    ("plan", "Planned"),
    ("arrive", "Check-In"),
    ("leave", "Check-Out"),
    ("photo", "Photo"),
    ("cancel", "Cancelled"),
]


class DistributorVisitEvent(models.Model):
    """A raw fact that a phone sent: what, when, where. Never changed (R050).

    Each carries a number that the phone made, so that what is sent twice counts once.
    """

    _name = "distributor.visit.event"
    _description = "Check-In or Check-Out"
    _inherit = ["distributor.closed.rows"]
    _order = "id desc"

    visit_id = fields.Many2one(
        comodel_name="distributor.visit",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(related="visit_id.company_id", store=True)
    kind = fields.Selection(selection=EVENTS, required=True, readonly=True)
    user_id = fields.Many2one(
        comodel_name="res.users", required=True, readonly=True, ondelete="restrict"
    )
    client_uuid = fields.Char(readonly=True)
    received_at = fields.Datetime(
        required=True, readonly=True, default=fields.Datetime.now
    )
    happened_at = fields.Datetime(
        readonly=True, help="By our clock: when it came, less how long it was kept."
    )
    device_at = fields.Datetime(string="Time on the Phone", readonly=True)
    clock_skew = fields.Integer(
        string="Clock Differs By (s)", readonly=True, aggregator=None
    )
    kept_seconds = fields.Integer(
        string="Kept on the Phone (s)", readonly=True, aggregator=None
    )
    latitude = fields.Float(digits=(10, 7), readonly=True, aggregator=None)
    longitude = fields.Float(digits=(10, 7), readonly=True, aggregator=None)
    accuracy = fields.Float(string="Accuracy (m)", readonly=True, aggregator=None)
    fix_age = fields.Integer(
        string="Age of Position (s)", readonly=True, aggregator=None
    )
    distance = fields.Float(string="Distance (m)", readonly=True, aggregator=None)
    geo_state = fields.Selection(
        selection=[
            ("in", "At the Place"),
            ("near", "Near the Place"),
            ("out", "Out of Range"),
            ("unverifiable", "Cannot Be Verified"),
        ],
        readonly=True,
    )
    flags = fields.Char(readonly=True, help="What is odd about it.")

    _once = models.UniqueIndex(
        "(user_id, client_uuid) WHERE client_uuid IS NOT NULL",
        "This was sent already.",
    )

    def _say_closed(self):
        return self.env._("What phones sent is not edited.")
