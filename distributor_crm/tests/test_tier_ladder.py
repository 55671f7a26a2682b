# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import date
from decimal import Decimal

from odoo.tests import BaseCase, tagged

from odoo.addons.distributor_crm.tier.ladder import (
    Condition,
    Rule,
    Step,
    Verdict,
    judge,
)
from odoo.addons.distributor_crm.tier.windows import window

YEAR = ("sales", "rolling_12")
GROUP_BUYS = ("group_buys", "rolling_12")
CORE, GOLD, SILVER, BRONZE = 1, 2, 3, 4


def rule(number, *conditions):
    return Rule(
        number,
        tuple(Condition(key, how, Decimal(value)) for key, how, value in conditions),
    )


LADDER = [
    Step(
        CORE,
        enter=(rule(1, (YEAR, ">=", "200000")), rule(2, (GROUP_BUYS, ">=", "1"))),
    ),
    Step(
        GOLD,
        enter=(rule(3, (YEAR, ">=", "100000")),),
        keep=(rule(4, (YEAR, ">=", "80000")),),
    ),
    Step(SILVER, enter=(rule(5, (YEAR, ">", "50000")),)),
    Step(BRONZE),
]


@tagged("post_install", "-at_install")
class TestTierLadder(BaseCase):
    def judge(self, current, sales, group_buys=None):
        figures = {YEAR: Decimal(sales), GROUP_BUYS: group_buys}
        return judge(LADDER, current, figures)

    def test_core_distributor(self):
        """R001: 200,000 to the cent and inclusive, or a group-buy."""
        self.assertEqual(self.judge(GOLD, "199999.99"), Verdict(GOLD))
        self.assertEqual(self.judge(GOLD, "200000.00"), Verdict(CORE, 1))
        self.assertEqual(self.judge(BRONZE, "0", Decimal(1)), Verdict(CORE, 2))
        self.assertEqual(self.judge(None, "200000"), Verdict(CORE, 1))

    def test_entering_and_staying_differ(self):
        self.assertEqual(self.judge(SILVER, "90000"), Verdict(SILVER))
        self.assertEqual(self.judge(GOLD, "90000"), Verdict(GOLD))
        self.assertEqual(self.judge(GOLD, "80000"), Verdict(GOLD))
        self.assertEqual(self.judge(GOLD, "79999.99"), Verdict(SILVER))

    def test_operators(self):
        """More than excludes the number, at least includes it."""
        self.assertEqual(self.judge(BRONZE, "50000"), Verdict(BRONZE))
        self.assertEqual(self.judge(BRONZE, "50000.01"), Verdict(SILVER, 5))

    def test_who_holds_nothing_falls_to_the_tier_without_rules(self):
        self.assertEqual(self.judge(GOLD, "1"), Verdict(BRONZE))
        self.assertEqual(judge(LADDER[:3], GOLD, {YEAR: Decimal(1)}), Verdict(None))

    def test_what_nobody_knows_is_held_against_nobody(self):
        """An unknown figure lets nobody in, and throws nobody out."""
        step = Step(GOLD, enter=(rule(1, (GROUP_BUYS, ">=", "1")),))
        self.assertEqual(judge([step], None, {}), Verdict(None))
        self.assertEqual(judge([step], GOLD, {}), Verdict(GOLD))

    def test_a_tier_outside_the_ladder_is_left_alone(self):
        self.assertEqual(self.judge(99, "500000"), Verdict(99))

    def test_a_rule_without_conditions_admits_nobody(self):
        self.assertFalse(Rule(1, ()).admits({}))

    def test_windows(self):
        """Both days inclusive; twelve months are one year, in leap years too."""
        for kind, today, first, last in (
            ("rolling_12", "2026-11-25", "2025-11-26", "2026-11-25"),
            ("rolling_12", "2024-02-29", "2023-03-01", "2024-02-29"),
            ("rolling_3", "2026-05-31", "2026-03-01", "2026-05-31"),
            ("year", "2026-11-25", "2026-01-01", "2026-11-25"),
            ("last_year", "2026-11-25", "2025-01-01", "2025-12-31"),
            ("quarter", "2026-11-25", "2026-10-01", "2026-11-25"),
            ("last_quarter", "2026-01-15", "2025-10-01", "2025-12-31"),
        ):
            with self.subTest(kind, today=today):
                self.assertEqual(
                    window(kind, date.fromisoformat(today)),
                    (date.fromisoformat(first), date.fromisoformat(last)),
                )
