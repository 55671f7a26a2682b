# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .earning_common import EarningCommon


@tagged("post_install", "-at_install")
class TestEarningPolicy(EarningCommon):
    def _refused_by_database(self, **values):
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(IntegrityError),
            self.env.cr.savepoint(),
        ):
            self._create_policy(**values)

    def test_d3_two_paid_levels_are_refused_by_default(self):
        """D3: 13% + 3% was fined in 2022; the database says no, whoever asks."""
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(IntegrityError),
            self.env.cr.savepoint(),
        ):
            self.policy.write({"own_rate": 13, "upper_rate": 3})
        self._store_opinion()
        self.policy.write({"own_rate": 13, "upper_rate": 3})
        self.assertEqual(self.policy.opinion_stored_by_id, self.sales_manager)
        self.assertTrue(self.policy.opinion_stored_at)

    def test_12_percent_direct_is_one_level(self):
        self.policy.own_rate = 12
        order = self._order(100, store=self.sub_store)
        self._pay(self._invoice(order))
        self._follow()
        self.assertEqual(order.earning_ids.partner_id, self.south)
        self.assertEqual(order.earning_ids.amount, 12)

    def test_a_third_level_is_impossible(self):
        self._earn(200)
        row = self.env["distributor.earning"].sudo().search([], limit=1)
        for level in (0, 3):
            with (
                mute_logger("odoo.sql_db"),
                self.assertRaises(IntegrityError),
                self.env.cr.savepoint(),
            ):
                row.copy(
                    {"level": level, "number": 99, "state": "frozen", "move_id": False}
                )

    def test_opinion_is_complete_and_stored_by_a_manager(self):
        with self._refused(UserError, "say who gave it"):
            self.policy.with_user(self.sales_manager).action_store_opinion()
        self.policy.write(
            {
                "opinion_file": b"JVBERi0=",
                "opinion_author": "Li",
                "opinion_date": "2024-01-01",
                "opinion_text": "Sound.",
            }
        )
        with self._refused(AccessError, "Only a sales manager"):
            self.policy.with_user(self.finance).action_store_opinion()
        for user in (self.finance, self.sales_manager):
            with self._refused(UserError, "Use the button"):
                self.policy.with_user(user).opinion_stored_at = "2024-01-01 00:00:00"
        made = (
            self.env["distributor.earning.policy"]
            .with_user(self.finance)
            .with_context(default_opinion_stored_at="2024-01-01 00:00:00")
        )
        self.policy.date_to = "2024-12-31"
        policy = made.create(
            {
                **self.policy.copy_data()[0],
                "date_from": "2025-01-01",
                "date_to": False,
                "opinion_stored_by_id": self.finance.id,
            }
        )
        self.assertFalse(policy.opinion_stored_at or policy.opinion_stored_by_id)

    def test_opinion_stays_while_a_second_level_rests_on_it(self):
        self._store_opinion()
        self.policy.upper_rate = 2.5
        manager = self.policy.with_user(self.sales_manager)
        with self._refused(UserError, "rests on this legal opinion"):
            manager.action_take_back_opinion()
        for name in ("opinion_file", "opinion_text", "opinion_author", "opinion_date"):
            with self._refused(UserError, "stays as it is"):
                manager.write({name: False})
        order = self._order(200, store=self.sub_store)
        self._pay(self._invoice(order))
        self._follow()
        with self._refused(UserError, "Earnings were counted"):
            manager.upper_rate = 0
        with self._refused(UserError, "stays on record"):
            self.policy.with_user(self.channel_admin).unlink()

    def test_opinion_without_a_second_level_can_be_replaced(self):
        self._store_opinion()
        self.policy.with_user(self.sales_manager).action_take_back_opinion()
        self.policy.opinion_text = "Another one."
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(IntegrityError),
            self.env.cr.savepoint(),
        ):
            self.policy.upper_rate = 1

    def test_policies_do_not_overlap(self):
        self._refused_by_database(date_from="2025-01-01")
        self._refused_by_database(date_from="2023-01-01")
        self._create_policy(date_from="2023-01-01", date_to="2023-12-31")

    def test_used_policy_keeps_its_terms(self):
        self._earn(200)
        for name, value in (("own_rate", 6), ("freeze_days", 1), ("method", "margin")):
            with self.subTest(name), self._refused(UserError, "Earnings were counted"):
                self.policy[name] = value
        self.policy.own_rate = 5  # the same
        self.policy.minimum = 7  # what is withdrawn is not what was earned

    def test_nonsense_is_refused(self):
        self.policy.date_to = "2024-12-31"
        for values in (
            {"own_rate": 101},
            {"own_rate": -1},
            {"freeze_days": -1},
            {"minimum": -1},
            {"fee_fixed": 1, "fee_account_id": False},
            {"fee_percent": 60, "tax_mode": "withhold", "tax_rate": 40},
            {"tax_mode": "withhold", "tax_account_id": False},
            {"method": "margin", "with_tax": True},
            {"date_to": "2024-12-31"},
        ):
            with self.subTest(values):
                self._refused_by_database(**{"date_from": "2025-01-01", **values})

    def test_account_of_suppliers_bills_is_refused(self):
        """Its balance would be what distributors may withdraw."""
        bill = self.init_invoice("in_invoice", partner=self.north, amounts=[100])
        bill.action_post()
        account = bill.line_ids.filtered(
            lambda line: line.display_type == "payment_term"
        ).account_id
        with self._refused(ValidationError, "suppliers' bills"):
            self.policy.payable_account_id = account
        with self._refused(ValidationError, "cannot hold"):
            self.policy.payable_account_id = self.company_data[
                "default_account_expense"
            ]


@tagged("post_install", "-at_install")
class TestEarningCompliance(EarningCommon):
    def _row(self, store=None):
        self.env.flush_all()
        self.env.invalidate_all()
        return self.env["distributor.earning.compliance"].search(
            [
                ("company_id", "=", self.company.id),
                ("store_id", "=", store.id if store else False),
            ]
        )

    def test_people_depth_and_shares(self):
        self._store_opinion()
        self.policy.upper_rate = 2.5
        for store in (self.store, self.sub_store):
            order = self._order(200, store=store)
            self._pay(self._invoice(order))
        self._follow()
        for row in (self._row(self.store), self._row()):
            self.assertEqual((row.people, row.depth, row.paid_levels), (3, 3, 2))
            self.assertEqual((row.sales_own, row.sales_sub), (200, 200))
            self.assertEqual((row.pay_own, row.pay_sub), (20, 5))
            self.assertEqual(row.share_own, 80)
            self.assertTrue(row.warn_depth)
            self.assertFalse(row.warn_people or row.warn_share)
            self.assertIn("3 levels", row.explanation)
        self.assertFalse(self._row(self.sub_store), "a sub-store is no tree")

    def test_thresholds_are_settings(self):
        self.company.sudo().write(
            {
                "earning_warn_people": 3,
                "earning_warn_depth": 4,
                "earning_warn_share": 101,
            }
        )
        row = self._row(self.store)
        self.assertEqual(
            (row.warn_people, row.warn_depth, row.warn_share), (True, False, True)
        )
        self.assertEqual(row.warning_count, 2)

    def test_several_stores_of_one_owner_are_one_person(self):
        self._create_store(self.north, "north2")
        self.assertEqual(self._row().people, 3)


@tagged("post_install", "-at_install")
class TestEarningReconciliation(EarningCommon):
    def _rows(self):
        self.env.flush_all()
        self.env.invalidate_all()
        return self.env["distributor.earning.reconciliation"].search(
            [("company_id", "=", self.company.id)]
        )

    def test_released_less_withdrawn_is_the_ledger(self):
        self._earn(2000)
        self._ask_and_approve(30).action_pay()
        self._ask(20)
        row = self._rows()
        self.assertEqual((row.released, row.withdrawn, row.expected), (100, 30, 70))
        self.assertEqual((row.balance, row.reserved, row.difference), (70, 20, 0))

    def test_foreign_entries_on_the_account_show(self):
        self._earn(2000)
        move = self.env["account.move"].create(
            {
                "line_ids": [
                    (
                        0,
                        0,
                        {
                            "account_id": self.payable.id,
                            "partner_id": self.north.id,
                            "credit": 5,
                        },
                    ),
                    (
                        0,
                        0,
                        {
                            "account_id": self.company_data[
                                "default_account_expense"
                            ].id,
                            "debit": 5,
                        },
                    ),
                ]
            }
        )
        move.action_post()
        self.assertEqual(self._rows().difference, 5)
        self.assertEqual(self._available(), 105)
