# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from dateutil.relativedelta import relativedelta
from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import TerritoryCommon


@tagged("post_install", "-at_install")
class TestAuthorization(TerritoryCommon):
    def test_few_clicks(self):
        """A distributor and a territory are enough, for a year from today."""
        territory = self._create_territory()
        model = self.env["distributor.authorization"].with_user(self.admin)
        with Form(model) as form:
            form.partner_id = self.north
            form.territory_id = territory
        self.assertRecordValues(
            form.record,
            [
                {
                    "state": "in_force",
                    "date_from": self.today,
                    "date_to": self.today + relativedelta(years=1, days=-1),
                    "exclusive": False,
                    "company_id": self.company.id,
                }
            ],
        )

    def test_exclusive_keeps_others_out(self):
        """R125: the error names who holds the exclusivity, and where."""
        territory = self._create_territory()
        self._authorize(self.north, territory, exclusive=True)
        for values in ({}, {"categ_id": self.banquet.id}):
            with self.assertRaises(ValidationError) as refusal:
                self._authorize(self.south, territory, **values)
            self.assertIn("North Trading is the exclusive", str(refusal.exception))
            self.assertIn(territory.name, str(refusal.exception))

    def test_no_exclusivity_over_others(self):
        territory = self._create_territory()
        self._authorize(self.south, territory)
        with self.assertRaises(ValidationError) as refusal:
            self._authorize(self.north, territory, exclusive=True)
        self.assertIn("North Trading cannot be exclusive", str(refusal.exception))
        self.assertIn("South Trading is authorized", str(refusal.exception))
        self.assertTrue(self._authorize(self.north, territory))

    def test_exclusive_later_is_checked_too(self):
        territory = self._create_territory()
        self._authorize(self.south, territory)
        mine = self._authorize(self.north, territory)
        with self.assertRaises(ValidationError):
            mine.write({"exclusive": True, "legal_basis": "Agreement"})

    def test_overlapping_territories(self):
        """Exclusivity holds wherever the areas may overlap."""
        hill = {"state_id": self.hill.id}
        self._authorize(self.north, self._create_territory(hill), exclusive=True)
        for area in (
            {},
            hill,
            {**hill, "city": "Springfield"},
            {"city": "Springfield"},
            {"zip_prefix": "10"},
        ):
            with self.assertRaises(ValidationError, msg=area):
                self._authorize(self.south, self._create_territory(area))
        for area in (
            {"state_id": self.dale.id},
            {"country_id": self.abroad.id},
        ):
            self.assertTrue(self._authorize(self.south, self._create_territory(area)))

    def test_products_apart(self):
        territory = self._create_territory()
        self._authorize(self.north, territory, exclusive=True, categ_id=self.banquet.id)
        self._authorize(self.south, territory, categ_id=self.barware.id)
        for categ in (self.spirits, self.banquet, self.spirits.browse()):
            with self.assertRaises(ValidationError, msg=categ.name):
                self._authorize(self.south, territory, categ_id=categ.id)

    def test_days_apart(self):
        territory = self._create_territory()
        self._authorize(
            self.north,
            territory,
            exclusive=True,
            date_from=self._day(10),
            date_to=self._day(20),
        )
        for start, end in ((20, None), (0, 10), (0, None), (12, 13)):
            with self.assertRaises(ValidationError, msg=(start, end)):
                self._authorize(
                    self.south,
                    territory,
                    date_from=self._day(start),
                    date_to=end and self._day(end),
                )
        for start, end in ((0, 9), (21, None)):
            self.assertTrue(
                self._authorize(
                    self.south,
                    territory,
                    date_from=self._day(start),
                    date_to=end and self._day(end),
                )
            )

    def test_own_branches_are_no_rivals(self):
        territory = self._create_territory()
        branch = self.env["res.partner"].create(
            {"name": "Branch", "parent_id": self.north.id, "is_distributor": True}
        )
        self._authorize(self.north, territory, exclusive=True)
        self.assertTrue(self._authorize(branch, territory))
        self.assertTrue(
            self._authorize(self.north, self._create_territory(), exclusive=True)
        )

    def test_area_grows_into_another(self):
        """Areas added or moved later meet the same rule."""
        hill = self._create_territory({"state_id": self.hill.id})
        dale = self._create_territory({"state_id": self.dale.id})
        self._authorize(self.north, hill, exclusive=True)
        self._authorize(self.south, dale)
        area = {"country_id": self.country.id, "state_id": self.hill.id}
        with self.assertRaises(ValidationError):
            dale.write({"area_ids": [Command.create(area)]})
        with self.assertRaises(ValidationError):
            dale.area_ids.state_id = self.hill
        with self.assertRaises(ValidationError):
            dale.area_ids.state_id = False

    def test_many_at_once(self):
        """Records of one batch are compared with each other, too."""
        territory = self._create_territory()
        with self.assertRaises(ValidationError):
            self.env["distributor.authorization"].create(
                [
                    {
                        "partner_id": partner.id,
                        "territory_id": territory.id,
                        "exclusive": partner == self.north,
                        "legal_basis": "Agreement",
                    }
                    for partner in (self.south, self.north)
                ]
            )

    def test_queries_do_not_grow(self):
        """Checking 60 authorizations takes the queries of 6."""
        partners = self.env["res.partner"].create(
            [{"name": f"D{i}", "is_distributor": True} for i in range(66)]
        )
        territory = self._create_territory()
        every = self.env["distributor.authorization"].create(
            [
                {"partner_id": partner.id, "territory_id": territory.id}
                for partner in partners
            ]
        )
        counts = []
        # The first round fills the caches that outlive a request.
        for batch in (every[:6], every[:6], every[6:]):
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            batch.with_prefetch()._check_exclusivity()
            counts.append(self.env.cr.sql_log_count - start)
        self.assertEqual(counts[1], counts[2])

    def test_database_refuses(self):
        territory = self._create_territory()
        self._authorize(self.north, territory, exclusive=True)
        for wrong in (
            {"date_from": self._day(1), "date_to": self._day(0)},
            {"exclusive": True, "legal_basis": False, "categ_id": self.spirits.id},
            # the same once more, and a second exclusive one of a sister company
            {"date_from": self._day(100)},
        ):
            with (
                self.subTest(wrong=wrong),
                mute_logger("odoo.sql_db"),
                self.assertRaises(IntegrityError),
                self.env.cr.savepoint(),
            ):
                self._authorize(self.north, territory, **wrong).flush_recordset()
        branch = self.env["res.partner"].create(
            {"name": "Branch", "parent_id": self.north.id, "is_distributor": True}
        )
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(IntegrityError),
            self.env.cr.savepoint(),
        ):
            self._authorize(branch, territory, exclusive=True).flush_recordset()

    def test_state_follows_dates(self):
        territory = self._create_territory()
        over = self._authorize(
            self.north, territory, date_from=self._day(-9), date_to=self._day(-1)
        )
        last_day = self._authorize(
            self.south, territory, date_from=self._day(-9), date_to=self.today
        )
        first_day = self._authorize(self.east, territory)
        ahead = self._authorize(self.north, territory, date_from=self._day(1))
        every = over + last_day + first_day + ahead
        self.assertEqual(
            every.mapped("state"), ["expired", "expiring", "in_force", "upcoming"]
        )
        for state in ("expired", "expiring", "in_force", "upcoming"):
            for operator in ("=", "!="):
                self.assertEqual(
                    every.search([("id", "in", every.ids), ("state", operator, state)]),
                    every.filtered_domain([("state", operator, state)]).sorted(),
                )

    def test_end(self):
        territory = self._create_territory()
        running = self._authorize(self.north, territory, date_from=self._day(-9))
        running.action_end()
        self.assertEqual(running.date_to, self.today)
        ahead = self._authorize(self.north, territory, date_from=self._day(1))
        with self.assertRaises(UserError):
            ahead.action_end()
