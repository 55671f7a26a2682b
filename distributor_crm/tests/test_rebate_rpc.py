# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What people try who do not use the screens: each role, over RPC."""

from datetime import timedelta

from odoo import Command, fields
from odoo.tests import HttpCase, JsonRpcException, tagged
from odoo.tools import mute_logger

from .common import ROLES
from .test_rebate_engine import EngineCommon

REFUSED = "AccessError|UserError|ValidationError"


@tagged("post_install", "-at_install")
class TestRebateRpc(EngineCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._sell(cls.north, 1000)
        cls._sell(cls.south, 2000)
        cls.south.user_id = cls.south.account_manager_id = False
        cls.program = cls._create_program((0, 10))
        cls.program._compute_now()
        cls.statement = cls.program.statement_ids.filtered(
            lambda s: s.partner_id == cls.north
        )
        cls.hidden = cls.program.statement_ids - cls.statement
        cls.target = cls.env["distributor.rebate.target"].create(
            {"program_id": cls.program.id, "partner_id": cls.south.id, "amount": 5}
        )
        cls.work = cls.env["distributor.rebate.run"]._start(cls.program)
        cls.env.flush_all()

    def _as(self, user):
        self.authenticate(user.login, user.login)

    def _call(self, model, method, *args, **kwargs):
        return self.make_jsonrpc_request(
            f"/web/dataset/call_kw/{model}/{method}",
            {"model": model, "method": method, "args": args, "kwargs": kwargs},
        )

    def assertRefused(self, model, method, *args, **kwargs):
        with (
            self.assertRaisesRegex(JsonRpcException, REFUSED, msg=(method, args)),
            mute_logger("odoo.http"),
        ):
            self._call(model, method, *args, **kwargs)

    def assertNoMethod(self, model, method, *args):
        with (
            self.assertRaises(JsonRpcException, msg=(model, method)),
            mute_logger("odoo.http"),
        ):
            self._call(model, method, *args)

    def test_no_role_writes_what_the_engine_writes(self):
        for role in ROLES:
            self._as(getattr(self, role))
            ids = self.statement.ids
            for vals in (
                {"due": 1},
                {"settled": 1},
                {"approval_state": "approved"},
                {"state": "paid"},
                {"validation_status": "validated"},
                {"checksum": "0"},
                {"partner_state": "accepted"},
                {"partner_id": self.south.id},
                {"program_id": self.program.id},
                {"settlement_ids": [Command.create({"amount": 1})]},
                {"line_ids": [Command.clear()]},
            ):
                self.assertRefused("distributor.rebate.statement", "write", ids, vals)
            for model, records in (
                ("distributor.rebate.statement", self.statement),
                ("distributor.rebate.line", self.statement.line_ids),
                ("distributor.rebate.run", self.work),
                ("distributor.rebate.run.step", self.work.step_ids),
            ):
                self.assertRefused(model, "unlink", records.ids)
                self.assertRefused(model, "create", [{}])
            for vals in ({"state": "done"}, {"user_id": self.env.uid}):
                self.assertRefused(
                    "distributor.rebate.run", "write", self.work.ids, vals
                )
            for model in ("settlement", "membership", "change"):
                model = f"distributor.rebate.{model}"
                self.assertRefused(model, "create", [{"partner_id": self.north.id}])

    def test_the_engine_is_not_called_from_outside(self):
        self._as(self.channel_admin)
        for model, methods in (
            (
                "distributor.rebate.program",
                (
                    "_compute_statements",
                    "_compute_now",
                    "_follow_ledger",
                    "_cron_follow",
                ),
            ),
            (
                "distributor.rebate.statement",
                ("_close", "_reopen", "_recompute_now", "_sign", "_settle"),
            ),
            ("distributor.rebate.run", ("_start", "_cron_work", "_finish")),
            ("distributor.rebate.run.step", ("_work",)),
            ("distributor.rebate.change", ("_note", "_gc")),
            ("distributor.rebate.membership", ("_remember", "_forget")),
        ):
            for method in methods:
                self.assertNoMethod(model, method, self.statement.ids)

    def test_only_actions_set_states_whatever_the_context_says(self):
        """Defaults come from the caller's context: they decide nothing either."""
        self._as(self.finance)
        (number,) = self._call(
            "distributor.rebate.adjustment",
            "create",
            [{"statement_id": self.statement.id, "amount": 1, "reason": "Forged"}],
            context={
                "default_state": "approved",
                "default_user_id": self.channel_admin.id,
                "default_decided_by_id": self.sales_manager.id,
            },
        )
        adjustment = self.env["distributor.rebate.adjustment"].browse(number)
        self.assertRecordValues(
            adjustment,
            [{"state": "draft", "user_id": self.finance.id, "decided_by_id": False}],
        )
        self._as(self.channel_admin)
        (number,) = self._call(
            "distributor.rebate.program",
            "create",
            [{"name": "Forged"}],
            context={
                "default_state": "running",
                "default_origin_id": self.program.id,
                "default_version": 7,
            },
        )
        program = self.env["distributor.rebate.program"].browse(number)
        self.assertRecordValues(
            program, [{"state": "draft", "origin_id": False, "version": 1}]
        )
        claims = self._create_program(
            (0, 100), name="Displays", kind="display", period_type="month"
        )
        self._as(self.account_manager)
        (number,) = self._call(
            "distributor.rebate.claim",
            "create",
            [
                {
                    "program_id": claims.id,
                    "partner_id": self.north.id,
                    "date": "2024-03-01",
                    "unit_amount": 100,
                }
            ],
            context={
                "default_state": "approved",
                "default_decided_by_id": self.sales_manager.id,
                "default_user_id": self.channel_admin.id,
            },
        )
        claim = self.env["distributor.rebate.claim"].browse(number)
        self.assertRecordValues(
            claim, [{"state": "draft", "user_id": self.account_manager.id}]
        )

    def test_who_changed_an_amount_does_not_approve_it(self):
        adjustment = (
            self.env["distributor.rebate.adjustment"]
            .with_user(self.finance)
            .create({"statement_id": self.statement.id, "amount": 1, "reason": "Late"})
        )
        self._as(self.sales_manager)
        model = "distributor.rebate.adjustment"
        for vals in (
            {"state": "approved"},
            {"user_id": self.channel_admin.id},
            {"editor_id": False},
            {"statement_id": self.hidden.id},
        ):
            self.assertRefused(model, "write", adjustment.ids, vals)
        self._call(model, "write", adjustment.ids, {"amount": 100000})
        self.assertRefused(model, "action_approve", adjustment.ids)
        self._as(self.channel_admin)
        self._call(model, "action_approve", adjustment.ids)
        self.assertEqual(adjustment.decided_by_id, self.channel_admin)
        for method, args in (
            ("unlink", ()),
            ("write", ({"amount": 2},)),
            ("action_refuse", ()),
        ):
            self.assertRefused(model, method, adjustment.ids, *args)

    def test_terms_stand_whatever_way_they_are_reached(self):
        """A tier that is moved in, a version that is taken away: both change terms."""
        draft = self._create_program((500, 90), start=False)
        version = self.env["distributor.rebate.program"].browse(
            self.program.action_new_version()["res_id"]
        )
        version.valid_from = "2024-02-01"
        version.action_start()
        self.program._compute_now()
        self._approve(self.program.statement_ids)
        self.assertTrue(version.is_frozen)
        self._as(self.channel_admin)
        model = "distributor.rebate.program"
        move = {"program_id": self.program.id}
        self.assertRefused("distributor.rebate.tier", "write", draft.tier_ids.ids, move)
        for vals in (
            {"origin_id": self.program.id},
            {"state": "draft"},
            {"watermark": False},
            {"tier_ids": [Command.clear()]},
            {"statement_ids": [Command.clear()]},
            {"version_ids": [Command.clear()]},
            {"version_ids": [Command.link(draft.id)]},
        ):
            self.assertRefused(model, "write", self.program.ids, vals)
        self.assertRefused(model, "action_reset_to_draft", version.ids)
        self.assertRefused(model, "unlink", version.ids)
        self._call(model, "action_archive", version.ids)
        self.env.invalidate_all()
        self.assertEqual(self.program._get_versions(), self.program + version)
        self._as(self.finance)
        for vals in ({"maximum": 5}, {"partner_ids": [Command.set(self.north.ids)]}):
            self.assertRefused(model, "write", draft.ids, vals)

    def test_marks_of_rebate_documents_are_not_edited(self):
        """Neither is a sale hidden from the rebates that way, nor paid twice."""
        self._approve(self.statement)
        self.statement.with_user(self.finance).action_settle()
        note = self.statement.move_id
        invoice = self.statement.line_ids.move_id
        self._as(self.finance)
        for move, vals in (
            (note, {"is_distributor_rebate": False}),
            (note, {"is_rebate_reversed": True}),
            (invoice, {"is_distributor_rebate": True}),
            (note, {"rebate_settlement_ids": [Command.clear()]}),
        ):
            self.assertRefused("account.move", "write", move.ids, vals)
        for vals in ({"is_standing": False}, {"amount": 1}):
            ids = self.statement.settlement_ids.ids
            self.assertRefused("distributor.rebate.settlement", "write", ids, vals)
        self.assertRefused(
            "distributor.rebate.settlement", "unlink", self.statement.settlement_ids.ids
        )

    def test_reps_read_their_own_portfolio(self):
        adjustment = self.env["distributor.rebate.adjustment"].create(
            {"statement_id": self.hidden.id, "amount": 1, "reason": "Secret"}
        )
        for user in (self.sales_rep, self.account_manager):
            self._as(user)
            for record in (
                self.hidden,
                self.hidden.line_ids,
                adjustment,
                self.target,
            ):
                self.assertRefused(record._name, "read", record.ids, ["display_name"])
                found = self._call(record._name, "search", [])
                self.assertFalse(set(found) & set(record.ids))
            self.assertRefused(
                "distributor.rebate.run", "read", self.work.ids, ["state"]
            )

    def test_evidence_answers_no_questions_about_others(self):
        """A condition on the invoice is asked with the asker's own rights."""
        self._as(self.sales_rep)
        self.assertRefused(
            "distributor.rebate.line",
            "search",
            [("move_id", "any", [("create_uid.totp_secret", "!=", False)])],
        )

    def test_companies_are_apart(self):
        """A manager of another company neither sees a run nor stops it."""
        other = self.setup_other_company()["company"]
        self.sales_manager.write(
            {"company_ids": [Command.set(other.ids)], "company_id": other.id}
        )
        self._as(self.sales_manager)
        context = {"allowed_company_ids": other.ids}
        for record in (
            self.program,
            self.statement,
            self.statement.line_ids,
            self.target,
            self.work,
            self.work.step_ids,
        ):
            found = self._call(record._name, "search", [], context=context)
            self.assertFalse(set(found) & set(record.ids), record._name)
        for method in ("action_stop", "action_resume"):
            self.assertRefused("distributor.rebate.run", method, self.work.ids)
        self.assertRefused(
            "distributor.rebate.program", "action_compute", self.program.ids
        )
        for method in ("action_submit", "action_approve", "action_verify"):
            self.assertRefused(
                "distributor.rebate.statement", method, self.statement.ids
            )

    def test_the_other_api_is_as_strict(self):
        """`/json/2` with a key of finance."""
        key = (
            self.env["res.users.apikeys"]
            .with_user(self.finance)
            ._generate("rpc", "Test", fields.Datetime.now() + timedelta(days=1))
        )
        header = {"Authorization": f"Bearer {key}"}
        url = f"{self.base_url()}/json/2/distributor.rebate.statement"
        ids = self.statement.ids

        def post(method, **body):
            return self.url_open(f"{url}/{method}", headers=header, json=body)

        read = post("read", ids=ids, fields=["due"])
        self.assertEqual(read.json()[0]["due"], 100)
        with mute_logger("odoo.http"):
            for method, body in (
                ("write", {"ids": ids, "vals": {"due": 1}}),
                ("unlink", {"ids": ids}),
                ("_recompute_now", {"ids": ids}),
                ("create", {"vals_list": [{}]}),
            ):
                self.assertGreaterEqual(post(method, **body).status_code, 400, method)
        self.assertEqual(self.statement.due, 100)
