# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import io
from datetime import timedelta

from PIL import Image, ImageDraw

from odoo import api, fields, models

OWN_WORDS = (
    "The bottle our grandfather opened at every wedding of the street: soft, a little "
    "sweet, and gone before the fish is served. Delivered on the same day in Chengdu."
)
QUERIES = (
    # what was asked, what was answered, how many days ago
    ("code", "valid", 1),
    ("code", "valid", 2),
    ("name", "unknown", 2),
    ("name", "similar", 3),
    ("name", "unknown", 5),
    ("code", "valid", 6),
    ("code", "valid", 9),
    ("name", "unknown", 12),
)


class DistributorDemo(models.AbstractModel):
    """The demo's authorized shops: certificates, proofs, one that ends, one in doubt."""

    _inherit = "distributor.demo"

    @api.model
    def _tell_authorizations(self):
        """Authorize shops and stores, and let their duties take different ways."""
        today = fields.Date.context_today(self)
        brand = self._own("authorization_brand")
        for name in ("banquet_500", "banquet_1000", "reserve"):
            template = self._ref(f"product_{name}").product_tmpl_id
            template.distributor_brand_id = template.distributor_brand_id or brand
        taobao = self._find_shop("chengdu", "taobao")
        jd = self._find_shop("xian", "jd")
        stores = self.env["distributor.store"].search(
            [("slug", "in", ("jinjiang", "west-lake-gifts"))], order="slug"
        )
        rows = [
            {
                "shop_id": taobao.id,
                "brand_id": brand.id,
                "date_from": today - timedelta(20),
            },
            {
                "shop_id": jd.id,
                "brand_id": brand.id,
                "date_from": today - timedelta(353),
                "date_to": today + timedelta(12),
            },
            *({"store_id": store.id} for store in stores),
        ]
        granted = self.env["distributor.authorization"].create(rows)
        granted.action_grant()
        self._tell_duties(granted[0], taobao.url)
        for record in granted[1:]:
            record.duty_ids._set(state="done", proved_at=fields.Datetime.now())
        doubtful = granted.filtered(lambda r: r.store_id.slug == "west-lake-gifts")
        doubtful.with_user(self._ref("user_account_manager"))._propose_withdrawal(
            "Sells gift boxes of another origin under our name."
        )
        now = fields.Datetime.now()
        self.env["distributor.authorization.query"].create(
            [
                {
                    "company_id": self.env.company.id,
                    "kind": kind,
                    "result": result,
                    "authorization_id": granted[0].id if kind == "code" else False,
                    "asked_at": now - timedelta(days=ago, hours=ago),
                }
                for kind, result, ago in QUERIES
            ]
        )

    def _find_shop(self, name, platform):
        return self.env["distributor.declared.shop"].search(
            [
                ("partner_id", "=", self._ref(f"partner_{name}").id),
                ("platform", "=", platform),
            ],
            limit=1,
        )

    def _tell_duties(self, record, url):
        """One listed and accepted, one sent back, one to check, one overdue."""
        duties = {duty.kind: duty for duty in record.duty_ids}
        shot = [("page.png", self._draw_shop_page())]
        duties["listing"]._prove({"url": url}, shot)
        duties["listing"].action_accept()
        product = self._ref("product_banquet_500")
        duties["own_words"]._prove(
            {"url": url, "title": product.name, "description": OWN_WORDS}, []
        )
        duties["recommendation"]._prove({"url": url, "count": "2"}, shot)
        duties["declared_shops"]._set(
            state="overdue", due=fields.Date.context_today(self) - timedelta(1)
        )

    def _draw_shop_page(self):
        """Return what passes for a screenshot of a shop."""
        picture = Image.new("RGB", (480, 320), "#fff7ef")
        pen = ImageDraw.Draw(picture)
        pen.rectangle((0, 0, 480, 48), fill="#b3261e")
        for place in range(6):
            left, top = 20 + 155 * (place % 3), 70 + 125 * (place // 3)
            pen.rectangle(
                (left, top, left + 130, top + 80), fill=f"#e{place}b0{place}8"
            )
            pen.rectangle((left, top + 90, left + 90, top + 98), fill="#555555")
        out = io.BytesIO()
        picture.save(out, "PNG")
        return out.getvalue()
