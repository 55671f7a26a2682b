# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import io
from datetime import timedelta

from PIL import Image, ImageDraw

from odoo import Command, api, fields, models

RULES = (
    # scope, target, channel, kind, floor, ceiling, basis, approved
    ("product", "product_gift_dragon", None, "floor", 199, 0, "agency", True),
    ("product", "product_gift_twin", None, "band", 70, 95, "agency", True),
    ("product", "product_reserve", None, "floor", 82, 0, "resale", False),
    ("brand", "brand_spring", None, "floor", 20, 0, "brand", True),
    ("category", "product_category_barware", None, "free", 0, 0, None, False),
    ("product", "product_gift_dragon", "wholesale", "floor", 130, 0, "own", False),
)
BRANDS = {
    "brand_spring": ("product_banquet_500", "product_banquet_1000"),
    "brand_cellar": ("product_reserve", "product_gift_twin", "product_gift_dragon"),
}
JINJIANG = {"shop_url": "https://jinjiang.taobao.com", "platform": "taobao"}
DRUM_TOWER = {"shop_url": "https://mall.jd.com/index-20191.html", "platform": "jd"}
# product, regular price, what it moves a week
WATCHED = (
    ("GB-6", 212, (0, 0, -2, -4, -4, -3, 0, 2)),
    ("GB-2", 76, (0, 1, 1, 0, -2, -3, -4, -5)),
    ("OC-500", 88, (2, 0, -1, -2, -2, -4, -5, -7)),
    ("TB-610400-6", 150, (0, 0, 3, 3, 0, -6, -6, -9)),
)


class DistributorDemo(models.AbstractModel):
    """The demo's floors, and two months of prices that an agency saw."""

    _inherit = "distributor.demo"

    @api.model
    def _tell_prices(self):
        """Set floors, watch two shops for eight weeks, and see two of them break one."""
        for brand, names in BRANDS.items():
            for name in names:
                product = self._ref(name).product_tmpl_id
                product.distributor_brand_id = self._own(brand)
        for row in RULES:
            self._make_price_rule(*row)
        source = self._own("price_source_agency")
        self._watch_prices(source)
        self._see_breaches(source)
        self._offer_too_cheaply()

    def _make_price_rule(
        self, scope, target, channel, kind, floor, ceiling, basis, approved
    ):
        name = {
            "product": "product_tmpl_id",
            "category": "categ_id",
            "brand": "brand_id",
        }[scope]
        record = self._own(target) if scope == "brand" else self._ref(target)
        if scope == "product":
            record = record.product_tmpl_id
        since = fields.Date.context_today(self) - timedelta(days=70)
        rule = self.env["distributor.price.rule"].create(
            {
                "scope": scope,
                name: record.id,
                "channel": channel,
                "kind": kind,
                "floor_price": floor,
                "ceiling_price": ceiling,
                "date_from": since,
                "legal_basis": basis,
                "legal_note": basis
                and "Agency agreements: the company sells, bears the risk and sets the "
                "price.",
                "legal_approver": approved and "Lu Zheng, Bund Lawyers",
            }
        )
        if approved:
            rule.sudo().write(
                {"legal_approved_on": since, "legal_recorded_by_id": self.env.uid}
            )

    def _see(self, source, code, price, days, **values):
        """Write down a price that was seen so many days ago."""
        return self.env["distributor.price.observation"].create(
            {
                "source_id": source.id,
                "product_code": code,
                "marked_price": price,
                "observed_at": fields.Datetime.now() - timedelta(days=days, hours=3),
                **values,
            }
        )

    def _watch_prices(self, source):
        seen = self.env["distributor.price.observation"]
        for week in range(8):
            for code, price, moves in WATCHED:
                for shop, extra in ((JINJIANG, 0), (DRUM_TOWER, 1)):
                    seen |= self._see(
                        source,
                        code,
                        price + moves[week] + extra,
                        (8 - week) * 7,
                        **shop,
                    )
        seen.action_compare()

    def _see_breaches(self, source):
        """Two breaches with a screenshot, a shop that was rejected, one of nobody."""
        coupon = self._own("price_promotion_coupon")
        shipping = self._own("price_promotion_shipping")
        page = {"url": "https://jinjiang.taobao.com/item/610233"}
        low = self._see(
            source,
            "GB-6",
            212,
            1,
            paid_price=179,
            promotion_id=coupon.id,
            **page,
            **JINJIANG,
        )
        fine = self._see(source, "GB-2", 76, 1, promotion_id=shipping.id, **JINJIANG)
        resale = self._see(source, "OC-500", 74, 2, **DRUM_TOWER)
        hidden = self._see(
            source,
            "GB-2",
            63,
            1,
            shop_url="https://westlake.tmall.com",
            platform="tmall",
        )
        nobody = self._see(
            source,
            "GB-6",
            165,
            0,
            shop_name="Cheap Liquor Depot",
            shop_url="https://depot.pinduoduo.example/8812",
            platform="pinduoduo",
        )
        unknown = self._see(source, "6901234000017", 20, 0, **JINJIANG)
        low._keep_evidence(
            [("jinjiang-gb6.png", self._draw_page("Dragon Gift Box", 212, 179))]
        )
        hidden._keep_evidence(
            [("westlake-gb2.png", self._draw_page("Twin Gift Box", 63, 63))]
        )
        (low | fine | resale | hidden | nobody | unknown).action_compare()

    def _draw_page(self, name, price, paid):
        """Return the picture of a page that shows a price."""
        picture = Image.new("RGB", (640, 360), "#f4f4f4")
        draw = ImageDraw.Draw(picture)
        draw.rectangle((24, 24, 300, 336), fill="#b3261e")
        draw.text((330, 60), name, fill="#222222")
        draw.text((330, 110), f"Price {price:.2f}", fill="#555555")
        draw.text((330, 150), f"With coupon {paid:.2f}", fill="#b3261e")
        stream = io.BytesIO()
        picture.save(stream, "PNG")
        return stream.getvalue()

    def _offer_too_cheaply(self):
        """A quotation below the floor that waits for a sales manager."""
        buyer = self.env["res.partner"].create(
            {
                "name": "Golden Lotus Banquet Hall",
                "is_company": True,
                "country_id": self.env.ref("base.cn").id,
            }
        )
        self.env["sale.order"].create(
            {
                "partner_id": buyer.id,
                "user_id": self._ref("user_account_manager").id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": self._ref("product_gift_dragon").id,
                            "product_uom_qty": 40,
                            "price_unit": 185,
                        }
                    )
                ],
            }
        )
