# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.tests import BaseCase, tagged

from odoo.addons.distributor_crm_channel.visit import keys, places, verdicts


@tagged("post_install", "-at_install")
class TestVisitKeys(BaseCase):
    def test_one_phone_however_typed(self):
        """Country codes, blanks, signs and full-width digits make no other phone."""
        for typed in (
            "13800138000",
            "+86 138 0013 8000",
            "0086-138-0013-8000",
            "86 13800138000",
            "(138) 0013-8000",
            "１３８００１３８０００",
            "+86 (0)138 0013 8000",
            "013800138000",
            "13800138000 / 13900139000",
        ):
            for code in (86, 1, 49, None):
                self.assertEqual(keys.phone_key(typed, code), "13800138000", typed)

    def test_landlines(self):
        for typed in ("028-5550 0142", "+86 28 5550 0142", "02855500142 转 12"):
            self.assertEqual(keys.phone_key(typed, 86), "2855500142", typed)
        for typed in ("(212) 555-0100", "1 212 555 0100", "+1 212-555-0100"):
            self.assertEqual(keys.phone_key(typed, 1), "12125550100", typed)
        self.assertEqual(keys.phone_key("030 1234567", 49), "301234567")
        self.assertEqual(keys.phone_key("+49 (0)30 1234567", 1), "301234567")

    def test_no_phone(self):
        for typed in (None, "", "123", "no phone", "+"):
            self.assertEqual(keys.phone_key(typed, 86), "")

    def test_one_slip(self):
        near = keys.phone_neighbours("13800138000")
        self.assertIn("13800138001", near)
        self.assertIn("13800130800", near)
        self.assertNotIn("13800138000", near)
        self.assertNotIn("13800138011", near)

    def test_chinese_and_pinyin_are_one(self):
        for group in (
            ("张三", "Zhang San", "San Zhang", "ZHANG-SAN", "张 三先生", "zhangsan"),
            ("欧阳小明", "Ouyang Xiaoming", "xiaoming ouyang"),
            ("曾小明", "Zeng Xiao Ming", "Zeng Xiaoming"),
            ("吕布", "Lü Bu", "Lyu Bu", "Lv Bu"),
        ):
            for one in group:
                # The first is stored; the others are looked for.
                self.assertIn(keys.pinyin_key(group[0]), keys.pinyin_keys(one), one)
        self.assertNotIn(keys.pinyin_key("张三"), keys.pinyin_keys("李四"))

    def test_companies(self):
        self.assertEqual(
            keys.company_key("成都佳酿商贸有限公司"), keys.company_key("成都 佳酿商贸")
        )
        self.assertEqual(keys.company_key("Azure Co., Ltd."), keys.company_key("azure"))

    def test_position(self):
        """Within, out of range, or nothing proved: the accuracy counts too."""
        for metres, accuracy, expected in (
            (100, 20, "in"),
            (500, 20, "in"),
            (510, 20, "near"),
            (530, 20, "out"),
            (900, 450, "near"),
            (1100, 450, "out"),
            (100, 600, "near"),
            (100, 2000, "unverifiable"),
            (100, 0, "unverifiable"),
        ):
            self.assertEqual(places.judge(metres, accuracy, 500), expected, metres)
        for bad in ((0, 0), (91, 0), (None, 1), (float("nan"), 1), (1, 181)):
            self.assertFalse(places.is_position(*bad))
        self.assertTrue(places.is_position(30.66, 104.06))

    def test_verdict(self):
        """All criteria must hold; what nobody can verify is neither (R052)."""
        self.assertEqual(verdicts.verdict(["passed"] * 4), "valid")
        self.assertEqual(verdicts.verdict(["passed", "failed", "pending"]), "invalid")
        self.assertEqual(verdicts.verdict(["passed", "unverifiable"]), "pending")
        self.assertEqual(verdicts.join(["failed", "passed"], "any"), "passed")
        self.assertEqual(verdicts.join(["failed", "passed"], "all"), "failed")
        self.assertEqual(verdicts.join(["failed", "failed"], "any"), "failed")

    def test_more_than_thirty_minutes(self):
        """Exactly half an hour is enough for ≥, and not for > (R050)."""
        self.assertFalse(verdicts.longer(1800, 1800, "gt"))
        self.assertTrue(verdicts.longer(1801, 1800, "gt"))
        self.assertTrue(verdicts.longer(1800, 1800, "ge"))
        self.assertFalse(verdicts.longer(1799, 1800, "ge"))
