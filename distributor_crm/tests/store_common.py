# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import base64
import io

from PIL import Image, ImageDraw

from odoo import Command
from odoo.tests import TransactionCase

from .common import new_test_users


def draw_signature():
    """Return what the portal's widget sends: a drawing in base64."""
    picture = Image.new("RGBA", (200, 60))
    ImageDraw.Draw(picture).line((10, 50, 190, 10), fill="black", width=3)
    out = io.BytesIO()
    picture.save(out, "PNG")
    return base64.b64encode(out.getvalue()).decode()


class StoreCommon(TransactionCase):
    """A template with two duties, a distributor, and people of each role."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.agreement_tz = "Asia/Shanghai"
        cls.rep, cls.manager, cls.sales_manager, cls.admin, cls.finance = (
            new_test_users(
                cls.env,
                {
                    "store_rep": "distributor_crm.group_sales_rep",
                    "store_manager": "distributor_crm.group_account_manager",
                    "store_sales_manager": "distributor_crm.group_sales_manager",
                    "store_admin": "distributor_crm.group_channel_admin",
                    "store_finance": "distributor_crm.group_finance",
                },
            )
        )
        cls.owner = cls._make_owner("Owner")
        cls.template = cls.env["distributor.agreement.template"].create(
            {
                "name": "One year",
                "body": "<p>{{ distributor }} sells for {{company}} until "
                "{{ date_to }}.</p>",
                "duty_ids": [
                    Command.create(
                        {
                            "kind": "price",
                            "text": "I keep the agreed prices.",
                            "legal_basis": "Agency",
                        }
                    ),
                    Command.create({"kind": "channel", "text": "I sell to consumers."}),
                ],
            }
        )
        cls.Agreement = cls.env["distributor.agreement"]
        cls.Store = cls.env["distributor.store"]
        cls.Shop = cls.env["distributor.declared.shop"]

    @classmethod
    def _make_owner(cls, name, **values):
        return cls.env["res.partner"].create(
            {
                "name": name,
                "email": f"{name.lower()}@owners.example",
                "is_distributor": True,
                "account_manager_id": cls.manager.id,
                "user_id": cls.rep.id,
                **values,
            }
        )

    def _make_agreement(self, **values):
        return self.Agreement.create(
            {"partner_id": self.owner.id, "template_id": self.template.id, **values}
        )

    def _send(self, **values):
        agreement = self._make_agreement(**values)
        agreement.action_send()
        return agreement

    def _sign(self, agreement):
        agreement._acknowledge(set(agreement.acknowledgement_ids.ids), "10.0.0.1")
        agreement._sign(
            "Wang Xiaoming", draw_signature(), "10.0.0.1", agreement.partner_id
        )
        return agreement

    def _make_signed(self, **values):
        return self._sign(self._send(**values))

    def _make_store(self, slug, **values):
        return self.Store.create(
            {"name": slug, "slug": slug, "partner_id": self.owner.id, **values}
        )
