# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from odoo import Command, fields
from odoo.tests import tagged

from odoo.addons.distributor_crm.evaluation.spans import last_complete

from .visit_common import VisitCommon


@tagged("post_install", "-at_install")
class TestVisitEvaluation(VisitCommon):
    """What visits and cases tell of a distributor reaches his scorecard, his tier and
    his stock reports."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.shop, cls.other_shop = cls.env["res.partner"].create(
            [
                {"name": name, "is_company": True, "is_distributor": True}
                for name in ("Corner Shop", "Quiet Shop")
            ]
        )
        cls.goods, cls.box = cls.env["product.product"].create(
            [{"name": name, "type": "consu"} for name in ("Bottle", "Box")]
        )

    def _check(self, well=True):
        """Let a representative check the shop's display and stock."""
        visit = self.env["distributor.visit"].create(
            {
                "kind": "check",
                "customer_id": self.shop.id,
                "user_id": self.care.id,
                "count_ids": [
                    Command.create(
                        {
                            "product_id": self.goods.id,
                            "quantity": 7,
                            "is_displayed": well,
                        }
                    ),
                    Command.create({"product_id": self.box.id, "quantity": 0}),
                ],
            }
        )
        visit.with_user(self.care)._arrive()
        visit.with_user(self.care)._leave()
        # The photo that the policy wants is another test's.
        visit.sudo()._set_verdict("valid", "")
        return visit

    def _measure(self, source):
        today = fields.Date.today()
        period = last_complete("month", today.replace(day=1) + timedelta(days=32))
        found = self.env["distributor.evaluation.measure"]._measure(
            source, self.company, self.shop + self.other_shop, period
        )
        return [found.get(partner.id) for partner in (self.shop, self.other_shop)]

    def test_visits_and_displays_are_scored(self):
        """Valid visits count, and the share of goods that stood well (R148, R152)."""
        self.assertEqual(self._measure("visits"), [0, 0])
        self.assertEqual(self._measure("display_checks"), [None, None])
        visit = self._check(well=False)
        self.assertEqual(visit.verdict, "valid")
        self.assertEqual(self._measure("visits"), [1, 0])
        self.assertEqual(self._measure("display_checks"), [50, None])

    def test_what_was_counted_is_a_stock_report(self):
        """Counted on a visit, it feeds the distributor's stock reports (R114, R152)."""
        visit = self._check()
        report = visit.stock_report_ids
        self.assertEqual(report.partner_id, self.shop)
        self.assertEqual(report.line_ids.mapped("quantity"), [7, 0])
        visit._report_stock()
        self.assertEqual(len(visit.stock_report_ids), 1)

    def _breach(self):
        return self.env["distributor.violation"]._report(
            [
                {
                    "policy": "price_below_floor",
                    "partner_id": self.shop.id,
                    "company_id": self.company.id,
                    "occurred_at": fields.Datetime.now(),
                    "source": self.shop,
                    "facts": "Sold at 80 instead of 100",
                    "severity": 20,
                }
            ]
        )

    def test_breaches_count_until_they_are_let_go(self):
        """Discipline in the scorecard, "no open breach" as a condition of a tier."""
        rule = self.env["distributor.tier.rule"]
        key = ("violations", "rolling_3")
        partners = self.shop + self.other_shop

        def breaches():
            found = rule._measure(self.company, [key], partners)
            return [found.get(p.id, {}).get(key, 0) for p in partners]

        self.assertEqual((self._measure("discipline"), breaches()), ([0, 0], [0, 0]))
        case = self._breach()
        self.assertEqual((self._measure("discipline"), breaches()), ([1, 0], [1, 0]))
        case.sudo().write({"state": "dismissed", "end_reason": "It was another shop"})
        self.env.flush_all()
        self.assertEqual((self._measure("discipline"), breaches()), ([0, 0], [0, 0]))
