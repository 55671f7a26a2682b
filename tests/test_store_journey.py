# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""From a stranger's first click to money on a distributor's bank account."""

from odoo import Command
from odoo.tests import tagged

from odoo.addons.distributor_crm.tests.admission_common import PNG
from odoo.addons.distributor_crm.tests.earning_common import EarningCommon
from odoo.addons.distributor_crm.tests.store_common import draw_signature
from odoo.addons.distributor_crm.tests.test_admission_portal import (
    ABOUT,
    SHOP,
    AdmissionPortalCase,
)


@tagged("post_install", "-at_install")
class TestStoreJourney(AdmissionPortalCase, EarningCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        website = cls.env["website"].search([], limit=1)
        website.write({"company_id": cls.company.id, "ecommerce_access": "everyone"})

    def _fill_in(self, application):
        """Answer each page, add a document, send."""
        self._post(self._url(application, "about"), **ABOUT)
        self._post(
            self._url(application, "plans"),
            mode="dropship",
            ability="retail",
            category_ids=self.category.id,
            knows_operations="yes",
            knows_category="yes",
            hours_week="30",
        )
        self._post(self._url(application, "shops"), **SHOP)
        self._post(
            self._url(application, "documents/add"),
            files={"document": ("card.png", PNG, "image/png")},
            kind="id",
        )
        self._post(self._url(application, "send"), accepts_policy="1")

    def _sign_by_link(self, agreement):
        """Sign as the applicant, who has no account yet, by the mailed link."""
        self.authenticate(None, None)
        # The link is secret: colleagues do not read it.
        query = f"?access_token={agreement.sudo().access_token}"
        path = f"/my/agreements/{agreement.id}"
        duties = {f"duty_{one.id}": "on" for one in agreement.acknowledgement_ids}
        self._post(f"{path}/acknowledge{query}", **duties)
        answer = self.make_jsonrpc_request(
            f"{path}/sign{query}", {"name": "Chen Li", "signature": draw_signature()}
        )
        self.assertIn("done=signed", answer["redirect_url"])
        self.env.invalidate_all()

    def _sell_through(self, store):
        """A visitor buys in the store; returns the order, delivered and paid."""
        self.goods.product_tmpl_id.write({"is_published": True})
        store.store_product_ids = [
            Command.create(
                {"product_tmpl_id": self.goods.product_tmpl_id.id, "price": 250}
            )
        ]
        self.authenticate(None, None)
        self.assertIn("Spirits", self.url_open(f"/store/{store.slug}").text)
        self.make_jsonrpc_request(
            "/shop/cart/add",
            {
                "product_template_id": self.goods.product_tmpl_id.id,
                "product_id": self.goods.id,
                "quantity": 2,
            },
        )
        order = self.env["sale.order"].search(
            [("store_id", "=", store.id)], order="id desc", limit=1
        )
        self.assertEqual((order.amount_total, order.state), (500, "draft"))
        order.partner_id = self.customer
        order.action_confirm()
        order.picking_ids.move_ids.picked = True
        order.picking_ids.button_validate()
        self.assertEqual(order.delivered_on, self.today)
        self._pay(self._invoice(order))
        return order

    def test_from_first_click_to_money_received(self):
        """R010, R014-R016, R034, R165-R167: each step by the one whose step it is."""
        # Somebody applies on the web, is reviewed and approved.
        self._start()
        application = self._newest()
        self._fill_in(application)
        self.assertEqual(application.state, "submitted")
        self._bring_to(application, "agreement")
        agreement, owner = application.agreement_ids, application.partner_id
        self.assertEqual((agreement.state, owner.is_distributor), ("sent", True))

        # His signature opens the store, with account, tier, manager and training.
        self._sign_by_link(agreement)
        store = application.store_id
        self.assertEqual((application.state, store.state), ("opened", "open"))
        self.assertEqual(store.agreement_id, agreement)
        user = owner.user_ids or owner.child_ids.user_ids
        self.assertTrue(user.share)
        self.assertEqual(owner.grade_id, self.campaign.grade_id)
        self.assertTrue(store.account_manager_id)
        self.assertTrue(store.onboarding_total)

        # It sells; what was really paid earns when the days of return are over.
        order = self._sell_through(store)
        self._follow()
        figures = self._figures(owner)
        self.assertEqual((figures["frozen"], figures["available"]), (25, 0))
        order.delivered_on = self.today.replace(year=self.today.year - 1)
        self._follow()
        self.env["distributor.earning"]._release(self.company)
        self.env.invalidate_all()
        figures = self._figures(owner)
        self.assertEqual((figures["frozen"], figures["available"]), (0, 25))

        # The owner asks for the money, one colleague approves, another one pays.
        bank = self._create_bank(owner, "6222 0000 2222", acc_holder_name=owner.name)
        user.password = "store_journey"
        self.authenticate(user.login, "store_journey")
        self._post("/my/withdrawals/new", amount="25.00", account=bank.id)
        withdrawal = self.env["distributor.withdrawal"].search(
            [("partner_id", "=", owner.id)]
        )
        self.assertEqual((withdrawal.state, withdrawal.amount), ("requested", 25))
        withdrawal.with_user(self.sales_manager).action_approve()
        withdrawal.with_user(self.finance).action_pay()
        self.assertEqual(withdrawal.state, "paid")
        self.assertEqual(withdrawal.payment_id.amount, withdrawal.net)
        self.assertEqual(self._figures(owner)["available"], 0)
        self.assertIn("25.00", self.url_open("/my/earnings").text)
