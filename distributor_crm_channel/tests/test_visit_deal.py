# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from freezegun import freeze_time

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .visit_common import VisitCommon


@tagged("post_install", "-at_install")
class TestVisitDeal(VisitCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.product = cls.env["product.product"].create(
            {"name": "Cabinet", "list_price": 1000, "taxes_id": False}
        )

    def _order(self, partner, **values):
        return self.env["sale.order"].create(
            {
                "partner_id": partner.id,
                "order_line": [Command.create({"product_id": self.product.id})],
                **values,
            }
        )

    def _registered(self):
        visit = self._bring()
        self._judge(visit)
        visit.form_ids._submit()
        return visit

    def test_sale_within_protection(self):
        """A sale to the brought customer is credited when it is confirmed (R073)."""
        visit = self._registered()
        self.assertEqual(visit.customer_id.name, "张三")
        order = self._order(visit.customer_id)
        order.action_confirm()
        self.assertEqual((visit.deal_order_id, visit.deal_amount), (order, 1000))
        again = self._order(visit.customer_id)
        again.action_confirm()
        self.assertEqual(visit.deal_order_id, order)
        order._action_cancel()
        self.assertFalse(visit.deal_order_id or visit.deal_amount)

    def test_what_is_credited_follows_the_sale(self):
        """What a sale is worth is what was ordered or invoiced, less what was credited."""
        visit = self._registered()
        order = self._order(visit.customer_id)
        order.action_confirm()
        revalue = self.env["distributor.visit"]._revalue_sales
        self.assertFalse(revalue(self.company))
        order.order_line.price_unit = 800
        self.assertEqual(revalue(self.company), visit)
        self.assertEqual(visit.deal_amount, 800)
        order.order_line.qty_delivered = 1
        invoice = order._create_invoices()
        invoice.action_post()
        self.assertFalse(revalue(self.company))
        self.env["account.move.reversal"].with_context(
            active_model="account.move", active_ids=invoice.ids
        ).create({"journal_id": invoice.journal_id.id}).refund_moves()
        note = order.invoice_ids - invoice
        note.invoice_line_ids.price_unit = 300
        self.assertFalse(revalue(self.company))
        note.action_post()
        self.env["distributor.visit"]._cron_credit_sales()
        self.assertEqual(visit.deal_amount, 500)

    def test_by_phone(self):
        visit = self._registered()
        buyer = self.env["res.partner"].create(
            {"name": "Mrs Zhang", "phone": "138-0013-8000"}
        )
        order = self._order(buyer)
        order.action_confirm()
        self.assertEqual(visit.deal_order_id, order)

    def test_after_protection(self):
        visit = self._registered()
        visit.protected_until = fields.Date.today() - timedelta(days=1)
        self._order(visit.customer_id).action_confirm()
        self.assertFalse(visit.deal_order_id)

    def test_first_valid_visit_is_credited(self):
        """The first valid registration wins (R076)."""
        visit = self._registered()
        second = self._bring(self.stranger)
        second.dispute_ids.with_user(self.manager).opinion = "Fine"
        second.dispute_ids.with_user(self.manager).action_valid()
        self._judge(second)
        order = self._order(visit.customer_id)
        order.action_confirm()
        self.assertEqual(visit.deal_order_id, order)
        self.assertFalse(second.deal_order_id)

    def test_invoiced_only(self):
        self.policy.copy({"date_from": fields.Date.today(), "deal_event": "invoiced"})
        visit = self._registered()
        order = self._order(visit.customer_id)
        order.action_confirm()
        self.assertFalse(visit.deal_order_id)
        self.env.cr.execute(
            "UPDATE sale_order SET invoice_status = 'invoiced' WHERE id = %s", order.ids
        )
        self.env["distributor.visit"]._cron_credit_sales()
        self.assertEqual(visit.deal_order_id, order)

    def test_other_orders_cost_one_query(self):
        """Orders of others are looked at by one statement, however many they are."""
        partner = self.env["res.partner"].create({"name": "Nobody"})
        orders = self.env["sale.order"].browse()
        for _number in range(5):
            orders |= self._order(partner)
        orders.action_confirm()
        visits = self.env["distributor.visit"].sudo()
        orders.partner_id.mapped("visit_phone_key")
        self.env.flush_all()
        with self.assertQueryCount(1):
            self.assertFalse(visits._may_be_credited(orders))


@tagged("post_install", "-at_install")
class TestVisitAgent(VisitCommon):
    def test_one_at_a_time(self):
        self._bring()
        with self._refused(UserError, "Another visit is in progress"):
            self._bring(customer_phone="13900000001", customer_name="Q")

    def test_dismissed(self):
        """What he planned is cancelled; who has come is received and judged."""
        visit = self._bring()
        planned = self._plan(customer_phone="13900000001", customer_name="Q")
        agent = self.agent.partner_id
        agent.is_field_agent = False
        self.assertEqual((planned.state, visit.state), ("cancelled", "arrived"))
        self.assertEqual(self._judge(visit), "valid")
        later = self._plan(
            self.colleague, customer_phone="13900000002", customer_name="R"
        )
        later.agent_id = agent
        with self._refused(UserError, "no longer brings"):
            later._arrive()
        Visit = self.env["distributor.visit"]
        mine = Visit.with_user(self.agent)._get_portal_domain()
        self.assertFalse(Visit.search(mine))
        boss = Visit.with_user(self.boss)._get_portal_domain()
        self.assertIn(visit, Visit.search(boss))

    def test_leaving_before_coming(self):
        visit = self._plan()
        with self._refused(UserError, "Check in to"):
            visit._leave()

    def test_agent_needs_agency(self):
        with self._refused(UserError, "for which agency"):
            self.env["res.partner"].create({"name": "Lone", "is_field_agent": True})

    def test_who_appoints(self):
        """Who brings customers is paid: a sales representative appoints nobody."""
        for values in (
            {"name": "Friends", "is_company": True, "is_visit_agency": True},
            {
                "name": "Friend",
                "is_field_agent": True,
                "visit_agency_id": self.agency.id,
            },
        ):
            with self._refused(AccessError, "Account managers"):
                self.env["res.partner"].with_user(self.receptionist).create(values)
            self.env["res.partner"].with_user(self.care).create(values)
        partner = self.env["res.partner"].create(
            {"name": "P", "user_id": self.receptionist.id}
        )
        with self._refused(AccessError, "Account managers"):
            partner.with_user(self.receptionist).write(
                {"is_field_agent": True, "visit_agency_id": self.agency.id}
            )
        partner.with_user(self.receptionist).write(
            {"is_field_agent": False, "name": "Q"}
        )

    def test_merged_agents(self):
        """Merging two agents who both bring somebody loses no visit."""
        twin = self.agent.partner_id.copy({"name": "lin too"})
        one = self._bring()
        two = self._bring(
            agent_id=twin.id, customer_phone="13900000001", customer_name="Q"
        )
        self.env["base.partner.merge.automatic.wizard"]._merge(
            (self.agent.partner_id + twin).ids, self.agent.partner_id
        )
        self.assertEqual((one + two).exists().agent_id, self.agent.partner_id.exists())

    def test_position_of_the_place(self):
        """A manager takes the place's position from a visit; nobody else does."""
        visit = self._plan()
        self._send(
            self.agent,
            self._event("arrive", visit, latitude=30.5, longitude=104.1, accuracy=9),
        )
        self.assertEqual(visit.geo_state, "unverifiable")
        with self._refused(AccessError, "sales manager"):
            visit.with_user(self.receptionist).action_take_position()
        visit.with_user(self.manager).action_take_position()
        self.assertAlmostEqual(visit.place_id.partner_latitude, 30.5, 4)

    def test_counter(self):
        """Days of presence and sales of a counter (R129, R130)."""
        partner = self.env["res.partner"].create(
            {"name": "North", "is_company": True, "is_distributor": True}
        )
        counter = self.env["distributor.counter"].create(
            {
                "name": "Flagship",
                "kind": "counter",
                "partner_id": partner.id,
                "user_ids": self.care.ids,
                "monthly_cost": 100,
            }
        )
        for _number in range(2):
            visit = self.env["distributor.visit"].create(
                {
                    "kind": "care",
                    "customer_id": partner.id,
                    "user_id": self.care.id,
                    "method_id": self.env.ref(
                        "distributor_crm_channel.visit_method_phone"
                    ).id,
                }
            )
            with freeze_time(fields.Datetime.now() - timedelta(minutes=30)):
                visit._arrive()
            visit._leave()
        product = self.env["product.product"].create({"name": "Gin", "list_price": 500})
        self.env["sale.order"].create(
            {
                "partner_id": partner.id,
                "order_line": [Command.create({"product_id": product.id})],
            }
        ).action_confirm()
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(
            (counter.days_present, counter.sales, counter.cost_share), (1, 500, 20)
        )

    def test_quality_of_announcements(self):
        """Share of announced customers that turned out invalid (R071)."""
        for number, no in enumerate(((), ("Price",))):
            visit = self._plan(
                customer_phone=f"1390000000{number}", customer_name=f"Q{number}"
            )
            visit.preregistered_at = fields.Datetime.now()
            visit._arrive()
            self._judge(visit, *no)
            visit._leave()
        self.assertEqual(self.agency.prechecked_invalid_share, 50)
