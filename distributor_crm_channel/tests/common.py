# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from odoo import Command, fields
from odoo.tests import TransactionCase

from odoo.addons.distributor_crm.tests.common import UsersCommon

READERS = (
    "distributor_crm.group_sales_rep",
    "distributor_crm.group_account_manager",
    "distributor_crm.group_sales_manager",
    "distributor_crm.group_finance",
)


class TerritoryCommon(UsersCommon, TransactionCase):
    """Three distributors, a country with two states, products in two categories."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context={**cls.env.context, "tracking_disable": True})
        cls.company = cls.env.company
        cls.admin = cls._new_user(
            "territory_admin", "distributor_crm.group_channel_admin"
        )
        cls.north, cls.south, cls.east = cls.env["res.partner"].create(
            [
                {"name": f"{name} Trading", "is_company": True, "is_distributor": True}
                for name in ("North", "South", "East")
            ]
        )
        cls.country = cls.env.ref("base.de")
        cls.abroad = cls.env.ref("base.at")
        cls.hill, cls.dale = cls.env["res.country.state"].create(
            [
                {"name": name, "code": code, "country_id": cls.country.id}
                for name, code in (("Hill", "XHI"), ("Dale", "XDA"))
            ]
        )
        cls.spirits, cls.barware = cls.env["product.category"].create(
            [{"name": "Test Spirits"}, {"name": "Test Barware"}]
        )
        cls.banquet = cls.env["product.category"].create(
            {"name": "Test Banquet", "parent_id": cls.spirits.id}
        )
        cls.today = fields.Date.context_today(cls.env.user)

    @classmethod
    def _day(cls, days):
        return cls.today + timedelta(days=days)

    @classmethod
    def _create_territory(cls, *areas, **values):
        """A territory of the given areas, by default the whole country."""
        number = cls.env["distributor.territory"].search_count([])
        return (
            cls.env["distributor.territory"]
            .with_user(cls.admin)
            .create(
                {
                    "name": f"Territory {number}",
                    "area_ids": [
                        Command.create({"country_id": cls.country.id, **area})
                        for area in areas or ({},)
                    ],
                    **values,
                }
            )
        )

    @classmethod
    def _authorize(cls, partner, territory, **values):
        """An authorization of all products from today, for ever."""
        if values.get("exclusive"):
            values.setdefault("legal_basis", "Agreement of 1 March")
        return (
            cls.env["distributor.authorization"]
            .with_user(cls.admin)
            .create(
                {
                    "partner_id": partner.id,
                    "territory_id": territory.id,
                    "date_to": False,
                    **values,
                }
            )
        )
