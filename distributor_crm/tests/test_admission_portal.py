# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import re
from unittest.mock import patch

from odoo import http
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from ..controllers import admission
from ..uploads import sniff
from .admission_common import PDF, PNG, AdmissionCommon

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = b"<!DOCTYPE html><script>alert(1)</script>"
# What an applicant answers on two of the pages.
ABOUT = {
    "name": "Chen Li",
    "phone": "138 0000 1111",
    "id_number": "510100 1990 0101 1234",
    "age_band": "25",
    "occupation": "Baker",
    "source": "web",
    "is_company": "0",
}
SHOP = {
    "platform": "taobao",
    "name": "My shop",
    "url": "https://shop1.taobao.example",
    "positive_rate": "99.2 %",
    "ownership": "founded",
}


class AdmissionPortalCase(AdmissionCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        slug = cls.env["ir.http"]._slug(cls.campaign)
        cls.page = f"/distributor/apply/{slug}"
        cls.company.admission_ip_limit = 0

    def _post(self, path, files=None, **data):
        data["csrf_token"] = http.Request.csrf_token(self)
        return self.url_open(path, data=data, files=files, allow_redirects=True)

    def _start(self, **values):
        self.authenticate(None, None)
        page = self.url_open(self.page).text
        stamp = re.search(r'name="stamp" value="([^"]+)"', page).group(1)
        data = {
            "name": "Chen Li",
            "email": "chen.li@applicants.example",
            "phone": "138 0000 1111",
            "is_company": "0",
            "stamp": stamp,
            **values,
        }
        return self._post(self.page, **data)

    def _get_body(self, response):
        """Return what the page itself says, without the frame around it."""
        match = re.search(r'o_distributor_apply">(.*?)</div>', response.text, re.DOTALL)
        return response.status_code, match and match.group(1)

    def _newest(self):
        return self.env["distributor.application"].search([], order="id desc", limit=1)

    def _url(self, application, step=""):
        path = f"/distributor/application/{application._get_token()}"
        return f"{path}/{step}" if step else path

    def _visit(self, application, step=""):
        self.authenticate(None, None)
        return self.url_open(self._url(application, step))


@tagged("post_install", "-at_install")
class TestAdmissionPublicPages(AdmissionPortalCase):
    def test_only_published_open_campaigns(self):
        hidden = self._create_campaign(name="Hidden drive", is_published=False)
        over = self._create_campaign(name="Closed drive")
        over.action_close()
        page = self.url_open("/distributor/apply").text
        self.assertIn("Autumn recruitment", page)
        self.assertNotIn("Hidden drive", page)
        self.assertNotIn("Closed drive", page)
        for campaign in (hidden, over):
            slug = self.env["ir.http"]._slug(campaign)
            response = self.url_open(f"/distributor/apply/{slug}")
            self.assertTrue(response.url.endswith("/distributor/apply"))
        for handle in ("nonsense", "x-0", "x-99999999999", "%00", "-1"):
            response = self.url_open(f"/distributor/apply/{handle}")
            self.assertIn(response.status_code, (200, 404))

    def test_whole_application(self):
        """From the first page to the status page, saved step by step (R010)."""
        response = self._start()
        application = self._newest()
        self.assertTrue(response.url.endswith("/about"))
        self.assertEqual(response.headers["Cache-Control"], "no-store")
        self.assertEqual(application.name, "Chen Li")
        self.assertFalse(application.is_email_confirmed)
        self._post(self._url(application, "about"), **ABOUT)
        self.assertEqual(application.occupation, "Baker")
        self._post(
            self._url(application, "plans"),
            mode="dropship",
            ability="retail",
            category_ids=self.category.id,
            knows_operations="yes",
            hours_week="12,5",
            promotion_budget="800",
            market_view="<script>x</script>",
        )
        self.assertEqual(application.hours_week, 12.5)
        self.assertEqual(application.category_ids, self.category)
        self._post(self._url(application, "shops"), **SHOP)
        self.assertEqual(application.shop_ids.positive_rate, 99.2)
        response = self._post(
            self._url(application, "documents/add"),
            files={"document": ("../../my card.svg", PNG, "image/svg+xml")},
            kind="id",
        )
        document = application.document_ids
        self.assertEqual(
            (document.name, document.mimetype), ("my card.png", "image/png")
        )
        page = self._visit(application, "send").text
        self.assertNotIn("Still missing", page)
        response = self._post(self._url(application, "send"), accepts_policy="1")
        self.assertIn("We received your application", response.text)
        self.assertEqual(application.state, "submitted")
        self.assertEqual(application.user_id, self.account_manager)
        self.assertNotIn("1234", self._visit(application).text)

    def test_start_says_what_is_wrong(self):
        count = self.env["distributor.application"].search_count([])
        for values, words in (
            ({"name": ""}, "enter your name"),
            ({"email": "nonsense"}, "e-mail address that works"),
            ({"phone": ""}, "phone number"),
            ({"stamp": "forged"}, "send them once more"),
            ({"stamp": ""}, "send them once more"),
        ):
            with self.subTest(values):
                response = self._start(**values)
                self.assertIn(words, response.text)
        self.assertEqual(self.env["distributor.application"].search_count([]), count)

    def test_robots_learn_nothing(self):
        """Who fills in the invisible field is told that all is well, and is not."""
        count = self.env["distributor.application"].search_count([])
        self.assertIn("Look into your mailbox", self._start(fax="1").text)
        self.company.admission_min_seconds = 30
        self.assertIn("send them once more", self._start().text)
        self.assertEqual(self.env["distributor.application"].search_count([]), count)

    def test_floods_are_bounded(self):
        self.company.admission_ip_limit = 2
        for number in range(2):
            self._start(email=f"a{number}@applicants.example")
        self.assertIn("Too many applications", self._start().text)

    def test_one_address_gets_few_messages(self):
        self.company.admission_email_limit = 2
        for _number in range(4):
            self._start()
        mails = self.env["mail.mail"].search_count(
            [("email_to", "=", "chen.li@applicants.example")]
        )
        self.assertEqual(mails, 2)

    def test_known_address_is_no_news(self):
        """Starting, and asking for the link, answer alike for known and unknown."""
        known = self._apply(email="chen.li@applicants.example")
        first, second = self._start(), self._start(email="new@applicants.example")
        self.assertEqual(first.url.rsplit("/", 1)[1], second.url.rsplit("/", 1)[1])
        self.assertNotIn(known.reference, first.text)
        self.authenticate(None, None)
        path = "/distributor/application/resume"
        answers = {
            self._get_body(self._post(path, email=email))
            for email in (
                "chen.li@applicants.example",
                "nobody@applicants.example",
                "nonsense",
            )
        }
        self.assertEqual(len(answers), 1)
        before = self.env["mail.mail"].search([])
        with patch.object(self.env.registry["ir.cron"], "_commit_progress"):
            self.env["distributor.application.resume"]._cron_mail_links()
        mails = self.env["mail.mail"].search([]) - before
        self.assertEqual(set(mails.mapped("email_to")), {"chen.li@applicants.example"})

    def test_invited(self):
        owner = self.env["res.partner"].create(
            {"name": "Owner", "is_distributor": True}
        )
        store = self.env["distributor.store"].create(
            {"name": "Inviting store", "slug": "inviting", "partner_id": owner.id}
        )
        store.action_open()
        token = store.invite_token
        self.assertIn(
            "Inviting store", self.url_open(f"{self.page}?invite={token}").text
        )
        self._start(invite=token)
        application = self._newest()
        self.assertEqual(application.invited_by_store_id, store)
        self.assertEqual(application.referred_by_id, owner)
        self._start(invite="x" * 22)
        self.assertFalse(self._newest().invited_by_store_id)

    def test_drafts_go_with_their_link(self):
        """What nobody can resume any more is deleted; what was sent stays."""
        self._start()
        draft, sent = self._newest(), self._apply("Sent")
        by_hand = self._apply("By hand", submit=False)
        sent.sudo().is_from_web = True
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE distributor_application SET write_date = '2020-01-01' "
            "WHERE id = ANY(%s)",
            [[draft.id, sent.id, by_hand.id]],
        )
        self.env.invalidate_all()
        self.env["distributor.application"]._gc_drafts()
        self.assertFalse(draft.exists())
        self.assertTrue(sent.exists() and by_hand.exists())

    def test_csrf_stays_on(self):
        application = self._apply()
        for path in ("withdraw", "answered", "documents/add"):
            with mute_logger("odoo.http"):
                response = self.url_open(
                    self._url(application, path), data={"csrf_token": "x"}
                )
            self.assertEqual(response.status_code, 400)
        self.assertEqual(application.state, "submitted")

    def test_distributor_applies_again_as_himself(self):
        partner = self.env["res.partner"].create(
            {"name": "Known", "email": "known@applicants.example"}
        )
        new_test_user(
            self.env,
            "adm_portal",
            "base.group_portal",
            partner_id=partner.id,
            email=partner.email,
        )
        self.authenticate("adm_portal", "adm_portal")
        page = self.url_open(self.page).text
        self.assertIn("known@applicants.example", page)
        stamp = re.search(r'name="stamp" value="([^"]+)"', page).group(1)
        self._post(self.page, name="K", email="k@a.example", phone="1", stamp=stamp)
        self.assertEqual(self._newest().partner_id, partner)


@tagged("post_install", "-at_install")
class TestAdmissionLink(AdmissionPortalCase):
    """Whoever holds the link sees his own application, and nobody else sees any."""

    def test_wrong_links_are_answered_alike(self):
        application = self._apply(submit=False)
        good = application._get_token()
        old = self._apply("Old", submit=False)
        forgotten = old._get_token()
        old.sudo().link_seed = "another"
        gone = self._apply("Gone", submit=False)
        deleted = gone._get_token()
        gone.unlink()
        forged = good[:-6] + ("AAAAAA" if good[-6:] != "AAAAAA" else "BBBBBB")
        with patch("odoo.tools.misc.datetime") as clock:
            from datetime import datetime, timedelta

            clock.datetime.now.return_value = datetime.now() - timedelta(days=400)
            clock.timedelta = timedelta
            expired = application._get_token()
        self.authenticate(None, None)
        answers = set()
        for token in (forgotten, deleted, forged, expired, "x" * 60, "1", "a/b"):
            for path in ("", "/about", "/documents/1"):
                response = self.url_open(f"/distributor/application/{token}{path}")
                self.assertEqual(response.status_code, 404, token)
                if "/" not in token:
                    answers.add(self._get_body(response))
        self.assertEqual(len(answers), 1)
        self.assertEqual(self._visit(application).status_code, 200)

    def test_every_post_needs_the_link(self):
        application = self._apply()
        wrong = "/distributor/application/" + "x" * 60
        for path in (
            "/about",
            "/send",
            "/withdraw",
            "/answered",
            "/documents/add",
            f"/documents/{application.document_ids.id}/delete",
            f"/shops/{application.shop_ids.id}/delete",
        ):
            self.authenticate(None, None)
            self.assertEqual(self._post(wrong + path).status_code, 404)
        self.assertEqual(application.state, "submitted")
        self.assertTrue(application.document_ids and application.shop_ids)

    def test_others_documents_and_shops_stay(self):
        mine, other = self._apply(submit=False), self._apply("Other", submit=False)
        self.authenticate(None, None)
        page = self._url(mine)
        response = self.url_open(f"{page}/documents/{other.document_ids.id}")
        self.assertEqual(response.status_code, 404)
        self._post(f"{page}/documents/{other.document_ids.id}/delete")
        self._post(f"{page}/shops/{other.shop_ids.id}/delete")
        self.assertTrue(other.document_ids and other.shop_ids)
        self._post(f"{page}/shops/{mine.shop_ids.id}/delete")
        self.assertFalse(mine.shop_ids)

    def test_own_document_is_a_download(self):
        application = self._apply()
        self.authenticate(None, None)
        document = application.document_ids
        response = self.url_open(f"{self._url(application)}/documents/{document.id}")
        self.assertEqual(response.content, PNG)
        self.assertIn("attachment", response.headers["Content-Disposition"])
        self.assertEqual(response.headers["X-Content-Type-Options"], "nosniff")
        public = self.url_open(f"/web/content/{document.attachment_id.id}")
        self.assertNotEqual(public.content, PNG)

    def test_mailed_link_confirms_the_address(self):
        application = self._apply(submit=False)
        self._visit(application)
        self.assertFalse(application.is_email_confirmed)
        self.url_open(application._get_link_for_mail())
        self.assertTrue(application.is_email_confirmed)

    def test_sent_application_is_not_edited(self):
        application = self._apply()
        self.authenticate(None, None)
        self._post(self._url(application, "about"), name="Other", phone="1")
        self._post(self._url(application, "plans"), hours_week="1")
        self._post(f"{self._url(application)}/shops/{application.shop_ids.id}/delete")
        self.assertEqual(application.name, "Chen Li")
        self.assertEqual(application.hours_week, 30)
        self.assertTrue(application.shop_ids)

    def test_status_tells_and_takes_what_is_missing(self):
        application = self._apply()
        self._bring_to(application, "verified")
        page = self._visit(application).text
        self.assertNotIn("o_apply_upload", page)
        application.with_user(self.account_manager)._ask_for("<b>Licence</b>")
        page = self._visit(application).text
        self.assertIn("&lt;b&gt;Licence&lt;/b&gt;", page)
        self._post(
            self._url(application, "documents/add"),
            files={"document": ("licence.pdf", PDF, "application/pdf")},
            kind="licence",
        )
        self.assertEqual(len(application.document_ids), 2)
        response = self._post(
            self._url(application, "answered"), note="<img src=x onerror=alert(1)>"
        )
        self.assertIn("we look at it", response.text)
        self.assertTrue(application.answered_on)
        bodies = " ".join(application.message_ids.mapped("body"))
        self.assertIn("&lt;img", bodies)

    def test_refused_and_withdrawn(self):
        application = self._apply()
        application.with_user(self.account_manager)._refuse("Too early", "2099-03-01")
        page = self._visit(application).text
        self.assertIn("Too early", page)
        self.assertIn("2099", page)
        self.assertNotIn("Withdraw my application", page)
        other = self._apply("Other")
        self.authenticate(None, None)
        self._post(self._url(other, "withdraw"))
        self.assertEqual(other.state, "withdrawn")
        response = self._post(self._url(other, "withdraw"))
        self.assertEqual(response.status_code, 200)

    def test_reviewers_words_stay_inside(self):
        application = self._apply(note="<p>Internal remark</p>")
        application.contact_ids = [(0, 0, {"note": "Sounded nervous"})]
        page = self._visit(application).text
        for words in ("Internal remark", "Sounded nervous", self.account_manager.name):
            self.assertNotIn(words, page)


@tagged("post_install", "-at_install")
class TestAdmissionUploads(AdmissionPortalCase):
    def _upload(self, application, data, name="card.png", **values):
        self.authenticate(None, None)
        return self._post(
            self._url(application, "documents/add"),
            files={"document": (name, data, "image/png")},
            **{"kind": "id", **values},
        )

    def test_content_decides(self):
        """A picture or PDF by its bytes, whatever it is called (SVG and HTML never)."""
        application = self._apply(submit=False)
        known = application.document_ids
        for data in (
            SVG,
            HTML,
            b"MZ" + b"\0" * 100,
            b"",
            PNG[:20],
            b"\x89PNG\r\n\x1a\n" + SVG,
            b"%PDF-1.4 no end",
            b"GIF89a" + b"\0" * 50,
        ):
            with self.subTest(data[:12]):
                response = self._upload(application, data)
                self.assertIn("alert-danger", response.text)
        self.assertEqual(application.document_ids, known)
        self._upload(application, PDF, "x.html")
        self.assertEqual((application.document_ids - known).name, "x.pdf")

    def test_size_number_and_kind_are_bounded(self):
        application = self._apply(submit=False)
        self.company.admission_document_mb = 1
        big = PNG + b"\0" * 1024 * 1024
        self.assertIn("at most 1 MB", self._upload(application, big).text)
        self.assertIn("what kind", self._upload(application, PNG, kind="x").text)
        self.company.admission_document_count = 1
        self.assertIn("At most 1 files", self._upload(application, PNG).text)
        self.authenticate(None, None)
        response = self._post(self._url(application, "documents/add"), kind="id")
        self.assertIn("Choose a file", response.text)

    def test_huge_bodies_are_refused_unread(self):
        application = self._apply(submit=False)
        self.authenticate(None, None)
        with mute_logger("odoo.http", "werkzeug"):
            response = self._post(
                self._url(application, "plans"), market_view="x" * admission.FORM_BYTES
            )
        self.assertEqual(response.status_code, 413)

    def test_sniff(self):
        self.assertEqual(sniff(PNG), "image/png")
        self.assertEqual(sniff(PDF), "application/pdf")
        self.assertEqual(sniff(b"RIFF0000WEBPVP8 "), "image/webp")
        self.assertIsNone(sniff(SVG))


@tagged("post_install", "-at_install")
class TestAdmissionBadInput(AdmissionPortalCase):
    def test_numbers_and_choices(self):
        application = self._apply(submit=False)
        self.authenticate(None, None)
        for values in (
            {"hours_week": "-5"},
            {"hours_week": "200"},
            {"promotion_budget": "1e9"},
            {"promotion_budget": "9" * 15},
            {"customer_base": "many"},
            {"experience_years": "NaN"},
        ):
            with self.subTest(values):
                response = self._post(self._url(application, "plans"), **values)
                self.assertIn("a number that makes sense", response.text)
        self.assertEqual(application.hours_week, 30)
        other = self.env["product.category"].create({"name": "Other"})
        self._post(
            self._url(application, "plans"),
            mode="nonsense",
            ability="god",
            category_ids=other.id,
            state="opened",
            accepts_policy="1",
        )
        self.assertFalse(application.mode or application.ability)
        self.assertFalse(application.category_ids)
        self.assertEqual(application.state, "draft")

    def test_shops(self):
        application = self._apply(submit=False)
        self.authenticate(None, None)
        for values, words in (
            ({"name": "", "url": "a.example"}, "needs a name"),
            ({"name": "A", "url": "javascript:alert(1)"}, "no web address"),
            ({"name": "A", "url": "http://"}, "no web address"),
            ({"name": "A", "url": "http://chenli.taobao.example/"}, "already"),
            ({"name": "A", "url": "a.example", "positive_rate": "101"}, "makes sense"),
        ):
            with self.subTest(values):
                response = self._post(self._url(application, "shops"), **values)
                self.assertIn(words, response.text)
        self.assertEqual(len(application.shop_ids), 1)

    def test_incomplete_is_not_sent(self):
        application = self._apply(submit=False, phone=False)
        self.authenticate(None, None)
        self.assertIn("Still missing", self._visit(application, "send").text)
        response = self._post(self._url(application, "send"), accepts_policy="1")
        self.assertIn("is not complete", response.text)
        self.assertEqual(application.state, "draft")

    def test_portal_users_hold_no_right_on_the_models(self):
        new_test_user(self.env, "adm_portal", "base.group_portal")
        application = self._apply()
        self.authenticate("adm_portal", "adm_portal")
        for name in (
            "application",
            "application.shop",
            "application.check",
            "application.document",
            "campaign",
            "criterion",
            "admission.attempt",
        ):
            with (
                mute_logger("odoo.http"),
                self.assertRaisesRegex(Exception, "AccessError|not allowed"),
            ):
                self.make_jsonrpc_request(
                    "/web/dataset/call_kw",
                    {
                        "model": f"distributor.{name}",
                        "method": "search_read",
                        "args": [[]],
                        "kwargs": {},
                    },
                )
        self.assertTrue(application)


@tagged("post_install", "-at_install")
class TestAdmissionTours(AdmissionPortalCase):
    def test_apply(self):
        self.start_tour("/distributor/apply", "distributor_apply_tour")
        application = self._newest()
        self.assertEqual(
            (application.name, application.state), ("Tour Applicant", "submitted")
        )
        self.assertEqual(len(application.document_ids), 1)

    def test_review(self):
        application = self._apply("Review Me")
        self.start_tour(
            "/odoo/distributor-applications",
            "distributor_review_tour",
            login="adm_account_manager",
        )
        self.assertEqual(application.state, "negotiation")
        self.assertEqual(application.review_ids.mapped("status"), ["pending"])
        self.assertEqual(application.contact_ids.minutes, 12)
