# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from freezegun import freeze_time

from odoo import http
from odoo.tests import HttpCase, tagged

from .test_visit_settlement import APRIL
from .visit_work_common import MONDAY, VisitWorkCommon


@tagged("post_install", "-at_install")
class TestVisitWorkPortal(VisitWorkCommon, HttpCase):
    """Agencies see their own settlements, rates and meetings; nobody else's (R055)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rival_boss = cls._new_portal_user("rival_boss", cls.rival)
        cls._visit(sold=1)
        cls._visit(cls.rex, sold=1)
        with freeze_time(APRIL):
            drafts = (
                cls.env["distributor.visit.settlement"]
                .with_user(cls.manager)
                ._compute_month(cls.company, MONDAY)
            )
            cls.mine = drafts.filtered(lambda one: one.agency_id == cls.agency)
            cls.theirs = drafts - cls.mine
            cls.mine.action_submit()
        cls.mine, cls.theirs = cls.mine.sudo(), cls.theirs.sudo()

    def _page(self, url, **post):
        """Return where a page leads, and what it says."""
        data = {**post, "csrf_token": http.Request.csrf_token(self)} if post else None
        response = self.url_open(url, data=data)
        return response.url.removeprefix(self.base_url()), response.text

    def test_the_agency_sees_what_is_submitted(self):
        self.authenticate("boss", "boss")
        _url, text = self._page("/my/visit-settlements")
        self.assertIn("2026-03", text)
        self.assertIn("I have read it", text)
        url, text = self._page(f"/my/visit-settlements/{self.mine.id}")
        self.assertIn("100.00", text)
        self.assertIn("Signed form", text)
        line = self.mine.line_ids[:1]
        form = self.url_open(f"/my/visit-settlements/{self.mine.id}/form/{line.id}")
        self.assertEqual(form.content, b"%PDF signed")
        pdf = self.url_open(f"/my/visit-settlements/{self.mine.id}/pdf")
        self.assertEqual(pdf.status_code, 200)
        self.assertIn("attachment", pdf.headers["Content-Disposition"])

    def test_the_list_is_ones_own(self):
        """Whatever rates an agency has, it lists no settlement of another's."""
        self.theirs.with_user(self.manager).action_submit()
        theirs = f"/my/visit-settlements/{self.theirs.id}"
        self.authenticate("boss", "boss")
        for rate in (False, self.agency):
            if rate:
                self.rate.copy({"date_from": "2026-02-01", "agency_id": rate.id})
            response = self.url_open("/my/visit-settlements")
            self.assertEqual(response.status_code, 200)
            self.assertIn(f"/my/visit-settlements/{self.mine.id}", response.text)
            self.assertNotIn(f'"{theirs}"', response.text)

    def test_drafts_and_strangers_lead_home(self):
        for login, settlement in (
            ("boss", self.theirs),
            ("rival_boss", self.mine),
            ("rival_boss", self.theirs),  # a draft of his own
            ("lin", self.mine),  # an agent does not see what his agency gets
        ):
            self.authenticate(login, login)
            for path in ("", "/pdf", f"/form/{settlement.line_ids[:1].id}"):
                url, _text = self._page(f"/my/visit-settlements/{settlement.id}{path}")
                self.assertRegex(url, r"/my(/home)?/?$", f"{login} {path}")
            for act in ("accept", "object"):
                self._page(
                    f"/my/visit-settlements/{settlement.id}/{act}", text="Not mine"
                )
        self.env.invalidate_all()
        self.assertEqual(self.mine.partner_state, "open")

    def test_the_agency_objects(self):
        self.authenticate("boss", "boss")
        url = f"/my/visit-settlements/{self.mine.id}"
        _url, text = self._page(f"{url}/object", text="  ")
        self.assertIn("Say what is wrong", text)
        _url, text = self._page(f"{url}/object", text="One <b>group</b> is missing")
        self.assertIn("We have your objection", text)
        self.assertNotIn("<b>group</b>", text)
        self.env.invalidate_all()
        self.assertEqual(self.mine.partner_state, "disputed")

    def test_rates_are_read_once(self):
        self.authenticate("boss", "boss")
        for _time in range(2):
            self._page(f"/my/visit-rates/{self.rate.id}/read", ok="1")
        self.assertEqual(self.rate.reading_ids.agency_id, self.agency)
        self.assertEqual(len(self.rate.reading_ids), 1)
        other = self.rate.copy({"date_from": "2026-06-01", "agency_id": self.rival.id})
        self._page(f"/my/visit-rates/{other.id}/read", ok="1")
        self.assertFalse(other.reading_ids)

    def test_an_agent_announces_his_absence(self):
        """R059: what counts is when it came in, whatever the form says."""
        self.authenticate("lin", "lin")
        values = {"date_from": "2027-01-04T09:00", "date_to": "2027-01-04T18:00"}
        url, text = self._page("/my/absences", reason="Ill", **values)
        self.assertIn("We have your notice", text)
        absence = self.env["distributor.visit.absence"].search([])
        self.assertEqual(absence.agent_id, self.lin)
        self.assertEqual(str(absence.date_from), "2027-01-04 09:00:00")
        for wrong in (
            {"reason": " ", **values},
            {"reason": "x", "date_from": "soon", "date_to": ""},
            {"reason": "x", **values, "agent_id": str(self.rex.id)},
            {"reason": "x", "date_from": values["date_to"], "date_to": "1"},
        ):
            self._page("/my/absences", **wrong)
        self.assertEqual(self.env["distributor.visit.absence"].search([]), absence)
        self.authenticate("rex", "rex")
        self._page(f"/my/absences/{absence.id}/withdraw", ok="1")
        self.assertEqual(absence.state, "announced")

    def test_the_agency_hands_in_its_plan(self):
        meeting = self.env["distributor.visit.meeting"].create(
            {
                "start_at": "2027-01-08 14:00:00",
                "user_id": self.manager.id,
                "agency_line_ids": [
                    (0, 0, {"agency_id": agency.id})
                    for agency in (self.agency, self.rival)
                ],
            }
        )
        mine, theirs = meeting.agency_line_ids
        self.authenticate("boss", "boss")
        _url, text = self._page("/my/visit-meetings")
        self.assertIn("Plan missing", text)
        self._page(f"/my/visit-meetings/{mine.id}/plan", groups="14", plan="East gate")
        self._page(f"/my/visit-meetings/{theirs.id}/plan", groups="1", plan="Ours now")
        self.assertEqual((mine.planned_groups, mine.plan), (14, "East gate"))
        self.assertTrue(mine.reported_at)
        self.assertFalse(theirs.reported_at)

    def test_who_has_nothing_to_do_with_it_is_led_home(self):
        self._new_portal_user("guest", self.env["res.partner"].create({"name": "G"}))
        self.authenticate("guest", "guest")
        for path in ("visit-settlements", "absences", "visit-meetings"):
            url, _text = self._page(f"/my/{path}")
            self.assertRegex(url, r"/my(/home)?/?$")

    def test_the_agency_settles_in_the_browser(self):
        """From the portal's first page to an accepted settlement."""
        self.start_tour("/my", "distributor_visit_settlement_tour", login="boss")
        self.env.invalidate_all()
        self.assertEqual(self.mine.partner_state, "accepted")
        self.assertIn(
            self.rate, self.env["distributor.visit.rate.reading"].search([]).rate_id
        )
