# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from odoo import Command, fields

from odoo.addons.distributor_crm.tests.common import ROLES

from .store_common import StoreCommon


class PriceCommon(StoreCommon):
    """Stores, declared shops, users of each role, rules and what is seen."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Rule = cls.env["distributor.price.rule"]
        cls.Seen = cls.env["distributor.price.observation"]
        cls.Rule.search([]).active = False
        cls.today = fields.Date.context_today(cls.env.user)
        cls.euro, cls.dollar = cls.env.ref("base.EUR"), cls.env.ref("base.USD")
        (cls.euro | cls.dollar).active = True
        cls.foreign = (cls.euro | cls.dollar) - cls.company.currency_id
        cls.foreign = cls.foreign[:1]
        cls._new_roles("price", ROLES)
        cls.north.write(
            {"user_id": cls.sales_rep.id, "account_manager_id": cls.account_manager.id}
        )
        cls.plum.product_variant_id.write(
            {"barcode": "6900000000017", "default_code": "PLUM"}
        )
        cls.rye.product_variant_id.default_code = "RYE"
        cls.shop = cls.env["distributor.declared.shop"].create(
            {
                "name": "North Spirits",
                "partner_id": cls.north.id,
                "platform": "taobao",
                "url": "https://north.taobao.example/shop",
            }
        )
        cls.source = cls.env["distributor.price.source"].create(
            {
                "name": "Watch",
                "tz": "UTC",
                "senders": "watch@agency.example",
                "currency_id": cls.company.currency_id.id,
            }
        )

    @classmethod
    def _day(cls, days):
        return cls.today + timedelta(days=days)

    @classmethod
    def make_rule(cls, product=None, **values):
        """A floor of 100 on a product since a month, approved by a lawyer."""
        approved = values.pop("approved", True)
        target = {"scope": "all"}
        if product is not None:
            name = {
                "product.template": ("product", "product_tmpl_id"),
                "product.product": ("variant", "product_id"),
                "product.category": ("category", "categ_id"),
                "distributor.brand": ("brand", "brand_id"),
            }[product._name]
            target = {"scope": name[0], name[1]: product.id}
        rule = cls.Rule.create(
            {
                **target,
                "date_from": cls._day(-30),
                "floor_price": 100,
                "legal_basis": "agency",
                "legal_note": "Agency agreements",
                **values,
            }
        )
        if approved:
            rule.write(
                {
                    "legal_approver": "Dr. Lex",
                    "legal_approved_on": cls._day(-30),
                }
            )
        return rule

    @classmethod
    def see(cls, price, product=None, **values):
        """A price that was seen in the declared shop, not compared yet."""
        return cls.Seen.create(
            {
                "product_id": (product or cls.plum).product_variant_id.id,
                "marked_price": price,
                "observed_at": fields.Datetime.now() - timedelta(hours=1),
                "shop_url": cls.shop.url,
                **values,
            }
        )

    @classmethod
    def compare(cls, seen):
        cls.Seen._compare(cls.company, seen.ids)
        return seen

    @classmethod
    def order_of(cls, partner, price, product=None, **values):
        """A quotation of one line."""
        line = values.pop("line", {})
        return cls.env["sale.order"].create(
            {
                "partner_id": partner.id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": (product or cls.plum).product_variant_id.id,
                            "price_unit": price,
                            **line,
                        }
                    )
                ],
                **values,
            }
        )
