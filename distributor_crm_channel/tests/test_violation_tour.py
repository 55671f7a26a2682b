# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.tests import HttpCase, tagged

from odoo.addons.distributor_crm.tests.service_common import picture

from .violation_common import ViolationCommon


@tagged("post_install", "-at_install")
class TestViolationTour(ViolationCommon, HttpCase):
    """A breach played through in the browser by both sides."""

    def test_both_sides(self):
        case = self._report("diversion")
        case._keep_evidence([("code.png", picture())])
        path = f"/odoo/distributor-violations/{case.id}"
        manager = self.sales_manager.login
        self.start_tour(path, "distributor_violation_notify_tour", login=manager)
        self.assertEqual(case.state, "notified")
        self.start_tour(
            "/my/violations", "distributor_violation_portal_tour", login="north_owner"
        )
        self.assertEqual((case.state, case.answer), ("answered", "Not from us."))
        self.start_tour(path, "distributor_violation_judge_tour", login=manager)
        self.assertEqual(case.state, "judged")
        self.assertEqual(case.penalty_ids.kind, "warning")
