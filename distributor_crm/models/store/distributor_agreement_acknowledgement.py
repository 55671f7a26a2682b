# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models

from .distributor_agreement_duty import KINDS


class DistributorAgreementAcknowledgement(models.Model):
    """A duty as it stood when an agreement was sent, and who said yes to it (R028)."""

    _name = "distributor.agreement.acknowledgement"
    _description = "Acknowledged Duty"
    _order = "agreement_id, sequence, id"
    _rec_name = "text"

    agreement_id = fields.Many2one(
        comodel_name="distributor.agreement",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    sequence = fields.Integer(readonly=True)
    kind = fields.Selection(selection=KINDS, required=True, readonly=True)
    text = fields.Text(required=True, readonly=True)
    acknowledged_on = fields.Datetime(readonly=True)
    acknowledged_ip = fields.Char(string="From Address", readonly=True)
