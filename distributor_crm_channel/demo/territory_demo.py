# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from odoo import Command, api, fields, models

DELIVERIES = (
    # lot, to whom, how many, days ago
    ("DW26-0101", "chengdu", 24, 60),
    ("DW26-0102", "chengdu", 24, 60),
    ("DW26-0103", "chengdu", 24, 55),
    ("DW26-0104", "chengdu", 24, 50),
    ("DW26-0201", "guangzhou", 36, 45),
    ("DW26-0202", "nanjing", 36, 40),
    ("DW26-0203", "hangzhou", 12, 35),
    ("DW26-0301", "nanjing", 18, 30),
    ("DW26-0301", "hangzhou", 18, 29),
)
SIGHTINGS = (
    # code, seen by, days ago, province, city, where
    ("DW26-0101", "staff", 12, "YN", "Kunming", "Green Lake Tobacco and Spirits"),
    ("DW26-0102", "staff", 11, "YN", "Kunming", "Green Lake Tobacco and Spirits"),
    ("DW26-0103", "partner", 6, "YN", "Dali", "Cangshan Market, stall 14"),
    ("DW26-0104", "staff", 9, "SC", "Chengdu", "Jinjiang flagship shop"),
    ("DW26-0201", "staff", 8, "SN", "Xi'an", "Bell Tower Supermarket"),
    ("DW26-0202", "public", 4, "JS", "Nanjing", ""),
    ("DW26-0301", "staff", 3, "GD", "Shenzhen", "Huaqiang night market"),
    ("DW26-9999", "public", 2, "SC", "Mianyang", "a street vendor"),
)
STRAY = ("DW26-0401", 3, "GD", "Shenzhen", "Dongmen Wine Street, shop 21")
OUTLETS = (
    # distributor, province, city, name, days ago
    ("chengdu", "SC", "Mianyang", "Jinjiang shop, Mianyang", 200),
    ("chengdu", "SC", "Leshan", "Jinjiang shop, Leshan", 120),
    ("chengdu", "SC", "Yibin", "Jinjiang shop, Yibin", 20),
    ("guangzhou", "GD", "Foshan", "Tianhe counter, Foshan", 90),
    ("guangzhou", "GD", "Shenzhen", "Tianhe counter, Shenzhen", 15),
    ("hangzhou", "ZJ", "Hangzhou", "West Lake Gifts, Hefang Street", 300),
)
PROFILES = (
    # territory, potential, competition, cities, strategy
    (
        "sichuan",
        900000,
        "Two provincial brands share the restaurants; neither is in the gift shops.",
        "Chengdu, Mianyang, Leshan, Yibin, Luzhou, Nanchong, Chongqing",
        "push",
    ),
    (
        "pearl_river",
        1200000,
        "Imported spirits take the bars; banquets are ours to win.",
        "Guangzhou, Shenzhen, Foshan, Dongguan, Zhuhai",
        "nibble",
    ),
)


class DistributorDemo(models.AbstractModel):
    """The demo's territories: what is where, what turned up elsewhere, what was bad."""

    _inherit = "distributor.demo"

    @api.model
    def _tell_territories(self):
        """Deliver coded goods, see some of them elsewhere, and recall a lot."""
        self._tell_outlets()
        self._deliver_coded()
        self._tell_sightings()
        self._tell_stray_groupbuy()
        self._tell_filings()
        self._tell_incidents()

    def _find_state(self, code):
        return self.env.ref(f"base.state_cn_{code}")

    def _tell_outlets(self):
        today = fields.Date.context_today(self)
        self.env["res.partner"].create(
            [
                {
                    "name": name,
                    "type": "other",
                    "parent_id": self._ref(f"partner_{partner}").id,
                    "country_id": self.env.ref("base.cn").id,
                    "state_id": self._find_state(state).id,
                    "city": city,
                    "is_distributor_outlet": True,
                    "outlet_since": today - timedelta(days=days),
                }
                for partner, state, city, name, days in OUTLETS
            ]
        )
        self.env["distributor.territory.profile"].create(
            [
                {
                    "territory_id": self._territory(name).id,
                    "potential": potential,
                    "competition": competition,
                    "cities": cities,
                    "strategy": strategy,
                    "resources": "One account manager, samples for twenty tastings.",
                }
                for name, potential, competition, cities, strategy in PROFILES
            ]
        )
        self._territory("sichuan").quota = 2

    def _territory(self, name):
        return self.env.ref(f"distributor_crm_channel.territory_{name}")

    def _deliver_coded(self):
        product = self.env.ref("distributor_crm_channel.product_coded")
        warehouse = self.env["stock.warehouse"].search(
            [("company_id", "=", self.env.company.id)], limit=1
        )
        stock = warehouse.lot_stock_id
        customers = self.env.ref("stock.stock_location_customers")
        lots = {}
        for name, *_rest in DELIVERIES:
            if name not in lots:
                lots[name] = self.env["stock.lot"].create(
                    {"name": name, "product_id": product.id}
                )
                quant = self.env["stock.quant"]
                quant._update_available_quantity(product, stock, 60, lot_id=lots[name])
        for name, partner, quantity, days in DELIVERIES:
            places = {"location_id": stock.id, "location_dest_id": customers.id}
            picking = self.env["stock.picking"].create(
                {
                    "partner_id": self._ref(f"partner_{partner}").id,
                    "picking_type_id": warehouse.out_type_id.id,
                    **places,
                    "move_line_ids": [
                        Command.create(
                            {
                                "product_id": product.id,
                                "lot_id": lots[name].id,
                                "quantity": quantity,
                                **places,
                            }
                        )
                    ],
                }
            )
            picking.move_ids.picked = True
            picking._action_done()
            done = fields.Datetime.now() - timedelta(days=days)
            picking.date_done = done
            picking.move_ids.date = done
            picking.move_line_ids.date = done

    def _tell_sightings(self):
        now = fields.Datetime.now()
        Sighting = self.env["distributor.code.sighting"]
        users = {
            "staff": self._ref("user_account_manager").id,
            "partner": self._ref("user_distributor").id,
            "public": False,
        }
        found = Sighting.create(
            [
                {
                    "typed_code": code,
                    "channel": channel,
                    "user_id": users[channel],
                    "reporter_id": channel == "partner"
                    and self._ref("partner_kunming").id,
                    "seen_at": now - timedelta(days=days),
                    "country_id": self.env.ref("base.cn").id,
                    "state_id": self._find_state(state).id,
                    "city": city,
                    "shop": shop,
                }
                for code, channel, days, state, city, shop in SIGHTINGS
            ]
        )
        guangzhou = found.filtered(lambda s: s.code == "DW26-0201")
        if guangzhou.state == "suspected":
            guangzhou.with_user(self._ref("user_manager")).action_open_case()

    def _tell_stray_groupbuy(self):
        """Bottles of a banquet in Guangzhou stand in a shop in Shenzhen, days later."""
        product = self.env.ref("distributor_crm_channel.product_coded")
        groupbuy = self._prepare_groupbuy(
            "guangzhou",
            product,
            36,
            "Pearl River Engineering",
            "136 6000 0155",
            "Huacheng Avenue 5, Hall 1, Guangzhou",
            "company",
            uses=1,
        )
        groupbuy.action_file()
        groupbuy._set(filed_by_id=groupbuy.partner_id.id)
        picking = groupbuy.order_id.picking_ids[:1]
        lot = self.env["stock.lot"].create({"name": STRAY[0], "product_id": product.id})
        self.env["stock.quant"]._update_available_quantity(
            product, picking.location_id, 36, lot_id=lot
        )
        picking.move_line_ids.unlink()
        picking.move_ids.move_line_ids = [
            Command.create(
                {
                    "product_id": product.id,
                    "lot_id": lot.id,
                    "quantity": 36,
                    "location_id": picking.location_id.id,
                    "location_dest_id": picking.location_dest_id.id,
                }
            )
        ]
        picking.move_ids.picked = True
        picking._action_done()
        self._move_groupbuy(groupbuy, 9)
        code, days, state, city, shop = STRAY
        sighting = self.env["distributor.code.sighting"].create(
            {
                "typed_code": code,
                "channel": "staff",
                "user_id": self._ref("user_account_manager").id,
                "seen_at": fields.Datetime.now() - timedelta(days=days),
                "country_id": self.env.ref("base.cn").id,
                "state_id": self._find_state(state).id,
                "city": city,
                "shop": shop,
            }
        )
        if sighting.is_elsewhere:
            sighting.with_user(self._ref("user_manager")).action_open_case()

    def _tell_filings(self):
        Filing = self.env["distributor.territory.filing"]
        sichuan = self._territory("sichuan")
        values = {
            "partner_id": self._ref("partner_wuhan").id,
            "territory_id": sichuan.id,
            "description": "The owner comes from Wuhan, and bought from us for ten years.",
        }
        filings = Filing.create(
            [
                {**values, "customer": "Three Gorges Hotel", "city": "Chongqing"},
                {
                    **values,
                    "customer": "Yangtze Shipping, canteen",
                    "city": "Yibin",
                    "owner_share": 4,
                },
            ]
        )
        filings._file()
        filings[0].with_user(self._ref("user_manager"))._answer(True)
        there = self.env["res.partner"].create(
            {
                "name": "Drum Tower Trading, branch in Kunming",
                "type": "delivery",
                "parent_id": self._ref("partner_nanjing").id,
                "country_id": self.env.ref("base.cn").id,
                "state_id": self._find_state("YN").id,
                "city": "Kunming",
            }
        )
        self.env["sale.order"].create(
            {
                "partner_id": self._ref("partner_nanjing").id,
                "partner_shipping_id": there.id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": self._ref("product_reserve").id,
                            "product_uom_qty": 24,
                        }
                    )
                ],
            }
        )

    def _tell_incidents(self):
        def lots(*names):
            found = self.env["stock.lot"].search([("name", "in", names)])
            return [Command.create({"lot_id": lot.id}) for lot in found]

        manager = self._ref("user_manager")
        today = fields.Date.context_today(self)
        Incident = self.env["distributor.quality.incident"].with_user(manager)
        leaking, label = Incident.create(
            [
                {
                    "subject": "Caps of lot DW26-0301 leak",
                    "kind": "defect",
                    "severity": "critical",
                    "reported_on": today - timedelta(days=2),
                    "reporter_id": self._ref("partner_nanjing").id,
                    "description": "Three of eighteen bottles lost a part of their content.",
                    "instruction": "Stop selling this lot, set the bottles aside, and send "
                    "them back at our cost.",
                    "lot_line_ids": lots("DW26-0301"),
                },
                {
                    "subject": "Back label names the wrong vintage",
                    "kind": "label",
                    "severity": "minor",
                    "reported_on": today - timedelta(days=40),
                    "instruction": "Put the label that we sent over the old one.",
                    "lot_line_ids": lots("DW26-0203"),
                },
            ]
        )
        (leaking | label).action_recall()
        rows = leaking.sudo().recall_ids
        nanjing = rows.filtered(lambda r: r.partner_id == self._ref("partner_nanjing"))
        nanjing._acknowledge({nanjing: 11}, "Eleven are still on the shelf.")
        nanjing.write({"compensation": 384, "compensation_reason": "three bottles"})
        label.write(
            {
                "cause_kind": "material",
                "cause": "The printer used last year's plate.",
                "measures": "Each plate is compared with the order before printing.",
            }
        )
        label.action_close()
