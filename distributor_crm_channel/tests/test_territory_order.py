# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.distributor_crm.tests.service_common import ServicePortalCase

from .trace_common import TraceCommon


class TerritoryOrderCommon(TraceCommon):
    """North sells to a customer in Dale, which is south's."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.there = cls.env["res.partner"].create(
            {
                "name": "Hotel in Dale",
                "parent_id": cls.north.id,
                "type": "delivery",
                "country_id": cls.country.id,
                "state_id": cls.dale.id,
                "city": "Dale Town",
            }
        )

    @classmethod
    def _ship_order(cls, partner=None, shipping=None, confirm=False, **values):
        partner = partner or cls.north
        return cls._order(
            partner,
            confirm=confirm,
            partner_shipping_id=(shipping or partner).id,
            **values,
        )

    @classmethod
    def _filing(cls, **values):
        return (
            cls.env["distributor.territory.filing"]
            .with_user(cls.account_manager)
            .create(
                {
                    "partner_id": cls.north.id,
                    "territory_id": cls.south_land.id,
                    "company_id": cls.company.id,
                    "customer": "Hotel in Dale",
                    **values,
                }
            )
        )


@tagged("post_install", "-at_install")
class TestTerritoryOrder(TerritoryOrderCommon):
    def test_warning(self):
        """An order says where its goods would leave the territory (R122)."""
        inside = self._ship_order()
        self.assertEqual(
            (inside.territory_verdict, inside.territory_warning), ("inside", False)
        )
        order = self._ship_order(shipping=self.there)
        self.assertEqual(order.territory_verdict, "outside")
        self.assertEqual(order.territory_id, self.south_land)
        for text in ("Dale Town", "Dale Land", self.south.name):
            self.assertIn(text, order.territory_warning)
        order.action_confirm()
        self.assertEqual(order.state, "sale")
        self.assertIn("Dale Land", "".join(order.message_ids.mapped("body")))
        self.assertFalse(order.territory_warning)
        domain = [
            ("territory_verdict", "=", "outside"),
            ("company_id", "=", self.company.id),
        ]
        self.assertEqual(self.env["sale.order"].search(domain), order)
        # What was confirmed stays as it was judged then.
        order.partner_shipping_id = self.north
        self.assertEqual(order.territory_verdict, "outside")

    def test_others_are_not_judged(self):
        order = self._ship_order(self.shopper, self.there)
        self.assertFalse(order.territory_verdict)
        service = self.env["product.product"].create({"name": "Fee", "type": "service"})
        order = self._ship_order(
            shipping=self.there,
            order_line=[Command.create({"product_id": service.id})],
        )
        self.assertFalse(order.territory_verdict)

    def test_control(self):
        self.south_land.control_mode = "watch"
        order = self._ship_order(shipping=self.there)
        self.assertEqual(
            (order.territory_verdict, order.territory_warning), ("outside", False)
        )
        with (
            mute_logger("odoo.sql_db"),
            self._refused(IntegrityError, "refusal_has_basis"),
        ):
            self.south_land.control_mode = "block"  # without what it rests on
            self.env.flush_all()
        self.south_land.write({"control_mode": "block", "control_basis": "Agreement"})
        self.env.invalidate_all()
        with self._refused(UserError, "Dale Land"):
            order.action_confirm()
        with self.assertRaises(ValidationError):
            order._check_cart_is_ready_to_be_paid()
        filing = self._filing()
        filing.action_file()
        filing.sudo()._answer(True)
        order.action_confirm()
        self.assertEqual(
            (order.territory_verdict, order.territory_filing_id.id),
            ("agreed", filing.id),
        )
        self.south_land.write({"control_mode": "free"})
        order = self._ship_order(shipping=self.there)
        self.assertIn(order.territory_verdict, ("agreed", "free"))

    def test_products(self):
        """Authorized for spirits alone: bars of glass go anywhere."""
        spirits = self.env["product.category"].create({"name": "Spirits"})
        self.north_land.authorization_ids.categ_id = spirits
        order = self._ship_order(shipping=self.there)
        self.assertEqual(order.territory_verdict, "free")
        self.goods.categ_id = spirits
        order = self._ship_order(shipping=self.there)
        self.assertEqual(order.territory_verdict, "outside")

    def test_queries_do_not_grow(self):
        """The banner of a list costs the same for ten orders as for two."""
        orders = self.env["sale.order"]
        for _number in range(8):
            orders += self._ship_order(shipping=self.there)
        counts = []
        for group in (orders[:2], orders):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            texts = self.env["sale.order"].browse(group.ids).mapped("territory_warning")
            counts.append(self.cr.sql_log_count - before)
            self.assertTrue(all(texts))
        self.assertLessEqual(counts[1], counts[0] + 2)

    def test_areas(self):
        """Stretches of postal codes, in Python and in SQL alike."""
        town = self._territory("Town", {"zip_from": "61 0000", "zip_to": "619999"})
        self.assertEqual(town.area_summary, f"{self.country.name}: 61 0000–619999")
        self.there.zip = "615 001"
        covering = self.env["distributor.territory"]._get_covering(
            self.company, self.there and (self.country, self.dale, "", self.there.zip)
        )
        self.assertEqual(covering, town)
        self.north.zip, self.south.zip = "615001", "620000"
        self.assertEqual(town._get_partners_inside(), self.north)
        for wrong in (
            {"zip_from": "61", "zip_to": False},
            {"zip_from": "62", "zip_to": "61"},
            {"zip_from": "6", "zip_to": "61"},
        ):
            with self.assertRaises(ValidationError), self.env.cr.savepoint():
                self._territory(str(wrong), wrong)

    def test_quota(self):
        """No more distributors at a time than the territory takes (R122)."""
        self.north_land.quota = 1
        spirits = self.env["product.category"].create({"name": "Spirits"})
        self._authorize(self.north, self.north_land, categ_id=spirits.id)
        with self._refused(ValidationError, "takes 1 distributors"):
            self._authorize(self.south, self.north_land)
        rows = self.north_land.authorization_ids
        rows.date_to = self.now.date()
        tomorrow = self.now.date() + timedelta(days=1)
        self._authorize(self.south, self.north_land, date_from=tomorrow)
        with self._refused(ValidationError, "takes 1 distributors"):
            rows.date_to = tomorrow
        self.south_land.quota = 1
        self.assertEqual(self.south_land.quota, 1)


@tagged("post_install", "-at_install")
class TestTerritoryFiling(TerritoryOrderCommon):
    """One has the customer, another the territory: a share is agreed (R147)."""

    def test_agreed_before_shipping(self):
        order = self._ship_order(shipping=self.there)
        filing = self._filing(owner_share=10)
        self.assertEqual(filing.owner_id, self.south)
        filing.action_file()
        order.action_confirm()
        picking = order.picking_ids
        picking.move_ids.quantity = 2
        picking.move_ids.picked = True
        with self._refused(UserError, filing.name):
            picking._action_done()
        filing.with_user(self.sales_manager).action_agree()
        picking._action_done()
        self.assertEqual(picking.state, "done")

    def test_share_is_credited_of_what_is_invoiced(self):
        filing = self._filing(owner_share=10)
        filing.action_file()
        filing.with_user(self.sales_manager).action_agree()
        order = self._ship_order(shipping=self.there, confirm=True)
        self.assertEqual(order.territory_filing_id.id, filing.id)
        with self.assertRaises(UserError):
            order.with_user(self.sales_manager).territory_filing_id = False
        finance = filing.with_user(self.finance)
        with self.assertRaises(UserError):
            finance.action_credit()
        order._create_invoices().action_post()
        filing.invalidate_recordset()
        self.assertEqual((filing.invoiced, filing.open_share), (200, 20))
        with self.assertRaises(AccessError):
            filing.action_credit()
        finance.action_credit()
        move = filing.sudo().move_ids
        self.assertEqual((move.partner_id, move.amount_total), (self.south, 20))
        filing.invalidate_recordset()
        self.assertEqual(filing.open_share, 0)
        with self.assertRaises(UserError):
            finance.action_credit()
        with self.assertRaises(UserError):
            filing.action_cancel()

    def test_counter_share(self):
        filing = self._filing(owner_share=2)
        filing.action_file()
        with self.assertRaises(UserError):
            filing.owner_share = 1  # what was offered stays offered
        filing.sudo()._answer(False, "Too little", 8)
        self.assertEqual((filing.state, filing.counter_share), ("declined", 8))
        filing.action_accept_counter()
        self.assertEqual((filing.state, filing.owner_share), ("filed", 8))

    def test_only_who_is_at_home_there(self):
        with self.assertRaises(ValidationError):
            self._filing(
                owner_id=self.env["res.partner"]
                .create({"name": "Else", "is_distributor": True})
                .id
            )
        with (
            mute_logger("odoo.sql_db"),
            self._refused(IntegrityError, "two_distributors"),
        ):
            self._filing(territory_id=self.north_land.id, owner_id=self.north.id)

    def test_rights(self):
        filing = self._filing(state="agreed")
        self.assertEqual(filing.state, "draft")
        with self.assertRaises(UserError):
            filing.state = "agreed"
        filing.action_file()
        with self.assertRaises(UserError):
            filing.action_agree()  # an account manager does not decide
        with self.assertRaises(AccessError):
            filing.with_user(self.sales_rep).action_cancel()
        stranger = self._new_user("other_rep", "distributor_crm.group_sales_rep")
        found = filing.with_user(stranger).search([("id", "=", filing.id)])
        self.assertFalse(found)


@tagged("post_install", "-at_install")
class TestFilingPortal(TerritoryOrderCommon, ServicePortalCase):
    def send(self, **values):
        data = {
            "customer": "Hotel <Dale>",
            "state_id": self.dale.id,
            "share": "5",
            **values,
        }
        return self._post("/my/cross-territory/send", **data)

    def filings(self):
        return self.env["distributor.territory.filing"].search(
            [("company_id", "=", self.company.id)]
        )

    def test_both_sides(self):
        self.north.company_id = self.company
        self._login()
        page = self.send().text
        filing = self.filings()
        self.assertEqual((filing.state, filing.owner_id), ("filed", self.south))
        self.assertIn("Hotel &lt;Dale&gt;", page)
        self.assertNotIn(self.south.name, page)
        path = f"/my/cross-territory/{filing.id}"
        self.assertTrue(self._is_home(self._post(f"{path}/agree")))
        self.assertEqual(filing.state, "filed")
        self._login("south_owner")
        page = self.url_open(path).text
        self.assertIn(self.north.name, page)
        self.assertNotIn("Hotel", page)
        for share in ("101", "-1", "nan", "x"):
            self.assertIn(
                "alert-danger", self._post(f"{path}/decline", share=share).text
            )
        self._post(f"{path}/decline", share="7.5", answer="More")
        self.assertEqual((filing.state, filing.counter_share), ("declined", 7.5))
        self.assertTrue(self._is_home(self._post(f"{path}/accept")))
        self._login()
        self._post(f"{path}/accept")
        self.assertEqual((filing.state, filing.owner_share), ("filed", 7.5))
        self._login("south_owner")
        self._post(f"{path}/agree")
        self.assertEqual(
            (filing.state, filing.decided_by_id), ("agreed", self.south_user)
        )
        self.assertIn("alert-danger", self._post(f"{path}/agree").text)

    def test_bad_input(self):
        self.north.company_id = self.company
        self.assertIn("/web/login", self.url_open("/my/cross-territory").url)
        self._login()
        for values in (
            {"customer": ""},
            {"share": "101"},
            {"share": "nan"},
            {"state_id": "x"},
            {"state_id": "0"},
            {"state_id": self.hill.id},  # his own
            {"state_id": self.moor.id},  # nobody's
        ):
            self.assertIn("alert-danger", self.send(**values).text, values)
        self.assertFalse(self.filings())

    def test_strangers(self):
        filing = self._filing()
        filing.action_file()
        third = self.env["res.partner"].create(
            {"name": "Third", "is_distributor": True}
        )
        self.south_user.partner_id.parent_id = third
        self._check_own_only(f"/my/cross-territory/{filing.id}")
        self._login("south_owner")
        for act in ("agree", "decline", "accept"):
            page = self._post(f"/my/cross-territory/{filing.id}/{act}")
            self.assertTrue(self._is_home(page))
        self.assertEqual(filing.state, "filed")
