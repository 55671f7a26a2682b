# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .visit_common import VisitCommon

KINDS = ["care", "check", "external", "promoter"]


@tagged("post_install", "-at_install")
class TestVisitPolicyCompany(VisitCommon):
    """Each company has rules of visits of its own from the first day."""

    def _policies(self, company):
        Policy = self.env["distributor.visit.policy"].with_context(active_test=False)
        return Policy.search([("company_id", "=", company.id)]).sorted("kind")

    def test_new_company(self):
        """It starts from copies of what is delivered, criteria and questions too."""
        self.policy.sudo().place_id = self.agency
        company = self.env["res.company"].create({"name": "Sister"})
        policies = self._policies(company)
        self.assertEqual(policies.mapped("kind"), KINDS)
        mine = policies.filtered(lambda policy: policy.kind == "promoter")
        self.assertEqual(fields.Date.to_string(mine.date_from), "2020-01-01")
        self.assertFalse(mine.place_id)
        for names in ("criterion_ids", "criterion_ids.item_ids"):
            self.assertEqual(
                mine.mapped(names).mapped("name"),
                self.policy.mapped(names).mapped("name"),
            )
            self.assertFalse(mine.mapped(names) & self.policy.mapped(names))
        day = fields.Date.today()
        found = self.env["distributor.visit.policy"]._get("promoter", company, day)
        self.assertEqual(found, mine)

    def test_once(self):
        """What a company has stays; kinds that it archived are not brought back."""
        company = self.env["res.company"].create({"name": "Sister"})
        policies = self._policies(company)
        policies[0].active = False
        policies[1].unlink()
        for _time in range(2):
            self.env["distributor.visit.policy"]._create_missing()
        again = self._policies(company)
        self.assertEqual(again.mapped("kind"), KINDS)
        self.assertEqual(again[0], policies[0])
        self.assertFalse(again[0].active)
        self.assertEqual(again - again[1], policies.exists())

    def test_languages(self):
        """The names come in all languages of the delivered rules."""
        self.env["res.lang"]._activate_lang("zh_CN")
        self.policy.with_context(lang="zh_CN").name = "带访客户"
        company = self.env["res.company"].create({"name": "Sister"})
        mine = self._policies(company).filtered(lambda one: one.kind == "promoter")
        self.assertEqual(mine.with_context(lang="zh_CN").name, "带访客户")
        self.assertEqual(mine.name, self.policy.name)

    def test_rights(self):
        company = self.env["res.company"].create({"name": "Sister"})
        policy = self._policies(company)[0]
        with self.assertRaises(AccessError):
            policy.with_user(self.receptionist).name = "Mine"
