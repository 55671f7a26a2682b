# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import http
from odoo.tests import HttpCase, tagged

from odoo.addons.distributor_crm.tests.evidence_common import photo

from .groupbuy_common import GroupbuyCommon


@tagged("post_install", "-at_install")
class TestGroupbuyPortal(GroupbuyCommon, HttpCase):
    """A distributor files and reports on the portal; nobody sees another's (R036, R037)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order = cls._order(cls.north, 30)

    def setUp(self):
        super().setUp()
        self.authenticate("north_owner", "north_owner")

    def _post(self, url, files=None, **data):
        data["csrf_token"] = http.Request.csrf_token(self)
        return self.url_open(url, data=data, files=files)

    def _file(self, **values):
        return self._post(
            "/my/groupbuys/new",
            **{
                "order_id": str(self.order.id),
                "use_count": "2",
                "recipient": "Li Wei",
                "phone": "13800420001",
                "address": "Hall 3, Nanjing Road 12",
                "purpose": "wedding",
                "date_0": str(self.today),
                "quantity_0": "10",
                "date_1": str(self.today),
                "quantity_1": "20",
                "place_1": "Garden",
                **values,
            },
        )

    def test_files(self):
        page = self.url_open(f"/my/groupbuys/new?order_id={self.order.id}&uses=2").text
        self.assertIn("date_1", page)
        self.assertIn("on record", self._file().text)
        groupbuy = self.order.groupbuy_id
        self.assertRecordValues(
            groupbuy,
            [{"state": "filed", "partner_id": self.north.id, "use_count": 2}],
        )
        self.assertEqual(groupbuy.filed_by_id, self.north_user.partner_id)
        self.assertEqual(
            groupbuy.use_ids.mapped("place"), ["Hall 3, Nanjing Road 12", "Garden"]
        )
        self.assertIn(groupbuy.name, self.url_open("/my/groupbuys").text)

    def test_bad_input_is_refused_in_words(self):
        theirs = self._order(self.south, 30)
        for values, text in (
            ({"order_id": str(theirs.id)}, "Choose one of your orders"),
            ({"order_id": "x"}, "There is no order of yours|Choose one"),
            ({"purpose": "evil"}, "Choose what the goods are used for"),
            ({"quantity_1": "21"}, "share out 31 units"),
            ({"quantity_1": "nan"}, "how many units"),
            ({"quantity_1": "-1"}, "how many units"),
            ({"date_1": "2026-99-99"}, "is no day"),
            ({"use_count": "9999"}, "in 1 to 12 parts"),
            ({"phone": "abc"}, "cannot be filed yet"),
        ):
            with self.subTest(values=values):
                answer = self._file(**values)
                self.assertEqual(answer.status_code, 200)
                self.assertRegex(answer.text, text)
        self.assertFalse(self.order.groupbuy_id)

    def test_strangers_learn_nothing(self):
        self._file()
        groupbuy = self.order.groupbuy_id
        self._ship(self.order)
        use = groupbuy.use_ids[0]
        kept = use._keep_evidence([("1.jpg", photo(5))])
        self.authenticate("south_owner", "south_owner")
        for path in (f"/my/groupbuys/{groupbuy.id}", f"/my/groupbuys/use/{use.id}"):
            answer = self.url_open(path, allow_redirects=False)
            self.assertEqual(answer.status_code, 303)
        for path in (
            f"/my/groupbuys/{groupbuy.id}/cancel",
            f"/my/groupbuys/{groupbuy.id}/explain",
            f"/my/groupbuys/use/{use.id}",
        ):
            self._post(path, explanation="x", held_on=str(self.today))
        self.assertEqual(groupbuy.state, "shipped")
        self.assertFalse(use.reported_at or groupbuy.explanation)
        self.assertEqual(self.url_open(f"/my/evidence/{kept.id}").status_code, 404)
        second = self._order(self.south, 30)
        answer = self._file(order_id=str(second.id))
        self.assertIn("Ask your account manager", answer.text)
        self.assertNotIn(groupbuy.name, answer.text)

    def test_reports_a_use(self):
        self._file()
        groupbuy = self.order.groupbuy_id
        self._ship(self.order)
        use = groupbuy.use_ids[0]
        sent = {
            "held_on": str(self.today),
            "guests": "40",
            "tables": "4",
            f"used_{self.goods.id}": "10",
            "codes": "A1\nA2 A1",
            "latitude": "31.2",
            "longitude": "121.5",
        }
        files = [("files", (f"{n}.jpg", photo(n + 70))) for n in range(2)]
        answer = self._post(f"/my/groupbuys/use/{use.id}", files[:1], **sent)
        self.assertIn("At least 2 photos", answer.text)
        self.assertFalse(use.reported_at)
        self.assertEqual(use.evidence_count, 1, "what has arrived stays")
        for _again in range(2):
            answer = self._post(f"/my/groupbuys/use/{use.id}", files, **sent)
            self.assertIn("your report has arrived", answer.text)
        self.assertRecordValues(
            use, [{"guests": 40, "tables": 4, "performer": "partner"}]
        )
        self.assertEqual(use.evidence_count, 2, "nothing is doubled")
        self.assertEqual(use.used_quantity, 10)
        self.assertEqual(use.code_ids.mapped("name"), ["A1", "A2"])
        self.assertEqual(set(use.evidence_ids.mapped("performer")), {"partner"})
        self.assertEqual(use.evidence_ids[0].position_source, "browser")
        picture = self.url_open(f"/my/evidence/{use.evidence_ids[0].id}")
        self.assertTrue(picture.headers["Content-Type"].startswith("image/"))
        refused = self._post(
            f"/my/groupbuys/use/{use.id}", [("files", ("x.jpg", b"<svg/>"))], **sent
        )
        self.assertIn("is not accepted", refused.text)

    def test_explains(self):
        self._file()
        groupbuy = self.order.groupbuy_id
        self._ship(self.order)
        for use in groupbuy.use_ids:
            self._report_use(use, quantity=1)
        groupbuy.action_verify()
        self.assertIn("Please explain", self.url_open("/my/groupbuys").text)
        answer = self._post(
            f"/my/groupbuys/{groupbuy.id}/explain", explanation="<b>Rain</b>"
        )
        self.assertIn("reads your explanation", answer.text)
        self.assertIn("&lt;b&gt;Rain", answer.text)
        self.assertEqual(groupbuy.explanation, "<b>Rain</b>")

    def test_takes_back(self):
        self._file()
        groupbuy = self.order.groupbuy_id
        self._post(f"/my/groupbuys/{groupbuy.id}/cancel")
        self.assertEqual(groupbuy.state, "cancelled")
