# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from dateutil.relativedelta import relativedelta

from odoo import Command, api, fields, models
from odoo.tools import file_open

APPLICANTS = (
    # name, person or company, city, source, days ago, how far, shop, what else
    (
        "Zhou Min",
        False,
        "Suzhou",
        "social",
        1,
        "submitted",
        ("taobao", "Min's Gift Corner", "diamond_3", 99.1, "founded"),
        {"ability": "retail", "customer_base": 450, "knows_category": "yes"},
    ),
    (
        "Deng Xiaoyu",
        False,
        "Changsha",
        "web",
        2,
        "submitted",
        ("douyin", "Xiaoyu Tastes", "heart_4", 97.2, "founded"),
        {"ability": "friends", "customer_base": 1200, "is_full_time": "yes"},
    ),
    (
        "Harvest Moon Gifts Ltd",
        True,
        "Qingdao",
        "fair",
        6,
        "submitted",
        ("jd", "Harvest Moon flagship store", "crown_1", 98.6, "founded"),
        {"ability": "team", "customer_base": 5200, "knows_category": "yes"},
    ),
    (
        "Min Zhou",
        False,
        "Suzhou",
        "web",
        0,
        "submitted",
        ("wechat", "Gift Corner", "diamond_1", 98.4, "bought"),
        {"ability": "retail", "phone": "13800420001"},
    ),
    (
        "Bargain Cellar",
        True,
        "Zhengzhou",
        "web",
        1,
        "submitted",
        ("pinduoduo", "Cellar Outlet", "diamond_2", 98.9, "founded"),
        {"ability": "team", "email": "boss@bargain-cellar.example"},
    ),
    (
        "Luo Jing",
        False,
        "Guiyang",
        "referral",
        5,
        "verified",
        ("taobao", "Jing's Banquet Cellar", "diamond_5", 99.4, "founded"),
        {
            "ability": "retail",
            "customer_base": 800,
            "knows_category": "yes",
            "referred_by": "Huang Jie, Chengdu",
        },
    ),
    (
        "Golden Bridge Trading",
        True,
        "Xiamen",
        "sales",
        9,
        "negotiation",
        ("tmall", "Golden Bridge spirits", "crown_2", 98.3, "founded"),
        {"ability": "team", "customer_base": 9000, "mode": "resale", "brought": True},
    ),
    (
        "Song Lei",
        False,
        "Hefei",
        "self",
        12,
        "approval",
        ("wechat", "Song's Cellar", "diamond_2", 98.0, "founded"),
        {"ability": "retail", "customer_base": 320, "is_full_time": "yes"},
    ),
    (
        "Tang Hui",
        False,
        "Kunming",
        "social",
        16,
        "agreement",
        ("taobao", "Hui's House of Spirits", "diamond_4", 99.0, "founded"),
        {"ability": "retail", "customer_base": 640, "knows_category": "yes"},
    ),
    (
        "Evergreen Gift House",
        True,
        "Foshan",
        "fair",
        34,
        "opened",
        ("jd", "Evergreen Gifts", "crown_1", 99.2, "founded"),
        {"ability": "team", "customer_base": 4100, "knows_category": "yes"},
    ),
    (
        "Xie Bo",
        False,
        "Taiyuan",
        "web",
        20,
        "refused",
        ("taobao", "Bo sells all", "heart_2", 91.5, "transferred"),
        {"ability": "none"},
    ),
    (
        "Qin Yan",
        False,
        "Lanzhou",
        "web",
        0,
        "draft",
        ("douyin", "Yan live", "heart_5", 98.8, "founded"),
        {"ability": "friends", "accepts_policy": False},
    ),
)
REFUSAL = (
    "Your shop was taken over from somebody else and its reviews lie below 98 %. Run it "
    "for a while under your own name, then apply again."
)


class DistributorDemo(models.AbstractModel):
    """The demo's recruitment drive: applicants in every state, one of them known."""

    _inherit = "distributor.demo"

    @api.model
    def _tell_admission(self):
        """Open a campaign, apply, review."""
        manager = self._ref("user_manager")
        self._ref("partner_blacklisted").with_user(manager)._blacklist_distributor(
            "Sold below the floor price again after two written warnings",
            "Distributor agreement, clause 7; told by letter",
        )
        campaign = self._open_campaign()
        for number, row in enumerate(APPLICANTS, start=1):
            self._tell_applicant(campaign, number, *row)

    def _open_campaign(self):
        today = fields.Date.context_today(self)
        campaign = self.env["distributor.campaign"].create(
            {
                "name": "Spirits and gifts: new distributors",
                "date_from": today - relativedelta(days=45),
                "date_to": today + relativedelta(days=60),
                "quota": 200,
                "criterion_set_id": self._ref("criterion_set_demo").id,
                "category_ids": [Command.set(self._get_categories().ids)],
                "agreement_template_ids": [
                    Command.set(
                        [
                            self._ref("agreement_template_demo_dropship").id,
                            self._ref("agreement_template_demo_resale").id,
                        ]
                    )
                ],
                "grade_id": self.env.ref(
                    "partnership.res_partner_grade_data_bronze"
                ).id,
                "reviewer_ids": [Command.set(self._ref("user_account_manager").ids)],
                "fallback_reviewer_id": self._ref("user_account_manager").id,
                "is_published": True,
                "introduction": "<p>We make banquet spirits and gift sets, and look for "
                "up to 200 sellers all over the country. You open a store of your own: "
                "we give you pictures, prices and training, ship each order within 24 "
                "hours and take goods back within seven days.</p><p>We look for people "
                "with an on-line shop and good reviews. There is no joining fee, and "
                "nothing that you must buy first.</p>",
                "policy": "<ol><li>Keep the floor prices of controlled goods.</li>"
                "<li>List new goods within five days.</li><li>Sell within the agreed "
                "channels, and declare every shop in which you sell our goods.</li>"
                "<li>Use the names and pictures of the brand as agreed only.</li></ol>",
            }
        )
        campaign.action_open()
        return campaign

    def _get_categories(self):
        categories = self.env["product.category"]
        for name in ("banquet", "gift", "barware"):
            categories += self._ref(f"product_category_{name}")
        return categories

    def _tell_applicant(
        self, campaign, number, name, is_company, city, source, ago, state, shop, more
    ):
        slug = "".join(letter for letter in name.lower() if letter.isalnum())
        platform, shop_name, rating, rate, ownership = shop
        more = dict(more)
        brought = more.pop("brought", False)
        application = self.env["distributor.application"].create(
            {
                "name": name,
                "campaign_id": campaign.id,
                "is_company": is_company,
                "contact_name": is_company and "The owner",
                "email": f"{slug}@applicants.example",
                "phone": f"+86 138 0042 {number:04d}",
                "id_number": f"510100{1970 + number}0101{number:03d}X",
                "city": city,
                "country_id": self.env.ref("base.cn").id,
                "age_band": False if is_company else "25",
                "occupation": False if is_company else "Shop owner",
                "source": source,
                "introducer_id": brought and self._ref("user_sales").id,
                "mode": "dropship",
                "category_ids": [Command.set(campaign.category_ids[:2].ids)],
                "knows_operations": "yes",
                "hours_week": 30,
                "experience_years": 3,
                "promotion_budget": 1500,
                "store_name": shop_name,
                "accepts_policy": True,
                "is_from_web": not brought,
                "shop_ids": [
                    Command.create(
                        {
                            "platform": platform,
                            "name": shop_name,
                            "url": f"https://{slug}.{platform}.example",
                            "rating_id": self._ref(f"shop_rating_{rating}").id,
                            "positive_rate": rate,
                            "followers": 1300 * number,
                            "monthly_visitors": 2100 * number,
                            "ownership": ownership,
                            "other_goods": "related",
                            "category_share": 70,
                        }
                    )
                ],
                **more,
            }
        )
        with file_open("distributor_crm/static/description/icon.png", "rb") as photo:
            kind = "licence" if is_company else "id"
            application._add_document(kind, f"{kind}.png", photo.read())
        if state != "draft":
            self._review(application, state)
            # The story happened some days ago, approval or not.
            application.with_context(
                skip_validation_check=True
            ).submitted_on = fields.Datetime.subtract(fields.Datetime.now(), days=ago)

    def _review(self, application, state):
        application.action_submit()
        reviewer = self._ref("user_account_manager")
        manager = self._ref("user_manager")
        mine = application.with_user(reviewer)
        if state == "submitted":
            if application.is_company and not application.is_blacklisted:
                mine._ask_for("A photo of the business licence that can be read.")
            return
        if state == "refused":
            day = fields.Date.context_today(self) + relativedelta(days=70)
            mine._refuse(REFUSAL, day)
            return
        self._speak(mine)
        mine.shop_ids.action_verify()
        mine.action_verify()
        if state == "verified":
            return
        mine.action_negotiate()
        if state == "negotiation":
            return
        mine.action_ask_approval()
        if state == "approval":
            return
        application.with_user(manager).action_approve()
        if state == "opened":
            agreement = application.agreement_ids
            self._sign_agreement(agreement, application.name)

    def _speak(self, application):
        application.contact_ids = [
            Command.create({"channel": "phone", "outcome": "none", "minutes": 1}),
            Command.create(
                {
                    "channel": "video",
                    "outcome": "verified",
                    "minutes": 25,
                    "note": "Shop and stock shown; knows the trade.",
                }
            ),
        ]
