# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import http
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from .store_common import StoreCommon, draw_signature


class StorePortalCase(StoreCommon, HttpCase):
    """A distributor with a portal user and a store, and another one."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other_owner = cls._make_owner("Stranger")
        for name, partner in (("owner", cls.owner), ("other", cls.other_owner)):
            contact = cls.env["res.partner"].create(
                {"name": f"{name} person", "parent_id": partner.id}
            )
            new_test_user(
                cls.env, f"{name}_portal", "base.group_portal", partner_id=contact.id
            )
        cls.store = cls.Store.create(
            {"name": "River Store", "slug": "river", "partner_id": cls.owner.id}
        )
        cls.store.action_open()
        cls.path = f"/my/stores/{cls.store.id}"

    def _login(self, name="owner_portal"):
        self.authenticate(name, name)

    def _post(self, path, **data):
        data["csrf_token"] = http.Request.csrf_token(self)
        return self.url_open(path, data=data)

    def _is_home(self, response):
        return response.url.rstrip("/") == self.base_url() + "/my"

    def _sign_over_http(self, path, **values):
        values = {"name": "Wang Xiaoming", "signature": draw_signature(), **values}
        return self.make_jsonrpc_request(path, values)


@tagged("post_install", "-at_install")
class TestStorePortal(StorePortalCase):
    def test_own_stores_and_no_others(self):
        other = self._make_store("lake", partner_id=self.other_owner.id)
        self._login()
        page = self.url_open("/my/stores").text
        self.assertIn("River Store", page)
        self.assertNotIn("lake", page)
        self.assertIn(
            "Topics done: 0 / 17", " ".join(self.url_open(self.path).text.split())
        )
        for number in (other.id, 0, 2**40):
            for suffix in ("", "/qr"):
                path = f"/my/stores/{number}{suffix}"
                self.assertTrue(self._is_home(self.url_open(path)), path)
            for suffix in ("/invite", "/shop"):
                path = f"/my/stores/{number}{suffix}"
                self.assertTrue(self._is_home(self._post(path)), path)
        self.assertFalse(other.partner_id.declared_shop_ids)

    def test_visitors_must_log_in(self):
        self.authenticate(None, None)
        for path in ("/my/stores", self.path, f"{self.path}/qr", "/my/agreements"):
            self.assertIn("/web/login", self.url_open(path).url)
        for path in (f"{self.path}/invite", f"{self.path}/shop"):
            self.assertIn("/web/login", self._post(path).url)

    def test_forms_need_their_token(self):
        self._login()
        for path in (f"{self.path}/invite", f"{self.path}/shop"):
            with mute_logger("odoo.http"):
                self.assertEqual(self.url_open(path, data={"a": 1}).status_code, 400)

    def test_counters(self):
        self._make_signed()
        self._login()
        names = ["store_count", "agreement_count"]
        counters = self.make_jsonrpc_request("/my/counters", {"counters": names})
        self.assertEqual([counters[name] for name in names], [1, 1])

    def test_sub_stores_without_personal_data(self):
        self.other_owner.write({"phone": "+86 1390000", "email": "x@secret.example"})
        child = self._make_store(
            "below", partner_id=self.other_owner.id, parent_id=self.store.id
        )
        self._login()
        page = self.url_open(self.path).text
        self.assertIn(child.name, page)
        for secret in ("1390000", "secret.example", self.other_owner.name + "<"):
            self.assertNotIn(secret, page)
        # The owner below sees nothing of the one above.
        self._login("other_portal")
        page = self.url_open(f"/my/stores/{child.id}").text
        self.assertNotIn("River Store", page)
        self.assertNotIn("invite=", page)

    def test_invitation(self):
        self._login()
        link = f"/distributor/apply?invite={self.store.invite_token}"
        self.assertIn(link, self.url_open(self.path).text)
        code = self.url_open(f"{self.path}/qr?width=99999")
        self.assertEqual(code.headers["Content-Type"], "image/png")
        self.assertIn("no-store", code.headers["Cache-Control"])
        self.assertLess(len(code.content), 20_000)
        page = self._post(f"{self.path}/invite").text
        self.assertNotIn(link, page)
        self.assertIn(self.store.invite_token, page)

    def test_declare_shops(self):
        self._login()
        page = self._post(
            f"{self.path}/shop",
            name="<b>Mine</b>",
            platform="jd",
            address="jd.example/1",
        ).text
        self.assertIn("&lt;b&gt;Mine&lt;/b&gt;", page)
        shop = self.owner.declared_shop_ids
        self.assertEqual((shop.url, shop.state), ("https://jd.example/1", "declared"))
        for values in (
            {},
            {"name": "x", "platform": "nowhere", "address": "jd.example/2"},
            {"name": "x", "platform": "jd", "address": "javascript:alert(1)"},
            {"name": " ", "platform": "jd", "address": "jd.example/3"},
            {"name": "x", "platform": "jd", "address": "https://" + "x" * 5000},
        ):
            page = self._post(f"{self.path}/shop", **values).text
            self.assertIn("full web address", page)
        self.assertEqual(len(self.owner.declared_shop_ids), 1)

    def test_reduced_access_still_reads(self):
        self.owner.has_reduced_access = True
        self._login()
        page = self.url_open(self.path).text
        self.assertIn("Your agreement is over", page)
        self.assertNotIn("invite=", page)
        self.assertTrue(self._is_home(self.url_open(f"{self.path}/qr")))
        for path in (f"{self.path}/invite", f"{self.path}/shop"):
            values = {"name": "x", "platform": "jd", "address": "jd.example/2"}
            self.assertIn("nothing new", self._post(path, **values).text)
        self.assertFalse(self.owner.declared_shop_ids)
        for path in ("/my/rebates", "/my/agreements", "/my/invoices"):
            self.assertFalse(self._is_home(self.url_open(path)))

    def test_models_are_closed_over_rpc(self):
        self._login()
        for model in (
            "store",
            "store.slug",
            "agreement",
            "agreement.template",
            "agreement.acknowledgement",
            "declared.shop",
            "assignment",
            "service.area",
            "store.close",
            "agreement.end",
        ):
            for method in ("search_read", "create"):
                args = [[]] if method == "search_read" else [{}]
                with (
                    self.subTest(f"{model} {method}"),
                    mute_logger("odoo.http"),
                    self.assertRaisesRegex(Exception, "AccessError|not allowed"),
                ):
                    self.make_jsonrpc_request(
                        "/web/dataset/call_kw",
                        {
                            "model": f"distributor.{model}",
                            "method": method,
                            "args": args,
                            "kwargs": {},
                        },
                    )


@tagged("post_install", "-at_install")
class TestAgreementPortal(StorePortalCase):
    def setUp(self):
        super().setUp()
        self.agreement = self._send()
        self.token = self.agreement.access_token
        self.url = f"/my/agreements/{self.agreement.id}"

    def _tick(self, path=None, **extra):
        duties = {
            f"duty_{duty.id}": "on" for duty in self.agreement.acknowledgement_ids
        }
        return self._post(path or f"{self.url}/acknowledge", **duties, **extra)

    def test_an_applicant_signs_by_his_link(self):
        """Without an account, from the mail to the signed document."""
        self.authenticate(None, None)
        link = f"{self.url}?access_token={self.token}"
        page = self.url_open(link).text
        self.assertIn("I keep the agreed prices.", page)
        self.assertNotIn('name="portal.signature_form"', page)
        page = self._post(
            f"{self.url}/shop?access_token={self.token}",
            name="Mine",
            platform="taobao",
            address="mine.taobao.com",
        ).text
        self.assertIn("mine.taobao.com", page)
        page = self._tick(f"{self.url}/acknowledge?access_token={self.token}").text
        self.assertIn('name="portal.signature_form"', page)
        answer = self._sign_over_http(f"{self.url}/sign?access_token={self.token}")
        self.assertIn("done=signed", answer["redirect_url"])
        self.assertEqual(self.agreement.state, "signed")
        self.assertEqual(self.agreement.signer_id, self.owner)
        self.assertEqual(self.agreement.signed_ip, "127.0.0.1")
        self.assertIn("mine.taobao.com", self.agreement.shops_text)
        page = self.url_open(answer["redirect_url"]).text
        self.assertIn("you signed this agreement", page)
        document = self.url_open(f"{self.url}/document?access_token={self.token}")
        self.assertEqual(document.content, self.agreement.document_id.raw)
        self.assertIn("attachment", document.headers["Content-Disposition"])
        self.assertTrue(self.agreement.is_intact)

    def test_store_opens_as_the_applicant_signs(self):
        """What follows a signature works for a visitor, and asks nobody outside."""
        self.owner.account_manager_id = False
        store = self._make_store("signed")

        def open_store(agreements):
            store.with_env(agreements.env).action_open()

        self.patch(type(self.agreement), "_after_signature", open_store)
        self.authenticate(None, None)
        query = f"?access_token={self.token}"
        self._tick(f"{self.url}/acknowledge{query}")
        answer = self._sign_over_http(f"{self.url}/sign{query}")
        self.assertIn("redirect_url", answer)
        self.assertEqual(store.state, "open")
        self.assertTrue(self.owner.account_manager_id)
        self.assertFalse(any(store.activity_ids.user_id.mapped("share")))
        self.assertEqual(store.onboarding_total, 17)

    def test_owner_signs_logged_in(self):
        self._login()
        self.assertIn(self.agreement.name, self.url_open("/my/agreements").text)
        self._tick()
        self._sign_over_http(f"{self.url}/sign")
        self.assertEqual(self.agreement.state, "signed")
        self.assertEqual(self.agreement.signer_id.parent_id, self.owner)

    def test_strangers_get_nowhere(self):
        """Others, visitors and wrong tokens alike, on every route."""
        for who in ("other_portal", None):
            self.authenticate(who, who)
            for token in (None, "", "x", self.token[:-1], "é"):
                query = f"?access_token={token}" if token is not None else ""
                for suffix in ("", "/document"):
                    response = self.url_open(f"{self.url}{suffix}{query}")
                    self.assertNotIn("agreed prices", response.text)
                for suffix in ("/acknowledge", "/shop", "/decline"):
                    response = self._tick(f"{self.url}{suffix}{query}", text="no")
                    self.assertNotIn("agreed prices", response.text)
                answer = self._sign_over_http(f"{self.url}/sign{query}")
                self.assertEqual(answer, {"error": "Invalid agreement."})
        self.assertEqual(self.agreement.state, "sent")
        self.assertFalse(
            any(self.agreement.acknowledgement_ids.mapped("acknowledged_on"))
        )
        for number in (0, 2**40):
            self.assertIn("/web/login", self.url_open(f"/my/agreements/{number}").url)

    def test_employees_look_and_do_not_sign(self):
        self.authenticate("store_admin", "store_admin")
        link = f"?access_token={self.token}"
        page = self.url_open(self.url + link).text
        self.assertIn("Only he signs", page)
        self.assertIn(
            "Only the distributor signs",
            self._tick(f"{self.url}/acknowledge{link}").text,
        )
        self.assertIn("error", self._sign_over_http(f"{self.url}/sign{link}"))
        self.assertEqual(self.agreement.state, "sent")

    def test_not_before_the_duties(self):
        self._login()
        duty = self.agreement.acknowledgement_ids[0]
        page = self._post(f"{self.url}/acknowledge", **{f"duty_{duty.id}": "on"}).text
        self.assertIn("Tick each of the duties", page)
        answer = self._sign_over_http(f"{self.url}/sign")
        self.assertIn("Tick each", answer["error"])

    def test_bad_signatures(self):
        self._login()
        self._tick()
        for signature in (None, "", "x", {"a": 1}, [1], 7):
            answer = self._sign_over_http(f"{self.url}/sign", signature=signature)
            self.assertIn("Draw your signature", answer["error"])
        for name in (None, "", ["x"], "x" * 5000):
            answer = self._sign_over_http(f"{self.url}/sign", name=name)
            self.assertIn("full name", answer["error"])

    def test_drafts_and_taken_back_ones_are_not_there(self):
        self._login()
        for act in ("action_draft", "action_cancel"):
            getattr(self.agreement, act)()
            self.assertTrue(self._is_home(self.url_open(self.url)))
            self.assertTrue(
                self._is_home(self.url_open(f"{self.url}?access_token={self.token}"))
            )

    def test_decline(self):
        self._login()
        page = self._post(f"{self.url}/decline", text="<i>Too long</i>" + "x" * 9000)
        self.assertIn("You declined", page.text)
        self.assertEqual(self.agreement.state, "cancelled")
        todo = self.agreement.activity_ids
        self.assertEqual(todo.user_id, self.manager)
        self.assertIn("&lt;i&gt;Too long", todo.note)

    def test_signed_twice_over_http(self):
        self._login()
        self._tick()
        self._sign_over_http(f"{self.url}/sign")
        digest = self.agreement.document_digest
        answer = self._sign_over_http(f"{self.url}/sign", name="Else")
        self.assertIn("does not wait", answer["error"])
        self.assertEqual(self.agreement.document_digest, digest)
        self.assertEqual(self.agreement.signed_by, "Wang Xiaoming")

    def test_tour(self):
        self.start_tour(self.url, "distributor_agreement_tour", login="owner_portal")
        self.assertEqual(self.agreement.state, "signed")
        self.assertIn("tour.taobao.com", self.agreement.shops_text)
        self.assertTrue(self.agreement.is_intact)


@tagged("post_install", "-at_install")
class TestStoreTour(StorePortalCase):
    def test_account_manager_works_with_stores(self):
        agreement = self._make_agreement(partner_id=self.other_owner.id)
        self._make_store(
            "tour",
            name="Tour store",
            partner_id=self.other_owner.id,
            parent_id=self.store.id,
        )
        # The refusal on the way is part of the tour.
        with mute_logger("odoo.http"):
            self.start_tour(
                f"/odoo/distributor-agreements/{agreement.id}",
                "distributor_store_tour",
                login="store_manager",
            )
        self.assertEqual(agreement.state, "sent")
        self.assertEqual(self.store.state, "closed")
        self.assertEqual(self.store.close_reason, "The owner gives up")
