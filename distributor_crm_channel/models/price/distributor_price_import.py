# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import base64

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import html2plaintext

from odoo.addons.distributor_crm.guard import without_closed

from ...price.sheet import text_to_csv

# Set by the buttons and the work alone, over RPC too.
CLOSED = {
    *("state", "user_id", "row_done", "row_total", "new_count", "known_count"),
    *("refused_count", "seconds", "error_file", "message", "received_from"),
}
STARTED = ("running", "done")


class DistributorPriceImport(models.Model):
    """A file of prices that were seen: good rows in, bad ones listed with the reason.

    The work is done by a scheduled action in chunks that can be stopped and resumed; a
    row comes in once, however often its file comes.
    """

    _name = "distributor.price.import"
    _description = "File of Prices"
    _inherit = ["distributor.background", "mail.thread"]
    _order = "id desc"
    _check_company_auto = True
    _background_lock = 1886548073
    _background_cron = "distributor_crm_channel.ir_cron_price_import"

    name = fields.Char(compute="_compute_name", store=True, precompute=True)
    source_id = fields.Many2one(
        comodel_name="distributor.price.source",
        required=True,
        index=True,
        ondelete="restrict",
        default=lambda self: self.env["distributor.price.source"].search(
            [("company_id", "=", self.env.company.id)], limit=1
        ),
    )
    company_id = fields.Many2one(
        related="source_id.company_id", store=True, precompute=True, index=True
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Responsible",
        default=lambda self: self.env.user,
        readonly=True,
        copy=False,
    )
    file = fields.Binary(attachment=True, copy=False)
    filename = fields.Char(copy=False)
    received_from = fields.Char(readonly=True, copy=False)
    state = fields.Selection(
        selection=[
            ("draft", "Draft"),
            ("running", "Running"),
            ("done", "Done"),
            ("stopped", "Stopped"),
            ("failed", "Failed"),
        ],
        string="Status",
        required=True,
        readonly=True,
        default="draft",
        copy=False,
        index=True,
        tracking=True,
    )
    row_total = fields.Integer(string="Rows", readonly=True, copy=False)
    row_done = fields.Integer(string="Rows Read", readonly=True, copy=False)
    new_count = fields.Integer(string="New", readonly=True, copy=False)
    known_count = fields.Integer(string="Known Already", readonly=True, copy=False)
    refused_count = fields.Integer(string="Refused", readonly=True, copy=False)
    seconds = fields.Float(readonly=True, copy=False)
    progress = fields.Float(compute="_compute_progress")
    progress_text = fields.Char(compute="_compute_progress")
    message = fields.Text(readonly=True, copy=False)
    error_file = fields.Binary(
        string="Refused Rows File", attachment=True, readonly=True, copy=False
    )
    error_filename = fields.Char(compute="_compute_error_filename")
    refusal_ids = fields.One2many(
        comodel_name="distributor.price.import.refusal", inverse_name="import_id"
    )
    observation_count = fields.Integer(compute="_compute_observation_count")

    @api.depends("filename", "source_id.name")
    def _compute_name(self):
        for record in self:
            parts = (record.source_id.name, record.filename)
            record.name = " · ".join(filter(None, parts))

    @api.depends("filename")
    def _compute_error_filename(self):
        for record in self:
            stem = (record.filename or "").rpartition(".")[0].replace("/", "-")
            record.error_filename = self.env._("%s refused rows.csv", stem or record.id)

    @api.depends("row_done", "row_total", "state", "seconds")
    def _compute_progress(self):
        for record in self:
            total = max(record.row_total, record.row_done)
            if record.state == "done":
                total = record.row_done
            record.progress = 100.0 * record.row_done / total if total else 0.0
            rate = round(record.row_done / record.seconds) if record.seconds else 0
            record.progress_text = total and self.env._(
                "%(done)s of %(total)s rows, %(rate)s a second",
                done=record.row_done,
                total=total,
                rate=rate,
            )

    def _compute_observation_count(self):
        counts = dict(
            self.env["distributor.price.observation"]._read_group(
                [("import_id", "in", self.ids)], ["import_id"], ["__count"]
            )
        )
        for record in self:
            record.observation_count = counts.get(record, 0)

    @api.model_create_multi
    def create(self, vals_list):
        self, vals_list = without_closed(self, vals_list, CLOSED)
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su:
            if CLOSED & vals.keys():
                raise UserError(self.env._("Use the buttons to start or stop a file."))
            if {"file", "filename", "source_id"} & vals.keys():
                self._check_not_started()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_running(self):
        if self.filtered(lambda record: record.state == "running"):
            raise UserError(self.env._("Stop the import before you delete it."))

    def _check_not_started(self):
        if self.filtered(lambda record: record.state in STARTED or record.row_done):
            raise UserError(
                self.env._(
                    "The file of an import that has started cannot be changed: make a "
                    "new one."
                )
            )

    # -- buttons ---------------------------------------------------------------------

    def action_start(self):
        """Read the file from here on; rows that are in already are left alone.

        :raises UserError: there is no file, or it runs or is done
        """
        self.check_access("write")
        for record in self:
            if record.state in STARTED:
                raise UserError(self.env._("This file is being read or was read."))
            if not record.file:
                raise UserError(self.env._("Choose a file first."))
            # A file that is none is refused now, to whoever chose it.
            record._open_file()
        # Set by the buttons alone; the right to write was checked.
        self.sudo().write(
            {"state": "running", "user_id": self.env.uid, "message": False}
        )
        self._wake()
        return True

    def action_stop(self):
        """Stop after the rows that are being read right now."""
        self.check_access("write")
        if self.filtered(lambda record: record.state != "running"):
            raise UserError(self.env._("This file is not being read."))
        # Set by the buttons alone; the right to write was checked.
        self.sudo().write({"state": "stopped"})
        return True

    def action_view_observations(self):
        """Show the prices that came with these files."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "distributor_crm_channel.distributor_price_observation_action"
        )
        return {**action, "domain": [("import_id", "in", self.ids)], "context": {}}

    # -- by mail ---------------------------------------------------------------------

    @api.model
    def message_new(self, msg_dict, custom_values=None):
        """Take a mail in: its first file, or its text, as a file of prices.

        A sender who is not on the list of the source is told nothing, and nothing of
        what he sent is read.
        """
        # EXTENDS mail
        values = {"source_id": (custom_values or {}).get("source_id")}
        source = self.env["distributor.price.source"].browse(values["source_id"] or [])
        source = source.exists()
        if not source:
            raise ValueError("A mail with prices names its source by its alias.")
        record = super().message_new(msg_dict, values)
        # What comes in by mail is nobody's right; the sender was looked up.
        record.sudo()._take_in(source, msg_dict)
        return record

    def _take_in(self, source, msg_dict):
        sender = msg_dict.get("email_from") or ""
        self.received_from = sender[:200]
        if not source._accepts(sender):
            self.write(
                {
                    "state": "failed",
                    "message": self.env._(
                        "%s is not a sender of this source: nothing was read.", sender
                    ),
                }
            )
            return
        name, content = self._find_content(msg_dict)
        self.write({"filename": name, "file": base64.b64encode(content)})
        try:
            self.action_start()
        except UserError as error:
            self.write({"state": "failed", "message": str(error)})

    @api.model
    def _find_content(self, msg_dict):
        """Return name and bytes of what a mail brings: a file, or its text."""
        for attachment in msg_dict.get("attachments") or ():
            name, content = attachment[0], attachment[1]
            if str(name or "").lower().endswith((".csv", ".xlsx", ".txt", ".gz")):
                data = content.encode() if isinstance(content, str) else content
                return str(name)[-80:], data
        text = html2plaintext(msg_dict.get("body") or "", include_references=False)
        return self.env._("mail.csv"), text_to_csv(text).encode()
