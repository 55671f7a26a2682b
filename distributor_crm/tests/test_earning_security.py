# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .common import ROLES
from .earning_common import EarningCommon

OWN = ("distributor.earning", "distributor.withdrawal", "distributor.withdrawal.line")
CONTROL = ("distributor.earning.reconciliation", "distributor.earning.compliance")


@tagged("post_install", "-at_install")
class TestEarningSecurity(EarningCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls.env["res.partner"].create(
            {"name": "Nobody's", "is_company": True, "is_distributor": True}
        )
        cls._earn(2000)
        cls._earn(2000, store=cls._create_store(cls.other, "other"))
        bank = cls._create_bank(cls.other, "333333333")
        model = cls.env["distributor.withdrawal"].with_user(cls.finance)
        cls.own = model._request(cls.company, cls.north, cls.bank, 10)
        cls.foreign = model._request(cls.company, cls.other, bank, 10)
        cls.env.flush_all()

    def _seen(self, user, model):
        return self.env[model].with_user(user).search([])

    def test_reps_and_account_managers_see_their_own_alone(self):
        for user in (self.sales_rep, self.account_manager):
            for model in OWN[:2]:
                self.assertEqual(self._seen(user, model).partner_id, self.north)
            self.assertEqual(self._seen(user, OWN[2]).withdrawal_id, self.own)
            for model in CONTROL:
                with self._refused(AccessError, "."):
                    self._seen(user, model)

    def test_managers_and_finance_see_all(self):
        for user in (self.sales_manager, self.finance, self.channel_admin):
            for model in OWN[:2]:
                self.assertLessEqual(
                    self.north | self.other, self._seen(user, model).partner_id
                )
        self.assertTrue(self._seen(self.finance, CONTROL[0]))
        self.assertTrue(self._seen(self.sales_manager, CONTROL[1]))

    def test_strangers_see_nothing(self):
        portal = new_test_user(
            self.env, "portal_earn", "base.group_portal", partner_id=self.north.id
        )
        employee = self._new_user("employee_earn", "base.group_user")
        for user in (portal, employee):
            for model in (
                *OWN,
                *CONTROL,
                "distributor.earning.policy",
                "distributor.earning.change",
                "distributor.withdrawal.ask",
                "distributor.withdrawal.reject",
            ):
                with self.subTest(model), self._refused(AccessError, "."):
                    self._seen(user, model)
            for method in (
                "action_approve",
                "action_pay",
                "action_reject",
                "action_cancel",
                "action_return",
            ):
                with self._refused((AccessError, UserError), "."):
                    getattr(self.own.with_user(user), method)()
            with self._refused(AccessError, "."):
                self.env["distributor.earning"].with_user(user).action_release()

    def test_other_companies_see_nothing(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        user = new_test_user(
            self.env,
            "elsewhere",
            "distributor_crm.group_sales_manager,distributor_crm.group_finance",
            company_id=company.id,
            company_ids=[(6, 0, company.ids)],
        )
        for model in (*OWN, *CONTROL, "distributor.earning.policy"):
            self.assertFalse(self._seen(user, model), model)

    def test_nobody_writes_what_the_engine_writes(self):
        earning = self.env["distributor.earning"].search([], limit=1)
        for role in ROLES:
            user = getattr(self, role)
            for record, vals in (
                (earning, {"amount": 10**6}),
                (earning, {"state": "released"}),
                (self.own, {"state": "paid"}),
                (self.own, {"amount": 1}),
                (self.own, {"partner_id": self.other.id}),
                (self.own, {"bank_account_id": self.foreign.bank_account_id.id}),
                (self.own.line_ids, {"amount": 99}),
            ):
                with self._refused(AccessError, "."):
                    record.with_user(user).write(vals)
            for model in OWN:
                with self._refused(AccessError, "."):
                    self.env[model].with_user(user).create({})
                with self._refused((AccessError, UserError), "."):
                    self.env[model].with_user(user).browse(
                        (earning if model == OWN[0] else self.own).ids
                    ).unlink()

    def test_who_may_request_for_whom(self):
        ask = self.env["distributor.withdrawal.ask"]
        for user, partner, allowed in (
            (self.account_manager, self.north, True),
            (self.sales_manager, self.other, True),
            (self.finance, self.other, True),
            (self.account_manager, self.other, False),
        ):
            bank = self.bank if partner == self.north else self.foreign.bank_account_id
            form = ask.with_user(user).create(
                {
                    "partner_id": partner.id,
                    "amount": 10,
                    "bank_account_id": bank.id,
                }
            )
            if allowed:
                form.action_request()
            else:
                with self._refused(AccessError, "requested by himself"):
                    form.action_request()
        with self._refused(AccessError, "."):
            ask.with_user(self.sales_rep).create({})

    def test_only_finance_pays_and_releases(self):
        self.own.with_user(self.sales_manager).action_approve()
        for role in ("sales_rep", "account_manager", "sales_manager", "channel_admin"):
            user = getattr(self, role)
            with self._refused(AccessError, "Only finance"):
                self.own.with_user(user).action_pay()
            with self._refused(AccessError, "Only finance"):
                self.env["distributor.earning"].with_user(user).action_release()

    def test_balance_of_foreign_portfolios_is_not_told(self):
        for user in (self.sales_rep, self.account_manager):
            self.assertTrue(self.north.with_user(user).earning_balance)
            self.assertFalse(self.other.with_user(user).earning_balance)
            ask = self.env["distributor.withdrawal.ask"].with_user(self.account_manager)
            self.assertFalse(ask.new({"partner_id": self.other.id}).available)
        self.assertTrue(self.other.with_user(self.finance).earning_balance)

    def test_balance_is_not_read_by_strangers(self):
        with self._refused(AccessError, "."):
            self.north.with_user(self._new_user("e2", "base.group_user")).read(
                ["earning_balance"]
            )
