# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import base64
import binascii
from io import BytesIO

from PIL import Image, UnidentifiedImageError

from odoo import fields, models
from odoo.exceptions import UserError

from odoo.addons.base.models.res_users import check_identity

# A signature is a small picture; more is something else.
MAX_BYTES = 300_000
MAX_SIDE = 3000


class DistributorFeeSigning(models.TransientModel):
    """Takes the drawn signature of whoever signs fee documents."""

    _name = "distributor.fee.signing"
    _description = "Sign Fee Documents"

    res_model = fields.Selection(
        selection=[
            ("distributor.fee.statement", "Monthly Fee Statement"),
            ("distributor.fee.application", "Special Fee"),
        ],
        required=True,
        readonly=True,
    )
    res_ids = fields.Json(required=True, readonly=True)
    way = fields.Selection(
        selection=[
            ("drawn", "Drawn signature"),
            ("both", "Password and drawn signature"),
        ],
        readonly=True,
    )
    summary = fields.Char(compute="_compute_summary")
    user_name = fields.Char(compute="_compute_summary")
    drawing = fields.Binary(string="Signature", attachment=False)

    def _compute_summary(self):
        for signing in self:
            documents = signing._get_documents()
            signing.summary = ", ".join(documents[:5].mapped("display_name"))
            signing.user_name = self.env.user.name

    def _get_documents(self):
        return self.env[self.res_model].browse(self.res_ids)

    def action_sign(self):
        """Sign with the drawing; the documents say whether a password is needed too.

        :raises UserError: nothing was drawn, or it is no picture
        """
        self.ensure_one()
        self._read_drawing()
        # Asked of the documents, not of what the client sent.
        if self._get_documents()._get_signing() == "drawn":
            return self._sign("drawn")
        return self.action_sign_by_password()

    @check_identity
    def action_sign_by_password(self):
        """Sign with the drawing, after the password was entered."""
        self.ensure_one()
        way = self._get_documents()._get_signing()
        return self._sign("password" if way == "password" else "both")

    def _sign(self, confirmed_by):
        self._get_documents()._sign(confirmed_by, self._read_drawing())
        return {
            "type": "ir.actions.act_window_close",
            "infos": {"signed": True},
        }

    def _read_drawing(self):
        """Return the bytes of the picture.

        :raises UserError: it is empty, too big, or no picture
        """
        try:
            drawing = base64.b64decode(
                self.with_context(bin_size=False).drawing or b"", validate=True
            )
        except (binascii.Error, ValueError):
            drawing = b""
        if not drawing:
            raise UserError(self.env._("Draw your signature first."))
        if len(drawing) > MAX_BYTES:
            raise UserError(self.env._("This is too big for a signature: draw it."))
        try:
            with Image.open(BytesIO(drawing), formats=("PNG",)) as picture:
                if max(picture.size) > MAX_SIDE:
                    raise UserError(
                        self.env._("This is too big for a signature: draw it.")
                    )
                alpha = picture.convert("RGBA").getchannel("A").getextrema()
                tones = picture.convert("L").getextrema()
        except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
            raise UserError(
                self.env._("This is no picture of a signature: draw it.")
            ) from error
        if alpha[1] == 0 or (alpha[0] == alpha[1] and tones[0] == tones[1]):
            raise UserError(self.env._("Draw your signature first."))
        return drawing
