# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import datetime

from odoo import Command
from odoo.tests import freeze_time, tagged

from .evaluation_common import QUARTER
from .service_common import ServiceCommon


@tagged("post_install", "-at_install")
class TestEvaluationMeasure(ServiceCommon):
    """Each source, on figures that are easily worked out by hand."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.both = cls.north + cls.south
        cls.company.agreement_tz = "Asia/Shanghai"

    def measure(self, source, today="2024-04-10"):
        with freeze_time(today):
            found = self.env["distributor.evaluation.measure"]._measure(
                source, self.company, self.both, QUARTER
            )
        return [
            None
            if found.get(partner.id) is None
            else round(float(found[partner.id]), 2)
            for partner in self.both
        ]

    def test_every_source_has_its_measure(self):
        sources = dict(
            self.env["distributor.evaluation.kpi"]._fields["source"].selection
        )
        for source in set(sources) - {"judged"}:
            with self.subTest(source=source):
                self.assertEqual(len(self.measure(source)), 2)

    def test_growth(self):
        self._sell(self.north, 1000, "2023-03-31")
        self._sell(self.north, 9999, "2023-04-01")
        self._sell(self.north, 1250, "2024-01-01")
        self._sell(self.south, 100, "2024-01-01")
        self.assertEqual(self.measure("growth"), [25, None])

    def test_growth_to_nothing(self):
        self._sell(self.north, 1000, "2023-03-31")
        self.assertEqual(self.measure("growth"), [-100, None])

    def test_sales_against_target(self):
        program = self._create_program(
            (1, 1), period_type="quarter", start=False, date_from="2024-01-01"
        )
        program.target_ids = [
            Command.create({"partner_id": self.north.id, "amount": 9999}),
            Command.create(
                {
                    "partner_id": self.north.id,
                    "amount": 2000,
                    "date_from": "2024-01-01",
                }
            ),
            Command.create({"partner_id": self.south.id, "amount": 500}),
        ]
        self.assertEqual(self.measure("sales_target"), [None, None], "not running")
        program.action_start()
        self._sell(self.north, 1500, "2024-02-01")
        self.assertEqual(self.measure("sales_target"), [75, 0])

    def test_collection(self):
        invoice = self._sell(self.north, 1000, "2024-02-01")
        self._sell(self.north, 1000, "2024-02-02")
        self._sell(self.south, 100, "2024-02-02")
        self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoice.ids
        ).create({"payment_date": "2024-04-05"})._create_payments()
        self.assertEqual(self.measure("collection"), [50, 0])
        self.assertEqual(self.measure("collection", "2024-04-04"), [0, 0])

    def test_range(self):
        """What was bought and sent back again is no range."""
        category = self.env["product.category"].create({"name": "Cups"})
        other = self.env["product.product"].create(
            {"name": "Cup", "categ_id": category.id}
        )
        self._sell(self.north, 100, product=self.goods)
        self._sell(self.north, 100, product=other)
        self._sell(self.south, 100, product=other)
        self._sell(self.south, -100, product=other)
        self.assertEqual(self.measure("products"), [2, 0])
        self.assertEqual(self.measure("categories"), [2, 0])

    def test_returns(self):
        self._sell(self.north, 1000)
        self._sell(self.north, -50)
        self.assertEqual(self.measure("returns"), [5, None])

    def test_complaints_at_the_company_s_midnight(self):
        """Shanghai is eight hours ahead: 16:00 UTC of the last day is April there."""
        for moment, kind in (
            (datetime(2023, 12, 31, 16, 0), "complaint"),
            (datetime(2024, 3, 31, 15, 59), "complaint"),
            (datetime(2024, 3, 31, 16, 0), "complaint"),
            (datetime(2024, 2, 1, 0, 0), "question"),
        ):
            self.env["distributor.case"].create(
                {"partner_id": self.north.id, "subject": "x", "kind": kind}
            ).sudo().opened_at = moment
        self.assertEqual(self.measure("complaints"), [2, 0])

    def test_satisfaction(self):
        for stars in (5, 2):
            case = self.env["distributor.case"].create(
                {"partner_id": self.north.id, "subject": "x", "kind": "order"}
            )
            case.sudo().write({"rating": stars, "solved_at": "2024-02-02 10:00:00"})
        self.assertEqual(self.measure("satisfaction"), [3.5, None])

    def test_orders_changed(self):
        with freeze_time("2024-02-01 08:00:00"):
            orders = [self._order(self.north) for _n in range(4)]
            self.env.flush_all()
        self.env.cr.execute(
            "UPDATE sale_order SET date_order = '2024-02-01 08:00:00' WHERE id IN %s",
            [tuple(order.id for order in orders)],
        )
        self.env.invalidate_all()
        orders[0]._action_cancel()
        self.assertEqual(self.measure("orders_changed"), [25, None])
        message = orders[1].message_post(body="changed")
        message.write(
            {
                "date": "2024-02-03 08:00:00",
                "tracking_value_ids": [
                    Command.create(
                        {
                            "field_id": self.env["ir.model.fields"]
                            ._get("sale.order", "amount_untaxed")
                            .id,
                            "old_value_float": 1,
                            "new_value_float": 2,
                        }
                    )
                ],
            }
        )
        self.env.flush_all()
        self.assertEqual(self.measure("orders_changed"), [50, None])

    def test_training(self):
        kind = self.env.ref("distributor_crm.activity_type_care_training")
        done, _open = (
            self.north.activity_schedule(
                activity_type_id=kind.id, date_deadline="2024-02-01"
            )
            for _n in range(2)
        )
        done.action_feedback()
        self.assertEqual(self.measure("training"), [50, None])

    def test_nobody_watches_prices(self):
        """Not known, unless an addon keeps cases: then none is known to be none."""
        watched = "distributor.violation" in self.env
        expected = [0, 0] if watched else [None, None]
        self.assertEqual(self.measure("discipline"), expected)
