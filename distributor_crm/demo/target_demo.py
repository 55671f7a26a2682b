# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from collections import Counter

from odoo import api, fields, models

# What distributors are to sell, of what they sold last year.
RATES = {
    "chengdu": 1.1,
    "guangzhou": 1.05,
    "hongkong": 1.15,
    "xian": 1.1,
    "wuhan": 1.2,
    "hangzhou": 1.0,
    "singapore": 1.1,
    "nanjing": 1.25,
    "kunming": 0.95,
    "harbin": 1.3,
    "london": 1.1,
    "sanfrancisco": 1.0,
}
# Province, potential over last year's sales there, cities that matter, who competes.
PROVINCES = (
    (
        "SC",
        9,
        "Chengdu, Mianyang, Leshan, Yibin",
        "Three local distillers hold the banquets.",
    ),
    ("GD", 14, "Guangzhou, Shenzhen, Foshan, Dongguan", "Imported cognac at weddings."),
    ("SN", 12, "Xi'an, Baoji, Xianyang", "One strong house brand of the province."),
    ("HB", 16, "Wuhan, Yichang, Xiangyang", "Price war of two supermarket chains."),
    ("ZJ", 18, "Hangzhou, Ningbo, Wenzhou", "Gift boxes sold online below list price."),
    ("JS", 25, "Nanjing, Suzhou, Wuxi, Xuzhou", "The home of our largest competitor."),
    ("YN", 15, "Kunming, Dali", "Little; transport is the problem."),
    ("HL", 20, "Harbin, Daqing", "Cheap local spirits."),
    ("GS", 0, "Lanzhou, Tianshui", ""),
    ("SD", 0, "Jinan, Qingdao, Yantai", "Many brewers, few premium spirits."),
    ("FJ", 0, "Fuzhou, Xiamen, Quanzhou", "Taiwanese importers."),
)
UNSOLD = {"GS": 90000, "SD": 850000, "FJ": 620000}
COUNTRIES = (("hk", 10), ("sg", 8), ("uk", 60), ("us", 120))
LINES = ("banquet", "gift", "barware")


class DistributorDemo(models.AbstractModel):
    """The demo's targets of this year, and what is known of its regions."""

    _inherit = "distributor.demo"

    @api.model
    def _tell_targets(self):
        """Set, approve and describe; nothing where nothing was sold."""
        sold = self._get_sold_last_year()
        if not sold:
            return
        self._describe_regions(sold)
        targets = self._set_partner_targets(sold)
        targets += self._set_manager_targets(targets)
        targets += self._set_other_targets(sold)
        manager, admin = self._ref("user_manager"), self._ref("user_channel_admin")
        # One is still to be approved, one is still thought about.
        waiting, draft = targets[4], targets[8]
        (targets - draft).with_user(manager).action_submit()
        (targets - draft - waiting).with_user(admin).action_approve()
        revised = targets[3].with_user(manager)._make_version()
        revised.write(
            {
                "amount": revised.amount * 0.9,
                "note": "A supermarket chain they supplied has closed.",
            }
        )

    def _get_sold_last_year(self):
        """Return {distributor: what he bought last year}."""
        year = fields.Date.context_today(self).year - 1
        rows = self.env["account.move"]._read_group(
            [
                ("move_type", "in", ("out_invoice", "out_refund")),
                ("state", "=", "posted"),
                ("is_distributor_rebate", "=", False),
                ("company_id", "=", self.env.company.id),
                ("commercial_partner_id.is_distributor", "=", True),
                ("invoice_date", ">=", f"{year}-01-01"),
                ("invoice_date", "<=", f"{year}-12-31"),
            ],
            ["commercial_partner_id"],
            ["amount_untaxed_signed:sum"],
        )
        return {partner: amount for partner, amount in rows if amount > 0}

    def _create_targets(self, vals_list):
        target = self.env["distributor.target"].with_user(self._ref("user_manager"))
        made = target.create(
            [
                {**vals, "amount": max(round(vals["amount"], -2), 1000)}
                for vals in vals_list
            ]
        )
        return made.sudo(False).with_env(self.env)

    def _set_partner_targets(self, sold):
        return self._create_targets(
            [
                {
                    "partner_id": self._ref(f"partner_{name}").id,
                    "amount": sold.get(self._ref(f"partner_{name}"), 5000) * rate,
                }
                for name, rate in RATES.items()
            ]
        )

    def _set_manager_targets(self, targets):
        """What an account manager is to sell is what his distributors are to sell."""
        sums = Counter()
        for target in targets:
            sums[target.partner_id.account_manager_id] += target.amount
        return self._create_targets(
            [
                {"scope": "manager", "user_id": user.id, "amount": amount}
                for user, amount in sums.items()
                if user
            ]
        )

    def _set_other_targets(self, sold):
        """Of provinces, of a country, of product lines and of the whole company."""
        total = sum(sold.values())
        states, countries = self._sum_by_place(sold)
        vals_list = [{"scope": "company", "amount": total * 1.1}]
        vals_list += [
            {"scope": "state", "state_id": state.id, "amount": amount * 1.1}
            for state, amount in states.items()
        ]
        hongkong = self.env.ref("base.hk")
        vals_list.append(
            {
                "scope": "country",
                "country_id": hongkong.id,
                "amount": countries[hongkong] * 1.1,
            }
        )
        vals_list += [
            {
                "scope": "category",
                "categ_id": self._ref(f"product_category_{name}").id,
                "amount": total * share,
            }
            for name, share in zip(LINES, (0.6, 0.35, 0.1), strict=True)
        ]
        return self._create_targets(vals_list)

    def _sum_by_place(self, sold):
        states, countries = Counter(), Counter()
        for partner, amount in sold.items():
            countries[partner.country_id] += amount
            if partner.state_id:
                states[partner.state_id] += amount
        return states, countries

    def _describe_regions(self, sold):
        states, countries = self._sum_by_place(sold)
        manager = self._ref("user_account_manager")
        vals_list = []
        for code, factor, cities, competition in PROVINCES:
            state = self.env.ref(f"base.state_cn_{code}")
            potential = states[state] * factor or UNSOLD.get(code, 100000)
            vals_list.append(
                {
                    "country_id": state.country_id.id,
                    "state_id": state.id,
                    "potential": round(potential, -3),
                    "cities": cities,
                    "competition": competition,
                    "user_id": manager.id,
                }
            )
        for code, factor in COUNTRIES:
            country = self.env.ref(f"base.{code}")
            vals_list.append(
                {
                    "country_id": country.id,
                    "state_id": False,
                    "potential": round(countries[country] * factor, -3),
                }
            )
        self.env["distributor.region.profile"].create(vals_list)
