# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import Command
from odoo.tests import HttpCase, tagged

from .test_territory_order import TerritoryOrderCommon


@tagged("post_install", "-at_install")
class TestTerritoryTour(TerritoryOrderCommon, HttpCase):
    """The main paths in a browser, by each side (R145, R146, R147, R182)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["website"].search([], limit=1).company_id = cls.company
        (cls.north | cls.south).company_id = cls.company
        cls._deliver(cls.north, cls._lot("SC1"), 3)

    def test_file_and_agree(self):
        self.start_tour("/my/service", "distributor_filing_tour", login="north_owner")
        filing = self.env["distributor.territory.filing"].search(
            [("company_id", "=", self.company.id)]
        )
        self.assertEqual((filing.owner_id, filing.owner_share), (self.south, 6))
        self.start_tour(
            "/my/cross-territory", "distributor_filing_answer_tour", login="south_owner"
        )
        self.assertEqual(filing.state, "agreed")

    def test_verify(self):
        self.start_tour("/verify/SC1", "distributor_verify_tour")
        self.assertEqual(self.Sighting.search([("code", "=", "SC1")]).channel, "public")

    def test_report_and_acknowledge(self):
        lot = self._lot("BAD1")
        self._deliver(self.south, lot, 5)
        incident = self.env["distributor.quality.incident"].create(
            {
                "subject": "Caps leak",
                "company_id": self.company.id,
                "instruction": "Stop selling",
                "lot_line_ids": [Command.create({"lot_id": lot.id})],
            }
        )
        incident.action_recall()
        self.start_tour(
            "/my/sightings", "distributor_sighting_tour", login="south_owner"
        )
        seen = self.Sighting.search([("reporter_id", "=", self.south.id)])
        self.assertEqual(
            (seen.verdict, seen.source_partner_id), ("outside", self.north)
        )
        self.assertEqual(incident.recall_ids.on_shelf, 2)

    def test_open_case(self):
        """From a code that was seen elsewhere to the case against its source."""
        seen = self._see("SC1", self.dale, shop="Corner Shop")
        self.start_tour(
            f"/odoo/code-sightings/{seen.id}",
            "distributor_diversion_tour",
            login=self.sales_manager.login,
        )
        self.assertEqual(seen.state, "case")
        self.assertEqual(seen.violation_id.partner_id, self.north)
