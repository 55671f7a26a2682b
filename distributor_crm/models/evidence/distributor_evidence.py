# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError

# Each is a reason to look at a picture; none proves anything by itself.
FLAGS = (
    "flag_duplicate",
    "flag_near",
    "flag_no_metadata",
    "flag_edited",
    "flag_before",
    "flag_after",
    "flag_far",
    "flag_clock",
    "flag_uncompared",
)


class DistributorEvidence(models.Model):
    """A photo that proves something, as it was received (R037, R038).

    What it says of itself is read from the original bytes, before anything re-encodes
    them. Nobody writes it, creates it or deletes it but the service itself: `_keep`
    takes it in, the nightly job removes the bytes when their time is over.
    """

    _name = "distributor.evidence"
    _description = "Evidence"
    _order = "received_at desc, id desc"
    _check_company_auto = True

    name = fields.Char(string="File Name", readonly=True)
    kind = fields.Char(
        readonly=True, help="What the picture shows, as the form named it."
    )
    company_id = fields.Many2one(
        comodel_name="res.company", required=True, readonly=True, index=True
    )
    res_model = fields.Char(string="Model", required=True, readonly=True)
    res_id = fields.Many2oneReference(
        string="Record", model_field="res_model", required=True, readonly=True
    )
    record_name = fields.Char(string="Proves", readonly=True)

    # -- the original ------------------------------------------------------------------
    attachment_id = fields.Many2one(
        comodel_name="ir.attachment",
        string="Original",
        readonly=True,
        ondelete="restrict",
        index="btree_not_null",
    )
    mimetype = fields.Char(string="Type", readonly=True)
    file_size = fields.Integer(string="Size (Bytes)", readonly=True)
    width = fields.Integer(string="Width (px)", readonly=True, aggregator=None)
    height = fields.Integer(string="Height (px)", readonly=True, aggregator=None)
    image = fields.Image(
        string="Picture",
        readonly=True,
        max_width=1280,
        max_height=1280,
        help="A smaller copy for screens; the original stays as it was sent.",
    )
    thumbnail = fields.Image(
        string="Thumbnail", related="image", max_width=256, max_height=256, store=True
    )
    sha256 = fields.Char(
        string="Checksum (SHA-256)", required=True, readonly=True, size=64
    )
    phash = fields.Char(
        string="Look",
        readonly=True,
        size=16,
        help="A fingerprint that survives another size, compression or brightness.",
    )
    band_0 = fields.Integer(readonly=True, aggregator=None)
    band_1 = fields.Integer(readonly=True, aggregator=None)
    band_2 = fields.Integer(readonly=True, aggregator=None)
    band_3 = fields.Integer(readonly=True, aggregator=None)

    # -- who, when, where --------------------------------------------------------------
    user_id = fields.Many2one(comodel_name="res.users", string="Sent By", readonly=True)
    partner_id = fields.Many2one(
        comodel_name="res.partner", string="Sender", readonly=True, index=True
    )
    performer = fields.Selection(
        selection=[("staff", "Own Staff"), ("partner", "Partner")],
        required=True,
        readonly=True,
        help="What partners photograph themselves is weaker than what our own people "
        "saw.",
    )
    received_at = fields.Datetime(required=True, readonly=True, index=True)
    taken_at = fields.Datetime(readonly=True)
    device = fields.Char(readonly=True)
    software = fields.Char(readonly=True)
    latitude = fields.Float(digits=(10, 7), readonly=True, aggregator=None)
    longitude = fields.Float(digits=(10, 7), readonly=True, aggregator=None)
    position_source = fields.Selection(
        selection=[("photo", "Photo"), ("browser", "Device When Sending")],
        string="Place From",
        readonly=True,
    )
    distance = fields.Integer(
        string="Distance (m)",
        readonly=True,
        aggregator="max",
        help="From where it should have been taken.",
    )

    # -- what to look at ---------------------------------------------------------------
    flag_duplicate = fields.Boolean(
        string="Used Before", readonly=True, help="The same file was sent before."
    )
    flag_near = fields.Boolean(
        string="Looks Like Another",
        readonly=True,
        help="Nearly the same picture was sent before, maybe mirrored or turned.",
    )
    flag_no_metadata = fields.Boolean(
        string="Metadata Removed",
        readonly=True,
        help="The photo does not say when it was taken, as after passing a messenger.",
    )
    flag_edited = fields.Boolean(
        string="Edited",
        readonly=True,
        help="It was saved by a program that changes pictures.",
    )
    flag_before = fields.Boolean(string="Taken Long Before", readonly=True)
    flag_after = fields.Boolean(string="Taken Long After", readonly=True)
    flag_far = fields.Boolean(string="Taken Elsewhere", readonly=True)
    flag_clock = fields.Boolean(
        string="Clock Wrong", readonly=True, help="The clock of the device is off."
    )
    flag_uncompared = fields.Boolean(
        string="Cannot Be Compared",
        readonly=True,
        help="A picture without edges, or of a kind that cannot be unpacked (HEIC).",
    )
    is_flagged = fields.Boolean(
        string="To Look At", compute="_compute_is_flagged", store=True
    )
    flags = fields.Char(string="Flags", compute="_compute_flags")
    duplicate_of_id = fields.Many2one(
        comodel_name="distributor.evidence",
        string="Sent Before As",
        readonly=True,
        index="btree_not_null",
    )
    duplicate_distance = fields.Integer(
        string="Bits That Differ", readonly=True, aggregator=None
    )

    # -- how long ----------------------------------------------------------------------
    retain_until = fields.Date(string="Kept Until", readonly=True)
    removed_at = fields.Datetime(string="Original Removed On", readonly=True)

    _record_file_unique = models.UniqueIndex(
        "(res_model, res_id, sha256)", "This picture was sent for this record already."
    )
    _file_index = models.Index("(company_id, sha256)")
    _band_0_index = models.Index("(company_id, band_0) WHERE phash IS NOT NULL")
    _band_1_index = models.Index("(company_id, band_1) WHERE phash IS NOT NULL")
    _band_2_index = models.Index("(company_id, band_2) WHERE phash IS NOT NULL")
    _band_3_index = models.Index("(company_id, band_3) WHERE phash IS NOT NULL")
    _retention_index = models.Index("(retain_until) WHERE attachment_id IS NOT NULL")

    @api.depends(*FLAGS)
    def _compute_is_flagged(self):
        for evidence in self:
            evidence.is_flagged = any(evidence[flag] for flag in FLAGS)

    @api.depends(*FLAGS)
    @api.depends_context("lang")
    def _compute_flags(self):
        labels = {
            flag: self._fields[flag]._description_string(self.env) for flag in FLAGS
        }
        for evidence in self:
            found = (label for flag, label in labels.items() if evidence[flag])
            evidence.flags = ", ".join(found)

    @api.depends("name", "record_name")
    def _compute_display_name(self):
        for evidence in self:
            parts = (evidence.record_name, evidence.name)
            evidence.display_name = " · ".join(filter(None, parts))

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(
            self.env._("Evidence is never deleted; its checksum stays for comparison.")
        )

    def _get_record(self):
        """Return the record that this proves, with the rights of the caller."""
        self.ensure_one()
        return self.env[self.res_model].browse(self.res_id)

    def action_view_record(self):
        """Open what this proves."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self.res_model,
            "res_id": self.res_id,
            "views": [(False, "form")],
        }
