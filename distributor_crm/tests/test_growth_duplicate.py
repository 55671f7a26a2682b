# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.exceptions import AccessError, UserError
from odoo.tests import BaseCase, tagged

from ..growth.duplicates import CROWD, normalize_name, pairs
from .common import DistributorCommon


@tagged("post_install", "-at_install")
class TestDuplicatePairs(BaseCase):
    def test_names_without_their_form(self):
        self.assertEqual(normalize_name("North Co., Ltd."), normalize_name("NORTH ltd"))
        self.assertEqual(
            normalize_name("锦江酒业有限公司"), normalize_name("锦江 酒业")
        )

    def test_shared_marks_add_up(self):
        marks = [
            (1, "name", "n"),
            (2, "name", "n"),
            (1, "phone", "6"),
            (2, "phone", "6"),
        ]
        weights = {"name": 40, "phone": 50}
        self.assertEqual(pairs(marks, weights, 50), {(1, 2): (90, ["name", "phone"])})
        self.assertEqual(pairs(marks[:2], weights, 50), {})
        self.assertEqual(pairs(marks[:2], weights, 40), {(1, 2): (40, ["name"])})

    def test_what_a_crowd_shares_tells_nothing(self):
        marks = [(owner, "phone", "6") for owner in range(CROWD + 1)]
        self.assertEqual(pairs(marks, {"phone": 50}, 50), {})
        self.assertTrue(pairs(marks[1:], {"phone": 50}, 50))


@tagged("post_install", "-at_install")
class TestDuplicate(DistributorCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        partners = cls.north + cls.south
        cls.env["res.partner"].with_context(active_test=False).search(
            [("is_distributor", "=", True), ("id", "not in", partners.ids)]
        ).is_distributor = False
        cls.Duplicate = cls.env["distributor.duplicate"].sudo()
        cls.Duplicate.search([]).unlink()
        china = cls.env.ref("base.cn")
        cls.north.write({"phone": "+86 28 8511 0000", "country_id": china.id})
        cls.south.write({"phone": "028-85110000", "country_id": china.id})

    def find(self):
        self.Duplicate._find()
        return self.Duplicate.search([])

    def test_one_phone_in_two_spellings(self):
        """R219: the pair is found with its reason, once, and goes when cured."""
        pair = self.find()
        self.assertEqual((pair.score, pair.reasons), (50, "Phone"))
        self.assertEqual(pair.partner_id + pair.other_id, self.north + self.south)
        self.assertEqual(self.find(), pair)
        self.south.phone = "028-85110001"
        self.assertFalse(self.find())

    def test_every_mark_is_compared(self):
        (self.north + self.south).phone = False
        for kind, values in (
            ("number", ({"vat": "91 510-100"}, {"company_registry": "91510100"})),
            ("email", ({"email": "A@x.example"}, {"email": "a@x.example"})),
            ("url", ({"website": "http://www.x.example/"}, {"website": "x.example"})),
        ):
            with self.subTest(kind=kind):
                self.north.with_context(no_vat_validation=True).write(values[0])
                self.south.with_context(no_vat_validation=True).write(values[1])
                self.assertIn(kind, self.find().kinds)
                for partner, own in zip(self.north + self.south, values, strict=True):
                    partner.write(dict.fromkeys(own, False))
        for partner in self.north + self.south:
            self.env["res.partner.bank"].create(
                {"partner_id": partner.id, "acc_number": "6222 0001"}
            )
        self.assertEqual(self.find().kinds, "bank")

    def test_what_is_different_is_not_shown_again(self):
        pair = self.find()
        pair.with_user(self.sales_manager).action_ignore()
        self.assertEqual(self.find().state, "ignored")
        with self.assertRaises(UserError):
            pair.with_user(self.sales_manager).action_merge()

    def test_merging_by_odoos_wizard_takes_everything_along(self):
        """The ranking counts both; what was open about both follows."""
        self.company.handover_contact_days = 3
        for partner in self.north + self.south:
            self._sell(partner, 100, "2024-12-01")
            partner.account_manager_id = False
            partner.with_user(self.account_manager).action_ask_to_adopt()
        reason = self.env.ref("distributor_crm.churn_reason_price")
        for partner in self.north + self.south:
            self.env["distributor.churn"].create(
                {
                    "partner_id": partner.id,
                    "reason_id": reason.id,
                    "could_have_acted": "no",
                    "date": f"2024-01-{1 + partner.id % 28:02}",
                }
            )
        self.env["distributor.portfolio"].sudo()._refresh(self.company)
        row = self.env["distributor.portfolio"].search(
            [("partner_id", "=", self.north.id)]
        )
        pair = self.find()
        row.invalidate_recordset(["duplicate_count"])
        self.assertEqual(row.duplicate_count, 1)
        action = pair.with_user(self.sales_manager).action_merge()
        wizard = (
            self.env["base.partner.merge.automatic.wizard"]
            .with_user(self.sales_manager)
            .with_context(**action["context"])
            .create({})
        )
        wizard.dst_partner_id = self.north
        wizard.action_merge()
        self.assertFalse(self.south.exists())
        self.assertEqual((pair.state, pair.merged_name), ("merged", "South Trading"))
        offers = self.env["distributor.adoption"].search(
            [("partner_id", "=", self.north.id), ("state", "=", "asked")]
        )
        self.assertEqual(len(offers), 1)
        losses = self.env["distributor.churn"].search(
            [("partner_id", "=", self.north.id)]
        )
        self.assertEqual(len(losses), 2)
        self.assertFalse(self.Duplicate.search([("state", "=", "open")]))

    def test_who_may_decide(self):
        pair = self.find()
        for user in (self.account_manager, self.finance, self.sales_rep):
            with self.assertRaises(AccessError):
                pair.with_user(user).action_ignore()
        with self.assertRaises(UserError):
            pair.with_user(self.sales_manager).write({"state": "merged"})
