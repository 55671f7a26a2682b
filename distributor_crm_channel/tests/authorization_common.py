# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from odoo import fields

from .store_common import StoreCommon


class AuthorizationCommon(StoreCommon):
    """Two distributors with a verified shop each, and a user of each role."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rep, cls.manager, cls.head, cls.head_2, cls.admin = cls._new_users(
            {
                "auth_rep": "distributor_crm.group_sales_rep",
                "auth_manager": "distributor_crm.group_account_manager",
                "auth_head": "distributor_crm.group_sales_manager",
                "auth_head_2": "distributor_crm.group_sales_manager",
                "auth_admin": "distributor_crm.group_channel_admin",
            }
        )
        (cls.north + cls.south).account_manager_id = cls.manager
        cls.today = fields.Date.context_today(cls.env.user)
        cls.brand = cls.env["distributor.brand"].create({"name": "Plum House"})
        cls.policy = cls.env["distributor.authorization.policy"].search(
            [("company_id", "=", cls.company.id)]
        ) or cls.env["distributor.authorization.policy"].create({})
        cls.shop = cls.declare(cls.north, "Jade River Spirits")
        cls.shop_2 = cls.declare(cls.south, "Old Town Cellar")
        cls.Authorization = cls.env["distributor.authorization"]

    def setUp(self):
        super().setUp()
        # A test ends with a rollback; crons commit after each chunk.
        self.patch(type(self.env["ir.cron"]), "_commit_progress", lambda *a, **k: 60)

    @classmethod
    def declare(cls, partner, name, verify=True):
        shop = cls.env["distributor.declared.shop"].create(
            {
                "name": name,
                "partner_id": partner.id,
                "platform": "taobao",
                "url": f"https://{name.lower().replace(' ', '-')}.example.com",
            }
        )
        if verify:
            shop.action_verify()
        return shop

    @classmethod
    def draft(cls, shop=None, **values):
        shop = shop or cls.shop
        name = "store_id" if shop._name == "distributor.store" else "shop_id"
        return cls.Authorization.with_user(cls.admin).create(
            {name: shop.id, "brand_id": cls.brand.id, **values}
        )

    @classmethod
    def grant(cls, shop=None, **values):
        """An authorization of a shop in force, for a year from today."""
        record = cls.draft(shop, **values)
        record.with_user(cls.head).action_grant()
        return record.sudo()

    @classmethod
    def day(cls, days):
        return cls.today + timedelta(days=days)

    @classmethod
    def duty(cls, record, kind):
        return record.duty_ids.filtered(lambda d: d.kind == kind)
