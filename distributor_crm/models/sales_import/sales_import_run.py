# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models


class SalesImportRun(models.Model):
    """One start of an import, from the button to its end or stop.

    The work writes here and leaves the import alone, so that the user can press Stop
    at any time without waiting for the work's transaction.
    """

    _name = "distributor.sales.import.run"
    _description = "Sales Import Run"
    _order = "id desc"

    import_id = fields.Many2one(
        comodel_name="distributor.sales.import",
        required=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(related="import_id.company_id", store=True, index=True)
    user_id = fields.Many2one(comodel_name="res.users", string="Started By")
    date_start = fields.Datetime(default=fields.Datetime.now)
    date_end = fields.Datetime()
    seconds = fields.Float(help="Time spent at work, waiting not counted.")
    order_total = fields.Integer(string="Orders")
    order_done = fields.Integer(string="Orders Done")
    invoice_count = fields.Integer(string="Invoices")
    refund_count = fields.Integer(string="Credit Notes")
    skipped_count = fields.Integer(string="Already Imported")
    refused_count = fields.Integer(string="Refused")
    rate = fields.Float(
        compute="_compute_rate", string="Orders per Second", digits=(16, 1)
    )
    progress = fields.Float(compute="_compute_progress")

    @api.depends("order_done", "seconds")
    def _compute_rate(self):
        for run in self:
            run.rate = run.order_done / run.seconds if run.seconds else 0.0

    @api.depends("order_done", "order_total", "date_end")
    def _compute_progress(self):
        for run in self:
            if run.order_total:
                run.progress = 100.0 * run.order_done / run.order_total
            else:
                run.progress = 100.0 if run.date_end else 0.0
