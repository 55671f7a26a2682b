# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from ast import literal_eval

from odoo.tests import Form, freeze_time, tagged

from .common import DistributorCommon


@tagged("post_install", "-at_install")
class TestRebateExplain(DistributorCommon):
    def _compute(self, *steps, **values):
        program = self._create_program(*steps, **values)
        program.action_compute()
        return program.statement_ids.filtered(lambda s: s.partner_id == self.north)

    @freeze_time("2024-06-01")
    def test_next_step_in_words(self):
        self._sell(self.north, 1760)
        statement = self._compute()
        self.assertEqual(statement.next_tier_id.rate, 2)
        self.assertEqual(statement.missing, 240)
        self.assertIn("240.00", statement.missing_label)
        self.assertIn("more and you reach 2%", statement.next_step)
        statement.with_user(self.sales_manager).action_submit()
        self.assertIn("were missing to reach 2%", statement.next_step)

    def test_nothing_is_promised_when_the_time_is_over(self):
        self._sell(self.north, 1760)
        self.assertIn("were missing", self._compute().next_step)

    def test_the_top_has_no_next_step(self):
        self._sell(self.north, 2000)
        statement = self._compute()
        self.assertFalse(statement.next_tier_id)
        self.assertFalse(statement.next_step)
        self.assertFalse(statement.missing_label)
        self.assertEqual(
            [step["state"] for step in statement._get_ladder()], ["here", "reached"]
        )

    def test_below_the_first_step(self):
        self._sell(self.north, 250)
        statement = self._compute()
        self.assertEqual(
            [(s["state"], s["fill"]) for s in statement._get_ladder()],
            [("above", 12), ("next", 25)],
        )
        self.assertEqual(statement.next_tier_id.rate, 1)

    def test_never_full_before_it_is_reached(self):
        self._sell(self.north, 999.99)
        self.assertEqual(self._compute()._get_ladder()[-1]["fill"], 99)

    def test_negative_sales_climb_nothing(self):
        self._sell(self.north, -100)
        statement = self._compute((0, 1), (1000, 2))
        self.assertEqual([s["fill"] for s in statement._get_ladder()], [0, 0])

    def test_quantities_speak_of_units(self):
        product = self.env["product.product"].create({"name": "Bottle"})
        self._sell(self.north, 40, product=product)
        unit = self.env.ref("uom.product_uom_unit")
        statement = self._compute(
            (10, 1), measure="quantity", reward="percent", uom_id=unit.id
        )
        self.assertTrue(statement.shows_quantity)
        self.assertEqual(statement.missing_label, f"9 {unit.name}")
        self.assertIn("quantity", [r["name"] for r in statement._get_calculation()])

    def test_relative_scales_say_what_to_buy(self):
        self._sell(self.north, 1000, "2023-05-01")
        self._sell(self.north, 900, "2024-05-01")
        statement = self._compute((100, 1), scale="growth", kind="growth")
        self.assertIn("100.00", statement.missing_label)
        names = [row["name"] for row in statement._get_calculation()]
        self.assertIn("baseline", names)
        self.assertIn("measure", names)

    @freeze_time("2024-06-01")
    def test_watch_list(self):
        """Open statements of the running period, between four fifths and the tier."""
        self._sell(self.north, 1600)
        self._sell(self.south, 1599)
        near = self._compute()
        action = self.env.ref("distributor_crm.distributor_rebate_watch_action")
        domain = literal_eval(action.domain)
        Statement = self.env["distributor.rebate.statement"]
        self.assertEqual(Statement.search(domain), near)
        self.assertEqual(Statement.with_user(self.sales_rep).search(domain), near)
        self._sell(self.north, 400)
        near.program_id.action_compute()
        self.assertFalse(Statement.search(domain))
        with freeze_time("2025-02-01"):
            self._sell(self.south, 100)
            near.program_id.action_compute()
            self.assertFalse(Statement.search(domain))

    def test_readers_schedule_activities(self):
        self._sell(self.north, 1600)
        statement = self._compute().with_user(self.sales_rep)
        context = statement.action_schedule_activity()["context"]
        wizard = Form(
            self.env["mail.activity.schedule"]
            .with_user(self.sales_rep)
            .with_context(**context)
        )
        wizard.summary = "Call before the end of the month"
        wizard.save().action_schedule_activities()
        self.assertEqual(
            statement.activity_ids.summary, "Call before the end of the month"
        )

    def test_evidence_shows_what_means_something(self):
        self._sell(self.north, 1600)
        context = self._compute().action_view_lines()["context"]
        self.assertEqual(
            context,
            {"hide_quantity": True, "hide_collected": True, "hide_reason": True},
        )
        context = self._compute(release="collected").action_view_lines()["context"]
        self.assertFalse(context["hide_collected"])

    def test_corrections_are_one_click_away(self):
        self._sell(self.north, 1600)
        statement = self._compute(period_type="half_year", window_type="year")
        statement.with_user(self.sales_manager).action_submit()
        late = self._sell(self.north, 100, "2024-02-01")
        statement.program_id.action_compute()
        following = statement.program_id.statement_ids - statement
        self.assertTrue(statement.is_outdated)
        self.assertEqual(following.correction_count, 1)
        domain = following.action_view_corrections()["domain"]
        line = self.env["distributor.rebate.line"].search(domain)
        self.assertEqual((line.move_id, line.reason), (late, "late"))

    def test_invoice_leads_to_what_it_counts_in(self):
        invoices = self._sell(self.north, 1600) + self._sell(self.north, 10)
        other = self._sell(self.south, 5)
        self._compute()
        self._compute(name="Another")
        moves = invoices + other
        self.assertEqual(moves.mapped("rebate_statement_count"), [2, 2, 2])
        self.south.user_id = self.south.account_manager_id = False
        self.env.invalidate_all()
        mine = moves.with_user(self.sales_rep)
        self.assertEqual(mine.mapped("rebate_statement_count"), [2, 2, 0])
        stranger = self._new_user("clerk", "account.group_account_invoice")
        self.assertEqual(
            moves.with_user(stranger).mapped("rebate_statement_count"), [0, 0, 0]
        )

    def test_count_takes_one_query(self):
        moves = self.env["account.move"]
        for _number in range(3):
            moves += self._sell(self.north, 100)
        self._compute()
        self.env.flush_all()
        for documents in (moves[:1], moves):
            documents.invalidate_recordset(["rebate_statement_count"])
            with self.assertQueryCount(1):
                documents.mapped("rebate_statement_count")

    def test_credit_note_counts_what_it_settles(self):
        self._sell(self.north, 1600)
        statement = self._compute()
        statement.with_user(self.sales_manager).action_approve()
        statement.with_user(self.finance).action_settle()
        self.assertEqual(statement.move_id.rebate_statement_count, 1)
        document = statement._get_documents()[0]
        self.assertEqual(document["name"], statement.move_id.name)
        self.assertEqual(document["amount"], 16)

    def test_form_opens_for_every_reader(self):
        self._sell(self.north, 1600)
        statement = self._compute()
        for user in (self.sales_rep, self.account_manager, self.finance):
            view = statement.with_user(user).get_view(view_type="form")
            self.assertTrue(view)
            self.assertIn("o_rebate_ladder", statement.with_user(user).ladder)

    def test_free_goods_lead_to_their_order(self):
        gift = self.env["product.product"].create({"name": "Gift"})
        self._sell(self.north, 100, product=gift)
        statement = self._compute(
            (0, 1),
            measure="quantity",
            reward="goods",
            multiple=1,
            free_product_id=gift.id,
            uom_id=gift.uom_id.id,
        )
        statement.with_user(self.sales_manager).action_approve()
        statement.with_user(self.finance).action_settle()
        order = statement.settlement_ids.order_id
        self.assertEqual(
            [(d["name"], d["url"]) for d in statement._get_documents()],
            [(order.name, f"/my/orders/{order.id}")],
        )
        order.sudo().action_unlock()
        order.sudo().action_cancel()
        self.assertFalse(statement._get_documents())
