# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import http
from odoo.tests import HttpCase, new_test_user, tagged

from .evaluation_common import EvaluationCommon


@tagged("post_install", "-at_install")
class TestEvaluationPortal(EvaluationCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for partner, login in ((cls.north, "north_eval"), (cls.south, "south_eval")):
            user = new_test_user(cls.env, login, "base.group_portal", password=login)
            user.partner_id.parent_id = partner
        cls._sell(cls.north, 1000, "2023-02-01")
        cls._sell(cls.north, 1100, "2024-02-01")
        cls.template.action_new_version()
        cls.compute()
        cls.evaluation = cls.of(cls.north)
        cls.url = f"/my/evaluations/{cls.evaluation.id}"

    def _is_home(self, response):
        return response.url.rstrip("/") == self.base_url() + "/my"

    def _comment(self, text):
        return self.url_open(
            f"{self.url}/comment",
            data={"csrf_token": http.Request.csrf_token(self), "text": text},
        )

    def test_own_published_only(self):
        self.authenticate("north_eval", "north_eval")
        self.assertTrue(self._is_home(self.url_open(self.url)), "not published yet")
        self.assertNotIn("2024-Q1", self.url_open("/my/evaluations").text)
        self.publish(self.evaluation, grade=2)
        page = self.url_open(self.url).text
        self.assertIn("o_evaluation_radar", page)
        self.assertIn("Collection", page)
        self.assertIn("2024-Q1", self.url_open("/my/evaluations").text)
        self.assertIn("What we agreed to improve", page)
        self.authenticate("south_eval", "south_eval")
        self.assertTrue(self._is_home(self.url_open(self.url)))
        self.assertTrue(self._is_home(self._comment("I am another")))
        self.assertFalse(self.evaluation.partner_comment)
        self.authenticate(None, None)
        self.assertIn("/web/login", self.url_open(self.url).url)

    def test_what_is_not_meant_for_him_is_not_there(self):
        template = self.make_template(name="Inner")
        template.kpi_ids[1].is_visible = False
        template.action_publish()
        self.compute(template)
        inner = self.evaluations.search([("template_id", "=", template.id)]).filtered(
            lambda e: e.partner_id == self.north
        )
        self.publish(inner)
        self.authenticate("north_eval", "north_eval")
        page = self.url_open(f"/my/evaluations/{inner.id}").text
        self.assertIn("Growth", page)
        table = page[page.index("o_evaluation_lines") :]
        table = table[: table.index("</table>")]
        self.assertNotIn("Collection", table)
        self.assertNotIn("Collection", page[: page.index("o_evaluation_lines")])

    def test_comment(self):
        self.publish(self.evaluation)
        self.authenticate("north_eval", "north_eval")
        self.assertIn("at most 2,000", self._comment("x" * 2001).text)
        self.assertIn("Thank you", self._comment("<b>We want training</b>").text)
        self.assertEqual(self.evaluation.partner_comment, "<b>We want training</b>")
        self.assertIn("&lt;b&gt;We want", self.url_open(self.url).text)
        self.assertEqual(self.evaluation.activity_ids.user_id, self.account_manager)
        self.assertTrue(self.evaluation.is_intact)
        self.evaluation.with_user(self.account_manager).action_close()
        self.assertIn("is closed", self._comment("Too late").text)

    def test_tour(self):
        """An account manager grades and submits; a manager publishes."""
        self.start_tour(
            f"/odoo/evaluations/{self.evaluation.id}",
            "distributor_evaluation_tour",
            login=self.account_manager.login,
        )
        self.assertEqual(self.evaluation.state, "to_approve")
        self.assertEqual(self.line(self.evaluation, "Display").grade, 4)
