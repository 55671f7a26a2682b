# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .store_common import StoreCommon

ACTIVITY = "distributor_crm.activity_type_core_contact"


@tagged("post_install", "-at_install")
class TestCoreDistributor(StoreCommon):
    """Core distributors have an account manager who keeps in touch (R001, R002)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.core = cls.env["res.partner.grade"].create(
            {"name": "Core", "is_core": True}
        )
        cls.plain = cls.env["res.partner.grade"].create({"name": "Plain"})
        cls.mine = cls.env["res.partner"]

    def setUp(self):
        super().setUp()
        self.patch(type(self.env["ir.cron"]), "_commit_progress", lambda *a, **k: 60)

    def _make_core(self, name, **values):
        """A core distributor of 1 January, with whom nobody was in touch since."""
        with freeze_time("2026-01-01 08:00:00"):
            partner = self._make_owner(name, grade_id=self.core.id, **values)
            self.env.flush_all()
        self.env.cr.execute(
            "UPDATE res_partner SET create_date = '2026-01-01' WHERE id = %s",
            [partner.id],
        )
        partner.invalidate_recordset()
        return partner

    def _find(self, moment):
        """Return who of these is neglected at a moment."""
        self.env.flush_all()
        with freeze_time(moment):
            found = self.env["res.partner"].search([("is_core_neglected", "=", True)])
        return found.filtered(lambda partner: partner.grade_id == self.core)

    def test_needs_an_account_manager(self):
        with self.assertRaisesRegex(ValidationError, "needs an account manager"):
            self._make_owner("Alone", grade_id=self.core.id, account_manager_id=False)
        self.owner.account_manager_id = False
        with self.assertRaisesRegex(ValidationError, "Owner"):
            self.owner.grade_id = self.core
        self.owner.account_manager_id = self.manager
        self.owner.grade_id = self.core
        with self.assertRaisesRegex(ValidationError, "Choose one first"):
            self.owner.with_user(self.sales_manager).account_manager_id = False
        # Of other tiers, and of who is no distributor, nobody is asked.
        self.owner.grade_id = self.plain
        self.owner.account_manager_id = False

    def test_promotion_waits_for_an_account_manager(self):
        """The proposal says so, cannot be approved, and is not applied by itself."""
        self.owner.write({"account_manager_id": False, "grade_id": self.plain.id})
        self.env.company.tier_promotion_mode = "automatic"
        change = self.env["distributor.tier.change"].create(
            {
                "partner_id": self.owner.id,
                "company_id": self.env.company.id,
                "old_grade_id": self.plain.id,
                "new_grade_id": self.core.id,
                "due_on": fields.Date.today(),
            }
        )
        self.assertTrue(change.lacks_manager)
        self.assertFalse(change._is_automatic())
        found = self.env["distributor.tier.change"].search(
            [("lacks_manager", "=", True), ("partner_id", "=", self.owner.id)]
        )
        self.assertEqual(found, change)
        change._take_effect(self.env.company, fields.Date.today())
        self.assertEqual(change.state, "proposed")
        with self.assertRaisesRegex(UserError, "needs an account manager"):
            change.with_user(self.sales_manager).action_approve()
        self.owner.account_manager_id = self.manager
        change.with_user(self.sales_manager).action_approve()
        self.assertEqual(self.owner.grade_id, self.core)

    def test_opening_gives_the_manager_before_the_tier(self):
        self.template.grade_id = self.core
        self.owner.account_manager_id = False
        agreement = self._make_signed()
        self._make_store("core-store").action_open()
        self.assertEqual(self.owner.grade_id, agreement.grade_id)
        self.assertTrue(self.owner.account_manager_id)

    def test_neglected_after_so_many_days(self):
        """The thirtieth day is still in time, zero days switch it off."""
        partner = self._make_core("Quiet")
        with freeze_time("2026-02-01 10:00:00"):
            partner.message_post(body="Called", message_type="comment")
        self.assertFalse(self._find("2026-03-03 09:00:00"))
        self.assertEqual(self._find("2026-03-03 11:00:00"), partner)
        with freeze_time("2026-03-03 11:00:00"):
            self.assertEqual(partner.days_without_contact, 30)
            self.assertTrue(partner.is_core_neglected)
        self.env.company.core_contact_days = 0
        self.assertFalse(self._find("2026-03-03 11:00:00"))

    def test_what_counts_as_contact(self):
        """Messages and tasks done, of contacts too, answers in cases, and orders."""
        clerk = {"name": "Clerk", "type": "contact"}
        case_policy = {"kind": "question", "subject": "How?"}

        def talk(partner):
            partner.child_ids.message_post(body="Hello", message_type="comment")

        def act(partner):
            partner.activity_schedule(
                "mail.mail_activity_data_call", user_id=self.manager.id
            ).action_feedback(feedback="Spoken")

        def answer(partner):
            case = self.env["distributor.case"].create(
                {**case_policy, "partner_id": partner.id}
            )
            case.message_post(body="So.", message_type="comment")

        def order(partner):
            self.env["sale.order"].create(
                {"partner_id": partner.child_ids.id, "state": "sale"}
            )

        def nothing(partner):
            partner.phone = "123"
            partner._message_log(body="Changed")

        partners = {}
        for do in (talk, act, answer, order, nothing):
            partner = self._make_core(
                do.__name__, child_ids=[fields.Command.create(clerk)]
            )
            with freeze_time("2026-05-01 08:00:00"):
                do(partner)
            partners[do.__name__] = partner
        self.assertEqual(self._find("2026-05-20 08:00:00"), partners["nothing"])
        self.assertEqual(len(self._find("2026-06-20 08:00:00")), 5)

    def test_reminded_once(self):
        partner = self._make_core("Forgotten")
        self._make_core("Ended").sudo().has_reduced_access = True
        for _run in range(2):
            with freeze_time("2026-04-01 03:00:00"):
                self.env["res.partner"]._remind_of_core(self.env.company)
        tasks = self.env["mail.activity"].search(
            [("activity_type_id", "=", self.env.ref(ACTIVITY).id)]
        )
        self.assertEqual(tasks.mapped("res_id"), partner.ids)
        self.assertEqual(tasks.user_id, self.manager)
        self.assertIn("90", tasks.summary)
        # Done: that is a contact, so the next night asks for nothing.
        with freeze_time("2026-04-02 03:00:00"):
            tasks.action_feedback(feedback="Called")
            self.env.flush_all()
            self.env["res.partner"]._remind_of_core(self.env.company)
        self.assertFalse(partner.activity_ids)

    def test_one_query_for_all(self):
        partners = self._make_core("One") | self._make_core("Two")
        self.env.flush_all()
        partners.invalidate_recordset()
        partners.mapped("create_date")
        with self.assertQueryCount(1):
            partners.mapped("last_contact_on")

    def test_seen_by_role(self):
        """Whoever sees the distributor sees that nobody was in touch."""
        partner = self._make_core("Seen")
        for user in (self.rep, self.manager, self.sales_manager):
            found = partner.with_user(user).search(
                [("is_core_neglected", "=", True), ("id", "=", partner.id)]
            )
            self.assertEqual(found, partner, user.name)
            self.assertFalse(found.last_contact_on)
