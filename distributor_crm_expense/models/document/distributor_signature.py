# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import base64
import hashlib

from odoo import fields, models


class DistributorSignature(models.Model):
    """How a person showed that it was him: by his password, by drawing, or by both."""

    _inherit = "distributor.signature"

    confirmed_by = fields.Selection(
        selection=[
            ("password", "Password"),
            ("drawn", "Drawn"),
            ("both", "Password and Drawn"),
        ],
        readonly=True,
        help="How the person showed that it was really them.",
    )
    # In the row itself: what is in the table of files may be cleared away.
    drawing = fields.Binary(
        string="Drawn Signature", readonly=True, copy=False, attachment=False
    )
    drawing_seal = fields.Char(
        readonly=True,
        copy=False,
        help="SHA-256 of the drawing together with what the document then said: it "
        "belongs to no other document, and is no other drawing.",
    )

    def _confirm(self, how, drawing=None):
        """Keep how these were given.

        :param drawing: the bytes of the picture, if it was drawn
        """
        values = {"confirmed_by": how}
        if not drawing:
            self.write(values)
            return
        values["drawing"] = base64.b64encode(drawing)
        for signature in self:
            signature.write({**values, "drawing_seal": signature._get_seal(drawing)})

    def _get_seal(self, drawing) -> str:
        return hashlib.sha256(self.digest.encode() + drawing).hexdigest()

    def _is_drawing_intact(self) -> bool:
        """Whether the drawing is the one that was given for what the document said."""
        if not self.drawing_seal:
            return not self.drawing
        drawing = base64.b64decode(self.with_context(bin_size=False).drawing or b"")
        return self._get_seal(drawing) == self.drawing_seal
