# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from psycopg2.errors import UniqueViolation

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.distributor_crm.tests.earning_common import EarningCommon
from odoo.addons.distributor_crm.tests.evidence_common import photo

from .groupbuy_common import GroupbuyCommon


@tagged("post_install", "-at_install")
class TestGroupbuyFiling(GroupbuyCommon):
    """A group-buy is filed complete, in time, and once (R036)."""

    def test_six_facts_are_needed(self):
        for name, value in (
            ("recipient", " "),
            ("phone", "12"),
            ("address", False),
            ("purpose", False),
            ("planned_on", False),
            ("use_count", 2),
        ):
            with self.subTest(name):
                groupbuy = self._prepare(**{name: value})
                label = groupbuy._fields[name].string
                with self._refused(UserError, f"cannot be filed yet.*{label}"):
                    groupbuy.action_file()
                self.assertEqual(groupbuy.state, "draft")

    def test_uses_share_out_the_order(self):
        groupbuy = self._prepare(uses=2)
        groupbuy.use_ids[1].quantity = 14
        with self._refused(UserError, "share out 29 units, the order has 30"):
            groupbuy.action_file()
        groupbuy.use_ids[1].quantity = 15
        groupbuy.action_file()
        self.assertRecordValues(
            groupbuy,
            [
                {
                    "state": "filed",
                    "policy_id": self.policy.id,
                    "filed_by_id": self.env.user.partner_id.id,
                }
            ],
        )

    def test_too_late_after_the_first_shipment(self):
        groupbuy = self._prepare()
        self._ship(groupbuy.order_id)
        with self._refused(UserError, "before the first shipment"):
            groupbuy.action_file()

    def test_first_filed_counts(self):
        """The same phone, address and day, however typed, whosever it is."""
        self._prepare().action_file()
        second = self._prepare(
            self._order(self.south, 30, confirm=False),
            phone="+86 13800420001",
            address="hall 3 NANJING ROAD 12 shanghai",
        )
        self.assertEqual(second.similar_count, 1)
        with self._refused(UserError, "The first filed counts"):
            second.action_file()
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(UniqueViolation),
            self.env.cr.savepoint(),
        ):
            # Two at the same moment: the database decides.
            second._set(state="filed", filed_at=fields.Datetime.now())
            self.env.flush_all()
        second.write({"planned_on": self.today + timedelta(days=1)})
        second.use_ids.date = self.today + timedelta(days=1)
        second.action_file()

    def test_filed_facts_are_closed(self):
        groupbuy = self._prepare()
        groupbuy.action_file()
        mine = groupbuy.with_user(self.account_manager)
        with self._refused(UserError, "only in status Draft"):
            mine.write({"phone": "13900000000"})
        with self._refused(UserError, "only in status Draft"):
            mine.use_ids.write({"quantity": 1})
        with self._refused(UserError, "buttons of the form"):
            mine.write({"state": "verified"})
        with self._refused(UserError, "buttons of the form"):
            mine.write({"result": "consistent"})
        mine.action_correct()
        mine.write({"phone": "13900000000"})
        mine.action_file()
        self.assertEqual(groupbuy.phone_key, "13900000000")
        self._ship(groupbuy.order_id)
        with self._refused(UserError, "only in status"):
            mine.action_correct()
        with self._refused(UserError, "only in status"):
            mine.action_cancel()

    def test_orders_of_others(self):
        with self._refused(ValidationError, "no order of the distributor"):
            self._prepare(
                self._order(self.south, 30, confirm=False), partner_id=self.north.id
            )

    def test_one_group_buy_an_order(self):
        groupbuy = self._prepare()
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(UniqueViolation),
            self.env.cr.savepoint(),
        ):
            self._prepare(groupbuy.order_id)
        groupbuy.action_cancel()
        self._prepare(groupbuy.order_id)

    def test_small_orders_are_none(self):
        self.policy.min_quantity = 31
        with self._refused(UserError, "starts at 31 units"):
            self._prepare().action_file()

    def test_used_policies_stay(self):
        """A group-buy keeps the version it was filed under."""
        groupbuy = self._prepare()
        groupbuy.action_file()
        admin = self.policy.with_user(self.channel_admin)
        with self._refused(UserError, "Make a new one"):
            admin.write({"tolerance": 50, "tolerance_minor": 50})
        newer = admin.create({"name": "New", "date_from": self.today, "photos": 5})
        other = self._prepare(phone="13900000009")
        other.action_file()
        self.assertEqual(other.policy_id, newer)
        self.assertEqual(groupbuy.policy_id, self.policy)

    def test_group_buy_prices_need_a_filing(self):
        """Prices come with the filing, and no order has them without one (R042)."""
        self.policy.pricelist_id = self.special
        order = self._order(self.north, 30, confirm=False, pricelist_id=self.special.id)
        with self._refused(UserError, "File its group-buy first"):
            order.action_confirm()
        order = self._order(self.north, 30, confirm=False)
        self.assertEqual(order.amount_untaxed, 3000)
        groupbuy = self._prepare(order)
        groupbuy.action_file()
        self.assertEqual(order.amount_untaxed, 2400)
        self.assertEqual(groupbuy.advantage, 600)
        order.action_confirm()
        groupbuy.action_correct()
        with self._refused(UserError, "File its group-buy first"):
            self._ship(order)
        groupbuy.action_file()
        self._ship(order)
        self.assertEqual(groupbuy.state, "shipped")

    def test_prices_go_with_the_filing(self):
        self.policy.pricelist_id = self.special
        groupbuy = self._prepare()
        groupbuy.action_file()
        groupbuy.action_cancel()
        self.assertEqual(groupbuy.order_id.amount_untaxed, 3000)

    def test_cancelled_orders_take_it_along(self):
        groupbuy = self._prepare()
        groupbuy.action_file()
        groupbuy.order_id._action_cancel()
        self.assertEqual(groupbuy.state, "cancelled")

    def test_roles(self):
        groupbuy = self._prepare()
        groupbuy.with_user(self.sales_rep).action_file()
        with self._refused(AccessError, ""):
            groupbuy.with_user(self.finance).action_cancel()
        self.north.write({"user_id": False, "account_manager_id": False})
        for user in (self.sales_rep, self.account_manager):
            with self._refused(AccessError, ""):
                groupbuy.with_user(user).read(["name"])
        self.assertTrue(groupbuy.with_user(self.sales_manager).name)
        with self._refused(AccessError, ""):
            groupbuy.with_user(self.north_user).read(["name"])
        with self._refused(AccessError, ""):
            self.policy.with_user(self.sales_manager).write({"photos": 0})


@tagged("post_install", "-at_install")
class TestGroupbuyVerification(GroupbuyCommon):
    """What was used is compared with what was delivered (R037-R043)."""

    def test_consistent(self):
        groupbuy = self._file_and_ship(uses=2)
        self.assertTrue(groupbuy.shipped_at)
        self.assertTrue(groupbuy.activity_ids)
        mine = groupbuy.with_user(self.account_manager)
        with self._refused(UserError, "not all uses are reported"):
            mine.action_verify()
        self.assertTrue(
            all(use.date >= self.today for use in groupbuy.use_ids),
            "planned from today",
        )
        groupbuy.use_ids[1].sudo().held_on = self.today
        for use in groupbuy.use_ids:
            self._report_use(use.with_user(self.account_manager), held_on=self.today)
        mine.use_ids[0].write({"guests": 99})
        self.assertIn("changed after its report", groupbuy.message_ids[0].body)
        mine.action_verify()
        self.assertRecordValues(
            groupbuy,
            [{"state": "verified", "result": "consistent", "is_held": False}],
        )
        self.assertFalse(groupbuy.findings or groupbuy.violation_id)
        self.assertFalse(groupbuy.activity_ids)
        self.assertEqual(groupbuy.verified_by_id, self.account_manager)
        with self._refused(UserError, "only in status"):
            mine.use_ids[0].write({"guests": 3})
        with self._refused(UserError, "only in status"):
            mine.use_ids[0].goods_ids.write({"quantity": 3})
        with self._refused(UserError, "takes no more photos"):
            mine.use_ids[0]._check_evidence_wanted()
        self.assertIn("Verified", str(mine.timeline))

    def test_mismatch_opens_a_case_and_holds(self):
        """Hold, case, question; free again when a manager decides so."""
        groupbuy = self._file_and_ship()
        self._report_use(groupbuy.use_ids, quantity=20)
        groupbuy.with_user(self.account_manager).action_verify()
        self.assertEqual(groupbuy.result, "inconsistent")
        case = groupbuy.violation_id
        self.assertEqual(case.policy_code, "groupbuy_mismatch")
        self.assertEqual(case.partner_id, self.north)
        self.assertAlmostEqual(case.severity, 33.33, 1)
        self.assertIn("33.3 % of the goods", case.facts)
        self.assertTrue(groupbuy.is_held)
        for purpose, held in (("rebate", 1), ("earning", 1), (None, 1), ("order", 0)):
            holds = (self.north | self.south)._get_distributor_holds(
                purpose, self.company
            )
            self.assertEqual(len(holds), held, purpose)
        asked = groupbuy.message_ids.filtered(lambda one: "Please explain" in one.body)
        self.assertIn(self.north, asked.partner_ids)
        groupbuy._explain("The rest is for the second banquet.")
        self.assertTrue(groupbuy.explained_at)
        with self._refused(UserError, "Only sales managers"):
            groupbuy.with_user(self.account_manager).action_release()
        boss = groupbuy.with_user(self.sales_manager)
        with self._refused(UserError, "Enter the reason"):
            boss.action_release()
        boss.release_note = "Seen the second banquet."
        boss.action_release()
        self.assertFalse(groupbuy.is_held)
        self.assertFalse(self.north._get_distributor_holds("rebate", self.company))

    def test_case_that_falls_frees(self):
        groupbuy = self._file_and_ship()
        self._report_use(groupbuy.use_ids, quantity=20)
        groupbuy.action_verify()
        groupbuy.violation_id.sudo().state = "dismissed"
        self.assertFalse(groupbuy.is_held)

    def test_claw_back(self):
        self.policy.write({"pricelist_id": self.special.id, "claw_back": True})
        groupbuy = self._file_and_ship()
        self._report_use(groupbuy.use_ids, quantity=0)
        groupbuy.action_verify()
        self.assertEqual(groupbuy.violation_id.amount, 600)

    def test_codes_of_others_are_diversion(self):
        """R041: a code tells to whom the goods were delivered."""
        theirs = self._order(self.south, 0, confirm=False)
        theirs.order_line = [
            Command.clear(),
            Command.create({"product_id": self.serials.id, "product_uom_qty": 2}),
        ]
        self._ship(theirs, ["S1", "S2"])
        self._lot("NEVER")
        groupbuy = self._file_and_ship(["N1", "N2"])
        use = groupbuy.use_ids
        self._report_use(use, codes=["N1", "S1", "NEVER", "GHOST", "N1"], tables=1)
        self.assertEqual(
            {code.name: code.outcome for code in use.code_ids},
            {"N1": "own", "S1": "foreign", "NEVER": "undelivered", "GHOST": "unknown"},
        )
        foreign = use.code_ids.filtered(lambda code: code.name == "S1")
        self.assertEqual(foreign.owner_id, self.south)
        groupbuy.action_verify()
        self.assertEqual(groupbuy.result, "diverted")
        self.assertEqual(groupbuy.violation_id.policy_code, "diversion")
        other = self.env["distributor.violation"].search(
            [("partner_id", "=", self.south.id), ("policy_code", "=", "diversion")]
        )
        self.assertEqual(other.lot_id.name, "S1")
        self.assertEqual(other.second_partner_id, self.north)

    def test_code_read_twice(self):
        """A bottle is emptied once: its number at a second group-buy is a finding."""
        first = self._file_and_ship(["N1", "N2"])
        self._report_use(first.use_ids, codes=["N1"], tables=1)
        second = self._file_and_ship(["N3"], phone="13911112222")
        self._report_use(second.use_ids, codes=["N1"], tables=1)
        self.assertEqual(second.use_ids.code_ids.outcome, "repeated")

    def test_photos_used_before_do_not_count(self):
        first = self._file_and_ship()
        self._report_use(first.use_ids)
        second = self._file_and_ship(phone="13911112222")
        use = second.use_ids
        self._report_use(use, photos=0)
        use._keep_evidence(
            [(f"{n}.jpg", photo(1000 * first.use_ids.id + n)) for n in range(2)]
        )
        self.assertEqual(use.evidence_flagged_count, 2)
        second.action_verify()
        self.assertIn("0 photos that count, 2 are needed", second.findings)
        self.assertEqual(second.violation_id.proof_ids, use.evidence_ids)

    def test_nobody_reports(self):
        """After its days a group-buy without a report is inconsistent."""
        groupbuy = self._file_and_ship()
        with self._refused(UserError, "not all uses are reported"):
            groupbuy.action_verify()
        groupbuy.use_ids.sudo().env.cr.execute(
            "UPDATE distributor_groupbuy SET verify_until = %s WHERE id = %s",
            [self.today - timedelta(days=1), groupbuy.id],
        )
        groupbuy.invalidate_recordset()
        groupbuy.action_verify()
        self.assertEqual(groupbuy.result, "inconsistent")
        self.assertIn("nobody reported", groupbuy.findings)

    def test_photos_are_judged_by_day_and_place(self):
        groupbuy = self._prepare(latitude=31.2, longitude=121.5)
        use = groupbuy.use_ids
        noon = fields.Datetime.to_datetime(self.today) + timedelta(hours=12)
        kept = use._keep_evidence(
            [
                ("1.jpg", photo(1, taken=noon, latitude=31.2, longitude=121.5)),
                ("2.jpg", photo(2, taken=noon - timedelta(days=3))),
                ("3.jpg", photo(3, taken=noon, latitude=31.3, longitude=121.5)),
            ],
            {"received_at": noon + timedelta(hours=2)},
        )
        self.assertEqual(kept.mapped("flag_before"), [False, True, False])
        self.assertEqual(kept.mapped("flag_far"), [False, False, True])

    def test_report_by_age(self):
        groupbuy = self._prepare()
        Report = self.env["distributor.groupbuy.report"]

        def waiting():
            self.env.flush_all()
            Report.invalidate_model()
            return Report.search([("groupbuy_id", "=", groupbuy.id)]).waiting

        self.assertEqual(waiting(), "1_filing")
        groupbuy.action_file()
        self.assertEqual(waiting(), "2_shipment")
        self._ship(groupbuy.order_id)
        self.assertIn(waiting(), ("3_use", "4_report"))
        self._report_use(groupbuy.use_ids, quantity=1)
        self.assertEqual(waiting(), "5_verdict")
        groupbuy.action_verify()
        self.assertEqual(waiting(), "6_case")


@tagged("post_install", "-at_install")
class TestGroupbuyRewards(GroupbuyCommon):
    """What depends on a group-buy waits for its verdict (R033, R042, R001)."""

    def test_gift_waits_for_the_verdict(self):
        groupbuy = self._file_and_ship()
        gift = self.env["distributor.gift"].create(
            {
                "partner_id": self.north.id,
                "reason": "Thirty bottles",
                "groupbuy_id": groupbuy.id,
                "user_id": self.account_manager.id,
                "line_ids": [
                    Command.create({"product_id": self.goods.id, "quantity": 1})
                ],
            }
        )
        gift.action_submit()
        boss = gift.with_user(self.sales_manager)
        with self._refused(UserError, "verified to get it"):
            boss.action_approve()
        self._report_use(groupbuy.use_ids)
        groupbuy.action_verify()
        boss.action_approve()
        self.assertEqual(gift.state, "approved")

    def test_verified_group_buys_count_for_a_tier(self):
        """Able to bring group-buys: one that was verified, none that was not."""
        key = ("group_buys", "rolling_12")
        Rule = self.env["distributor.tier.rule"]
        partners = self.north | self.south

        def count():
            return Rule._measure(self.company, {key}, partners)

        groupbuy = self._file_and_ship()
        self.assertFalse(count())
        self._report_use(groupbuy.use_ids)
        groupbuy.action_verify()
        self.assertEqual(count()[self.north.id][key], 1)
        bad = self._file_and_ship(phone="13911112222")
        self._report_use(bad.use_ids, quantity=1)
        bad.action_verify()
        self.assertEqual(count()[self.north.id][key], 1)


@tagged("post_install", "-at_install")
class TestGroupbuyEarnings(EarningCommon):
    def test_earnings_wait_for_the_verdict(self):
        """What is earned on a group-buy is released when it is verified (R042)."""
        today = fields.Date.context_today(self.env.user)
        order = self._order(200)
        groupbuy = self.env["distributor.groupbuy"].create(
            {
                "order_id": order.id,
                "recipient": "Li Wei",
                "phone": "13800420001",
                "address": "Hall 3, Nanjing Road 12",
                "purpose": "company",
                "planned_on": today,
                "use_ids": [
                    Command.create({"date": today, "place": "Hall 3", "quantity": 1})
                ],
            }
        )
        self.assertEqual(groupbuy.partner_id, self.north, "the owner of the store")
        groupbuy.action_file()
        self._pay(self._invoice(order))
        self._deliver(order, days_ago=30)
        self.assertFalse(self._release())
        groupbuy._ship(fields.Datetime.now())
        self.assertFalse(self._release())
        groupbuy._set(state="verified", result="diverted")
        self.assertFalse(self._release())
        groupbuy._set(released_at=fields.Datetime.now())
        groupbuy.flush_recordset()
        self.assertEqual(self._release().order_id, order)

    def test_filed_for_the_past_is_refused(self):
        today = fields.Date.context_today(self.env.user)
        order = self._order(200)
        groupbuy = self.env["distributor.groupbuy"].create(
            {
                "order_id": order.id,
                "recipient": "Li Wei",
                "phone": "13800420001",
                "address": "Hall 3, Nanjing Road 12",
                "purpose": "company",
                "planned_on": today - timedelta(days=1),
                "use_ids": [
                    Command.create(
                        {
                            "date": today - timedelta(days=1),
                            "place": "Hall 3",
                            "quantity": 1,
                        }
                    )
                ],
            }
        )
        with self._refused(UserError, "before its goods are used"):
            groupbuy.action_file()
