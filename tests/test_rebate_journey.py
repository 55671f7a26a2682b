# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The path a sales manager clicks, in a real browser."""

from odoo.tests import HttpCase, tagged

from odoo.addons.distributor_crm.tests.common import DistributorCommon


@tagged("post_install", "-at_install")
class TestRebateJourney(DistributorCommon, HttpCase):
    def test_manager_computes_and_looks_behind_a_statement(self):
        self._sell(self.north, 1345.67)
        self._sell(self.north, 1000)
        self._sell(self.south, 999.99)
        program = self._create_program(name="Tour rebate")
        self.sales_manager.password = "distributor_sales_manager"
        self.start_tour(
            "/odoo", "distributor_rebate_tour", login=self.sales_manager.login
        )
        north = program.statement_ids.filtered(lambda s: s.partner_id == self.north)
        self.assertEqual(north.earned, 46.91)
        self.assertEqual(north.state, "approved")
        self.assertEqual(north.review_ids.done_by, self.sales_manager)
