# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .trace_common import TraceCommon


@tagged("post_install", "-at_install")
class TestTrace(TraceCommon):
    def test_seen_at_home(self):
        lot = self._lot("SC1")
        picking = self._deliver(self.north, lot)
        seen = self._see("sc1")
        self.assertEqual((seen.verdict, seen.state), ("inside", "noted"))
        self.assertEqual(seen.source_partner_id, self.north)
        self.assertEqual((seen.lot_id, seen.product_id), (lot, self.bottle))
        self.assertEqual(
            (seen.picking_id, seen.territory_id), (picking, self.north_land)
        )
        self.assertIn(picking.name, seen.trail_text)

    def test_seen_elsewhere(self):
        """In another's territory, and where nobody is at home (R145)."""
        self._deliver(self.north, self._lot("SC1"))
        for state in (self.dale, self.moor):
            seen = self._see("SC1", state)
            self.assertEqual((seen.verdict, seen.state), ("outside", "suspected"))
        self.assertEqual(seen.home_ids, self.north_land)
        self.assertFalse(seen.territory_id)
        seen.state_id = self.hill
        self.assertEqual((seen.verdict, seen.state), ("inside", "noted"))

    def test_delivered_twice_and_returned_once(self):
        """The lot is with the second; before the return it was with the first."""
        lot = self._lot("SC1")
        self._deliver(self.north, lot, days=30)
        self._bring_back(self.north, lot, days=20)
        self._deliver(self.south, lot, days=10)
        self.assertEqual(self._see("SC1").source_partner_id, self.south)
        early = self._see("SC1", seen_at=self.now - timedelta(days=25))
        self.assertEqual(early.source_partner_id, self.north)
        between = self._see("SC1", seen_at=self.now - timedelta(days=15))
        self.assertEqual(
            (between.verdict, between.source_partner_id.id), ("stock", False)
        )
        self._bring_back(self.south, lot, days=1)
        self.assertEqual(self._see("SC1").verdict, "stock")

    def test_split_lot_is_nobodys(self):
        lot = self._lot("SC1")
        self._deliver(self.north, lot, 5)
        self._deliver(self.south, lot, 5)
        seen = self._see("SC1", self.moor)
        self.assertEqual((seen.verdict, seen.state), ("ambiguous", "noted"))
        self.assertFalse(seen.source_partner_id)
        self.assertEqual(seen.candidate_ids, self.north | self.south)
        with self.assertRaises(UserError):
            seen.action_open_case()

    def test_same_number_of_two_products(self):
        """The product decides, be it chosen or in the code."""
        self._deliver(self.north, self._lot("L7"))
        self._deliver(self.south, self._lot("L7", self.reserve))
        seen = self._see("L7")
        self.assertEqual(seen.verdict, "ambiguous")
        seen.product_id = self.reserve
        self.assertEqual(seen.source_partner_id, self.south)
        seen = self._see("(01)06901234567892(10)L7")
        self.assertEqual(
            (seen.source_partner_id, seen.product_id), (self.north, self.bottle)
        )

    def test_other_results(self):
        self._lot("INSTOCK")
        self._deliver(self.shopper, self._lot("DIRECT"))
        self._deliver(self.north, self._lot("SC1"))
        free = self.env["res.partner"].create({"name": "Free", "is_distributor": True})
        self._deliver(free, self._lot("FREE"))
        self.assertEqual(self._see("NOBODY").verdict, "unknown")
        self.assertEqual(self._see("INSTOCK").verdict, "stock")
        self.assertEqual(self._see("DIRECT").verdict, "direct")
        self.assertEqual(self._see("FREE").verdict, "free")
        self.assertEqual(self._see("SC1", state_id=False).verdict, "unclear")
        self.assertEqual(
            self._see("SC1", country_id=False, state_id=False).verdict, "unclear"
        )
        self.south_land.control_mode = "free"
        self.assertEqual(self._see("SC1", self.dale).verdict, "free")

    def test_shipped_straight_to_his_shopper(self):
        """What he ordered is his, though we shipped it to a shopper; until it is back."""
        order = self.env["sale.order"].create(
            {
                "partner_id": self.north.id,
                "partner_shipping_id": self.shopper.id,
                "order_line": [Command.create({"product_id": self.bottle.id})],
            }
        )
        lot = self._lot("DROP")
        sent = self._deliver(self.shopper, lot)
        sent.move_ids.sale_line_id = order.order_line
        seen = self._see("DROP", self.dale)
        self.assertEqual(
            (seen.source_partner_id, seen.verdict, seen.picking_id),
            (self.north, "outside", sent),
        )
        self._bring_back(self.shopper, lot)
        self.assertEqual(self._see("DROP", self.dale).verdict, "stock")

    def test_free_distributor_in_anothers_exclusive_territory(self):
        """Who is bound to nothing may sell anywhere but where another is alone."""
        free = self.env["res.partner"].create({"name": "Free", "is_distributor": True})
        self._deliver(free, self._lot("FREE"))
        self.south_land.authorization_ids.write({"exclusive": True, "legal_basis": "X"})
        self.assertEqual(self._see("FREE", self.dale).verdict, "outside")
        self.assertEqual(self._see("FREE").verdict, "free")

    def test_channel_and_products(self):
        """An authorization for one channel or category covers no other."""
        trade, online = self.env["distributor.territory.channel"].create(
            [{"name": "Test Trade"}, {"name": "Test Online"}]
        )
        self.north_land.authorization_ids.channel_id = trade
        self._deliver(self.north, self._lot("SC1"))
        self._authorize(self.north, self.south_land, channel_id=online.id)
        self.assertEqual(self._see("SC1", sales_channel_id=trade.id).verdict, "inside")
        seen = self._see("SC1", self.dale, sales_channel_id=trade.id)
        self.assertEqual(seen.verdict, "outside")
        seen.sales_channel_id = online
        self.assertEqual(seen.verdict, "inside")

    def test_day_of_the_sighting_counts(self):
        self._deliver(self.north, self._lot("SC1"), days=40)
        rows = self.north_land.authorization_ids
        rows.date_to = self.now.date() - timedelta(days=20)
        self._authorize(self.north, self.south_land, date_from=self.now.date())
        self.assertEqual(self._see("SC1").verdict, "outside")
        early = self._see("SC1", seen_at=self.now - timedelta(days=30))
        self.assertEqual(early.verdict, "inside")

    def test_position_says_the_province(self):
        self._deliver(self.north, self._lot("SC1"))
        self.south.write({"partner_latitude": 50.1, "partner_longitude": 8.6})
        seen = self._see("SC1", state_id=False, latitude=50.2, longitude=8.7)
        self.assertEqual((seen.state_id, seen.verdict), (self.dale, "outside"))
        far = self._see("SC1", state_id=False, latitude=10, longitude=8.7)
        self.assertEqual(far.verdict, "unclear")

    def test_merged_distributor(self):
        """What was seen of one is seen of the other; a case goes with it."""
        double = self.env["res.partner"].create(
            {"name": "Double", "is_company": True, "is_distributor": True}
        )
        self._authorize(double, self.north_land)
        self._deliver(double, self._lot("SC1"))
        seen = self._see("SC1", self.dale)
        self.north_land.authorization_ids.filtered(
            lambda row: row.partner_id == double
        ).unlink()
        seen.action_open_case()
        self.env["base.partner.merge.automatic.wizard"]._merge(
            [double.id, self.north.id], self.north
        )
        self.env.invalidate_all()
        self.assertEqual(seen.source_partner_id, self.north)
        self.assertEqual(seen.violation_id.partner_id, self.north)

    def test_queries_do_not_grow(self):
        """A hundred codes cost the statements that ten cost, but for what is written."""
        lots = [self._lot(f"Q{number}") for number in range(40)]
        for lot in lots[:4]:
            self._deliver(self.north, lot)
        few = self._see("Q0") + self._see("Q1")
        many = few + self._see("Q2") + self._see("Q3")
        counts = []
        for group in (few, many):
            self.env.flush_all()
            self.env.invalidate_all()
            group = self.Sighting.browse(group.ids)
            group.fetch(["code", "seen_at"])
            before = self.cr.sql_log_count
            chosen = self.Sighting._find_lots(self.company, group.mapped("code"))
            found = self.Sighting._find_deliveries(
                [(s.id, chosen[s.code].id, s.seen_at) for s in group]
            )
            self.assertEqual(len(found), len(group))
            counts.append(self.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])

    def test_batch(self):
        self._deliver(self.north, self._lot("SC1"))
        with Form(self.env["distributor.code.batch"].with_user(self.sales_rep)) as form:
            form.codes = " sc1 \n\nSC1\nSC2\n"
            form.state_id = self.dale
        found = self.Sighting.search(form.record.action_enter()["domain"])
        self.assertEqual(sorted(found.mapped("verdict")), ["outside", "unknown"])
        form.record.codes = " \n"
        with self.assertRaises(UserError):
            form.record.action_enter()


@tagged("post_install", "-at_install")
class TestTraceCase(TraceCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.codes = [f"SC{number}" for number in range(1, 5)]
        for code in cls.codes:
            cls._deliver(cls.north, cls._lot(code))

    def test_thresholds(self):
        """One box proves nothing: so many codes, and such a share of them (R145)."""
        self.company.write({"diversion_min_codes": 2, "diversion_min_share": 60})
        first = self._see("SC1", self.dale)
        self._see("SC1", self.dale)  # the same code again
        self.assertFalse(first.is_proposed)
        self._see("SC3")
        self._see("SC4")
        second = self._see("SC2", self.dale)
        self.assertFalse(second.is_proposed)  # two of four are 50%
        self.company.diversion_min_share = 50
        second.action_trace()
        self.assertTrue(first.is_proposed and second.is_proposed)
        asked = self.Sighting.search([]).activity_ids
        self.assertEqual(len(asked), 1)
        self.assertEqual(asked.user_id, self.account_manager)
        old = self._see("SC3", self.moor, seen_at=self.now - timedelta(days=5))
        self.assertTrue(old.is_proposed)
        self.assertEqual(len(self.Sighting.search([]).activity_ids), 1)

    def test_old_sightings_do_not_count(self):
        self.company.write({"diversion_min_codes": 2, "diversion_days": 3})
        self._see("SC1", self.dale, seen_at=self.now - timedelta(days=5))
        self.assertFalse(self._see("SC2", self.dale).is_proposed)

    def test_case_has_the_trail(self):
        seen = self._see("SC1", self.dale, shop="Corner Shop") + self._see(
            "SC2", self.moor
        )
        seen[0].with_user(self.account_manager).action_open_case()
        case = seen.violation_id
        self.assertEqual(len(case), 1)
        self.assertEqual((case.policy_code, case.partner_id), ("diversion", self.north))
        self.assertEqual(case.severity, 2)
        for text in ("SC1", "SC2", "Corner Shop", "Dale Land", seen[0].picking_id.name):
            self.assertIn(text, case.facts)
        self.assertEqual(set(seen.mapped("state")), {"case"})
        # What the case rests on stays as it is, even when the moves change.
        self._bring_back(self.north, seen[0].lot_id)
        with self.assertRaises(UserError):
            seen[0].with_user(self.account_manager).state_id = self.hill
        seen[0].sudo()._trace()
        self.assertEqual(seen[0].verdict, "outside")
        with self.assertRaises(UserError):
            seen[0].unlink()
        # One more of him joins the open case.
        more = self._see("SC3", self.dale)
        more.action_open_case()
        self.assertEqual(more.violation_id, case)

    def test_dismissed(self):
        seen = self._see("SC1", self.dale).with_user(self.account_manager)
        with self.assertRaises(UserError):
            seen.action_dismiss()
        seen.dismissal = "A gift that a traveller took along"
        seen.action_dismiss()
        self.assertEqual(seen.state, "dismissed")
        with self.assertRaises(UserError):
            seen.action_open_case()
        seen.action_reopen()
        self.assertEqual(seen.state, "suspected")

    def test_rights(self):
        """Results and status are set by the trace and the buttons, over RPC too."""
        seen = self.Sighting.with_user(self.sales_rep).create(
            {
                "typed_code": "SC1",
                "state": "case",
                "verdict": "inside",
                "source_partner_id": self.south.id,
                "channel": "public",
                "company_id": self.company.id,
                "country_id": self.country.id,
                "state_id": self.dale.id,
            }
        )
        self.assertEqual((seen.state, seen.verdict), ("suspected", "outside"))
        self.assertEqual((seen.source_partner_id, seen.channel), (self.north, "staff"))
        for values in (
            {"state": "noted"},
            {"verdict": "inside"},
            {"source_partner_id": self.south.id},
            {"violation_id": False},
            {"trail": []},
        ):
            with self.assertRaises(UserError):
                seen.write(values)
        for act in ("action_open_case", "action_dismiss"):
            with self.assertRaises(AccessError):
                getattr(seen, act)()
        for user, sees in (
            (self.sales_rep, True),
            (self.account_manager, True),
            (self.sales_manager, True),
            (self.finance, True),
        ):
            found = self.Sighting.with_user(user).search_count([("id", "=", seen.id)])
            self.assertEqual(bool(found), sees, user.login)
        stranger = self._new_user("other_rep", "distributor_crm.group_sales_rep")
        other = self.Sighting.with_user(stranger)
        self.assertFalse(other.search([("id", "=", seen.id)]))
        with self.assertRaises(AccessError):
            self.Sighting.with_user(self.north_user).search([])
