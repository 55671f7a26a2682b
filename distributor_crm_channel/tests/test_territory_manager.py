# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import Command
from odoo.tests import tagged

from .common import TerritoryCommon


@tagged("post_install", "-at_install")
class TestTerritoryManager(TerritoryCommon):
    """Who is in charge of a territory looks after its distributors (R123)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Only those made here count, whoever else has the role.
        cls.company = cls.env["res.company"].create({"name": "Fresh"})
        cls.admin.company_ids |= cls.company
        cls.anna, cls.bo, cls.cai = (
            cls._new_user(f"territory_{name}", "distributor_crm.group_account_manager")
            for name in ("anna", "bo", "cai")
        )

    def _create(self, *areas, **values):
        return self._create_territory(*areas, company_id=self.company.id, **values)

    def _candidates(self, **address):
        values = {"country_id": self.country.id, **address}
        owner = self.env["res.partner"].create({"name": "New", **values})
        return owner._get_manager_candidates(self.company)

    def test_narrowest_territory_first(self):
        self._create({}, user_id=self.anna.id)
        self._create({"state_id": self.hill.id}, user_id=self.bo.id)
        self._create(
            {"state_id": self.hill.id, "city": "Upper  Town"}, user_id=self.cai.id
        )
        self._create({"zip_prefix": "77"}, user_id=self.anna.id)
        self.assertEqual(self._candidates(), self.anna)
        self.assertEqual(self._candidates(state_id=self.hill.id), self.bo)
        there = {"state_id": self.hill.id, "city": "upper town"}
        self.assertEqual(self._candidates(**there), self.cai)
        self.assertEqual(self._candidates(**there, zip="77 001"), self.anna)
        self.assertEqual(self._candidates(state_id=self.dale.id), self.anna)

    def test_outside_all_is_as_before(self):
        self._create({"state_id": self.hill.id}, user_id=self.bo.id)
        everybody = self.anna | self.bo | self.cai | self.admin
        self.assertEqual(self._candidates(country_id=self.abroad.id), everybody)
        self.assertEqual(self._candidates(country_id=False), everybody)
        self.env["distributor.service.area"].create(
            {
                "user_id": self.cai.id,
                "country_id": self.country.id,
                "company_id": self.company.id,
            }
        )
        self.assertEqual(self._candidates(state_id=self.dale.id), self.cai)

    def test_team_stands_in(self):
        """A manager who left, or is no account manager, is replaced by the team."""
        team = self.env["crm.team"].create(
            {
                "name": "Hill Team",
                "company_id": self.company.id,
                "member_ids": [Command.set(self.cai.ids)],
            }
        )
        territory = self._create(user_id=self.bo.id, team_id=team.id)
        self.assertEqual(self._candidates(), self.bo)
        self.bo.sudo().active = False
        self.assertEqual(self._candidates(), self.cai)
        territory.active = False
        self.assertEqual(self._candidates(), self.anna | self.cai | self.admin)

    def test_other_companies_territories_do_not_count(self):
        self._create_territory(company_id=self.env.company.id, user_id=self.admin.id)
        everybody = self.anna | self.bo | self.cai | self.admin
        self.assertEqual(self._candidates(), everybody)

    def test_reviewer_of_the_applicants_territory(self):
        """Of a campaign's reviewers the one who will look after the applicant."""
        self._create({"state_id": self.hill.id}, user_id=self.bo.id)
        campaign = self.env["distributor.campaign"].create(
            {
                "name": "Hill",
                "company_id": self.company.id,
                "reviewer_ids": [Command.set((self.anna | self.bo).ids)],
            }
        )
        application = self.env["distributor.application"].new(
            {
                "campaign_id": campaign.id,
                "company_id": self.company.id,
                "country_id": self.country.id,
                "state_id": self.hill.id,
            }
        )
        self.assertEqual(application._get_reviewer_candidates(), self.bo)
        application.state_id = self.dale
        self.assertEqual(application._get_reviewer_candidates(), self.anna | self.bo)
        application.introducer_id = self.anna
        self.assertEqual(application._get_reviewer_candidates(), self.bo)
