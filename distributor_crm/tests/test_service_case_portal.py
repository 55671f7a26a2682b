# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.tests import tagged
from odoo.tools import mute_logger

from .service_common import ServicePortalCase, picture


@tagged("post_install", "-at_install")
class TestServiceCasePortal(ServicePortalCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.case = cls.env["distributor.case"].create(
            {
                "subject": "Missing box",
                "kind": "order",
                "partner_id": cls.north.id,
                "contact_id": cls.contacts[0].id,
            }
        )

    def ask(self, files=None, **values):
        data = {
            "kind": "complaint",
            "subject": "Wrong goods",
            "description": "Red instead of blue",
            **values,
        }
        return self._post("/my/cases/new", files=files, **data)

    def newest(self):
        return self.env["distributor.case"].search(
            [("partner_id", "=", self.north.id), ("id", "!=", self.case.id)], limit=1
        )

    def test_own_alone(self):
        self._check_own_only(f"/my/cases/{self.case.id}")
        self._login("south_owner")
        self.assertNotIn("Missing box", self.url_open("/my/cases").text)
        for path in ("rate", "reopen"):
            url = f"/my/cases/{self.case.id}/{path}"
            self.assertTrue(self._is_home(self._post(url, rating="5")))
        self.assertFalse(self.case.rating)

    def test_nothing_for_who_is_no_distributor(self):
        self.north.is_distributor = False
        self._login()
        for path in ("/my/service", "/my/cases", "/my/cases/new"):
            self.assertTrue(self._is_home(self.url_open(path)), path)
        self.assertTrue(self._is_home(self.ask()))
        self.assertFalse(self.newest())

    def test_ask_with_photo_about_own_order(self):
        order = self._order(self.north)
        self._login()
        response = self.ask(
            files=[("files", ("../../a.png", picture(), "text/html"))],
            order_id=order.id,
        )
        case = self.newest()
        self.assertIn(f"/my/cases/{case.id}?done=sent", response.url)
        self.assertEqual((case.order_id, case.user_id), (order, self.account_manager))
        self.assertEqual(case.contact_id, self.north_user.partner_id)
        files = self.env["ir.attachment"].search(
            [("res_model", "=", case._name), ("res_id", "=", case.id)]
        )
        self.assertIn(files, case.message_ids.attachment_ids)
        self.assertEqual((files.name, files.mimetype), ("a.png", "image/png"))
        self.assertFalse(case.first_response_at)

    def test_bad_input_opens_nothing(self):
        foreign = self._order(self.south)
        store = self._store(self.south, "foreign-case")
        script = b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>"
        self._login()
        for files, values in (
            ([("files", ("a.png", script, "image/png"))], {}),
            ([("files", ("a.pdf", b"MZ" + b"\0" * 99, "application/pdf"))], {}),
            ([("files", ("a.png", picture() + b"0" * 11**7, "image/png"))], {}),
            ([("files", ("a.png", picture(), "image/png"))] * 6, {}),
            (None, {"kind": "nonsense"}),
            (None, {"subject": "  "}),
            (None, {"description": ""}),
            (None, {"order_id": foreign.id}),
            (None, {"order_id": 2**31 - 1}),
            (None, {"store_id": store.id}),
        ):
            response = self.ask(files=files, **values)
            self.assertEqual(response.status_code, 200)
            self.assertIn("alert-danger", response.text, values or files[0][1][0])
        self.assertFalse(self.newest())

    def test_what_is_typed_is_shown_as_text(self):
        self._login()
        self.ask(subject="<script>alert(1)</script>", description="<b>x</b>")
        page = self.url_open(f"/my/cases/{self.newest().id}").text
        self.assertNotIn("<script>alert(1)", page)
        self.assertIn("&lt;b&gt;x", page)

    def test_token_of_a_form_is_asked_for(self):
        self._login()
        with mute_logger("odoo.http"):
            response = self.url_open("/my/cases/new", data={"subject": "x"})
        self.assertEqual(response.status_code, 400)

    def test_rate_and_reopen(self):
        self._login()
        url = f"/my/cases/{self.case.id}"
        self.assertIn("alert-danger", self._post(f"{url}/rate", rating="5").text)
        self.case.action_solve()
        self.assertIn("alert-danger", self._post(f"{url}/rate", rating="9").text)
        self._post(f"{url}/rate", rating="4", comment="good")
        self.assertEqual((self.case.rating, self.case.rating_comment), (4, "good"))
        self._post(f"{url}/reopen")
        self.assertEqual(self.case.state, "in_progress")

    def test_discussion_lets_in_by_token_alone(self):
        self.case._portal_ensure_token()

        def write(token):
            return self.make_jsonrpc_request(
                "/mail/message/post",
                {
                    "thread_model": "distributor.case",
                    "thread_id": self.case.id,
                    "token": token,
                    "post_data": {"body": "Any news?"},
                },
            )

        before = len(self.case.message_ids)
        self._login("south_owner")
        with mute_logger("odoo.http"), self.assertRaises(Exception):  # noqa: B017
            write("no-token")
        self.assertEqual(len(self.case.message_ids), before)
        self._login()
        write(self.case.access_token)
        self.assertEqual(self.case.message_ids[0].author_id, self.north_user.partner_id)

    def test_tour(self):
        """From the first click to the rating."""
        self.start_tour("/my/service", "distributor_case_tour", login="north_owner")
        case = self.newest()
        self.assertEqual((case.kind, case.subject), ("question", "Gift boxes in May"))
