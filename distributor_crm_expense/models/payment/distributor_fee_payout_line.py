# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class DistributorFeePayoutLine(models.Model):
    """That a payout settles a statement line or an application: once, for good."""

    _name = "distributor.fee.payout.line"
    _description = "Settled Fee"
    _order = "id"

    payout_id = fields.Many2one(
        comodel_name="distributor.fee.payout",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    item_id = fields.Many2one(
        comodel_name="distributor.fee.payout.item",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    statement_line_id = fields.Many2one(
        comodel_name="distributor.fee.statement.line",
        readonly=True,
        ondelete="restrict",
    )
    application_id = fields.Many2one(
        comodel_name="distributor.fee.application", readonly=True, ondelete="restrict"
    )
    currency_id = fields.Many2one(related="payout_id.currency_id")
    amount = fields.Monetary(readonly=True)
    is_void = fields.Boolean(
        readonly=True, help="The payout was cancelled: the line can be paid again."
    )

    _statement_line_once = models.UniqueIndex(
        "(statement_line_id) WHERE statement_line_id IS NOT NULL AND is_void IS NOT TRUE",
        "This statement line is paid, or in another payout already.",
    )
    _application_once = models.UniqueIndex(
        "(application_id) WHERE application_id IS NOT NULL AND is_void IS NOT TRUE",
        "This application is paid, or in another payout already.",
    )
    _one_source = models.Constraint(
        "CHECK((statement_line_id IS NULL) <> (application_id IS NULL))",
        "A payout settles a statement line or an application.",
    )
