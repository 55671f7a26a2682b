# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.tests import freeze_time

from .common import DistributorCommon

TODAY = "2024-04-10"


class TargetCommon(DistributorCommon):
    """Two distributors with a season in 2023, seen on 10 April 2024."""

    @classmethod
    def setUpClass(cls):
        clock = freeze_time(TODAY)
        clock.start()
        cls.addClassCleanup(clock.stop)
        super().setUpClass()
        partners = cls.north + cls.south
        cls.env["res.partner"].search(
            [("is_distributor", "=", True), ("id", "not in", partners.ids)]
        ).is_distributor = False
        cls.china = cls.env.ref("base.cn")
        cls.sichuan = cls.env.ref("base.state_cn_SC")
        cls.yunnan = cls.env.ref("base.state_cn_YN")
        cls.north.write({"country_id": cls.china.id, "state_id": cls.sichuan.id})
        cls.south.write({"country_id": cls.china.id, "state_id": cls.yunnan.id})
        cls._sell(cls.north, 300, "2023-01-15")
        cls._sell(cls.north, 100, "2023-06-15")
        cls.Target = cls.env["distributor.target"].with_user(cls.sales_manager)

    def make(self, amount=1200, user=None, **values):
        vals = {"year": 2024, "amount": amount, "company_id": self.company.id, **values}
        if "scope" not in vals:
            vals.setdefault("partner_id", self.north.id)
        return self.Target.with_user(user or self.sales_manager).create(vals)

    def approve(self, targets):
        targets.with_user(self.sales_manager).action_submit()
        targets.with_user(self.channel_admin).action_approve()
        return targets

    def months(self, target):
        return target.month_ids.sorted("month").mapped("amount")
