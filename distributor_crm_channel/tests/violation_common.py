# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import datetime

from odoo.addons.distributor_crm.tests.service_common import ServiceCommon


class ViolationCommon(ServiceCommon):
    """Two distributors with a portal user each, two sales managers, one policy."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Violation = cls.env["distributor.violation"]
        cls.happened = datetime(2026, 3, 2, 9, 0)

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
