# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import base64
import io

from dateutil.relativedelta import relativedelta
from PIL import Image, ImageDraw

from odoo import Command, api, fields, models

PUBLISHED = {
    # product of the demo: category of the shop
    "banquet_500": "banquet",
    "banquet_1000": "banquet",
    "reserve": "banquet",
    "gift_twin": "gift",
    "gift_dragon": "gift",
    "cups": "barware",
}
STORES = (
    {
        "owner": "chengdu",
        "name": "Jinjiang Fine Spirits",
        "slug": "jinjiang",
        "theme": "vermilion",
        "colours": ("#b3261e", "#e8b04b"),
        "introduction": "<p><strong>Spirits for weddings and banquets</strong>, chosen "
        "by a family that has poured them for thirty years.</p><ul><li>Same-day delivery "
        "within Chengdu</li><li>Unopened bottles go back after the feast</li></ul>",
        "contact": ("Huang Jie", "+86 28 5550 0142", "jinjiang_wine"),
        "products": (
            ("gift_dragon", 228, True),
            ("reserve", 92, False),
            ("banquet_500", 0, False),
            ("banquet_1000", 0, False),
            ("cups", 0, False),
        ),
        "orders": ((20, "gift_dragon", 1), (9, "reserve", 4), (2, "banquet_500", 6)),
    },
    {
        "owner": "hangzhou",
        "name": "West Lake Gifts",
        "slug": "west-lake-gifts",
        "theme": "jade",
        "colours": ("#14703a", "#cfe8d8"),
        "introduction": "<p>Gift boxes for <em>every festival</em>, wrapped by hand on "
        "the shore of West Lake.</p>",
        "contact": ("Shen Lan", "+86 571 5550 0119", "westlake_gifts"),
        "products": (
            ("gift_twin", 79, True),
            ("gift_dragon", 219, False),
            ("cups", 19.5, False),
        ),
        "orders": ((15, "gift_twin", 2), (4, "cups", 3)),
    },
)
SHOPPERS = ("Li Na", "Wang Wei", "Zhang Min", "Liu Yang", "Chen Jing")


class DistributorDemo(models.AbstractModel):
    """The demo's stores: decorated, open, and with their first orders."""

    _inherit = "distributor.demo"

    @api.model
    def _tell_stores(self):
        """Publish the products, open two stores, and sell through them."""
        for name, category in PUBLISHED.items():
            self._ref(f"product_{name}").write(
                {
                    "is_published": True,
                    "public_categ_ids": [
                        Command.link(self._own(f"public_category_{category}").id)
                    ],
                }
            )
        shoppers = self.env["res.partner"].create(
            [
                {
                    "name": name,
                    "city": "Chengdu",
                    "country_id": self.env.ref("base.cn").id,
                    "email": f"{name.lower().replace(' ', '.')}@example.com",
                }
                for name in SHOPPERS
            ]
        )
        self._price_gold_tier()
        # So that a visitor can buy to the end.
        transfer = self.env.ref(
            "payment.payment_provider_transfer", raise_if_not_found=False
        )
        if transfer and transfer.code == "custom":
            transfer.write({"state": "enabled", "is_published": True})
        for told in STORES:
            store = self._open_demo_store(told)
            self._decorate_demo_store(store, told)
            shoppers = self._sell_through(store, told, shoppers)

    def _own(self, name):
        return self.env.ref(f"distributor_crm_channel.{name}")

    def _price_gold_tier(self):
        """Let distributors of the first tier order at prices of their own."""
        self.env.ref("base.group_user").sudo().write(
            {
                "implied_ids": [
                    Command.link(self.env.ref("product.group_product_pricelist").id)
                ]
            }
        )
        gold = self.env.ref("partnership.res_partner_grade_data_gold")
        gold.default_pricelist_id = self.env["product.pricelist"].create(
            {
                "name": "Gold distributors",
                "website_id": False,
                "item_ids": [
                    Command.create({"compute_price": "percentage", "percent_price": 30})
                ],
            }
        )
        owner = self._ref("partner_chengdu")
        owner.specific_property_product_pricelist = gold.default_pricelist_id

    def _open_demo_store(self, told):
        store = self.env["distributor.store"].create(
            {
                "name": told["name"],
                "slug": told["slug"],
                "partner_id": self._ref(f"partner_{told['owner']}").id,
                "store_product_ids": [
                    Command.create(
                        {
                            "product_tmpl_id": self._ref(
                                f"product_{name}"
                            ).product_tmpl_id.id,
                            "price": price,
                            "featured": featured,
                            "sequence": place,
                        }
                    )
                    for place, (name, price, featured) in enumerate(told["products"])
                ],
            }
        )
        store.action_open()
        # The demo looks back on some weeks of business.
        store.opened_on -= relativedelta(days=40)
        self.env["distributor.store.visit"].create(
            [
                {
                    "store_id": store.id,
                    "day": fields.Date.context_today(self) - relativedelta(days=ago),
                    "visits": 7 + (ago * 5 + store.id * 3) % 11,
                }
                for ago in range(1, 25)
            ]
        )
        return store

    def _decorate_demo_store(self, store, told):
        name, phone, chat = told["contact"]
        store._get_draft().write(
            {
                "theme": told["theme"],
                "banner": self._paint(told["colours"], (1600, 500)),
                "logo": self._paint(told["colours"][::-1], (256, 256)),
                "introduction": told["introduction"],
                "contact_name": name,
                "contact_phone": phone,
                "contact_chat": chat,
                "program_ids": [Command.set(self._own("store_coupon").ids)],
            }
        )
        store._publish_design()

    def _paint(self, colours, size):
        """Return a picture of two colours: hills under a moon."""
        width, height = size
        picture = Image.new("RGB", size, colours[0])
        draw = ImageDraw.Draw(picture)
        side = height // 3
        draw.ellipse(
            (width * 3 // 4, height // 8, width * 3 // 4 + side, height // 8 + side),
            fill=colours[1],
        )
        for number in range(3):
            left = width * (number * 3 - 1) // 8
            draw.polygon(
                [
                    (left, height),
                    (left + width // 4, height * (2 + number % 2) // 4),
                    (left + width // 2, height),
                ],
                fill=colours[1],
            )
        stream = io.BytesIO()
        picture.save(stream, "PNG")
        return base64.b64encode(stream.getvalue())

    def _sell_through(self, store, told, shoppers):
        """Confirm the store's orders; return the shoppers who have not bought yet."""
        website = self.env["website"].search(
            [("company_id", "=", store.company_id.id)], limit=1
        )
        for days, name, quantity in told["orders"]:
            order = self.env["sale.order"].create(
                {
                    "partner_id": shoppers[0].id,
                    "website_id": website.id,
                    "company_id": store.company_id.id,
                    "store_id": store.id,
                    "order_line": [
                        Command.create(
                            {
                                "product_id": self._ref(f"product_{name}").id,
                                "product_uom_qty": quantity,
                                "price_store_id": store.id,
                            }
                        )
                    ],
                }
            )
            order.action_confirm()
            order.date_order = fields.Datetime.now() - relativedelta(days=days)
            shoppers = shoppers[1:]
        return shoppers
