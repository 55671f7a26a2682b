# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .store_common import StoreCommon


@tagged("post_install", "-at_install")
class TestStoreOpening(StoreCommon):
    def test_needs_an_agreement_in_force(self):
        """Where one was made, or everywhere: the company chooses."""
        self._make_store("without").action_open()
        self._send()
        with self.assertRaisesRegex(UserError, "No agreement"):
            self._make_store("unsigned").action_open()
        self.env.company.store_agreement_policy = "never"
        self._make_store("never").action_open()
        self.env.company.store_agreement_policy = "always"
        other = self._make_owner("Other")
        with self.assertRaisesRegex(UserError, "No agreement"):
            self._make_store("always", partner_id=other.id).action_open()

    def test_agreement_is_of_the_same_mode(self):
        agreement = self._make_signed()
        with self.assertRaisesRegex(UserError, "Resale"):
            self._make_store("bulk", mode="resale").action_open()
        store = self._make_store("single")
        store.with_user(self.manager).action_open()
        self.assertEqual(store.agreement_id, agreement)

    def test_opening_gives_access_tier_and_training(self):
        pricelist = self.env["product.pricelist"].create({"name": "Silver"})
        grade = self.env["res.partner.grade"].create(
            {"name": "Start", "default_pricelist_id": pricelist.id}
        )
        self.template.grade_id = grade
        self._make_signed()
        store = self._make_store("full")
        store.with_user(self.manager).action_open()
        self.assertEqual(self.owner.grade_id, grade)
        self.assertEqual(self.owner.specific_property_product_pricelist, pricelist)
        user = self.owner.user_ids
        self.assertTrue(user._is_portal())
        self.assertEqual(user.login, "owner@owners.example")
        self.assertEqual(store.onboarding_total, 17)
        topics = store._get_onboarding()
        self.assertEqual(topics.user_id, self.manager)
        topics[:4].with_user(self.manager).action_done()
        store.invalidate_recordset()
        self.assertEqual(store.onboarding_done, 4)
        self.assertAlmostEqual(store.onboarding_progress, 400 / 17)
        # Opened again: nothing twice.
        store.action_suspend()
        store.action_open()
        store.invalidate_recordset()
        self.assertEqual((store.onboarding_total, len(self.owner.user_ids)), (17, 1))

    def test_agreed_price_list_stays(self):
        own = self.env["product.pricelist"].create({"name": "Agreed"})
        grade = self.env["res.partner.grade"].create(
            {
                "name": "Start",
                "default_pricelist_id": self.env["product.pricelist"]
                .create({"name": "Tier"})
                .id,
            }
        )
        self.owner.grade_id = grade
        self.owner.specific_property_product_pricelist = own
        self._make_store("agreed").action_open()
        self.assertEqual(self.owner.specific_property_product_pricelist, own)

    def test_an_account_of_somebody_else_is_left_alone(self):
        """The same e-mail takes over no account, and stops no opening."""
        other = new_test_user(self.env, "taken@owners.example", "base.group_portal")
        self.owner.email = "Taken@owners.example"
        store = self._make_store("taken")
        store.action_open()
        self.assertEqual(store.state, "open")
        self.assertFalse(self.owner.user_ids)
        self.assertNotEqual(other.partner_id, self.owner)
        todo = store.activity_ids.filtered(
            lambda a: not a.activity_type_id.is_distributor_onboarding
        )
        self.assertIn("Somebody logs in", todo.note)

    def test_without_an_address(self):
        self.owner.email = False
        store = self._make_store("silent")
        store.action_open()
        self.assertFalse(self.owner.user_ids)
        self.assertIn("Give portal access", store.activity_ids.mapped("summary"))

    def test_access_of_a_contact_is_enough(self):
        contact = self.env["res.partner"].create(
            {"name": "Clerk", "parent_id": self.owner.id, "email": "c@owners.example"}
        )
        new_test_user(self.env, "clerk", "base.group_portal", partner_id=contact.id)
        self._make_store("clerk").action_open()
        self.assertFalse(self.owner.user_ids)

    def test_closing_ends_training_and_tells_why(self):
        store = self._make_store("up")
        store.action_open()
        child = self._make_store("down", parent_id=store.id)
        child.action_open()
        wizard = self.env["distributor.store.close"].with_user(self.manager)
        wizard = wizard.create({"store_ids": store.ids, "reason": "Moved away"})
        self.assertEqual(wizard.child_count, 1)
        wizard.action_close()
        self.assertEqual((store.state, child.state), ("closed", "open"))
        self.assertEqual(store.close_reason, "Moved away")
        store.invalidate_recordset()
        self.assertFalse(store.onboarding_total)
        with self.assertRaises(ValidationError):
            self._make_store("late", parent_id=store.id)
        with self.assertRaises(AccessError):
            self.env["distributor.store.close"].with_user(self.rep).create(
                {"store_ids": store.ids, "reason": "x"}
            )


@tagged("post_install", "-at_install")
class TestStoreTree(StoreCommon):
    def _sell(self, store, amount, state="sale"):
        product = self.env["product.product"].create(
            {"name": "Bottle", "list_price": amount, "taxes_id": False}
        )
        order = self.env["sale.order"].create(
            {
                "partner_id": self.env["res.partner"].create({"name": "Guest"}).id,
                "store_id": store.id,
                "order_line": [fields.Command.create({"product_id": product.id})],
            }
        )
        if state == "sale":
            order.action_confirm()
        return order

    def test_sold_through_the_store(self):
        store, other = self._make_store("sold"), self._make_store("other")
        self._sell(store, 100.5)
        self._sell(store, 20)
        self._sell(store, 999, state="draft")
        self._sell(other, 7)
        # The account manager did not take the orders, and sees their sum.
        mine = store.with_user(self.manager)
        self.assertEqual((mine.order_count, mine.order_amount), (2, 120.5))

    def test_upline_stays_once_others_rest_on_it(self):
        first, second = self._make_store("first"), self._make_store("second")
        child = self._make_store("child", parent_id=first.id)
        child.with_user(self.manager).parent_id = second
        self._sell(child, 10)
        with self.assertRaisesRegex(UserError, "who invited it stays"):
            child.parent_id = first
        with self.assertRaisesRegex(UserError, "who invited it stays"):
            second.parent_id = first
        with self.assertRaisesRegex(UserError, "earn for its owner"):
            child.partner_id = self._make_owner("Buyer")
        child.write({"parent_id": second.id, "partner_id": self.owner.id})

    def test_upline_is_of_the_same_company(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        other = self._make_store("abroad", company_id=company.id)
        with self.assertRaises(UserError):
            self._make_store("home", parent_id=other.id)

    def test_who_may_invite(self):
        first = self._make_store("first")
        token = first.invite_token
        self.assertFalse(self.Store._from_invite(token))
        first.action_open()
        self.assertEqual(self.Store._from_invite(token), first)
        self.assertIn(f"/distributor/apply?invite={token}", first._get_invite_url())
        child = self._make_store("child", parent_id=first.id)
        child.action_open()
        self.assertFalse(self.Store._from_invite(child.invite_token))
        self.assertIsNone(child._get_invite_url())
        first.with_user(self.manager).action_renew_invite()
        self.assertFalse(self.Store._from_invite(token))
        self.owner.has_reduced_access = True
        self.assertFalse(self.Store._from_invite(first.invite_token))
        for wrong in (None, 7, "", "x" * 16, "x" * 200, ["x"]):
            self.assertFalse(self.Store._from_invite(wrong))
        with self.assertRaises(AccessError):
            first.with_user(self.manager).read(["invite_token"])

    def test_old_addresses_lead_to_the_store(self):
        store = self._make_store("before")
        store.with_user(self.manager).slug = "after"
        self.assertEqual(self.Store._from_slug("before"), store)
        self.assertEqual(self.Store._from_slug("AFTER"), store)
        with self.assertRaises(ValidationError):
            self._make_store("before")
        store.slug = "before"
        self.assertEqual(self.Store._suggest_slug("After"), "after-2")
        for wrong in (None, 5, "", "x" * 64, "nothing"):
            self.assertFalse(self.Store._from_slug(wrong))

    def test_addresses_for_chinese_names(self):
        first = self.Store._suggest_slug("锦江名酒")
        self._make_store(first)
        self.assertEqual(first, "jinjiang-mingjiu")
        second = self.Store._suggest_slug("锦江名酒")
        self.assertEqual(second, "jinjiang-mingjiu-2")
        self._make_store(second)
        for name, slug in (
            ("杭州小店", "hangzhou-xiaodian"),
            ("吕氏女装 No.1店", "lvshi-nvzhuang-no1-dian"),
            ("商店", "shangdian"),
            ("🍶", "store"),
        ):
            self.assertRegex(self.Store._suggest_slug(name), rf"^{slug}(-\d+)?$")
        # As long as an address may be, and reserved words stay reserved.
        self._make_store(self.Store._suggest_slug("重庆" * 40))
        self.assertEqual(self.Store._suggest_slug("Shop"), "store-shop")


@tagged("post_install", "-at_install")
class TestAccountManagers(StoreCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Only those made here count, whoever else has the role.
        cls.company = cls.env["res.company"].create({"name": "Fresh"})
        cls.anna, cls.bo = (
            new_test_user(
                cls.env,
                name,
                "distributor_crm.group_account_manager",
                company_id=cls.company.id,
                company_ids=[fields.Command.set(cls.company.ids)],
            )
            for name in ("anna", "bo")
        )
        cls.china = cls.env.ref("base.cn")
        cls.sichuan = cls.env["res.country.state"].search(
            [("country_id", "=", cls.china.id)], limit=1
        )

    def _new(self, name, **values):
        return self._make_owner(name, account_manager_id=False, **values)

    def test_least_loaded_first_and_deterministic(self):
        owners = self.env["res.partner"].union(
            *(self._new(f"o{number}") for number in range(3))
        )
        busy = self._make_owner("Busy", account_manager_id=self.anna.id)
        self._make_store("busy", partner_id=busy.id, company_id=self.company.id)
        owners._assign_account_manager(self.company)
        self.assertEqual(
            [owner.account_manager_id for owner in owners],
            [self.bo, self.anna, self.bo],
        )
        owners[0]._assign_account_manager(self.company)
        self.assertEqual(owners[0].account_manager_id, self.bo)

    def test_place_narrows_the_choice(self):
        Area = self.env["distributor.service.area"]
        country = {"country_id": self.china.id, "company_id": self.company.id}
        Area.create({**country, "user_id": self.bo.id})
        owner = self._new("There", country_id=self.china.id)
        owner._assign_account_manager(self.company)
        self.assertEqual(owner.account_manager_id, self.bo)
        Area.create(
            {
                **country,
                "user_id": self.anna.id,
                "state_ids": [fields.Command.set(self.sichuan.ids)],
            }
        )
        near = self._new("Near", country_id=self.china.id, state_id=self.sichuan.id)
        near._assign_account_manager(self.company)
        self.assertEqual(near.account_manager_id, self.anna)

    def test_history_has_one_at_a_time(self):
        with freeze_time("2026-01-01 08:00:00"):
            owner = self._new("Kept")
            self.assertFalse(owner.assignment_ids)
            owner.account_manager_id = self.anna
        with freeze_time("2026-02-01 08:00:00"):
            owner.account_manager_id = self.anna
            owner.account_manager_id = self.bo
        with freeze_time("2026-03-01 08:00:00"):
            owner.account_manager_id = False
        rows = owner.assignment_ids.sorted("date_from")
        self.assertEqual(rows.user_id, self.anna | self.bo)
        self.assertEqual(len(rows), 2)
        self.assertEqual(rows[0].date_to, rows[1].date_from)
        self.assertEqual(rows[1].date_to - rows[1].date_from, timedelta(days=28))
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self.env["distributor.assignment"].create(
                {
                    "partner_id": owner.id,
                    "user_id": self.anna.id,
                    "date_from": "2026-01-15",
                }
            ).flush_recordset()

    def test_history_is_written_by_code_alone(self):
        row = self.owner.assignment_ids
        self.assertEqual(row.user_id, self.manager)
        for user in (self.manager, self.admin):
            with self.assertRaises(AccessError):
                row.with_user(user).user_id = user
            with self.assertRaises(AccessError):
                row.with_user(user).unlink()

    def test_merged_distributors_keep_one_history(self):
        twin = self._make_owner("Twin", account_manager_id=self.anna.id)
        self._make_store("twin", partner_id=twin.id)
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((self.owner + twin).ids, self.owner)
        self.assertEqual(self.owner.assignment_ids.user_id, self.manager)
        self.assertEqual(self.owner.store_ids.slug, "twin")

    def test_agreements_in_force_are_not_merged_away(self):
        self._make_signed()
        twin = self._make_owner("Twin")
        self._make_signed(partner_id=twin.id)
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        with self.assertRaisesRegex(UserError, "then merge"):
            wizard._merge((self.owner + twin).ids, self.owner)

    def test_portal_access_is_not_given_back_by_hand(self):
        self.owner.has_reduced_access = True
        with self.assertRaises(UserError):
            self.owner.with_user(self.admin).has_reduced_access = False

    def test_those_from_before_are_taken_over_once(self):
        self.owner.assignment_ids.unlink()
        for _time in range(2):
            self.env["distributor.assignment"]._take_over()
        self.assertEqual(self.owner.assignment_ids.user_id, self.manager)
        self.assertEqual(len(self.owner.assignment_ids), 1)

    def test_care_by_tier(self):
        """Account managers get the tasks of the tier's plan, each once a round."""
        self.patch(type(self.env["ir.cron"]), "_commit_progress", lambda *a, **k: 60)
        grade = self.env["res.partner.grade"].create(
            {
                "name": "Core",
                "care_plan_id": self.env.ref("distributor_crm.care_plan").id,
                "care_months": 2,
            }
        )
        self.owner.grade_id = grade
        with freeze_time("2026-01-10"):
            for _time in range(2):
                self.env["res.partner"]._cron_care()
        self.assertEqual(len(self.owner.activity_ids), 5)
        self.assertEqual(self.owner.activity_ids.user_id, self.manager)
        self.owner.activity_ids[:2].action_done()
        with freeze_time("2026-03-11"):
            self.env["res.partner"]._cron_care()
        self.owner.invalidate_recordset(["activity_ids"])
        self.assertEqual(len(self.owner.activity_ids), 5)


@tagged("post_install", "-at_install")
class TestDeclaredShops(StoreCommon):
    def _declare(self, url="https://shop.example/a", owner=None, **values):
        return self.Shop.create(
            {
                "name": "Shop",
                "url": url,
                "partner_id": (owner or self.owner).id,
                **values,
            }
        )

    def test_same_shop_however_written(self):
        self._declare("https://www.Shop.example/a/")
        for url in ("shop.example/a", "http://shop.example/a#top", "SHOP.example/a/"):
            with (
                self.subTest(url),
                mute_logger("odoo.sql_db"),
                self.assertRaises(IntegrityError),
                self.env.cr.savepoint(),
            ):
                self._declare(url).flush_recordset()
        self._declare("https://shop.example/b")
        self._declare("https://shop.example/a?shop=2")

    def test_what_is_no_address(self):
        for url in (
            "javascript:alert(1)",
            "ftp://shop.example",
            "shop",
            "https://user:pw@shop.example",
            "https://shop .example",
            "https://[bad",
            "https://shop.example/" + "x" * 300,
        ):
            with self.subTest(url), self.assertRaises(ValidationError):
                self._declare(url)

    def test_verified_gets_its_number(self):
        shops = self._declare() + self._declare("https://shop.example/b")
        with self.assertRaises(UserError):
            shops.with_user(self.manager).state = "verified"
        with self.assertRaises(AccessError):
            shops.with_user(self.rep).action_verify()
        shops.with_user(self.manager).action_verify()
        numbers = shops.mapped("authorization_number")
        self.assertEqual(len(set(numbers)), 2)
        self.assertEqual(shops.decided_by_id, self.manager)
        with self.assertRaises(UserError):
            shops.with_user(self.manager).url = "https://other.example"
        with self.assertRaises(UserError):
            shops.with_user(self.manager).unlink()
        wizard = self.env["distributor.declared.shop.reject"].with_user(self.manager)
        wizard.create({"shop_ids": shops.ids, "reason": "Fakes"}).action_reject()
        self.assertEqual(set(shops.mapped("state")), {"rejected"})
        shops.with_user(self.manager).action_verify()
        self.assertEqual(shops.mapped("authorization_number"), numbers)

    def test_another_owners_shop(self):
        mine = self.Shop._declare(
            self.owner, self.env.company, "A", "own", "shop.example"
        )
        same = self.Shop._declare(
            self.owner, self.env.company, "B", "own", "www.shop.example"
        )
        self.assertEqual(mine, same)
        other = self._make_owner("Other")
        with self.assertRaisesRegex(UserError, "account manager"):
            self.Shop._declare(other, self.env.company, "C", "own", "shop.example")
        mine._reject("Not his")
        self.Shop._declare(other, self.env.company, "C", "own", "shop.example")

    def test_seen_by_role(self):
        mine = self._declare()
        other = self._declare(
            "https://o.example",
            self._make_owner("Far", account_manager_id=False, user_id=False),
        )
        for user, sees in (
            (self.rep, mine),
            (self.manager, mine),
            (self.finance, mine + other),
            (self.sales_manager, mine + other),
        ):
            found = self.Shop.with_user(user).search([("id", "in", (mine + other).ids)])
            self.assertEqual(found, sees, user.login)
