# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import http
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from .earning_common import EarningCommon


class EarningPortalCase(EarningCommon, HttpCase):
    """A distributor with earnings and a portal user, and another one."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        contact = cls.env["res.partner"].create(
            {"name": "Owner", "parent_id": cls.north.id, "email": "o@north.example"}
        )
        cls.portal_user = new_test_user(
            cls.env,
            "north_portal",
            "base.group_portal",
            partner_id=contact.id,
            company_id=cls.company.id,
            company_ids=[(6, 0, cls.company.ids)],
        )
        cls.order, _invoice = cls._earn(2000)
        cls.south_order, _invoice = cls._earn(8642, store=cls.sub_store)
        cls.south_bank = cls._create_bank(cls.south, "987654321")
        cls.foreign = (
            cls.env["distributor.withdrawal"]
            .with_user(cls.finance)
            ._request(cls.company, cls.south, cls.south_bank, 77.77)
        )
        cls.env.flush_all()

    def _login(self, login="north_portal"):
        self.authenticate(login, login)

    def _post(self, path, **data):
        data.setdefault("csrf_token", http.Request.csrf_token(self))
        return self.url_open(path, data=data)

    def _is_home(self, response):
        return response.url.rstrip("/") == self.base_url() + "/my"

    def _own(self):
        return self.env["distributor.withdrawal"].search(
            [("partner_id", "=", self.north.id)]
        )


@tagged("post_install", "-at_install")
class TestEarningPortal(EarningPortalCase):
    def test_own_figures_and_lines_alone(self):
        self._login()
        page = self.url_open("/my/earnings").text
        self.assertIn("100.00", page)
        self.assertIn(self.order.name, page)
        self.assertIn("Spirits", page)
        self.assertNotIn(self.south_order.name, page)
        self.assertNotIn("432.10", page)
        self.assertNotIn("77.77", page)

    def test_who_bought_is_not_told(self):
        self.policy.date_to = "2024-12-31"
        policy = self._create_policy(date_from="2025-01-01")
        self._store_opinion(policy)
        policy.upper_rate = 1
        order, _invoice = self._earn(300, store=self.sub_store)
        self._login()
        page = self.url_open("/my/earnings").text
        self.assertIn(order.name, page)
        self.assertIn("your sub-store", page)
        self.assertNotIn("Shopper", page)

    def test_request_from_the_form_to_its_page(self):
        self._login()
        form = self.url_open("/my/withdrawals/new").text
        self.assertIn('value="100.00"', form)
        self.assertIn(self.bank.acc_number, form)
        self.assertNotIn(self.south_bank.acc_number, form)
        page = self._post("/my/withdrawals/new", amount="60", account=self.bank.id)
        withdrawal = self._own()
        self.assertIn(f"/my/withdrawals/{withdrawal.id}", page.url)
        self.assertIn("was requested", page.text)
        self.assertIn("**** 1111", page.text)
        self.assertEqual((withdrawal.amount, withdrawal.state), (60, "requested"))
        self.assertEqual(withdrawal.user_id, self.portal_user)
        listed = self.url_open("/my/withdrawals").text
        self.assertIn(withdrawal.name, listed)
        self.assertNotIn(self.foreign.name, listed)

    def test_bad_amounts_and_foreign_accounts_say_why(self):
        self._login()
        bank = self.bank.id
        unverified = self._create_bank(self.north, "0000000", trusted=False)
        for amount, account, text in (
            ("0", bank, "above 0"),
            ("-5", bank, "above 0"),
            ("1000000000", bank, "Only"),
            ("NaN", bank, "as a number"),
            ("", bank, "as a number"),
            ("1.001", bank, "further decimals"),
            ("9" * 400, bank, "So much is not there"),
            ("10", self.south_bank.id, "Choose one"),
            ("10", unverified.id, "Choose one"),
            ("10", "1 OR 1=1", "Choose one"),
            ("10", "", "Choose one"),
            ("<script>", bank, "as a number"),
        ):
            with self.subTest(amount=amount, account=account):
                page = self._post("/my/withdrawals/new", amount=amount, account=account)
                self.assertEqual(page.status_code, 200)
                self.assertIn(text, page.text)
                self.assertNotIn('<script>"', page.text)
                self.assertFalse(self._own())

    @mute_logger("odoo.http")
    def test_no_request_without_token(self):
        self._login()
        for path in (
            "/my/withdrawals/new",
            "/my/withdrawals/account",
            f"/my/withdrawals/{self.foreign.id}/cancel",
        ):
            page = self._post(path, amount="10", account=self.bank.id, csrf_token="x")
            self.assertEqual(page.status_code, 400)
        self.assertFalse(self._own())

    def test_cancel_ones_own_alone(self):
        own = self._ask(10)
        self.env.flush_all()
        self._login()
        self.assertTrue(
            self._is_home(self._post(f"/my/withdrawals/{self.foreign.id}/cancel"))
        )
        self.assertEqual(self.foreign.state, "requested")
        page = self._post(f"/my/withdrawals/{own.id}/cancel")
        self.assertIn("was cancelled", page.text)
        self.assertEqual(own.state, "cancelled")
        approved = self._ask_and_approve(10)
        self.env.flush_all()
        page = self._post(f"/my/withdrawals/{approved.id}/cancel")
        self.assertIn("in status", page.text)
        self.assertEqual(approved.state, "approved")

    def test_rejection_is_told_on_the_page(self):
        own = self._ask(10)
        own.with_user(self.sales_manager)._reject("<b>Wrong</b> account")
        self.env.flush_all()
        self._login()
        page = self.url_open(f"/my/withdrawals/{own.id}").text
        self.assertIn("&lt;b&gt;Wrong&lt;/b&gt; account", page)
        self.assertIn("in your account again", page)
        self.assertIn("Wrong&lt;/b&gt;", self.url_open("/my/withdrawals").text)

    def test_strangers_and_wrong_numbers_lead_home(self):
        self._login()
        for number in (self.foreign.id, 0, 2**31, 2**40):
            self.assertTrue(self._is_home(self.url_open(f"/my/withdrawals/{number}")))
        for path in (
            "/my/earnings/page/999999",
            "/my/earnings?filterby=nonsense",
            "/my/withdrawals?done=<b>",
            "/my/withdrawals/page/99",
            "/my/withdrawals/new?amount=1&account=2",
        ):
            self.assertEqual(self.url_open(path).status_code, 200)
        self.assertFalse(self._own(), "a page that is only opened requests nothing")

    def test_visitors_must_log_in(self):
        for path in (
            "/my/earnings",
            "/my/withdrawals",
            "/my/withdrawals/new",
            f"/my/withdrawals/{self.foreign.id}",
        ):
            self.assertIn("/web/login", self.url_open(path).url)

    def test_customers_without_a_store_see_an_empty_page(self):
        new_test_user(self.env, "plain_portal", "base.group_portal")
        self._login("plain_portal")
        page = self.url_open("/my/earnings")
        self.assertEqual(page.status_code, 200)
        self.assertNotIn(self.order.name, page.text)
        counters = self.make_jsonrpc_request(
            "/my/counters", {"counters": ["earning_count"]}
        )
        self.assertEqual(counters["earning_count"], 0)

    def test_counter(self):
        self._login()
        counters = self.make_jsonrpc_request(
            "/my/counters", {"counters": ["earning_count"]}
        )
        self.assertEqual(counters["earning_count"], 1)

    def test_a_new_account_waits_to_be_verified(self):
        self._login()
        page = self._post(
            "/my/withdrawals/account", acc_number="6222 9999 8888", bank_name="<i>ICBC"
        )
        self.assertIn("sent to be verified", page.text)
        made = self.env["res.partner.bank"].search(
            [("acc_number", "=", "6222 9999 8888")]
        )
        self.assertEqual(made.partner_id, self.north)
        self.assertEqual(made.acc_holder_name, self.north.name)
        self.assertFalse(made.allow_out_payment)
        page = self._post("/my/withdrawals/new", amount="10", account=made.id)
        self.assertIn("Choose one", page.text)
        for number, text in (
            ("6222-9999-8888", "known already"),
            ("<script>alert(1)</script>", "6 to 34"),
            ("123", "6 to 34"),
            ("1" * 41, "6 to 34"),
        ):
            page = self._post("/my/withdrawals/account", acc_number=number)
            self.assertIn(text, page.text)
        for number in ("1111111", "2222222"):
            self._post("/my/withdrawals/account", acc_number=number)
        page = self._post("/my/withdrawals/account", acc_number="33333333")
        self.assertIn("wait to be verified already", page.text)

    @mute_logger("odoo.http")
    def test_rpc_with_a_portal_login_reaches_nothing(self):
        self._login()
        for model, method, args in (
            ("distributor.withdrawal", "search_read", [[]]),
            ("distributor.withdrawal", "create", [{}]),
            ("distributor.withdrawal", "action_approve", [self.foreign.ids]),
            ("distributor.withdrawal", "action_pay", [self.foreign.ids]),
            ("distributor.withdrawal", "action_cancel", [self.foreign.ids]),
            ("distributor.withdrawal", "_request", [1, 1, 1, 1]),
            ("distributor.earning", "search_read", [[]]),
            ("distributor.earning", "action_release", [[]]),
            ("distributor.earning.policy", "search_read", [[]]),
            ("res.partner", "read", [self.south.ids, ["earning_balance"]]),
        ):
            with self.subTest(f"{model}.{method}"):
                answer = self.url_open(
                    f"/web/dataset/call_kw/{model}/{method}",
                    json={
                        "params": {
                            "model": model,
                            "method": method,
                            "args": args,
                            "kwargs": {},
                        }
                    },
                ).json()
                self.assertIn("error", answer)

    def test_withdrawal_tour(self):
        self.start_tour(
            "/my/earnings", "distributor_withdrawal_portal_tour", login="north_portal"
        )
        own = self._own()
        self.assertEqual((own.amount, own.state), (100, "cancelled"))
        self.start_tour(
            "/my/withdrawals/new",
            "distributor_withdrawal_again_tour",
            login="north_portal",
        )
        own = self._own() - own
        self.start_tour(
            f"/odoo/withdrawals/{own.id}",
            "distributor_withdrawal_approve_tour",
            login=self.sales_manager.login,
        )
        self.assertEqual(own.state, "approved")
        self.start_tour(
            f"/odoo/withdrawals/{own.id}",
            "distributor_withdrawal_pay_tour",
            login=self.finance.login,
        )
        self.assertEqual(own.state, "paid")
        self.assertEqual(self._available(), 0)
