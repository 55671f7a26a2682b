# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.tests import HttpCase, new_test_user, tagged

from .target_common import TargetCommon


@tagged("post_install", "-at_install")
class TestTargetPortal(TargetCommon, HttpCase):
    """A distributor sees his own approved targets, and no one else's."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for partner, login in ((cls.north, "north_goal"), (cls.south, "south_goal")):
            user = new_test_user(cls.env, login, "base.group_portal", password=login)
            user.partner_id.parent_id = partner
        cls._sell(cls.north, 500, "2024-01-31")

    def test_own_approved_only(self):
        target = self.make(1234)
        self.make(777, scope="manager", user_id=self.account_manager.id)
        # Pages are read by the clock of the test.
        self.authenticate("north_goal", "north_goal")
        page = self.url_open("/my/targets?year=2024").text
        self.assertIn("Nothing is agreed", page)
        self.approve(target)
        self.approve(self.make(5678, year=2023))
        page = self.url_open("/my/targets?year=2024").text
        self.assertIn("1,234.00", page)
        self.assertIn("500.00", page)
        self.assertIn("<svg", page)
        self.assertNotIn("5,678", page)
        self.assertIn("5,678.00", self.url_open("/my/targets?year=2023").text)
        for year in ("x", "1e3", "²", "-1", "99999999999999999999"):
            self.assertIn(
                "1,234.00", self.url_open("/my/targets", params={"year": year}).text
            )
        self.authenticate("south_goal", "south_goal")
        page = self.url_open("/my/targets?year=2024").text
        self.assertIn("Nothing is agreed", page)
        self.assertNotIn("1,234", page)
        self.authenticate(None, None)
        self.assertIn("/web/login", self.url_open("/my/targets").url)
