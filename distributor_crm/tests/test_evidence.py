# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import date, datetime, timedelta
from hashlib import sha256
from unittest.mock import patch

from odoo import fields, http
from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, tagged

from .evidence_common import heic, photo, scene
from .service_common import ServiceCommon, no_commits

NOW = datetime(2026, 5, 1, 12)


class EvidenceCase(ServiceCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.returns = cls.env["distributor.return"].create(
            [
                {"partner_id": partner.id, "order_id": cls._order(partner).id}
                for partner in (cls.north, cls.south)
            ]
        )
        cls.one, cls.two = cls.returns
        cls.Evidence = cls.env["distributor.evidence"]

    def _keep(self, record, *contents, **facts):
        files = [(f"{number}.jpg", data) for number, data in enumerate(contents)]
        return self.Evidence._keep(record, files, {"received_at": NOW, **facts})


@tagged("post_install", "-at_install")
class TestEvidence(EvidenceCase):
    """Photos keep what they say of themselves, and stay as they are (R037, R038)."""

    def test_original_is_kept_to_the_byte(self):
        """Odoo would shrink a big picture and strip its metadata; evidence stays."""
        data = photo(
            size=(2600, 2000),
            taken=NOW + timedelta(hours=8),
            offset="+08:00",
            latitude=31.2,
            longitude=121.5,
        )
        kept = self._keep(self.one, data)
        self.assertEqual(kept.attachment_id.raw, data)
        self.assertEqual(kept.sha256, sha256(data).hexdigest())
        self.assertEqual(kept.taken_at, NOW)
        self.assertAlmostEqual(kept.latitude, 31.2, 4)
        self.assertEqual(kept.device, "Huawei P60")
        self.assertEqual(kept.performer, "staff")
        self.assertTrue(kept.image and kept.thumbnail)
        self.assertEqual(kept.company_id, self.one.company_id)
        self.assertFalse(kept.is_flagged)
        self.assertEqual(self.one.evidence_ids, kept)
        self.assertEqual(self.one.evidence_count, 1)

    def test_original_cannot_be_changed_or_deleted(self):
        """Nobody, superusers neither; the record that it proves neither."""
        kept = self._keep(self.one, photo())
        original = kept.attachment_id
        with self._refused(UserError, "stays as it was"):
            original.write({"raw": photo(2)})
        with self._refused(UserError, "stays as it was"):
            original.sudo().write({"res_id": self.two.id, "res_model": self.two._name})
        with self._refused(UserError, "is evidence"):
            original.unlink()
        with self._refused(UserError, "never deleted"):
            kept.sudo().unlink()
        with self._refused(UserError, "Cancel it instead"):
            self.one.unlink()

    def test_nobody_writes_evidence(self):
        kept = self._keep(self.one, photo())
        for user in (self.sales_rep, self.account_manager, self.channel_admin):
            mine = kept.with_user(user)
            with self._refused(AccessError, ""):
                mine.write({"taken_at": NOW})
            with self._refused(AccessError, ""):
                mine.unlink()
            with self._refused(AccessError, ""):
                mine.create(
                    {
                        "res_model": self.one._name,
                        "res_id": self.one.id,
                        "company_id": self.company.id,
                        "sha256": "0" * 64,
                        "performer": "staff",
                        "received_at": NOW,
                    }
                )

    def test_same_file_is_found_over_all_records(self):
        first = self._keep(self.one, photo(1))
        again = self._keep(self.two, photo(1))
        self.assertTrue(again.flag_duplicate)
        self.assertEqual(again.duplicate_of_id, first)
        self.assertFalse(first.flag_duplicate, "the first is the original")
        self.assertFalse(again._counts())

    def test_nearly_same_picture_is_found(self):
        """Smaller, worse, mirrored: still the picture that was used before."""
        first = self._keep(self.one, photo(1, (1600, 1200)))
        doctored = {
            "smaller": photo(1, (640, 480), quality=40),
            "mirrored": photo(image=scene(1).transpose(0)),
            "turned": photo(image=scene(1).rotate(90, expand=True)),
        }
        for name, data in doctored.items():
            with self.subTest(name):
                copy = self._keep(self.two, data)
                self.assertTrue(copy.flag_near)
                self.assertEqual(copy.duplicate_of_id, first)
        other = self._keep(self.two, photo(7))
        self.assertFalse(other.flag_near or other.duplicate_of_id)

    def test_copies_in_one_batch_are_found(self):
        kept = self._keep(self.one, photo(1), photo(1, quality=50), photo(2))
        self.assertEqual(kept.mapped("flag_near"), [False, True, False])

    def test_other_companies_are_not_searched(self):
        self._keep(self.one, photo(1))
        company = self.env["res.company"].create({"name": "Elsewhere"})
        with patch.object(
            type(self.two), "_get_evidence_company", lambda record: company
        ):
            kept = self._keep(self.two, photo(1))
        self.assertFalse(kept.flag_duplicate)

    def test_sending_twice_keeps_one(self):
        """A phone that is unsure sends again: nothing is doubled."""
        first = self._keep(self.one, photo(1))
        self.assertEqual(self._keep(self.one, photo(1), photo(1)), first + first)
        self.assertEqual(self.one.evidence_count, 1)

    def test_time_and_place_are_judged(self):
        self.company.write({"evidence_before_hours": 2, "evidence_after_hours": 3})
        place = {
            "since": NOW - timedelta(hours=4),
            "until": NOW - timedelta(hours=3),
            "latitude": 31.2,
            "longitude": 121.5,
        }
        cases = [
            # hours from now, latitude, what is flagged
            (-3.5, 31.2, set()),
            (-5.9, 31.203, set()),
            (-6.1, 31.2, {"flag_before"}),
            (-0.1, 31.2, set()),
            (0.1, 31.21, {"flag_after", "flag_far"}),
            (6, 31.2, {"flag_after", "flag_clock"}),
        ]
        names = {"flag_before", "flag_after", "flag_far", "flag_clock"}
        with patch.object(type(self.one), "_get_evidence_place", lambda record: place):
            for seed, (hours, latitude, flags) in enumerate(cases):
                with self.subTest(hours=hours, latitude=latitude):
                    kept = self._keep(
                        self.one,
                        photo(
                            seed + 10,
                            taken=NOW + timedelta(hours=hours),
                            offset="+00:00",
                            latitude=latitude,
                            longitude=121.5,
                        ),
                    )
                    self.assertEqual({name for name in names if kept[name]}, flags)

    def test_clock_without_zone(self):
        """The satellites tell what the camera's clock is ahead; a device that shows
        another time than the server is flagged."""
        kept = self._keep(
            self.one,
            photo(taken=NOW + timedelta(hours=5, minutes=31), satellite=NOW),
        )
        self.assertEqual(kept.taken_at, NOW + timedelta(minutes=1))
        self.assertFalse(kept.flag_clock)
        late = self._keep(self.one, photo(2), device_now=NOW - timedelta(hours=1))
        self.assertTrue(late.flag_clock)

    def test_removed_metadata_and_editors(self):
        bare = self._keep(self.one, photo(1))
        self.assertTrue(bare.flag_no_metadata and bare.is_flagged)
        self.assertIn("Metadata Removed", bare.flags)
        edited = self._keep(
            self.one, photo(2, taken=NOW, offset="+00:00", software="Meitu 9.1")
        )
        self.assertTrue(edited.flag_edited)
        self.assertFalse(edited.flag_no_metadata)

    def test_heic_is_kept_with_a_flag(self):
        data = heic(taken=NOW, offset="+00:00")
        kept = self._keep(self.one, data)
        self.assertTrue(kept.flag_uncompared)
        self.assertEqual(kept.attachment_id.raw, data)
        self.assertEqual(kept.taken_at, NOW)
        self.assertFalse(kept.thumbnail)
        self.assertTrue(self._keep(self.two, data).flag_duplicate)

    def test_others_are_refused_and_nothing_is_kept(self):
        with self._refused(UserError, "0.txt is not accepted"):
            self.Evidence._keep(
                self.one, [("1.jpg", photo()), ("0.txt", b"not a picture")]
            )
        self.assertFalse(self.one.evidence_count)

    def test_expired_originals_go_the_record_stays(self):
        """The checksum goes on finding copies; what is still needed stays."""
        self.company.evidence_retention_days = 30
        kept, needed = self._keep(self.one, photo(1)), self._keep(self.two, photo(2))
        self.assertEqual(kept.retain_until, date(2026, 5, 31))
        originals = kept.attachment_id, needed.attachment_id
        with (
            no_commits(self),
            patch.object(
                type(self.one),
                "_get_records_needing_evidence",
                lambda records: records & self.two,
            ),
            patch.object(fields.Date, "context_today", lambda *_args: date(2026, 6, 1)),
        ):
            self.Evidence.sudo()._cron_night()
        self.assertFalse(originals[0].exists())
        self.assertTrue(originals[1].exists())
        self.assertFalse(kept.image)
        self.assertTrue(kept.removed_at and kept.sha256 and kept.phash)
        self.assertTrue(self._keep(self.two, photo(1)).flag_duplicate)

    def test_review(self):
        """People decide: what is rejected counts no more, and needs a reason."""
        kept = self._keep(self.one, photo(1))
        self.assertEqual(self.one._get_counting_evidence(), kept)
        with self._refused(AccessError, ""):
            kept.with_user(self.sales_rep).action_accept()
        mine = kept.with_user(self.account_manager)
        with self._refused(UserError, "Enter the reason"):
            mine.action_reject()
        mine.review_note = "A photo of a screen."
        mine.action_reject()
        self.assertEqual(kept.reviewed_by_id, self.account_manager)
        self.assertFalse(self.one._get_counting_evidence())

    def test_evidence_is_seen_by_who_sees_the_record(self):
        mine, others = self._keep(self.one, photo(1)), self._keep(self.two, photo(2))
        self.south.write({"user_id": False, "account_manager_id": False})
        both = mine + others
        for user, seen in (
            (self.sales_rep, mine),
            (self.account_manager, mine),
            (self.sales_manager, both),
            (self.finance, both),
        ):
            with self.subTest(user.login):
                found = self.Evidence.with_user(user).search([("id", "in", both.ids)])
                self.assertEqual(found, seen)
                self.assertEqual(both.with_user(user)._filtered_access("read"), seen)
        with self._refused(AccessError, "that you may read only"):
            others.with_user(self.sales_rep).read(["name"])
        with self._refused(AccessError, ""):
            others.attachment_id.with_user(self.sales_rep).read(["raw"])
        self.assertTrue(mine.attachment_id.with_user(self.sales_rep).raw)
        with self._refused(AccessError, ""):
            self.Evidence.with_user(self.north_user).search([])

    def test_batch_costs_no_query_a_picture(self):
        """Ten photos are compared and written in as many statements as two."""

        def count(numbers):
            files = [photo(number) for number in numbers]
            before = self.env.cr.sql_log_count
            self._keep(self.one, *files)
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        count([1, 2])
        two, ten = count([3, 4]), count(range(10, 20))
        # What is left a picture: rows of the files that hold copy and original.
        self.assertLess(ten - two, 8 * 8)

    def test_comparison_is_one_statement(self):
        kept = self._keep(self.one, *(photo(number) for number in range(5)))
        self.env.flush_all()
        with self.assertQueryCount(1):
            kept._compare()


@tagged("post_install", "-at_install")
class TestEvidenceHttp(EvidenceCase, HttpCase):
    """Photos on their way in and out."""

    def _send(self, record, *contents, model=None):
        return self.url_open(
            "/distributor/evidence",
            data={
                "csrf_token": self._token(),
                "model": model or record._name,
                "record_id": str(record.id),
                "latitude": "31.2",
                "longitude": "121.5",
            },
            files=[("files", (f"{i}.jpg", data)) for i, data in enumerate(contents)],
        ).json()

    def _token(self):
        return http.Request.csrf_token(self)

    def test_employees_add_photos_to_what_they_may_change(self):
        self.authenticate(self.account_manager.login, self.account_manager.login)
        answer = self._send(self.one, photo(1))
        kept = self.Evidence.browse(answer["ids"])
        self.assertEqual(kept.res_id, self.one.id)
        self.assertEqual(kept.position_source, "browser")
        self.assertEqual(kept.user_id, self.account_manager)
        self.assertIn("error", self._send(self.one, b"nothing"))
        self.assertIn("error", self._send(self.north, photo(2)))
        self.assertIn("error", self._send(self.north, photo(2), model="no.such"))
        self.south.write({"user_id": False, "account_manager_id": False})
        self.assertIn("error", self._send(self.two, photo(2)))

    def test_partners_see_their_own_only(self):
        kept = self._keep(self.one, photo(1))
        self.authenticate("north_owner", "north_owner")
        shown = self.url_open(f"/my/evidence/{kept.id}")
        self.assertEqual(shown.status_code, 200)
        self.assertTrue(shown.headers["Content-Type"].startswith("image/"))
        self.assertIn("error", self._send(self.one, photo(2)))
        self.authenticate("south_owner", "south_owner")
        self.assertEqual(self.url_open(f"/my/evidence/{kept.id}").status_code, 404)
        self.assertEqual(
            self.url_open(f"/web/image/distributor.evidence/{kept.id}/image").headers[
                "Content-Type"
            ],
            "image/png",
            "the placeholder",
        )
        content = self.url_open(f"/web/content/{kept.attachment_id.id}")
        self.assertEqual(content.status_code, 404)
