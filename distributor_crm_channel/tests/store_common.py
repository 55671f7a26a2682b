# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import io

from PIL import Image

from odoo import Command, http
from odoo.tests import HttpCase, TransactionCase, new_test_user

from odoo.addons.distributor_crm.tests.common import UsersCommon


def picture(size=(40, 30), kind="PNG", colour="#336699"):
    """Return the bytes of a picture of one colour."""
    stream = io.BytesIO()
    Image.new("RGB", size, colour).save(stream, kind)
    return stream.getvalue()


class StoreCommon(UsersCommon, TransactionCase):
    """Two owners with an open store each, four products in two categories."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context={**cls.env.context, "tracking_disable": True})
        cls.company = cls.env.company
        cls.website = cls.env["website"].search(
            [("company_id", "=", cls.company.id)], limit=1
        )
        cls.website.ecommerce_access = "everyone"
        cls.tier = cls.env["res.partner.grade"].create({"name": "Test tier"})
        cls.north, cls.south = cls.env["res.partner"].create(
            [
                {
                    "name": name,
                    "is_company": True,
                    "is_distributor": True,
                    "grade_id": cls.tier.id,
                }
                for name in ("North Trading", "South Trading")
            ]
        )
        cls.spirits, cls.barware = cls.env["product.category"].create(
            [{"name": "Test Spirits"}, {"name": "Test Barware"}]
        )
        cls.shelf = cls.env["product.public.category"].create({"name": "Test Shelf"})
        cls.plum, cls.rye, cls.cup, cls.gin = cls.env["product.template"].create(
            [
                {
                    "name": name,
                    "list_price": price,
                    "type": "consu",
                    "is_published": True,
                    "categ_id": category.id,
                    "taxes_id": [Command.clear()],
                }
                for name, price, category in (
                    ("Plum Spirit", 100, cls.spirits),
                    ("Rye Spirit", 50, cls.spirits),
                    ("Clay Cup", 10, cls.barware),
                    ("Dry Gin", 70, cls.spirits),
                )
            ]
        )
        cls.plum.public_categ_ids = cls.shelf
        cls.store = cls.open_store(
            cls.north, "north-store", {cls.plum: 120, cls.rye: 0}
        )
        cls.other = cls.open_store(cls.south, "south-store", {cls.plum: 90})

    @classmethod
    def open_store(cls, owner, slug, products=None, **values):
        """Return an open store that shows products at prices."""
        store = cls.env["distributor.store"].create(
            {
                "name": slug.replace("-", " ").title(),
                "slug": slug,
                "partner_id": owner.id,
                "store_product_ids": [
                    Command.create(
                        {
                            "product_tmpl_id": product.id,
                            "price": price,
                            "sequence": place,
                        }
                    )
                    for place, (product, price) in enumerate((products or {}).items())
                ],
                **values,
            }
        )
        store.action_open()
        return store

    @classmethod
    def line(cls, store, product):
        return store.store_product_ids.filtered(lambda p: p.product_tmpl_id == product)

    @classmethod
    def portal_user(cls, login, partner=None, **values):
        """Return a portal user: a contact of a partner, or a person of his own."""
        contact = cls.env["res.partner"].create(
            {
                "name": login,
                "parent_id": partner.id if partner else False,
                "email": f"{login}@example.com",
                "street": "1 Road",
                "city": "Town",
                "zip": "1000",
                "phone": "+32 2 555 0100",
                "country_id": cls.env.ref("base.be").id,
                **values,
            }
        )
        return new_test_user(cls.env, login, "base.group_portal", partner_id=contact.id)


class StoreHttpCommon(StoreCommon, HttpCase):
    """Visitors of stores, as their browsers are."""

    def post(self, path, files=None, **data):
        data["csrf_token"] = http.Request.csrf_token(self)
        return self.url_open(path, data=data, files=files)

    def is_home(self, response):
        return response.url.rstrip("/") == self.base_url() + "/my"

    def rpc(self, path, **params):
        """Return what a JSON route of the shop answers; raises what it raises."""
        return self.make_jsonrpc_request(path, params)

    def add(self, product, quantity=1, **extra):
        """Put a product into the cart, as the button on the page does."""
        return self.rpc(
            "/shop/cart/add",
            product_template_id=product.id,
            product_id=product.product_variant_id.id,
            quantity=quantity,
            **extra,
        )

    def cart(self):
        """Return the newest cart of the website."""
        self.env.invalidate_all()
        return self.env["sale.order"].search(
            [("website_id", "=", self.website.id), ("state", "=", "draft")],
            order="id desc",
            limit=1,
        )

    def browse_anew(self):
        """Begin as a visitor who was never here."""
        self.authenticate(None, None)
        self.opener.cookies.clear()
        self.authenticate(None, None)

    def price_of(self, product):
        """Return the price that the product's page shows now."""
        info = self.rpc(
            "/website_sale/get_combination_info",
            product_template_id=product.id,
            product_id=product.product_variant_id.id,
            combination=[],
            add_qty=1,
        )
        return info["price"]

    def markup(self, path):
        """Return status and text of a page, without its many spaces."""
        response = self.url_open(path)
        return response.status_code, " ".join(response.text.split())
