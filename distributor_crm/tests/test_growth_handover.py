# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, TransactionCase, freeze_time, new_test_user, tagged


class HandoverMixin:
    """A leaving account manager, two colleagues with areas, a seller, distributors."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env.company
        cls.env["distributor.service.area"].search([]).unlink()
        everybody = cls.env.ref("distributor_crm.group_sales_rep").all_user_ids
        everybody.filtered(
            lambda user: not user._is_system() and not user._is_superuser()
        ).active = False
        cls.env["distributor.handover"].search([]).unlink()
        cls.env["res.partner"].with_context(active_test=False).search(
            [("is_distributor", "=", True)]
        ).is_distributor = False
        for name, group in (
            ("leaver", "account_manager"),
            ("west", "account_manager"),
            ("east", "account_manager"),
            ("rep", "sales_rep"),
            ("boss", "sales_manager"),
        ):
            user = new_test_user(
                cls.env, f"growth_{name}", f"distributor_crm.group_{group}"
            )
            setattr(cls, name, user)
        cls.china = cls.env.ref("base.cn")
        cls.sichuan, cls.zhejiang = cls.env["res.country.state"].create(
            [
                {"name": name, "code": name[:3], "country_id": cls.china.id}
                for name in ("T-Sichuan", "T-Zhejiang")
            ]
        )
        cls.env["distributor.service.area"].create(
            [
                {
                    "user_id": user.id,
                    "country_id": cls.china.id,
                    "state_ids": [Command.set(province.ids)],
                }
                for user, province in (
                    (cls.west, cls.sichuan),
                    (cls.east, cls.zhejiang),
                )
            ]
        )
        cls.spicy = cls.make_distributor("Spicy", cls.sichuan)
        cls.lake = cls.make_distributor("Lake", cls.zhejiang, email=False)
        cls.old = cls.make_distributor("Old", cls.sichuan, active=False)
        cls.Handover = cls.env["distributor.handover"]

    @classmethod
    def make_distributor(cls, name, province, **values):
        return cls.env["res.partner"].create(
            {
                "name": name,
                "is_company": True,
                "is_distributor": True,
                "email": f"{name}@growth.example",
                "country_id": cls.china.id,
                "state_id": province.id,
                "account_manager_id": cls.leaver.id,
                "user_id": cls.rep.id,
                **values,
            }
        )

    def propose(self, **values):
        handover = self.Handover.with_user(self.boss).create(
            {"user_id": self.leaver.id, **values}
        )
        handover.action_propose()
        return handover

    def successor_of(self, handover, partner):
        lines = handover.distributor_line_ids
        return lines.filtered(lambda line: line.partner_id == partner).new_user_id


class HandoverCommon(HandoverMixin, TransactionCase):
    """The same for tests without a browser."""


@tagged("post_install", "-at_install")
class TestHandover(HandoverCommon):
    def test_place_decides_and_archived_are_proposed_too(self):
        """R154: all customers, archived ones too, go to who serves their province."""
        handover = self.propose()
        self.assertEqual(handover.distributor_count, 3)
        for partner, user in (
            (self.spicy, self.west),
            (self.old, self.west),
            (self.lake, self.east),
        ):
            self.assertEqual(self.successor_of(handover, partner), user)

    def test_the_least_busy_of_a_place_is_proposed(self):
        """Load counts distributors and stores, and grows within the proposal."""
        self.env["distributor.service.area"].search([]).state_ids = False
        for number in range(3):
            self.make_distributor(
                f"W{number}", self.sichuan, account_manager_id=self.west.id
            )
        self.make_distributor("E", self.sichuan, account_manager_id=self.east.id)
        handover = self.propose()
        for partner, user in (
            (self.spicy, self.east),
            (self.lake, self.east),
            (self.old, self.west),  # three each by then: the older account
        ):
            self.assertEqual(self.successor_of(handover, partner), user)

    def test_everything_open_goes_along(self):
        """R154: complaints, activities and quotations go to the successor, history is kept."""
        case = self.env["distributor.case"].create(
            {"subject": "Broken", "partner_id": self.spicy.id, "kind": "complaint"}
        )
        self.assertEqual(case.user_id, self.leaver)
        task = self.lake.activity_schedule(
            "mail.mail_activity_data_call", user_id=self.leaver.id, summary="Ring"
        )
        order = self.env["sale.order"].create(
            {"partner_id": self.spicy.id, "user_id": self.leaver.id}
        )
        handover = self.propose(note="<p>Ask for Li</p>")
        self.assertEqual(
            set(handover.item_line_ids.mapped("res_model")),
            {"distributor.case", "mail.activity", "sale.order"},
        )
        self.assertEqual(handover.item_count, len(handover.item_line_ids))
        with freeze_time("2030-01-10"):
            handover.action_hand_over()
        self.assertEqual(case.user_id, self.west)
        self.assertEqual(order.user_id, self.west)
        self.assertEqual(task.user_id, self.east)
        self.assertEqual(
            (self.spicy + self.lake + self.old).mapped("account_manager_id"),
            self.west + self.east,
        )
        history = self.spicy.assignment_ids.sorted("id")
        self.assertEqual(history.user_id, self.leaver + self.west)
        self.assertFalse(history.filtered(lambda a: not a.date_to).user_id - self.west)
        first = self.env["mail.activity"].search(
            [
                ("res_model", "=", "res.partner"),
                ("res_id", "in", (self.spicy + self.lake + self.old).ids),
                (
                    "activity_type_id",
                    "=",
                    self.env.ref("distributor_crm.activity_type_first_contact").id,
                ),
            ]
        )
        self.assertEqual(len(first), 3)
        self.assertEqual(
            {str(day) for day in first.mapped("date_deadline")}, {"2030-01-15"}
        )
        self.assertIn("Ask for Li", first[0].note)
        self.assertFalse(self.env["res.partner"].search([("is_orphan", "=", True)]))

    def test_letters_go_to_whom_they_reach(self):
        """Those with an address are written to, of the others the manager is told."""
        before = self.env["mail.mail"].search([])
        handover = self.propose()
        handover.action_hand_over()
        letters = self.env["mail.mail"].search([]) - before
        letters = letters.filtered(lambda m: "Your new contact" in (m.subject or ""))
        self.assertEqual(letters.recipient_ids, self.spicy)
        said = "".join(handover.message_ids.mapped("body"))
        self.assertIn("Lake", said)
        self.assertNotIn("Old", said)

    def test_late_first_contacts_are_found(self):
        handover = self.propose()
        handover.action_hand_over()
        line = handover.distributor_line_ids[0]
        self.assertFalse(handover.late_count)
        handover.distributor_line_ids.activity_id.date_deadline = "2020-01-01"
        handover.invalidate_recordset()
        self.assertEqual(handover.late_count, 3)
        self.assertIn(
            handover, self.Handover.search([("line_ids.is_contact_late", "=", True)])
        )
        line.activity_id.action_done()
        handover.invalidate_recordset()
        self.assertEqual(handover.late_count, 2)
        self.assertTrue(line.contacted_on)

    def test_what_changed_meanwhile_is_left_alone(self):
        handover = self.propose()
        self.spicy.account_manager_id = self.boss
        handover.action_hand_over()
        line = handover.distributor_line_ids.filtered(
            lambda line: line.partner_id == self.spicy
        )
        self.assertEqual(line.state, "skipped")
        self.assertEqual(self.spicy.account_manager_id, self.boss)
        self.assertFalse(line.activity_id)

    def test_open_matters_follow_the_choice(self):
        """Another successor for a distributor takes its open matters too."""
        self.spicy.activity_schedule(
            "mail.mail_activity_data_call", user_id=self.leaver.id
        )
        handover = self.propose()
        line = handover.distributor_line_ids.filtered(
            lambda line: line.partner_id == self.spicy
        )
        line.new_user_id = self.east
        self.assertEqual(handover.item_line_ids.new_user_id, self.east)

    def test_a_change_of_region_hands_over_that_region(self):
        handover = self.propose(
            reason="region", state_ids=[Command.set(self.sichuan.ids)]
        )
        handover.action_hand_over()
        self.assertEqual(self.lake.account_manager_id, self.leaver)
        self.assertEqual((self.spicy + self.old).account_manager_id, self.west)

    def test_a_seller_hands_over_too(self):
        other = new_test_user(
            self.env, "growth_rep2", "distributor_crm.group_sales_rep"
        )
        self.make_distributor("Hot", self.sichuan, user_id=other.id)
        handover = self.propose(user_id=self.rep.id)
        self.assertEqual(set(handover.line_ids.mapped("kind")), {"seller"})
        self.assertEqual(self.successor_of(handover, self.spicy), other)
        handover.action_hand_over()
        self.assertEqual(self.spicy.user_id, other)
        self.assertEqual(self.spicy.account_manager_id, self.leaver)

    def test_archiving_drafts_the_handover_and_warns(self):
        """R154: archiving a user with distributors leads to the hand-over."""
        task = self.lake.activity_schedule(
            "mail.mail_activity_data_call", user_id=self.leaver.id
        )
        action = self.leaver.with_user(self.env.ref("base.user_admin")).action_archive()
        handover = self.Handover.search(
            [("user_id", "=", self.leaver.id), ("state", "=", "draft")]
        )
        self.assertEqual(handover.distributor_count, 3)
        self.assertEqual(action["res_model"], "distributor.handover")
        told = self.env["mail.message"].search(
            [("model", "=", "distributor.handover"), ("res_id", "=", handover.id)]
        )
        self.assertIn(
            self.boss,
            handover.activity_ids.user_id + told.notified_partner_ids.user_ids,
        )
        orphans = (
            self.env["res.partner"]
            .with_context(active_test=False)
            .search([("is_orphan", "=", True)])
        )
        self.assertEqual(orphans, self.spicy + self.lake + self.old)
        self.assertTrue(task.exists(), "Odoo deletes what an archived user had to do")
        handover.action_propose()
        self.assertIn(
            ("mail.activity", task.id),
            [(line.res_model, line.res_id) for line in handover.item_line_ids],
        )
        handover.action_hand_over()
        self.assertEqual(task.user_id, self.east)
        self.assertFalse(
            self.env["res.partner"]
            .with_context(active_test=False)
            .search([("is_orphan", "=", True)])
        )
        self.assertFalse(handover.activity_ids)

    def test_archiving_others_drafts_nothing(self):
        idle = new_test_user(self.env, "growth_idle", "base.group_user")
        idle.action_archive()
        self.assertFalse(self.Handover.search([("user_id", "=", idle.id)]))

    def test_bad_input_is_refused(self):
        handover = self.propose()
        handover.distributor_line_ids[0].new_user_id = False
        with self.assertRaisesRegex(UserError, "Choose a successor"):
            handover.action_hand_over()
        handover.distributor_line_ids[0].new_user_id = self.leaver
        with self.assertRaisesRegex(UserError, "cannot take over"):
            handover.action_hand_over()
        empty = self.Handover.with_user(self.boss).create({"user_id": self.west.id})
        with self.assertRaisesRegex(UserError, "nothing to hand over"):
            empty.action_hand_over()

    def test_states_are_set_by_buttons_alone(self):
        handover = self.propose()
        with self.assertRaises(UserError):
            handover.write({"state": "done", "done_on": "2020-01-01"})
        forged = self.Handover.with_user(self.boss).create(
            {"user_id": self.east.id, "state": "done"}
        )
        self.assertEqual(forged.state, "draft")
        with self.assertRaises(UserError):
            handover.line_ids[0].write({"partner_id": self.lake.id})
        handover.action_hand_over()
        with self.assertRaises(UserError):
            handover.action_hand_over()
        with self.assertRaises(UserError):
            handover.line_ids[0].new_user_id = self.boss
        with self.assertRaises(UserError):
            handover.unlink()

    def test_who_may(self):
        """Account managers see what comes to them, and decide nothing."""
        handover = self.propose()
        as_west = handover.with_user(self.west)
        self.assertFalse(self.Handover.with_user(self.west).search([]))
        with self.assertRaises(AccessError):
            as_west.action_hand_over()
        handover.action_hand_over()
        self.assertEqual(self.Handover.with_user(self.west).search([]), handover)
        self.assertEqual(
            self.env["distributor.handover.line"]
            .with_user(self.west)
            .search([])
            .partner_id,
            self.spicy + self.old,
        )
        for user in (
            self.rep,
            new_test_user(self.env, "growth_fin", "distributor_crm.group_finance"),
        ):
            with self.assertRaises(AccessError):
                self.Handover.with_user(user).search([])
        with self.assertRaises(AccessError):
            self.Handover.with_user(self.west).create({"user_id": self.leaver.id})

    def test_queries_do_not_grow_with_the_lines(self):
        """A proposal of 60 asks the database about as often as one of 6."""

        def count(number):
            for index in range(number):
                self.make_distributor(f"N{number}-{index}", self.sichuan)
            self.env.flush_all()
            self.env.invalidate_all()
            handover = self.Handover.create(
                {"user_id": self.leaver.id, "reason": "region"}
            )
            start = self.cr.sql_log_count
            handover._propose()
            self.env.flush_all()
            return self.cr.sql_log_count - start

        few = count(6)
        many = count(60)
        self.assertLess(many, few + 15)


@tagged("post_install", "-at_install")
class TestAdoption(HandoverCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.spicy.account_manager_id = False

    def ask(self, user):
        self.spicy.with_user(user).action_ask_to_adopt()
        return self.env["distributor.adoption"].search(
            [("user_id", "=", user.id), ("partner_id", "=", self.spicy.id)]
        )

    def test_a_sales_manager_decides_who_adopts(self):
        """R154: staff may ask to adopt; the other offers are refused with the grant."""
        first, second = self.ask(self.west), self.ask(self.east)
        self.assertEqual(self.ask(self.west), first)
        first.with_user(self.boss).action_grant()
        self.assertEqual(self.spicy.account_manager_id, self.west)
        self.assertEqual((first + second).mapped("state"), ["granted", "refused"])
        with self.assertRaises(UserError):
            second.with_user(self.boss).action_grant()

    def test_who_may_ask_and_decide(self):
        with self.assertRaises(AccessError):
            self.ask(self.rep)
        with self.assertRaisesRegex(UserError, "looks after them already"):
            self.lake.with_user(self.west).action_ask_to_adopt()
        offer = self.ask(self.west)
        for user in (self.west, self.east, self.rep):
            with self.assertRaises(UserError):
                offer.with_user(user).action_grant()
        with self.assertRaises(UserError):
            offer.with_user(self.west).write({"state": "granted"})
        offer.with_user(self.west).note = "I know them"
        with self.assertRaises(AccessError):
            self.env["distributor.adoption"].with_user(self.west).create(
                {"partner_id": self.lake.id, "user_id": self.west.id}
            )

    def test_orphans_are_handed_over_together(self):
        action = self.spicy.with_user(self.boss).action_hand_over_orphans()
        handover = self.Handover.browse(action["res_id"])
        self.assertEqual(handover.line_ids.partner_id, self.spicy)
        handover.with_user(self.boss).action_hand_over()
        self.assertEqual(self.spicy.account_manager_id, self.west)


@tagged("post_install", "-at_install")
class TestHandoverTour(HandoverMixin, HttpCase):
    def test_hand_over_in_a_browser(self):
        handover = self.propose()
        self.start_tour(
            f"/odoo/handovers/{handover.id}",
            "distributor_handover_tour",
            login=self.boss.login,
        )
        self.assertEqual(handover.state, "done")
        self.assertEqual(self.lake.account_manager_id, self.east)
