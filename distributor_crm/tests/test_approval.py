# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Approval of rebate statements, and what it costs."""

from psycopg2.errors import CheckViolation

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, JsonRpcException, new_test_user, tagged
from odoo.tools import mute_logger

from .common import DistributorCommon


class ApprovalCommon(DistributorCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._sell(cls.north, 1500)
        cls.program = cls._create_program()
        cls.program.action_compute()
        cls.statement = cls.program.statement_ids
        cls.step = cls.env.ref("distributor_crm.tier_definition_rebate_statement")
        cls.second_manager = cls._new_user(
            "distributor_second_manager", "distributor_crm.group_sales_manager"
        )

    @classmethod
    def _create_step(cls, name, group, **values):
        return cls.env["tier.definition"].create(
            {
                "name": name,
                "model_id": cls.env["ir.model"]._get_id("distributor.rebate.statement"),
                "review_type": "group",
                "reviewer_group_id": cls.env.ref(f"distributor_crm.{group}").id,
                "approve_sequence": True,
                **values,
            }
        )

    @classmethod
    def _create_statements(cls, count):
        partners = cls.env["res.partner"].create(
            [{"name": f"Shop {number}"} for number in range(count)]
        )
        # sudo: statements come from the engine alone
        return (
            cls.env["distributor.rebate.statement"]
            .sudo()
            .create(
                [
                    {
                        "program_id": cls.program.id,
                        "partner_id": partner.id,
                        "date_from": "2024-01-01",
                        "date_to": "2024-12-31",
                        "period": "2024",
                        "basis": 100,
                        "earned": 1,
                    }
                    for partner in partners
                ]
            )
            .sudo(False)
        )


@tagged("post_install", "-at_install")
class TestApproval(ApprovalCommon):
    def test_steps_are_strict_unless_told(self):
        """T04: four eyes and one signature a person by default; ours say otherwise."""
        step = self.env["tier.definition"].create({"name": "New"})
        self.assertTrue(step.exclude_requester)
        self.assertFalse(step.allow_repeat)
        # Who submits a statement is not its author, and finance posts it.
        self.assertFalse(self.step.exclude_requester)

    def test_four_eyes_on_statements(self):
        self.step.exclude_requester = True
        self.statement.with_user(self.sales_manager).action_submit()
        with self._refused(UserError, "not your turn"):
            self.statement.with_user(self.sales_manager).action_approve()
        self.statement.with_user(self.second_manager).action_approve()
        self.assertEqual(self.statement.state, "approved")
        self.assertEqual(self.statement.signature_ids.user_id, self.second_manager)

    def test_back_to_draft_keeps_history(self):
        """T14: what a manager signed stays on record when it is taken back."""
        self.statement.with_user(self.sales_manager).action_approve()
        self.statement.with_user(self.finance).action_reject()
        self.assertFalse(self.statement.review_ids)
        self.assertRecordValues(
            self.statement.review_history_ids,
            [
                {
                    "done_by": self.sales_manager.id,
                    "status": "approved",
                    "round_number": 1,
                    "round_end": "withdrawn",
                }
            ],
        )
        self.assertTrue(self.statement.signature_ids.voided_on)
        self.statement.with_user(self.sales_manager).action_approve()
        self.assertEqual(self.statement.review_ids.round_number, 2)
        self.assertEqual(len(self.statement.signature_ids), 2)

    def test_unmatched_statement(self):
        """T06: a statement below the only step is not approved by nobody."""
        self.step.definition_domain = "[('earned', '>', 1000)]"
        with self._refused(UserError, "No approval step covers"):
            self.statement.with_user(self.sales_manager).action_approve()
        self.company.approval_allow_unmatched = True
        self.statement.with_user(self.sales_manager).action_approve()
        self.assertEqual(self.statement.state, "approved")

    def test_signed_figures_stand(self):
        self.statement.with_user(self.sales_manager).action_approve()
        self.statement.sudo().earned += 1
        self.assertEqual(self.statement.signature_ids.void_reason, "changed")

    def test_asked_for_by_submitting_alone(self):
        """Reviews on a draft would stop the computation of the program."""
        for user in (self.sales_rep, self.sales_manager, self.finance):
            for method in ("request_validation", "validate_tier", "reject_tier"):
                with self.assertRaises(UserError):
                    getattr(self.statement.with_user(user), method)()
        self.assertFalse(self.statement.review_ids)
        self.statement.with_user(self.finance).action_submit()
        with self.assertRaises(AccessError):
            self.statement.with_user(self.sales_rep).restart_validation()
        self.assertEqual(self.statement.validation_status, "pending")

    def test_steps_are_kept_by_channel_administrators(self):
        """Without developer mode; only the steps of this suite's documents."""
        Step = self.env["tier.definition"]
        own = self.step.with_user(self.channel_admin)
        own.name = "Renamed"
        own.copy({"sequence": 99})
        other = Step.create(
            {
                "name": "Contacts",
                "model_id": self.env["ir.model"]._get_id("res.partner"),
            }
        )
        self.assertEqual(other.with_user(self.channel_admin).name, "Contacts")
        with self.assertRaises(AccessError):
            other.with_user(self.channel_admin).name = "Mine"
        with self.assertRaises(AccessError):
            own.model_id = other.model_id
        for user in (self.sales_manager, self.finance):
            with self.assertRaises(AccessError):
                self.step.with_user(user).reviewer_group_id = False
        menu = self.env.ref("distributor_crm.tier_definition_menu")
        visible = self.env["ir.ui.menu"].with_user(self.channel_admin)
        self.assertIn(menu.id, visible._visible_menu_ids(debug=False))

    def test_escalation_names_somebody(self):
        with self.assertRaises(CheckViolation), mute_logger("odoo.sql_db"):
            self._create_step("Late", "group_finance", escalation_days=2)
            self.env.flush_all()

    def test_queries_do_not_grow(self):
        """Ten statements or a hundred take the same few queries, in each act."""
        self._create_statements(1).with_user(self.sales_manager).action_approve()
        for count in (10, 100):
            statements = self._create_statements(count)
            self.env.flush_all()
            self.env.invalidate_all()
            mine = statements.with_user(self.sales_manager)
            with self.assertQueryCount(45):
                mine.action_submit()
                self.env.flush_all()
            with self.assertQueryCount(20):
                mine.action_approve()
                self.env.flush_all()
            self.assertEqual(set(mine.mapped("state")), {"approved"})
            self.assertEqual(len(statements.signature_ids), count)

    def test_reading_many_does_not_grow(self):
        """What a list of documents shows of approvals takes no query a document."""
        statements = self._create_statements(100)
        statements.with_user(self.sales_manager).action_submit()
        names = ["need_validation", "can_review", "review_ids", "reviewer_ids"]
        for count in (10, 100):
            self.env.flush_all()
            self.env.invalidate_all()
            with self.assertQueryCount(20):
                statements[:count].with_user(self.sales_manager).read(names)


@tagged("post_install", "-at_install")
class TestApprovalOverHttp(ApprovalCommon, HttpCase):
    """T01, T02, T03 as the web client and any script would try them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.statement.with_user(cls.finance).action_submit()
        cls.review = cls.statement.review_ids
        new_test_user(cls.env, "approval_portal", "base.group_portal")
        for user in (cls.sales_rep, cls.sales_manager):
            user.password = user.login

    def _call(self, model, method, *args, **kwargs):
        return self.make_jsonrpc_request(
            f"/web/dataset/call_kw/{model}/{method}",
            {"model": model, "method": method, "args": args, "kwargs": kwargs},
        )

    def _assert_forbidden(self, *args, **kwargs):
        with (
            self.assertRaisesRegex(JsonRpcException, "AccessError"),
            mute_logger("odoo.http"),
        ):
            self._call(*args, **kwargs)

    def test_nobody_touches_reviews(self):
        ids = self.review.ids
        for user in (self.sales_rep, self.sales_manager):
            self.authenticate(user.login, user.login)
            for vals in (
                {"status": "approved"},
                {"reviewer_ids": [Command.set(user.ids)]},
                {"done_by": user.id},
            ):
                self._assert_forbidden("tier.review", "write", ids, vals)
            self._assert_forbidden("tier.review", "unlink", ids)
            self._assert_forbidden(
                "tier.review",
                "create",
                [{"model": self.statement._name, "res_id": self.statement.id}],
            )
            self._assert_forbidden(
                self.statement._name,
                "write",
                self.statement.ids,
                {"validation_status": "validated"},
                context={"skip_validation_check": True},
            )
        self.assertEqual(self.review.status, "pending")

    def test_portal_reads_nothing(self):
        self.authenticate("approval_portal", "approval_portal")
        for model in (
            "tier.review",
            "tier.definition",
            "distributor.signature",
            "distributor.delegation",
        ):
            self._assert_forbidden(model, "search_read", [], ["id"])

    def test_a_reviewer_signs(self):
        user = self.sales_manager
        self.authenticate(user.login, user.login)
        self._call(self.statement._name, "action_approve", self.statement.ids)
        self.assertEqual(self.review.done_by, user)
        self.assertEqual(self.statement.state, "approved")
