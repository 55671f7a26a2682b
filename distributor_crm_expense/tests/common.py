# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from odoo import fields
from odoo.tests import TransactionCase

from odoo.addons.distributor_crm.tests.common import UsersCommon

READERS = (
    "distributor_crm.group_sales_rep",
    "distributor_crm.group_account_manager",
    "distributor_crm.group_sales_manager",
    "distributor_crm.group_channel_admin",
    "distributor_crm.group_finance",
    "distributor_crm_expense.group_fee_compliance",
)


class FeeStandardCommon(UsersCommon, TransactionCase):
    """A product in a category in a category, two tiers, the people of the fees."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context={**cls.env.context, "tracking_disable": True})
        cls.company = cls.env.company
        cls.fee_admin = cls._new_user(
            "fee_admin", "distributor_crm_expense.group_fee_admin"
        )
        cls.compliance = cls._new_user(
            "fee_compliance", "distributor_crm_expense.group_fee_compliance"
        )
        cls.spirits, cls.barware = cls.env["product.category"].create(
            [{"name": "Test Spirits"}, {"name": "Test Barware"}]
        )
        cls.banquet = cls.env["product.category"].create(
            {"name": "Test Banquet", "parent_id": cls.spirits.id}
        )
        cls.product, cls.cups = cls.env["product.product"].create(
            [
                {
                    "name": "Reserve",
                    "categ_id": cls.banquet.id,
                    "list_price": 100,
                    "standard_price": 60,
                },
                {"name": "Cups", "categ_id": cls.barware.id},
            ]
        )
        cls.gold, cls.silver = cls.env["res.partner.grade"].create(
            [{"name": "Test Gold"}, {"name": "Test Silver"}]
        )
        cls.today = fields.Date.context_today(cls.env.user)

    @classmethod
    def _day(cls, days):
        return cls.today + timedelta(days=days)

    @classmethod
    def _create_standard(cls, confirm=True, **values):
        """A standard of 2 % for the product as of long ago, by the administrator."""
        if "categ_id" not in values:
            values.setdefault("product_tmpl_id", cls.product.product_tmpl_id.id)
        standard = (
            cls.env["distributor.fee.standard"]
            .with_user(cls.fee_admin)
            .create({"rate": 2, "date_from": cls._day(-400), **values})
        )
        if confirm:
            standard.action_confirm()
        return standard
