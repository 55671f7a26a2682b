# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import date
from io import BytesIO

from openpyxl import load_workbook

from odoo import http
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from .common import DistributorCommon


class RebatePortalCase(DistributorCommon, HttpCase):
    """A distributor with a portal user, and another one."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for _number in range(3):
            cls._sell(cls.north, 500.25)
        cls._sell(cls.south, 4321)
        cls.program = cls._create_program(name="Portal rebate")
        cls.program.action_compute()
        cls.contact = cls.env["res.partner"].create(
            {"name": "Owner", "parent_id": cls.north.id, "email": "owner@n.example"}
        )
        cls.portal_user = new_test_user(
            cls.env, "north_portal", "base.group_portal", partner_id=cls.contact.id
        )
        cls.own = cls.program.statement_ids.filtered(
            lambda s: s.partner_id == cls.north
        )
        cls.other = cls.program.statement_ids - cls.own

    def setUp(self):
        super().setUp()
        self.path = f"/my/rebates/{self.own.id}"

    def _login(self):
        self.authenticate("north_portal", "north_portal")

    def _post(self, path, **data):
        data["csrf_token"] = http.Request.csrf_token(self)
        return self.url_open(path, data=data)

    def _submit(self):
        self.program.statement_ids.with_user(self.sales_manager).action_submit()

    def _is_home(self, response):
        return response.url.rstrip("/") == self.base_url() + "/my"


@tagged("post_install", "-at_install")
class TestRebatePortal(RebatePortalCase):
    def test_distributor_sees_his_own_with_its_evidence(self):
        self._login()
        page = self.url_open("/my/rebates").text
        self.assertIn("Portal rebate", page)
        self.assertIn("1,500.75", page)
        self.assertNotIn("4,321", page)
        page = self.url_open(self.path).text
        self.assertIn("15.01", page)
        self.assertEqual(page.count("500.25"), 3)
        for line in self.own.line_ids:
            self.assertIn(line.move_name, page)

    def test_stranger_and_wrong_pages_lead_home(self):
        self._login()
        for number in (self.other.id, 0, 2**40):
            self.assertTrue(self._is_home(self.url_open(f"/my/rebates/{number}")))
        for path in (
            "/my/rebates/page/999999",
            f"{self.path}/page/99",
            f"{self.path}?about=nonsense",
            f"{self.path}?about={self.other.line_ids.id}",
            f"{self.path}?done=<b>",
            "/my/rebates?filterby=nonsense",
        ):
            self.assertEqual(self.url_open(path).status_code, 200)

    def test_visitors_must_log_in(self):
        for path in (self.path, f"{self.path}/pdf", f"{self.path}/xlsx"):
            self.assertIn("/web/login", self.url_open(path).url)

    def test_counter(self):
        self._login()
        counters = self.make_jsonrpc_request(
            "/my/counters", {"counters": ["rebate_count"]}
        )
        self.assertEqual(counters["rebate_count"], 1)

    def test_live_while_it_runs(self):
        today = date.today()
        self._sell(self.north, 1200, str(today))
        program = self._create_program(
            name="Running rebate",
            date_from=today.replace(month=1, day=1),
            date_to=today.replace(month=12, day=31),
        )
        program.action_compute()
        self._login()
        for path in ("/my/rebates", f"/my/rebates/{program.statement_ids.id}"):
            page = self.url_open(path).text
            self.assertIn("800.00 more and you reach 2%", page.replace("\xa0", ""))
            self.assertIn('aria-valuenow="60"', page)
        # What is over promises nothing more.
        self.assertNotIn("more and you reach", self.url_open(self.path).text)

    def test_filters(self):
        self._login()
        self._submit()
        for name, is_shown in (("answer", True), ("open", False), ("settled", False)):
            page = self.url_open(f"/my/rebates?filterby={name}").text
            self.assertEqual("1,500.75" in page, is_shown, name)

    def test_adjustments_without_their_author(self):
        adjustment = (
            self.env["distributor.rebate.adjustment"]
            .with_user(self.finance)
            .create(
                {
                    "statement_id": self.own.id,
                    "amount": 12.34,
                    "reason": "Promised at the fair",
                }
            )
        )
        refused = adjustment.copy({"reason": "Not agreed"})
        adjustment.with_user(self.sales_manager).action_approve()
        refused.with_user(self.sales_manager).action_refuse()
        self._login()
        for path in (self.path, f"{self.path}/pdf"):
            page = self.url_open(path).text
            self.assertIn("Promised at the fair", page)
            self.assertIn("12.34", page)
            self.assertNotIn("Not agreed", page)
            self.assertNotIn(self.finance.name, page)

    def test_documents_open_on_the_portal(self):
        self.own.with_user(self.sales_manager).action_approve()
        self.own.with_user(self.finance).action_settle()
        self._login()
        move = self.own.move_id
        self.assertIn(f'href="/my/invoices/{move.id}"', self.url_open(self.path).text)
        page = self.url_open(f"/my/invoices/{move.id}")
        self.assertFalse(self._is_home(page))
        self.assertIn(move.name, page.text)

    def test_models_are_closed_over_rpc(self):
        self._login()
        for model in ("statement", "line", "dispute", "adjustment", "program"):
            name = f"distributor.rebate.{model}"
            for method, args in (
                ("search_read", [[]]),
                ("read", [[self.own.id]]),
                ("write", [[self.own.id], {}]),
            ):
                with (
                    mute_logger("odoo.http"),
                    self.assertRaisesRegex(Exception, "AccessError|not allowed"),
                ):
                    self.make_jsonrpc_request(
                        "/web/dataset/call_kw",
                        {"model": name, "method": method, "args": args, "kwargs": {}},
                    )


@tagged("post_install", "-at_install")
class TestRebatePortalAnswers(RebatePortalCase):
    def test_accept(self):
        self._login()
        self._submit()
        self.assertIn("o_rebate_accept", self.url_open(self.path).text)
        page = self._post(f"{self.path}/accept").text
        self.assertIn("you accepted this statement", page)
        self.assertEqual(self.own.partner_state, "accepted")
        self.assertEqual(self.own.accepted_by_id, self.contact)
        self.assertNotIn("o_rebate_accept", page)

    def test_drafts_are_not_answered(self):
        self._login()
        self.assertNotIn("o_rebate_accept", self.url_open(self.path).text)
        for act in ("accept", "dispute"):
            page = self._post(f"{self.path}/{act}", text="No").text
            self.assertIn("once its figures stand", page)
        self.assertEqual(self.own.partner_state, "open")

    def test_dispute_a_line_and_read_the_answer(self):
        self._login()
        self._submit()
        line = self.own.line_ids[1]
        page = self.url_open(f"{self.path}?about={line.id}").text
        self.assertIn(f"Your objection to {line.move_name}", " ".join(page.split()))
        page = self._post(
            f"{self.path}/dispute", about=line.id, text="<b>Ours</b> & returned"
        ).text
        self.assertIn("&lt;b&gt;Ours&lt;/b&gt; &amp; returned", page)
        dispute = self.own.dispute_ids
        self.assertEqual(dispute.author_id, self.contact)
        self.assertNotIn(self.contact, dispute.message_partner_ids)
        self.assertEqual(
            (dispute.move_line_key, dispute.line_name),
            (line.move_line_key, line.move_name),
        )
        self.assertEqual(self.own.partner_state, "disputed")
        mine = dispute.with_user(self.account_manager)
        mine.write({"answer": "It was counted twice", "outcome": "corrected"})
        self.assertNotIn("counted twice", self.url_open(self.path).text)
        mine.action_answer()
        page = self.url_open(self.path).text
        self.assertIn("It was counted twice", page)
        self.assertIn("Will be corrected", page)
        self.assertIn("o_rebate_accept", page)

    def test_dispute_the_whole_and_withdraw(self):
        self._login()
        self._submit()
        self._post(f"{self.path}/dispute", text="All of it")
        dispute = self.own.dispute_ids
        self.assertFalse(dispute.line_name)
        page = self._post(f"{self.path}/withdraw/{dispute.id}").text
        self.assertIn("was withdrawn", page)
        self.assertEqual(dispute.state, "withdrawn")
        self.assertEqual(self.own.partner_state, "open")

    def test_refusals_keep_what_was_typed(self):
        self._login()
        self._submit()
        page = self._post(f"{self.path}/dispute", text="z" * 2001).text
        self.assertIn("2001 characters", page)
        self.assertIn("z" * 2001, page)
        self.assertFalse(self.own.dispute_ids)

    def test_others_statements_and_lines_are_out_of_reach(self):
        self._login()
        self._submit()
        foreign = self.other.sudo()._dispute(self.south, "Ours")
        home = f"/my/rebates/{self.other.id}"
        for path in (
            f"{home}/accept",
            f"{home}/dispute",
            f"{home}/withdraw/{foreign.id}",
            "/my/rebates/0/accept",
        ):
            self.assertTrue(self._is_home(self._post(path, text="Mine now")), path)
        for path in (f"{home}/pdf", f"{home}/xlsx", "/my/rebates/0/pdf"):
            self.assertTrue(self._is_home(self.url_open(path)), path)
        self._post(f"{self.path}/withdraw/{foreign.id}")
        self.assertEqual(foreign.state, "open")
        self._post(f"{self.path}/dispute", about=self.other.line_ids.id, text="Hm")
        self.assertFalse(self.own.dispute_ids)
        self.assertEqual(self.other.partner_state, "disputed")

    @mute_logger("odoo.http")
    def test_forms_of_other_sites_are_refused(self):
        self._login()
        self._submit()
        for act in ("accept", "dispute"):
            response = self.url_open(f"{self.path}/{act}", data={"text": "x"})
            self.assertEqual(response.status_code, 400)
        self.assertEqual(self.url_open(f"{self.path}/accept").status_code, 405)
        self.assertEqual(self.own.partner_state, "open")

    def test_downloads(self):
        self._login()
        response = self.url_open(f"{self.path}/pdf")
        self.assertEqual(response.status_code, 200)
        self.assertIn("15.01", response.text)
        response = self.url_open(f"{self.path}/xlsx")
        self.assertIn("Portal_rebate", response.headers["Content-Disposition"])
        book = load_workbook(BytesIO(response.content), read_only=True)
        amounts = [row[8] for row in book["Invoice Lines"].iter_rows(values_only=True)]
        self.assertAlmostEqual(sum(amounts[1:]), self.own.basis)
        names = {row[0] for row in book["Statements"].iter_rows(values_only=True)}
        self.assertEqual(names, {"Distributor", "North Trading"})

    def test_tour(self):
        """A distributor answers in a browser."""
        today = date.today()
        self._sell(self.north, 1200, str(today))
        running = self._create_program(
            name="Running rebate",
            date_from=today.replace(month=1, day=1),
            date_to=today.replace(month=12, day=31),
        )
        running.action_compute()
        self.program.name = "Old rebate"
        settled = self._create_program(
            name="Settled rebate", date_from="2023-01-01", date_to="2023-12-31"
        )
        self._sell(self.north, 1500, "2023-05-05")
        settled.action_compute()
        statement = settled.statement_ids
        statement.with_user(self.sales_manager).action_submit()
        self.start_tour(
            "/my/rebates", "distributor_rebate_portal_tour", login="north_portal"
        )
        self.assertEqual(statement.partner_state, "accepted")
        self.assertEqual(statement.dispute_ids.state, "withdrawn")
