# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import datetime, timedelta

from freezegun import freeze_time

from odoo import fields

from odoo.addons.distributor_crm.tests.service_common import ServiceCommon, picture


class ViolationCommon(ServiceCommon):
    """Two distributors with a portal user each, two sales managers, one company."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Violation = cls.env["distributor.violation"]
        cls.happened = datetime(2026, 3, 2, 9, 0)
        cls.second_manager = cls._new_user(
            "second_manager", "distributor_crm.group_sales_manager"
        )
        cls.third_manager = cls._new_user(
            "third_manager", "distributor_crm.group_sales_manager"
        )
        cls.floor = cls.env.ref("distributor_crm_channel.policy_price_below_floor")
        cls.diversion = cls.env.ref("distributor_crm_channel.policy_diversion")

    @classmethod
    def _report(cls, policy="price_below_floor", partner=None, **values):
        """Report one breach as another room would."""
        return cls.Violation._report(
            [
                {
                    "policy": policy,
                    "partner_id": (partner or cls.north).id,
                    "company_id": cls.company.id,
                    "occurred_at": cls.happened,
                    "source": None,
                    "facts": "Seen at 80 where 100 is the floor.",
                    **values,
                }
            ]
        )

    @classmethod
    def _with_opinion(cls):
        """Let the price floors punish: a lawyer was asked."""
        cls.floor.with_user(cls.channel_admin)._store_opinion("Dr. Li, 3 January")

    def _notify(self, case, **values):
        """Give a case its evidence and send the notice."""
        case._keep_evidence([("shop.png", picture())])
        case.with_user(self.account_manager).action_notify()
        return case

    def _deliver(self, case, at=None):
        """The accused reads all that was sent to him, at a moment."""
        with freeze_time(at or fields.Datetime.now()):
            case._receive("portal", "Owner", "127.0.0.1")
        return case

    def _judge(self, case, **values):
        case.with_user(self.sales_manager)._judge("The screenshot shows it.", **values)
        return case

    def _confirmed(self, policy="diversion", partner=None, **values):
        """A case that two people found, and of which the accused has read."""
        case = self._notify(self._report(policy, partner, **values))
        now = fields.Datetime.now()
        self._deliver(case, now)
        with freeze_time(now + timedelta(hours=49)):
            self._judge(case)
            if case.is_serious:
                case.with_user(self.sales_manager).action_submit()
            case.with_user(self.second_manager).action_confirm()
        return case

    def _make_final(self, case):
        """Let the time to appeal pass."""
        self._deliver(case, fields.Datetime.now() - timedelta(hours=200))
        return case
