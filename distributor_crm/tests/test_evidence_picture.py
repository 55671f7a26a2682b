# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import datetime, timedelta
from io import BytesIO

from PIL import Image, ImageEnhance

from odoo.tests import BaseCase, tagged

from .. import evidence
from .evidence_common import heic, photo, scene

TAKEN = datetime(2026, 5, 1, 18, 30)


@tagged("post_install", "-at_install")
class TestEvidencePicture(BaseCase):
    """What the bytes of a photo tell (R038); no database is asked."""

    def test_copies_of_a_picture_look_the_same(self):
        """Size, compression, brightness, format: at most three bits differ."""
        original = scene(1, (1600, 1200))
        look = evidence.read_picture(photo(image=original)).phash
        copies = {
            "smaller": photo(image=original.resize((500, 375))),
            "compressed": photo(image=original, quality=25),
            "brighter": photo(image=ImageEnhance.Brightness(original).enhance(1.3)),
            "png": photo(image=original, kind="PNG"),
        }
        if "WEBP" in Image.SAVE:  # not everywhere
            copies["webp"] = photo(image=original, kind="WEBP")
        for name, data in copies.items():
            with self.subTest(name):
                other = evidence.read_picture(data).phash
                self.assertLessEqual(
                    evidence.measure_distance(look, other), evidence.NEAR
                )

    def test_mirrored_and_turned_pictures_are_variants(self):
        look = evidence.read_picture(photo(1)).phash
        for turn in Image.Transpose:
            with self.subTest(turn.name):
                turned = evidence.read_picture(photo(image=scene(1).transpose(turn)))
                closest = min(
                    evidence.measure_distance(look, variant)
                    for variant in turned.variants
                )
                self.assertLessEqual(closest, evidence.NEAR)

    def test_other_pictures_look_different(self):
        looks = [evidence.read_picture(photo(seed)).phash for seed in range(40)]
        for number, look in enumerate(looks):
            for other in looks[:number]:
                self.assertGreater(
                    evidence.measure_distance(look, other), evidence.NEAR
                )

    def test_close_looks_share_a_band(self):
        """With three bits changed anywhere one of the four bands stays equal."""
        look = "0123456789abcdef"
        for flipped in ((0, 16, 32), (15, 31, 63), (1, 2, 3), (63,)):
            value = int(look, 16)
            for bit in flipped:
                value ^= 1 << bit
            bands = zip(
                evidence.get_bands(look),
                evidence.get_bands(f"{value:016x}"),
                strict=True,
            )
            self.assertTrue(any(one == other for one, other in bands))

    def test_pictures_of_one_colour_are_not_compared(self):
        plain = photo(image=Image.new("RGB", (300, 200), "grey"))
        self.assertFalse(evidence.read_picture(plain).phash)

    def test_metadata_are_read(self):
        found = evidence.read_picture(
            photo(
                taken=TAKEN,
                offset="+08:00",
                latitude=-31.25,
                longitude=121.5,
                satellite=datetime(2026, 5, 1, 10, 30),
                software="Adobe Photoshop 25.0",
            )
        ).shot
        self.assertEqual(found.taken, TAKEN)
        self.assertEqual(found.utc_offset, timedelta(hours=8))
        self.assertEqual(found.satellite_time, datetime(2026, 5, 1, 10, 30))
        self.assertAlmostEqual(found.latitude, -31.25, 4)
        self.assertAlmostEqual(found.longitude, 121.5, 4)
        self.assertEqual(found.device, "Huawei P60")
        self.assertTrue(found.is_edited)

    def test_heic_keeps_its_metadata_and_is_not_compared(self):
        found = evidence.read_picture(heic(taken=TAKEN, latitude=31.2, longitude=121))
        self.assertEqual(found.mimetype, "image/heic")
        self.assertEqual(found.shot.taken, TAKEN)
        self.assertAlmostEqual(found.shot.latitude, 31.2, 4)
        self.assertFalse(found.phash or found.screen)

    def test_forty_megapixels_become_a_small_upright_copy(self):
        big = photo(size=(7360, 5500), quality=60)
        found = evidence.read_picture(big)
        self.assertEqual((found.width, found.height), (7360, 5500))
        with Image.open(BytesIO(found.screen)) as copy:
            self.assertLessEqual(max(copy.size), 1280)
            self.assertFalse(copy.getexif())

    def test_bombs_and_other_files_are_refused(self):
        stream = BytesIO()
        Image.new("1", (30_000, 30_000)).save(stream, "PNG")
        whole = photo()
        for name, data in {
            "bomb": stream.getvalue(),
            "empty": b"",
            "text": b"hello",
            "pdf": b"%PDF-1.4 %%EOF",
            "svg": b"<svg xmlns='http://www.w3.org/2000/svg'/>",
            "gif": b"GIF89a",
            "cut off": whole[: len(whole) // 3],
            "head only": b"\x89PNG\r\n\x1a\n",
            "too long": whole + b"\x00" * evidence.MAX_BYTES,
        }.items():
            with self.subTest(name), self.assertRaises(evidence.Unreadable):
                evidence.read_picture(data)

    def test_distance(self):
        metres = evidence.measure_metres(31.2304, 121.4737, 31.2304, 121.4842)
        self.assertAlmostEqual(metres, 998, delta=5)
