# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.exceptions import AccessError, UserError
from odoo.tests import TransactionCase, new_test_user, tagged

from .admission_common import AdmissionCommon


@tagged("post_install", "-at_install")
class TestAdmissionMatch(AdmissionCommon, TransactionCase):
    """An applicant who is known is no second distributor (R219)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.known = cls.env["res.partner"].create(
            {
                "name": "Known",
                "email": "chenli@applicants.example",
                "is_distributor": True,
                "grade_id": cls.tier.copy().id,
            }
        )
        cls.application = cls._apply()

    def _compare(self, user=None):
        """Open the dialog as a reviewer; return it."""
        mine = self.application.with_user(user or self.account_manager)
        action = mine.action_compare()
        return mine.env[action["res_model"]].browse(action["res_id"])

    def test_known_contact_is_used(self):
        """His account, tier and store stay; no second contact comes up."""
        user = new_test_user(self.env, "known_user", "base.group_portal")
        user.partner_id.parent_id = self.known
        grade = self.known.grade_id
        line = self._compare().line_ids
        self.assertEqual(line.partner_id, self.known)
        self.assertEqual(line.shared, "E-mail")
        self.assertTrue(line.has_account)
        line.action_use()
        self.assertEqual(self.application.partner_id, self.known)
        self.assertFalse(self.application.duplicate_count)
        before = self.env["res.partner"].search_count([])
        self._bring_to(self.application, "opened")
        store = self.application.store_id
        self.assertEqual(store.partner_id, self.known)
        self.assertEqual(self.known.grade_id, grade)
        self.assertEqual(self.known.child_ids.user_ids, user)
        self.assertEqual(self.env["res.partner"].search_count([]), before)

    def test_who_cannot_be_used(self):
        company = self.env["res.company"].create({"name": "Other"})
        line = self._compare().line_ids
        for values, message in (
            ({"active": False}, "archived"),
            ({"company_id": company.id}, "another company"),
            ({"company_id": False, "parent_id": company.partner_id.id}, "latter"),
        ):
            self.known.write({"active": True, **values})
            with self.subTest(values), self.assertRaisesRegex(UserError, message):
                line.action_use()
        self.known.write({"active": True, "parent_id": False})
        self.known.with_user(self.sales_manager)._blacklist_distributor("x", "y")
        with self.assertRaisesRegex(UserError, "blacklist"):
            line.action_use()
        self.assertFalse(self.application.partner_id)

    def test_decided_applications_stay(self):
        line = self._compare().line_ids
        self.application.with_user(self.account_manager)._refuse("No", False)
        with self.assertRaises(UserError):
            line.action_use()

    def test_reviewers_alone(self):
        with self.assertRaises(AccessError):
            self._compare(self.sales_rep)

    def test_merge_with_the_distributor_made_meanwhile(self):
        """Odoo's wizard opens with both; who logs in stays, and gets the rest."""
        self.application.with_user(self.account_manager).is_not_duplicate = True
        self._bring_to(self.application, "opened")
        made = self.application.partner_id
        self.assertNotEqual(made, self.known)
        self.assertTrue(made.user_ids)
        line = self._compare(self.sales_manager).line_ids
        self.assertTrue(line.can_merge)
        action = line.action_merge()
        wizard = self.env[action["res_model"]].with_user(self.sales_manager)
        wizard = wizard.with_context(**action["context"]).browse(action["res_id"])
        self.assertEqual(wizard.partner_ids, made | self.known)
        self.assertEqual(wizard.dst_partner_id, made)
        wizard.action_merge()
        self.assertFalse(self.known.exists())
        self.assertEqual(self.application.partner_id, made)
        self.assertEqual(len(made.user_ids), 1)

    def test_merge_is_the_managers_and_not_with_the_blacklist(self):
        self.application.with_user(self.account_manager).is_not_duplicate = True
        self._bring_to(self.application, "opened")
        self.assertFalse(self._compare().line_ids.can_merge)
        line = self._compare(self.sales_manager).line_ids
        self.known.with_user(self.sales_manager)._blacklist_distributor("x", "y")
        with self.assertRaisesRegex(UserError, "blacklist"):
            line.action_merge()

    def test_nothing_to_merge_with(self):
        line = self._compare(self.sales_manager).line_ids
        self.assertFalse(line.can_merge)
        with self.assertRaisesRegex(UserError, "no second contact"):
            line.action_merge()
