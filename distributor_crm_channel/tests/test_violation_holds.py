# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from freezegun import freeze_time

from odoo import Command, fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.distributor_crm.tests.service_common import no_commits

from .violation_common import ViolationCommon


@tagged("post_install", "-at_install")
class TestViolationHolds(ViolationCommon):
    """What a suspension holds, from the second it is decided until it is over."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.store = cls.env["distributor.store"].create(
            {"name": "North Store", "partner_id": cls.north.id, "slug": "north-holds"}
        )
        cls.store.sudo().state = "open"
        cls.website = cls.env["website"].search(
            [("company_id", "=", cls.company.id)], limit=1
        ) or cls.env["website"].create({"name": "Holds", "company_id": cls.company.id})

    def _suspended(self, partner=None):
        """The second diversion within a year: 30 days."""
        self._confirmed("diversion", partner)
        case = self._confirmed("diversion", partner)
        self.assertEqual(case.penalty_ids.kind, "suspend")
        return case

    def test_nobody_is_held_without_a_case(self):
        partners = self.north | self.south | self.shopper
        self.assertEqual(partners._get_distributor_holds(), {})

    def test_a_suspension_holds_everything_and_says_which_case(self):
        case = self._suspended()
        for purpose in (None, "order", "store", "application", "rebate", "earning"):
            holds = (self.north | self.south)._get_distributor_holds(purpose)
            self.assertEqual(list(holds), [self.north], purpose)
            self.assertIn(case.name, holds[self.north][0])
        # His contacts are held with him.
        self.assertTrue(self.contacts[0]._get_distributor_holds("order"))

    def test_holds_are_one_query_for_many(self):
        self._suspended()
        partners = self.env["res.partner"].create(
            [{"name": f"D {n}", "is_distributor": True} for n in range(50)]
        )
        partners |= self.north
        self.env.flush_all()
        partners.mapped("commercial_partner_id")
        self.env["distributor.violation"].search([]).mapped("name")
        with self.assertQueryCount(1):
            found = partners._get_distributor_holds("order")
        self.assertEqual(list(found), [self.north])

    def test_another_company_holds_nobody_here(self):
        self._suspended()
        other = (
            self.company_data_2["company"]
            if hasattr(self, "company_data_2")
            else self.env["res.company"].create({"name": "Other"})
        )
        self.assertFalse(self.north._get_distributor_holds("order", other))

    def test_orders_are_refused_and_paid_ones_delivered(self):
        order = self._order(self.north, confirm=False)
        self._suspended()
        with self._refused(UserError, "not possible now"):
            order.action_confirm()
        provider = self.env["payment.provider"].search([], limit=1)
        self.env["payment.transaction"].sudo().create(
            {
                "provider_id": provider.id,
                "payment_method_id": self.env["payment.method"].search([], limit=1).id,
                "amount": order.amount_total,
                "currency_id": order.currency_id.id,
                "partner_id": self.north.id,
                "sale_order_ids": [Command.link(order.id)],
                "state": "done",
            }
        )
        order.action_confirm()
        self.assertEqual(order.state, "sale")

    def test_orders_of_others_are_not_touched(self):
        self._suspended()
        self.assertEqual(self._order(self.south).state, "sale")

    def test_the_store_is_not_shown_and_not_opened(self):
        domain = self.website._get_store_domain()
        Store = self.env["distributor.store"].sudo()
        self.assertIn(self.store, Store.search(domain))
        self.assertTrue(self.store._is_shown_on(self.website))
        case = self._suspended()
        self.assertNotIn(self.store, Store.search(self.website._get_store_domain()))
        self.assertFalse(self.store._is_shown_on(self.website))
        self.store.sudo().state = "suspended"
        with self._refused(UserError, "not possible now"):
            self.store.with_user(self.sales_manager)._check_can_open()
        self.store.sudo().state = "open"
        case.with_user(self.third_manager)._lift("It was another shop.")
        self.assertTrue(self.store._is_shown_on(self.website))

    def test_a_suspension_ends_by_itself_to_the_second(self):
        case = self._suspended()
        end = case.penalty_ids.ends_at
        with freeze_time(end - timedelta(seconds=1)):
            self.assertTrue(self.north._get_distributor_holds("order"))
        with freeze_time(end), no_commits(self):
            self.assertFalse(self.north._get_distributor_holds("order"))
            self.Violation._cron_follow()
            self.Violation._cron_follow()
        self.assertEqual(case.penalty_ids.state, "ended")

    def test_lifting_gives_all_back(self):
        """Blacklist and authorizations of this case, not those of another (R174)."""
        self._with_opinion()
        territory = self.env["distributor.territory"].create(
            {
                "name": "Test Hill",
                "area_ids": [
                    Command.create({"country_id": self.env.ref("base.de").id})
                ],
            }
        )
        authorization = self.env["distributor.authorization"].create(
            {"partner_id": self.north.id, "territory_id": territory.id}
        )
        self.assertEqual(authorization.state, "in_force")
        case = self._confirmed("price_below_floor", severity=25)
        self.assertTrue(self.north.is_blacklisted_distributor)
        authorization.invalidate_recordset()
        self.assertEqual(authorization.state, "withdrawn")
        case.with_user(self.third_manager)._lift("The screenshot was forged.")
        self.assertFalse(self.north.is_blacklisted_distributor)
        authorization.invalidate_recordset()
        self.assertEqual(authorization.state, "in_force")
        self.assertEqual(set(case.penalty_ids.mapped("state")), {"lifted"})
        self.assertEqual(case.notice_ids[-1:].kind, "end")

    def test_who_was_on_the_blacklist_before_stays_there(self):
        self._with_opinion()
        self.north.with_user(self.sales_manager)._blacklist_distributor("Fraud", "§ 5")
        case = self._confirmed("price_below_floor", severity=25)
        case.with_user(self.third_manager)._lift("Forged.")
        self.assertTrue(self.north.is_blacklisted_distributor)

    def test_free_shipping_is_taken_from_whom_it_is_taken(self):
        """No free-shipping promotions for who does not list or recommend (R177, R179)."""
        program = self.env["loyalty.program"].create(
            {
                "name": "Free shipping",
                "program_type": "promotion",
                "trigger": "auto",
                "applies_on": "current",
                "rule_ids": [Command.create({"minimum_amount": 1})],
                "reward_ids": [Command.create({"reward_type": "shipping"})],
            }
        )
        north = self._order(self.north, confirm=False)
        south = self._order(self.south, confirm=False)
        Program = self.env["loyalty.program"]

        def offered(order):
            return program in Program.search(order._get_program_domain())

        self.assertTrue(offered(north))
        case = self._notify(self._report("listing_duty"))
        self._deliver(case, fields.Datetime.now() - timedelta(hours=60))
        self._judge(case, outcome="not_corrected")
        case.with_user(self.second_manager).action_confirm()
        self.assertEqual(case.penalty_ids.kind, "benefit")
        self.assertFalse(offered(north))
        self.assertTrue(offered(south))
        with freeze_time(case.penalty_ids.ends_at):
            self.assertTrue(offered(north))
        # He orders all the same.
        north.action_confirm()

    def test_barred_persons_are_told_from_others(self):
        """Who brought false customers works for no agency any more (R063)."""
        person = self.contacts[0]
        case = self._confirmed("false_customer", person, amount=200)
        self.assertIn("ban_person", case.penalty_ids.mapped("kind"))
        barred = self.env["distributor.violation.penalty"]._get_barred(
            self.contacts, self.company
        )
        self.assertEqual(barred, person)
        self.assertFalse(self.north._get_distributor_holds("order"))
