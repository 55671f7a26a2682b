# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.tests import tagged

from .store_common import StoreHttpCommon
from .test_event import EventCommon


@tagged("post_install", "-at_install")
class TestAuthorizationTour(EventCommon, StoreHttpCommon):
    """Both sides, in the browser."""

    def test_manager_tells_all(self):
        self.grant(date_to=self.day(5))
        event = self.event()
        self.start_tour(
            "/odoo/channel-overview",
            "distributor_event_manager_tour",
            login="auth_head",
        )
        self.assertEqual(event.state, "running")
        self.assertTrue(event.sudo().item_ids)

    def test_distributor_acknowledges(self):
        event = self.event(line={"action": "percent", "percent": -5, "protects": True})
        event.action_start()
        self.send()
        self.portal_user("tour_north", self.north)
        self.start_tour(
            "/my/service", "distributor_event_portal_tour", login="tour_north"
        )
        recipient = event.sudo().recipient_ids.filtered(
            lambda r: r.partner_id == self.north
        )
        self.assertTrue(recipient.acknowledged_at)
        self.assertEqual(recipient.stock_ids.quantity, 24)

    def test_distributor_proves(self):
        self.plum.write(
            {
                "distributor_brand_id": self.brand.id,
                "description_sale": "A clear spirit of ripe plums, distilled twice.",
            }
        )
        record = self.grant()
        self.portal_user("tour_duty", self.north)
        self.start_tour(
            "/my/authorizations", "distributor_duty_portal_tour", login="tour_duty"
        )
        self.assertEqual(self.duty(record, "declared_shops").state, "proved")
        self.assertEqual(self.duty(record, "own_words").state, "open")

    def test_public_looks_for_a_shop(self):
        self.grant()
        self.start_tour("/authorizations", "distributor_authorization_public_tour")
