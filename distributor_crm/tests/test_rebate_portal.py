# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.tests import HttpCase, new_test_user, tagged

from .common import DistributorCommon


@tagged("post_install", "-at_install")
class TestRebatePortal(DistributorCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for _number in range(3):
            cls._sell(cls.north, 500.25)
        cls._sell(cls.south, 4321)
        cls.program = cls._create_program(name="Portal rebate")
        cls.program.action_compute()
        contact = cls.env["res.partner"].create(
            {"name": "Owner", "parent_id": cls.north.id}
        )
        new_test_user(
            cls.env, "north_portal", "base.group_portal", partner_id=contact.id
        )
        cls.own = cls.program.statement_ids.filtered(
            lambda s: s.partner_id == cls.north
        )

    def test_distributor_sees_his_own_with_its_evidence(self):
        self.authenticate("north_portal", "north_portal")
        page = self.url_open("/my/rebates").text
        self.assertIn("Portal rebate", page)
        self.assertIn("1,500.75", page)
        self.assertNotIn("4,321", page)
        page = self.url_open(f"/my/rebates/{self.own.id}").text
        self.assertIn("15.01", page)
        self.assertEqual(page.count("500.25"), 3)
        for line in self.own.line_ids:
            self.assertIn(line.move_name, page)

    def test_stranger_and_wrong_pages_lead_home(self):
        self.authenticate("north_portal", "north_portal")
        other = self.program.statement_ids - self.own
        for number in (other.id, 0, 2**40):
            response = self.url_open(f"/my/rebates/{number}")
            self.assertEqual(response.url.rstrip("/"), self.base_url() + "/my")
        for path in ("/my/rebates/page/999999", f"/my/rebates/{self.own.id}/page/99"):
            self.assertEqual(self.url_open(path).status_code, 200)

    def test_visitors_must_log_in(self):
        response = self.url_open(f"/my/rebates/{self.own.id}")
        self.assertIn("/web/login", response.url)

    def test_counter(self):
        self.authenticate("north_portal", "north_portal")
        counters = self.make_jsonrpc_request(
            "/my/counters", {"counters": ["rebate_count"]}
        )
        self.assertEqual(counters["rebate_count"], 1)
