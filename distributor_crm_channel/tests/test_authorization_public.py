# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from unittest.mock import patch
from urllib.parse import urlencode

from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .authorization_common import AuthorizationCommon
from .store_common import StoreHttpCommon, picture


@tagged("post_install", "-at_install")
class TestAuthorizationPublic(AuthorizationCommon, StoreHttpCommon, HttpCase):
    """Every public page tried as an attacker would."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.record = cls.grant()
        cls.policy.ip_limit = 1000

    def setUp(self):
        super().setUp()
        self.env.flush_all()

    def ask(self, path, **kw):
        self.authenticate(None, None)
        response = self.url_open(path, **kw)
        found = response.text.partition('data-state="')[2].partition('"')[0]
        return response, found

    def code(self):
        return f"/authorization/{self.record.access_key}"

    def test_three_words(self):
        """R182: valid, expired, withdrawn, and nothing else."""
        response, word = self.ask(self.code())
        self.assertEqual((response.status_code, word), (200, "valid"))
        for secret in (
            self.north.name,
            self.shop.name,
            self.shop.url,
            self.record.name,
            self.brand.name,
            str(self.record.date_to),
            self.manager.name,
        ):
            self.assertNotIn(secret, response.text)
        self.assertIn("noindex", response.headers["X-Robots-Tag"])
        self.assertIn("noindex", response.text)
        self.assertEqual(response.headers["Cache-Control"], "no-store")
        self.record.date_from = self.day(-10)
        self.record.date_to = self.day(-1)
        self.assertEqual(self.ask(self.code())[1], "expired")
        self.record.date_to = self.day(9)
        self.record._withdraw("Copies")
        response, word = self.ask(self.code())
        self.assertEqual(word, "withdrawn")
        self.assertNotIn("Copies", response.text)

    def test_number_in_any_case(self):
        self.assertEqual(self.ask(f"/authorization/{self.record.name}")[1], "valid")
        self.assertEqual(
            self.ask(f"/authorization/{self.record.name.lower()}")[1], "valid"
        )

    def test_unknown_and_hidden_look_alike(self):
        """Drafts, refused ones and what is not there answer the same, with 404."""
        draft = self.draft(self.shop_2)
        draft.sudo().write({"name": "AUT-DRAFT-1", "access_key": "k" * 32})
        answers = []
        for path in (
            "/authorization/AUT-DRAFT-1",
            "/authorization/" + "k" * 32,
            "/authorization/AUT-2099-999999",
            "/authorization/xxxxxxxxxxxxxxxx",
            "/authorization/1",
            "/authorization/" + "9" * 500,
            "/authorization/%25%27%22--",
            "/authorization/%00",
            "/authorization/false",
        ):
            response, word = self.ask(path)
            self.assertEqual((response.status_code, word), (404, "unknown"), path)
            answers.append(len(response.text))
        self.assertLess(max(answers) - min(answers), 1000)

    def test_other_company(self):
        """A number of another company is not known on this website."""
        other = self.env["res.company"].create({"name": "Sister"})
        for name in (self.record.name, self.shop.name):
            self.assertFalse(self.Authorization._find_public(name, other))
            self.assertEqual(
                self.Authorization._search_public(name, other), ([], False)
            )

    def test_search_by_name(self):
        """R180-R182: the exact name in any writing; similar ones are called so."""
        for name, word in (
            ("Jade River Spirits", "valid"),
            ("  jade-river SPIRITS ", "valid"),
            ("Ｊade River Spirits", "valid"),
            ("Jade River Spirit", "similar"),
            ("Jade Rivers Spirits", "similar"),
            ("Jade", "unknown"),
            ("Somebody Else", "unknown"),
            ("%", "unknown"),
            ("%%%%%%", "unknown"),
            ("______", "unknown"),
            ("' OR 1=1 --", "unknown"),
            ("x" * 5000, "unknown"),
            (self.record.name, "valid"),
        ):
            response, found = self.ask("/authorizations?" + self.encode(name=name))
            self.assertEqual((response.status_code, found), (200, word), name[:40])
            self.assertNotIn(self.north.name, response.text)
        response, _word = self.ask(
            "/authorizations?" + self.encode(name="Jade River Spirit")
        )
        self.assertNotIn("Jade River Spirits", response.text, "names are not told")

    def encode(self, **params):
        return urlencode(params)

    def test_distributor_is_not_found_by_his_name(self):
        _response, word = self.ask(
            "/authorizations?" + self.encode(name=self.north.name)
        )
        self.assertEqual(word, "unknown")

    def test_script_is_shown_as_text(self):
        response, _word = self.ask(
            "/authorizations?" + self.encode(name="<script>alert(1)</script>")
        )
        self.assertNotIn("<script>alert(1)", response.text)

    def test_rate_is_bounded(self):
        """Nobody tries all numbers: the next question gets no answer."""
        self.policy.ip_limit = 3
        words = [self.ask(f"/authorization/AUT-0000-{i}")[1] for i in range(3)]
        self.assertEqual(words, ["unknown"] * 3)
        response, word = self.ask(self.code())
        self.assertEqual((response.status_code, word), (429, "refused"))
        response, word = self.ask("/authorizations?name=Jade")
        self.assertEqual((response.status_code, word), (429, "refused"))

    def test_whole_ipv6_network_is_one(self):
        Query = self.env["distributor.authorization.query"]
        self.policy.ip_limit = 2
        asked = [Query._may_ask(self.company, f"2001:db8::{i}") for i in (1, 2, 3)]
        self.assertEqual(asked, [True, True, False])
        self.assertTrue(Query._may_ask(self.company, "2001:db8:0:1::1"))
        self.assertTrue(Query._may_ask(self.company, "not an address"))

    def test_questions_are_counted_not_who_asks(self):
        self.ask(self.code())
        self.ask("/authorizations?name=Nobody+Knows")
        queries = self.env["distributor.authorization.query"].search([], limit=2)
        self.assertEqual(queries.mapped("result"), ["unknown", "valid"])
        self.assertEqual(queries[1].authorization_id, self.record)
        self.assertFalse({"ip", "address"} & set(queries._fields))
        self.assertEqual(self.record.query_count, 1)

    def test_posts_are_not_taken(self):
        self.authenticate(None, None)
        response = self.url_open("/authorizations", data={"name": "x"})
        self.assertEqual(response.status_code, 405)

    def test_certificate_is_nobodys_but_the_owners(self):
        document = self.record.certificate_id
        path = f"/my/authorizations/{self.record.id}/certificate"
        self.authenticate(None, None)
        self.assertEqual(self.url_open(f"/web/content/{document.id}").status_code, 404)
        self.assertIn("/web/login", self.url_open(path).url)
        self.portal_user("cert_south", self.south)
        self.authenticate("cert_south", "cert_south")
        response = self.url_open(path, allow_redirects=False)
        self.assertEqual(response.status_code, 303)
        self.assertEqual(self.url_open(f"/web/content/{document.id}").status_code, 404)
        self.portal_user("cert_north", self.north)
        self.authenticate("cert_north", "cert_north")
        self.assertEqual(self.url_open(path).content, document.raw)
        self.record._withdraw("Over")
        response = self.url_open(path, allow_redirects=False)
        self.assertEqual(response.status_code, 303)

    def test_portal_proof(self):
        """One's own duty alone, with a token, a bounded and readable picture."""
        duty = self.duty(self.record, "listing")
        self.portal_user("duty_south", self.south)
        self.authenticate("duty_south", "duty_south")
        self.assertTrue(self.is_home(self.url_open(f"/my/duties/{duty.id}")))
        self.assertNotIn(self.record.name, self.url_open("/my/authorizations").text)
        answer = self.post(f"/my/duties/{duty.id}/prove", url="https://x.example.com")
        self.assertTrue(self.is_home(answer))
        self.portal_user("duty_north", self.north)
        self.authenticate("duty_north", "duty_north")
        page = self.url_open("/my/authorizations").text
        self.assertIn(self.record.name, page)
        self.assertIn("/my/authorizations", self.url_open("/my/service").text)
        with mute_logger("odoo.http"):
            no_token = self.url_open(
                f"/my/duties/{duty.id}/prove", data={"url": "https://x.example.com"}
            )
        self.assertEqual(no_token.status_code, 400)
        files = {"files": ("page.png", picture(), "image/png")}
        answer = self.post(
            f"/my/duties/{duty.id}/prove", files=files, url="javascript:alert(1)"
        )
        self.assertIn("alert-danger", answer.text)
        answer = self.post(
            f"/my/duties/{duty.id}/prove",
            files={"files": ("page.png", b"<html>", "image/png")},
            url="https://x.example.com",
        )
        self.assertIn("alert-danger", answer.text)
        self.assertEqual(duty.state, "open")
        self.post(
            f"/my/duties/{duty.id}/prove", files=files, url="https://x.example.com"
        )
        duty.invalidate_recordset()
        self.assertEqual((duty.state, duty.evidence_count), ("proved", 1))

    def test_portal_users_hold_no_rights(self):
        user = self.portal_user("rights_north", self.north)
        for name in (
            "distributor.authorization",
            "distributor.authorization.duty",
            "distributor.authorization.finding",
            "distributor.authorization.query",
            "distributor.authorization.policy",
            "distributor.channel.event",
            "distributor.channel.event.recipient",
            "distributor.channel.event.stock",
        ):
            for operation in ("read", "write", "create", "unlink"):
                self.assertFalse(
                    self.env[name].with_user(user).has_access(operation), name
                )

    def test_candidates_are_bounded(self):
        """A name that thousands begin alike compares no more than so many."""
        shops = self.env["distributor.declared.shop"].create(
            [
                {
                    "name": f"Jade Shop {i}",
                    "partner_id": self.south.id,
                    "url": f"https://jade{i}.example.com",
                }
                for i in range(30)
            ]
        )
        shops.action_verify()
        records = self.Authorization.sudo().create(
            [{"shop_id": shop.id} for shop in shops]
        )
        records.write({"decision": "granted"})
        path = "odoo.addons.distributor_crm_channel.models.authorization"
        with (
            patch(f"{path}.distributor_authorization_public.CANDIDATES", 10),
            patch(
                f"{path}.distributor_authorization_public.ratio", return_value=0
            ) as ratio,
        ):
            self.Authorization._search_public("Jade Something", self.company)
        self.assertEqual(ratio.call_count, 10)
