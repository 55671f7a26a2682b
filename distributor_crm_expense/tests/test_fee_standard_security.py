# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import Command, fields
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .common import READERS, FeeStandardCommon


@tagged("post_install", "-at_install")
class TestFeeStandardSecurity(FeeStandardCommon):
    def test_all_roles_read_none_writes(self):
        standard = self._create_standard(confirm=False)
        for group in READERS:
            user = self._new_user(f"reader_{group}", group)
            own = standard.with_user(user)
            self.assertEqual(own.search([("id", "=", standard.id)]), standard, group)
            self.assertTrue(own.read(["terms", "state", "display_name"]))
            for forbidden in (
                lambda own=own: own.write({"rate": 90}),
                lambda own=own: own.copy(),
                lambda own=own: own.unlink(),
                lambda own=own: own.action_confirm(),
                lambda own=own: own.action_reset_to_draft(),
            ):
                with self.assertRaises(AccessError, msg=group):
                    forbidden()

    def test_strangers_see_nothing(self):
        standard = self._create_standard()
        for group in ("base.group_user", "base.group_portal", "base.group_public"):
            user = new_test_user(self.env, f"stranger_{group}", group)
            with self.assertRaises(AccessError):
                standard.with_user(user).search([])

    def test_product_form_stays_open_to_strangers(self):
        """Who may not see fees can still read products."""
        user = new_test_user(self.env, "fee_stranger", "base.group_user")
        arch = self.product.product_tmpl_id.with_user(user).get_view(view_type="form")
        self.assertNotIn("fee_standard_count", arch["arch"])

    def test_margin_is_for_those_who_set_it(self):
        standard = self._create_standard()
        seller = self._new_user("margin_rep", "distributor_crm.group_sales_rep")
        with self.assertRaises(AccessError):
            standard.with_user(seller).read(["margin_share"])
        finance = self._new_user("margin_finance", "distributor_crm.group_finance")
        self.assertTrue(standard.with_user(finance).read(["margin_share"]))

    def test_signatures_are_closed_to_all(self):
        """Not even the administrator writes who approved or confirmed."""
        standard = self._create_standard(confirm=False)
        now = fields.Datetime.now()
        for vals in (
            {"confirmed_on": now},
            {"confirmed_on": False},
            {"confirmed_by_id": self.compliance.id},
            {"reviewed_on": now},
            {"reviewed_by_id": self.compliance.id},
            {"prepared_by_id": self.compliance.id},
        ):
            with self.assertRaises(AccessError):
                standard.write(vals)
        with self.assertRaises(AccessError):
            self._create_standard(confirm=False, confirmed_on=now)

    def test_context_cannot_sign(self):
        """A default from a forged context is no signature."""
        forged = self.env["distributor.fee.standard"].with_user(self.fee_admin)
        standard = forged.with_context(
            default_confirmed_on=fields.Datetime.now(),
            default_reviewed_on=fields.Datetime.now(),
            default_prepared_by_id=self.compliance.id,
        ).create({"product_tmpl_id": self.product.product_tmpl_id.id, "rate": 1})
        self.assertRecordValues(
            standard,
            [
                {
                    "confirmed_on": False,
                    "reviewed_on": False,
                    "prepared_by_id": self.fee_admin.id,
                }
            ],
        )

    def test_companies_apart(self):
        other = self.env["res.company"].create({"name": "Other"})
        standard = self._create_standard()
        user = new_test_user(
            self.env,
            "fee_elsewhere",
            "distributor_crm_expense.group_fee_admin",
            company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        own = standard.with_user(user)
        self.assertFalse(own.search([("id", "=", standard.id)]))
        for forbidden in (
            lambda: own.read(["rate"]),
            lambda: own.write({"date_to": self._day(5)}),
            lambda: own.create(
                {"categ_id": self.spirits.id, "rate": 1, "company_id": self.company.id}
            ),
        ):
            with self.assertRaises(AccessError):
                forbidden()

    def test_menu_opens_for_the_fee_roles(self):
        """Who keeps or reviews fees reaches them without being a seller."""
        menu = self.env.ref("distributor_crm_expense.distributor_fee_standard_menu")
        root = self.env.ref("distributor_crm_expense.distributor_fee_menu")
        for user in (self.fee_admin, self.compliance):
            self.assertFalse(user.has_group("sales_team.group_sale_salesman"))
            visible = self.env["ir.ui.menu"].with_user(user)._visible_menu_ids()
            self.assertLessEqual({menu.id, root.id}, visible)
