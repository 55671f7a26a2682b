# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Signatures that are drawn, where the policy asks for them (R096, R097)."""

import base64
from io import BytesIO

from freezegun import freeze_time
from PIL import Image, ImageDraw

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .fee_common import FeeStatementCommon


def drawn(shift=0, blank=False, kind="PNG", size=(200, 60)):
    """Return a signature as the pad of the browser gives it."""
    picture = Image.new("RGBA", size, (0, 0, 0, 0))
    if not blank:
        ImageDraw.Draw(picture).line((5 + shift, 5, 150, 50), fill="black", width=3)
    stream = BytesIO()
    picture.convert("RGBA" if kind == "PNG" else "RGB").save(stream, kind)
    return stream.getvalue()


@tagged("post_install", "-at_install")
class TestFeeSigning(FeeStatementCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._pay(cls._sell("2025-03-10", 1000), "2025-03-20", 1000)
        cls.statement = cls._build("2025-03")
        cls.policy.signing = "drawn"

    def setUp(self):
        super().setUp()
        self.startPatcher(freeze_time("2025-04-02"))
        self.statement.with_user(self.rep).action_submit()

    def _draw(self, user, drawing=None, document=None, **values):
        document = (document or self.statement).with_user(user)
        action = document.action_sign()
        return (
            self.env[action["res_model"]]
            .with_user(user)
            .with_context(**action["context"])
            .create({"drawing": base64.b64encode(drawing or drawn()), **values})
        )

    def test_all_three_draw(self):
        """Each drawing is kept as it was given, sealed to what was signed."""
        for number, user in enumerate((self.clerk, self.manager, self.finance)):
            self._draw(user, drawn(number * 9)).action_sign()
        self.assertEqual(self.statement.state, "signed")
        signatures = self.statement.signature_ids
        self.assertEqual(set(signatures.mapped("confirmed_by")), {"drawn"})
        self.assertEqual(len(set(signatures.mapped("drawing_seal"))), 3)
        self.assertTrue(all(one._is_drawing_intact() for one in signatures))
        self.assertIn(
            "data:image/png",
            self.env["ir.actions.report"]
            ._render_qweb_html(self.statement._fee_report, self.statement.ids)[0]
            .decode(),
        )
        self.statement.with_user(self.finance).action_check_original()

    def test_the_password_alone_is_not_enough(self):
        """Neither by the button, nor over RPC."""
        own = self.statement.with_user(self.clerk)
        for method in ("action_sign", "action_sign_by_password", "validate_tier"):
            with self.subTest(method=method):
                try:
                    action = getattr(own, method)()
                    self.assertEqual(action["res_model"], "distributor.fee.signing")
                except UserError as error:
                    self.assertIn("over HTTP", str(error))
        self.assertFalse(self.statement.signature_ids)

    def test_both_take_the_password_too(self):
        """What the client says of the way does not matter: the policy does."""
        self.policy.signing = "both"
        wizard = self._draw(self.clerk, way="drawn")
        with self.assertRaisesRegex(UserError, "over HTTP"):
            wizard.action_sign()
        self.assertFalse(self.statement.signature_ids)
        wizard._sign("both")
        self.assertEqual(self.statement.signature_ids.confirmed_by, "both")

    def test_no_signature_is_refused(self):
        """Nothing drawn, no picture, another kind, too big."""
        for drawing in (
            drawn(blank=True),
            b"no picture",
            drawn(kind="JPEG"),
            drawn(size=(4000, 10)),
            drawn() + b"0" * 400_000,
        ):
            with self.subTest(size=len(drawing)), self.assertRaises(UserError):
                self._draw(self.clerk, drawing).action_sign()
        self.assertFalse(self.statement.signature_ids)

    def test_a_change_voids_it(self):
        self._draw(self.clerk).action_sign()
        self.statement.with_user(self.rep).action_take_back()
        signature = self.statement.signature_ids
        self.assertTrue(signature.voided_on and signature.drawing)
        self.assertTrue(signature._is_drawing_intact())

    def test_nobody_edits_a_drawing(self):
        """Not the signer either; another drawing breaks the seal."""
        self._draw(self.clerk).action_sign()
        signature = self.statement.signature_ids
        for user in (self.clerk, self.rep, self.manager, self.finance, self.auditor):
            for values in ({"drawing": False}, {"drawing_seal": "0"}):
                with self.assertRaises(AccessError):
                    signature.with_user(user).write(values)
        signature.drawing = base64.b64encode(drawn(40))
        self.assertFalse(signature._is_drawing_intact())
        self._draw(self.manager).action_sign()
        self._draw(self.finance).action_sign()
        with self.assertRaisesRegex(UserError, "not the one that was given"):
            self.statement.with_user(self.finance).action_check_original()

    def test_not_out_of_turn(self):
        """A drawing is no right to sign."""
        with self.assertRaisesRegex(UserError, "not your turn"):
            self._draw(self.finance).action_sign()
        with self.assertRaises(AccessError):
            self._draw(self.rep).action_sign()
