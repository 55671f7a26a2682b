# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.tests import tagged

from .common import DistributorCommon


@tagged("post_install", "-at_install")
class TestCompleteness(DistributorCommon):
    def test_each_gap_counts_and_is_named(self):
        """Twelve things are asked of a record; what is missing is said (A08)."""
        country = self.env.ref("base.cn")
        self.assertEqual(self.north.completeness, 100 * 1 // 12)
        self.assertEqual(self.north.completeness_level, "poor")
        self.north.write(
            {
                "street": "Main Street 1",
                "city": "Chengdu",
                "country_id": country.id,
                "state_id": country.state_ids[:1].id,
                "phone": "+86 28 1234 5678",
                "email": "n@north.example",
                "grade_id": self.env["res.partner.grade"].search([], limit=1).id,
            }
        )
        self.assertEqual(self.north.completeness, 100 * 8 // 12)
        self.assertEqual(
            self.north.completeness_gaps,
            "tax ID, bank account, contact person, who decides",
        )
        self.env["res.partner.bank"].create(
            {"acc_number": "6222 0001", "partner_id": self.north.id}
        )
        person = self.env["res.partner"].create(
            {"name": "Li", "parent_id": self.north.id}
        )
        self.assertEqual(self.north.completeness_gaps, "tax ID, who decides")
        person.decision_role = "decides"
        self.north.with_context(no_vat_validation=True).vat = "91110000600037341L"
        self.assertEqual(
            (self.north.completeness, self.north.completeness_level), (100, "complete")
        )
        found = self.env["res.partner"].search(
            [("completeness", "<", 100), ("is_distributor", "=", True)]
        )
        self.assertIn(self.south, found)
        self.assertNotIn(self.north, found)

    def test_only_distributors_are_asked(self):
        """Neither their contacts nor other partners have a score."""
        other = self.env["res.partner"].create({"name": "Other"})
        person = self.env["res.partner"].create(
            {"name": "Li", "parent_id": self.north.id}
        )
        self.assertFalse((other + person).filtered("completeness_level"))
        self.assertFalse(other.completeness_gaps)
        other.is_distributor = True
        self.assertTrue(other.completeness_gaps)
