# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import base64
from datetime import timedelta
from io import BytesIO

from freezegun import freeze_time
from PIL import Image

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from odoo.addons.distributor_crm import draw

from .visit_work_common import MONDAY, VisitWorkCommon


def picture(shade):
    """Return a JPEG with some structure, another one for each shade."""
    image = Image.new("RGB", (64, 64), (shade, 90, 40))
    for place in range(64):
        image.putpixel((place, (place * (shade + 1)) % 64), (255, 255 - shade, shade))
    stream = BytesIO()
    image.save(stream, "JPEG")
    return stream.getvalue()


@tagged("post_install", "-at_install")
class TestVisitAttendance(VisitWorkCommon):
    """R044, R058–R061: shifts, announced absences, checks that are drawn, empty posts."""

    def _spot(self, day=0, hour=8, **values):
        """A check of a day, drawn by a sales manager."""
        with freeze_time(self._day(day, hour)):
            spot = (
                self.env["distributor.visit.spot"]
                .with_user(self.manager)
                .create(
                    {
                        "date": MONDAY + timedelta(days=day),
                        "inspector_id": self.rep.id,
                        "wanted": 9,
                        **values,
                    }
                )
            )
            spot.action_draw()
        return spot

    def _absent(self, line, day=0, hour=10, shade=10):
        """The inspector finds nobody, and shows it."""
        with freeze_time(self._day(day, hour)):
            line.sudo()._keep_evidence([("post.jpg", picture(shade))])
            line.with_user(line.inspector_id).action_absent()

    # -- shifts ------------------------------------------------------------------------

    def test_nobody_stands_at_two_posts(self):
        self._shift()
        other = self.post.copy({"name": "West gate"})
        with self._refused(ValidationError, "two posts at once"):
            self._shift(post=other, hour_from=17, hour_to=20)
        self._shift(post=other, hour_from=18, hour_to=20)

    def test_what_has_begun_is_not_replanned(self):
        """R044: a day's plan is what attendance is held against; changes are logged."""
        shift = self._shift(day=2)
        mine = shift.with_user(self.care)
        with freeze_time(self._day(1)):
            mine.hour_from = 10
            self.assertIn("Shift changed", self.post.message_ids[0].body)
        with freeze_time(self._day(2, 12)):
            for work in (
                lambda: mine.write({"agent_id": self.wei.id}),
                lambda: mine.unlink(),
                lambda: mine.copy({"date": MONDAY}),
            ):
                with self._refused(UserError, "has begun"):
                    work()
        with self._refused(AccessError, "."):
            shift.with_user(self.rep).write({"note": "x"})

    def test_planning_many_days_at_once(self):
        with freeze_time(self._day(0)):
            plan = (
                self.env["distributor.visit.roster.plan"]
                .with_user(self.care)
                .create(
                    {
                        "post_id": self.post.id,
                        "agent_ids": [(6, 0, (self.lin | self.wei).ids)],
                        "saturday": False,
                        "sunday": False,
                    }
                )
            )
            plan.action_plan()
            found = self.env["distributor.visit.roster"].search(
                [("post_id", "=", self.post.id)]
            )
            self.assertEqual(len(found), 10)
            self.assertEqual(min(found.mapped("date")), MONDAY + timedelta(days=7))
            with self._refused(UserError, "already"):
                plan.action_plan()

    def test_who_is_barred_left_or_untrained_is_not_planned(self):
        """R063, R126."""
        self.duty.needs_certificate = True
        with self._refused(ValidationError, "certificate"):
            self._shift(day=1)
        self.lin.write(
            {"visit_trained_on": MONDAY, "visit_certificate_until": "2026-12-31"}
        )
        shift = self._shift(day=1)
        with freeze_time(self._day(0)):
            self.lin._bar_from_visits("V1", MONDAY, MONDAY + timedelta(days=90))
        self.assertFalse(shift.exists())
        self.assertFalse(self.lin.is_field_agent)
        with self._refused(ValidationError, "is barred"):
            self._shift(day=2)
        with self._refused(AccessError, "buttons"):
            self.lin.with_user(self.manager).write({"visit_barred_on": False})
        with self._refused(AccessError, "."):
            self.lin.with_user(self.care).action_let_in_again()
        self.lin.with_user(self.manager).action_let_in_again()
        self._shift(day=2)

    # -- absences ----------------------------------------------------------------------

    def test_when_it_was_announced_is_not_edited(self):
        """R059: what counts is when it came in, or what stood in the group, with proof."""
        Absence = self.env["distributor.visit.absence"].with_user(self.care)
        values = {
            "agent_id": self.lin.id,
            "date_from": self._day(1, 9),
            "date_to": self._day(1, 18),
            "reason": "Ill",
        }
        with freeze_time(self._day(1, 12)):
            late = Absence.create({**values, "received_at": "2026-01-01 00:00:00"})
            self.assertEqual(late.announced_at, self._day(1, 12))
            self.assertTrue(late.is_late)
            with self._refused(ValidationError, "picture of the message"):
                Absence.create({**values, "said_at": self._day(0)})
            said = Absence.create(
                {
                    **values,
                    "said_at": self._day(0),
                    "proof": base64.b64encode(picture(3)),
                }
            )
            self.assertFalse(said.is_late)
            for field in ("received_at", "said_at", "date_from", "agent_id"):
                with self._refused(AccessError, "not edited"):
                    late.write({field: values.get(field, self._day(0))})

    # -- the draw ----------------------------------------------------------------------

    def test_a_draw_is_repeated_from_its_seed(self):
        for agent in (self.lin, self.wei, self.rex):
            self._shift(agent)
        spot = self._spot(wanted=2)
        self.assertEqual(len(spot.line_ids), 2)
        population = self.env["distributor.visit.roster"].search([]).ids
        self.assertEqual(
            spot.line_ids.sorted("sequence").roster_id.ids,
            draw.draw(population, 2, spot.seed),
        )
        self.assertEqual(spot.action_verify_draw()["params"]["type"], "success")
        spot.sudo().line_ids[0].sequence = 7
        self.assertEqual(spot.action_verify_draw()["params"]["type"], "danger")

    def test_nobody_chooses_whom_to_check(self):
        self._shift()
        spot = self._spot()
        for values in (
            {"seed": "1"},
            {"population": "[]"},
            {"inspector_id": self.manager.id},
            {"state": "draft"},
            {"line_ids": [(5,)]},
        ):
            with self._refused(AccessError, "Nobody chooses"):
                spot.write(values)
        for values in ({"result": "present"}, {"agent_id": self.wei.id}):
            with self._refused(AccessError, "."):
                spot.line_ids.with_user(self.manager).write(values)
        with self._refused(UserError, "stay on record"):
            spot.unlink()
        made = (
            self.env["distributor.visit.spot"]
            .with_user(self.manager)
            .create({"seed": "mine", "state": "done", "inspector_id": self.rep.id})
        )
        self.assertEqual((made.seed, made.state), (False, "draft"))

    def test_agencies_and_colleagues_do_not_see_the_draw(self):
        self._shift()
        spot = self._spot()
        for user in (self.boss, self.agent):
            with self._refused(AccessError, "."):
                spot.with_user(user).read(["name"])
            with self._refused(AccessError, "."):
                spot.line_ids.with_user(user).read(["result"])
        self.assertFalse(spot.with_user(self.receptionist).search([]))
        self.assertEqual(spot.with_user(self.rep).search([]), spot)

    def test_nobody_of_the_agency_inspects(self):
        """R058: an inspector who belongs to the agency gets none of its shifts."""
        self._shift()
        self._shift(self.rex)
        self.rep.partner_id.visit_agency_id = self.agency
        spot = self._spot()
        self.assertEqual(spot.line_ids.agent_id, self.rex)
        with self._refused(ValidationError, "people of the company"):
            self._spot(inspector_id=self.boss.id)

    def test_only_the_inspector_records(self):
        self._shift()
        line = self._spot().line_ids
        with freeze_time(self._day(0)):
            with self._refused(AccessError, "inspector"):
                line.with_user(self.manager).action_present()
            line.with_user(self.rep).action_present()
            self.assertEqual((line.result, line.checked_by_id), ("present", self.rep))
            with self._refused(UserError, "checked already"):
                line.with_user(self.rep).action_absent()
            line.with_user(self.rep).action_late()
        self.assertEqual((line.result, line.spot_id.state), ("late", "done"))

    def test_a_post_is_checked_while_it_has_to_be_manned(self):
        self._shift()
        line = self._spot().line_ids.with_user(self.rep)
        for hour in (8.5, 18.5):
            with freeze_time(self._day(0, hour)), self._refused(UserError, "manned"):
                line.action_present()
        with freeze_time(self._day(0)), self._refused(UserError, "photo"):
            line.action_absent()
        line.sudo()._keep_evidence([("post.jpg", picture(1))])
        with (
            freeze_time(self._day(0, 9.1)),
            self._refused(UserError, "come back later"),
        ):
            line.action_absent()
        with freeze_time(self._day(1, 1)):
            self.env["distributor.visit.spot"]._cron_close()
        self.assertEqual((line.result, line.spot_id.state), ("missed", "done"))

    # -- what follows ------------------------------------------------------------------

    def test_empty_posts_first_a_warning_then_a_wage(self):
        """R060, R061: 30 and a warning, then the day's wage of the rate card, in a month."""
        self.rate.day_wage = 180
        cases = []
        for number, day in enumerate((0, 1, 29)):
            self._shift(day=day)
            line = self._spot(day).line_ids
            self._absent(line, day, shade=20 + 60 * number)
            cases.append((line.offence_number, line.violation_id.amount))
            case = line.violation_id
            self.assertEqual(case.policy_code, "empty_post")
            self.assertEqual((case.partner_id, case.person_id), (self.agency, self.lin))
        self.assertEqual(cases, [(1, 30), (2, 180), (3, 180)])
        # A new month begins anew.
        self._shift(day=30)
        line = self._spot(30).line_ids
        self._absent(line, 30, shade=220)
        self.assertEqual((line.offence_number, line.penalty), (1, 30))

    def test_counted_by_agency_where_the_rules_say_so(self):
        self.duty.empty_scope = "agency"
        self.rate.day_wage = 180
        self._shift()
        self._absent(self._spot().line_ids)
        self._shift(self.wei, day=1)
        line = self._spot(1).line_ids
        self._absent(line, 1, shade=99)
        self.assertEqual((line.offence_number, line.penalty), (2, 180))

    def test_a_lifted_case_does_not_count(self):
        self.rate.day_wage = 180
        self._shift()
        first = self._spot().line_ids
        self._absent(first)
        self._lift(first.violation_id)
        self._shift(day=1)
        line = self._spot(1).line_ids
        self._absent(line, 1, shade=99)
        self.assertEqual((line.offence_number, line.penalty), (1, 30))

    def test_announced_before_the_check_is_excused(self):
        """R059: before the check, not before the shift; after it is too late."""
        for day, announced in ((0, 9.5), (1, 10.5)):
            self._shift(day=day)
            line = self._spot(day).line_ids
            with freeze_time(self._day(day, announced)):
                self.env["distributor.visit.absence"].create(
                    {
                        "agent_id": self.lin.id,
                        "date_from": self._day(day, 9),
                        "date_to": self._day(day, 18),
                        "reason": "Exam",
                    }
                )
            self._absent(line, day, shade=30 + 90 * day)
            wanted = "absent" if day else "excused"
            self.assertEqual(line.result, wanted)
            self.assertEqual(bool(line.violation_id), bool(day))
            self.assertEqual(bool(line.absence_id), not day)

    def test_one_shift_is_punished_once(self):
        """Two checks may draw the same shift; it is found empty by one of them."""
        self._shift()
        first, second = self._spot().line_ids, self._spot().line_ids
        self._absent(first)
        with self._refused(UserError, "found .* empty already"):
            self._absent(second, shade=200)
