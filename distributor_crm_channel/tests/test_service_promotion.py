# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from odoo import Command, fields
from odoo.tests import tagged

from odoo.addons.distributor_crm.tests.service_common import ServiceCommon


@tagged("post_install", "-at_install")
class TestServicePromotionProgram(ServiceCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.pricelist = cls.env["product.pricelist"].create(
            {"name": "Gold", "company_id": cls.company.id}
        )
        cls.gold = cls.env["res.partner.grade"].create(
            {"name": "Gold", "default_pricelist_id": cls.pricelist.id}
        )
        cls.program = cls.env["loyalty.program"].create(
            {
                "name": "Buy two, get one",
                "program_type": "buy_x_get_y",
                "trigger": "auto",
                "applies_on": "current",
                "company_id": cls.company.id,
                "active": False,
                "rule_ids": [
                    Command.create({"minimum_qty": 2, "reward_point_mode": "unit"})
                ],
                "reward_ids": [
                    Command.create(
                        {
                            "reward_type": "product",
                            "reward_product_id": cls.goods.id,
                            "required_points": 2,
                        }
                    )
                ],
            }
        )
        today = fields.Date.today()
        cls.promotion = cls.env["distributor.promotion"].create(
            {
                "name": "Lantern week",
                "company_id": cls.company.id,
                "date_from": today,
                "date_to": today + timedelta(days=6),
                "grade_ids": cls.gold.ids,
                "program_ids": cls.program.ids,
            }
        )

    def _rewards(self, pricelist):
        """Count the rewards that an order of two is offered."""
        order = self._order(self.north, confirm=False, pricelist_id=pricelist.id)
        order._update_programs_and_rewards()
        return len(order._get_claimable_rewards())

    def test_gifts_follow_the_promotion(self):
        """Buy and get: on its days, for its tiers, and off with it (R022)."""
        mine = self.promotion.with_user(self.sales_manager)
        self.assertFalse(self._rewards(self.pricelist))
        mine.action_publish()
        self.assertEqual(self.program.date_to, mine.date_to)
        self.assertEqual(self._rewards(self.pricelist), 1)
        other = self.env["product.pricelist"].create({"name": "Others"})
        self.assertFalse(self._rewards(other))
        mine.date_to += timedelta(days=1)
        self.assertEqual(self.program.date_to, mine.date_to)
        mine.action_withdraw()
        self.assertFalse(self.program.active)
        self.assertFalse(self._rewards(self.pricelist))

    def test_a_program_let_go_is_switched_off(self):
        self.promotion.action_publish()
        self.promotion.program_ids = False
        self.assertFalse(self.program.active)
