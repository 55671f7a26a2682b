# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import base64
import io
import math

from dateutil.relativedelta import relativedelta
from PIL import Image, ImageDraw

from odoo import api, models

AGREEMENTS = (
    # distributor, template, months ago, who signed, territory, price floor
    ("chengdu", "dropship", 5, "Huang Jie", "Sichuan and online", "90% of list price"),
    ("xian", "resale", 11, "Ma Rui", "Shaanxi", None),
    ("hangzhou", "dropship", 2, "Shen Yi", "Zhejiang and online", "90% of list price"),
    ("wuhan", "resale", 8, "Tan Li", "Hubei", None),
    ("guangzhou", "dropship", 0, None, "Guangdong and online", "90% of list price"),
    ("nanjing", "resale", 0, None, "Jiangsu", None),
)
STORES = (
    # distributor, name, address, upline, topics done, state
    ("chengdu", "Jinjiang Spirits", "jinjiang-spirits", None, 12, "open"),
    ("chengdu", "Jinjiang Gifts", "jinjiang-gifts", None, 4, "open"),
    ("hangzhou", "West Lake Toasts", "west-lake-toasts", "jinjiang-spirits", 6, "open"),
    ("xian", "Drum Tower Wines", "drum-tower-wines", None, 17, "open"),
    ("wuhan", "Two Rivers Cellar", "two-rivers-cellar", None, 9, "suspended"),
    (
        "kunming",
        "Spring City Spirits",
        "spring-city",
        "drum-tower-wines",
        0,
        "preparing",
    ),
)
SHOPS = (
    # distributor, name, platform, address, what became of it
    ("chengdu", "Jinjiang on Taobao", "taobao", "jinjiang.taobao.com", "verified"),
    ("chengdu", "Jinjiang on Douyin", "douyin", "www.douyin.com/shop/jinjiang", None),
    ("xian", "Drum Tower", "jd", "mall.jd.com/index-20191.html", "verified"),
    ("hangzhou", "West Lake", "tmall", "westlake.tmall.com", "rejected"),
)


class DistributorDemo(models.AbstractModel):
    """The demo's agreements, stores and declared shops."""

    _inherit = "distributor.demo"

    @api.model
    def _tell_stores(self):
        """Sign agreements, open stores, train their owners, declare their shops."""
        manager = self._ref("user_account_manager")
        self.env.company.agreement_tz = "Asia/Shanghai"
        for row in AGREEMENTS:
            self._make_agreement(*row)
        stores = self.env["distributor.store"]
        for row in STORES:
            stores += self._make_store(stores, *row)
        for row in SHOPS:
            self._declare_shop(manager, *row)
        ending = self._ref("partner_xian")._get_agreement_in_force(self.env.company)
        ending._propose_renewal()

    def _make_agreement(self, name, kind, ago, signer, territory, floor):
        today = self.env.company._get_agreement_today()
        agreement = self.env["distributor.agreement"].create(
            {
                "partner_id": self._ref(f"partner_{name}").id,
                "template_id": self._ref(f"agreement_template_{kind}").id,
                "date_from": today - relativedelta(months=ago),
                "territory": territory,
                "price_floor": floor,
            }
        )
        agreement.with_user(self._ref("user_manager")).action_send()
        if signer:
            self._sign_agreement(agreement, signer)

    def _sign_agreement(self, agreement, signer):
        """Sign an agreement that was sent, as the distributor does on the portal."""
        duties = agreement.acknowledgement_ids
        agreement._acknowledge(set(duties.ids), "192.0.2.17")
        drawn = self._draw(signer)
        agreement._sign(signer, drawn, "192.0.2.17", agreement.partner_id)

    def _draw(self, name):
        """Return a drawing that passes for a signature, in base64."""
        picture = Image.new("RGBA", (320, 90))
        pen = [
            (10 + 3 * x, 45 + 25 * math.sin(x / (3 + len(name) % 4)) * (1 - x / 130))
            for x in range(100)
        ]
        ImageDraw.Draw(picture).line(pen, fill="#1d2b53", width=3, joint="curve")
        out = io.BytesIO()
        picture.save(out, "PNG")
        return base64.b64encode(out.getvalue()).decode()

    def _make_store(self, stores, name, title, slug, upline, done, state):
        partner = self._ref(f"partner_{name}")
        agreement = partner._get_agreement_in_force(self.env.company)
        store = stores.create(
            {
                "name": title,
                "slug": slug,
                "partner_id": partner.id,
                "mode": agreement.mode or "dropship",
                "parent_id": stores.filtered(lambda s: s.slug == upline).id,
            }
        )
        if state == "preparing":
            store._start_training()
            return store
        store.action_open()
        store.opened_on = agreement.date_from
        topics = store._get_onboarding()
        topics[:done].with_user(self._ref("user_account_manager")).sudo().action_done()
        if state == "suspended":
            store.action_suspend()
        return store

    def _declare_shop(self, manager, name, title, platform, address, outcome):
        shops = self.env["distributor.declared.shop"]
        partner = self._ref(f"partner_{name}")
        shop = shops._declare(partner, self.env.company, title, platform, address)
        if outcome == "verified":
            shop.with_user(manager).sudo().action_verify()
        elif outcome == "rejected":
            reason = self.env._("The shop sells goods of another origin.")
            shop.with_user(manager).sudo()._reject(reason)
