# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.exceptions import UserError
from odoo.tests import tagged

from .violation_common import ViolationCommon

RESERVED = {
    "price_below_floor",
    "diversion",
    "undeclared_shop",
    "listing_duty",
    "authorization_misuse",
    "groupbuy_mismatch",
    "false_customer",
    "empty_post",
    "visit_shortfall",
    "collusion",
}


@tagged("post_install", "-at_install")
class TestViolationReport(ViolationCommon):
    """One case a breach, however often it is reported (R144)."""

    def test_every_reserved_kind_has_rules(self):
        found = {self._report(code).policy_code for code in sorted(RESERVED)}
        self.assertEqual(found, RESERVED)

    def test_one_source_is_one_case(self):
        first = self._report(source=self.goods)
        self.assertEqual(self._report(source=self.goods), first)
        self.assertEqual(self._report("diversion", source=self.goods).state, "draft")
        self.assertNotEqual(self._report("diversion", source=self.goods), first)

    def test_one_source_twice_in_one_call_is_one_case(self):
        report = {
            "policy": "diversion",
            "partner_id": self.north.id,
            "company_id": self.company.id,
            "occurred_at": self.happened,
            "source": self.goods,
            "facts": "Seen in the south.",
        }
        cases = self.Violation._report([report, dict(report)])
        self.assertEqual(len(set(cases.ids)), 1)
        self.assertEqual(len(cases.ids), 2)

    def test_what_has_no_source_and_no_key_is_a_case_each(self):
        report = {
            "policy": "diversion",
            "partner_id": self.north.id,
            "company_id": self.company.id,
            "occurred_at": self.happened,
            "facts": "Seen in the south.",
        }
        cases = self.Violation._report([dict(report), dict(report)])
        self.assertEqual(len(set(cases.ids)), 2)

    def test_a_contact_is_the_person_and_his_company_the_accused(self):
        person = self.north.child_ids[:1]
        case = self._report("false_customer", person)
        self.assertEqual(case.partner_id, self.north)
        self.assertEqual(case.person_id, person)

    def test_unknown_kinds_are_refused_in_words(self):
        with self.assertRaisesRegex(UserError, "no rules for “nonsense”"):
            self._report("nonsense")

    def test_bands_at_their_edge(self):
        """Up to 10% is 10.00% inclusive; 10.01% is beyond (R172)."""
        for severity, name in (
            (0, "Up to 10%"),
            (10, "Up to 10%"),
            (10.01, "Beyond 10%"),
        ):
            case = self._report(severity=severity)
            self.assertEqual(case.band_id.name, name, severity)
