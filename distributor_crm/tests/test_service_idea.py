# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from unittest.mock import patch

from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..controllers import ideas
from .service_common import ServiceCommon, ServicePortalCase, picture


class IdeaCommon(ServiceCommon):
    def _idea(self, partner=None, state="new", **values):
        idea = self.env["distributor.idea"].create(
            {
                "partner_id": (partner or self.north).id,
                "company_id": self.company.id,
                "title": "Travel set",
                "description": "For the train",
                **values,
            }
        )
        return idea._set(state=state) and idea


@tagged("post_install", "-at_install")
class TestServiceIdea(IdeaCommon):
    def test_from_idea_to_product(self):
        """Published, adopted, on sale; the distributor is told of each decision (R215)."""
        idea = self._idea().with_user(self.sales_manager)
        idea.action_publish()
        idea.action_review()
        idea.action_adopt()
        with self._refused(UserError, "product"):
            idea.action_launch()
        idea.product_tmpl_id = self.goods.product_tmpl_id
        idea.action_launch()
        self.assertEqual(idea.state, "launched")
        told = idea.message_ids.filtered(lambda m: self.north in m.partner_ids)
        self.assertEqual(len(told), 2)
        self.assertIn("Twin Box", told[0].body)

    def test_declined_with_a_reason(self):
        idea = self._idea(state="review").with_user(self.sales_manager)
        with self._refused(UserError, "reason"):
            idea.action_decline()
        idea.refusal = "Too heavy"
        idea.action_decline()
        self.assertIn("Too heavy", idea.message_ids[0].body)

    def test_managers_decide(self):
        """Who looks after the distributor publishes; sales managers decide."""
        idea = self._idea().with_user(self.account_manager)
        idea.action_publish()
        with self._refused(UserError, "sales managers"):
            idea.action_adopt()

    def test_buttons_alone_set_the_status(self):
        """Neither at creation, nor by a context, nor by a write over RPC."""
        model = self.env["distributor.idea"].with_user(self.account_manager)
        idea = model.with_context(default_state="adopted", default_vote_count=9).create(
            {
                "partner_id": self.north.id,
                "title": "X",
                "description": "Y",
                "state": "adopted",
                "vote_ids": [Command.create({"partner_id": self.south.id})],
            }
        )
        self.assertEqual((idea.state, idea.vote_count), ("new", 0))
        for values in (
            {"state": "launched"},
            {"vote_count": 99},
            {"vote_ids": [Command.create({"partner_id": self.south.id})]},
        ):
            with self.assertRaises(UserError):
                idea.write(values)
        with self.assertRaises(AccessError):
            self.env["distributor.idea.vote"].with_user(self.account_manager).create(
                {"idea_id": idea.id, "partner_id": self.south.id}
            )

    def test_one_vote_each(self):
        """The database counts a distributor once; his own idea never."""
        idea = self._idea(state="published")
        idea._vote(self.south)
        self.assertEqual(idea.vote_count, 1)
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            with self.env.cr.savepoint():
                idea.vote_ids.sudo().create(
                    {"idea_id": idea.id, "partner_id": self.south.id}
                )
        idea._vote(self.south)
        self.assertEqual(idea.vote_count, 0)
        with self._refused(UserError, "own"):
            idea._vote(self.north)
        with self._refused(ValidationError, "own"):
            idea.vote_ids.sudo().create(
                {"idea_id": idea.id, "partner_id": self.north.id}
            )
        idea._set(state="adopted")
        with self._refused(UserError, "decided"):
            idea._vote(self.south)

    def test_rewarded_once(self):
        """An adopted idea has one gift, for its own distributor."""
        idea = self._idea(state="review")
        values = {"partner_id": self.north.id, "idea_id": idea.id, "reason": "Idea"}
        gifts = self.env["distributor.gift"]
        with self._refused(ValidationError, "adopted"):
            gifts.create(values)
        idea._set(state="adopted")
        self.assertFalse(idea.action_reward()["res_id"])
        with self._refused(ValidationError, "adopted"):
            gifts.create({**values, "partner_id": self.south.id})
        gift = gifts.create(values)
        self.assertEqual(idea.action_reward()["res_id"], gift.id)
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            with self.env.cr.savepoint():
                gifts.create(values)
        gift._set(state="refused")
        self.env.flush_all()
        gifts.create(values)
        self.assertEqual(idea.gift_count, 2)


@tagged("post_install", "-at_install")
class TestServiceIdeaPortal(IdeaCommon, ServicePortalCase):
    def test_recommend_with_a_picture(self):
        self._login()
        page = self._post(
            "/my/ideas/new",
            title="Cooler",
            description="<b>Cold</b>",
            expected_price="88.5",
            partner_id=self.south.id,
            state="adopted",
            files={"files": ("cooler.png", picture(), "image/png")},
        )
        self.assertIn("&lt;b&gt;Cold", page.text)
        idea = self.env["distributor.idea"].search([("title", "=", "Cooler")])
        self.assertEqual((idea.partner_id, idea.state), (self.north, "new"))
        self.assertEqual(idea.expected_price, 88.5)
        image = self.url_open(f"/my/ideas/{idea.id}/image")
        self.assertTrue(image.headers["Content-Type"].startswith("image/"))
        self._login("south_owner")
        self.assertEqual(
            self.url_open(f"/my/ideas/{idea.id}/image").status_code,
            404,
        )

    def test_bad_input(self):
        self._login()
        for values in (
            {"title": " ", "description": "x"},
            {"title": "Bad one", "description": "x", "expected_price": "-1"},
            {"title": "Bad one", "description": "x", "expected_quantity": "nan"},
        ):
            self.assertIn("alert-danger", self._post("/my/ideas/new", **values).text)
        script = ("x.png", b"<svg onload='x()'/>", "image/png")
        page = self._post(
            "/my/ideas/new", title="Bad one", description="x", files={"files": script}
        )
        self.assertIn("alert-danger", page.text)
        self.assertFalse(
            self.env["distributor.idea"].search([("title", "=", "Bad one")])
        )

    def test_others_see_what_is_published(self):
        """Before publication nobody else; then without the name, unless allowed."""
        idea = self._idea()
        path = f"/my/ideas/{idea.id}"
        self._check_own_only(path)
        idea.action_publish()
        self._login("south_owner")
        self.assertNotIn(self.north.name, self.url_open(path).text)
        self.assertNotIn(self.north.name, self.url_open("/my/ideas").text)
        idea.is_name_shown = True
        self.assertIn(self.north.name, self.url_open(path).text)
        idea._set(state="declined", refusal="Secret")
        self.assertTrue(self._is_home(self.url_open(path)))

    def test_votes_are_limited(self):
        idea = self._idea(state="published")
        self._login("south_owner")
        with patch.object(ideas, "VOTES_PER_HOUR", 1):
            self._post(f"/my/ideas/{idea.id}/vote")
            self.assertEqual(idea.vote_count, 1)
            page = self._post(f"/my/ideas/{idea.id}/vote")
        self.assertIn("many votes", page.text)
        idea.invalidate_recordset()
        self.assertEqual(idea.vote_count, 1)
