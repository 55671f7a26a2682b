# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from io import BytesIO
from zlib import crc32

from PIL import Image

from odoo import Command, fields
from odoo.tests import new_test_user

from .common import UsersCommon
from .store_common import draw_signature


def _make_picture():
    stream = BytesIO()
    Image.new("RGB", (2, 2)).save(stream, "PNG")
    return stream.getvalue()


PNG = _make_picture()
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


class AdmissionCommon(UsersCommon):
    """A campaign that is open, and users of each role; for any kind of test case."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env.company
        cls.company.admission_min_seconds = 0
        cls._new_roles(
            "adm", ("sales_rep", "account_manager", "sales_manager", "finance")
        )
        cls.category = cls.env["product.category"].create({"name": "Spirits"})
        cls.template = cls.env["distributor.agreement.template"].create(
            {
                "name": "Drop-shipping",
                "mode": "dropship",
                "company_id": cls.company.id,
                "body": "<p>{{ distributor }} sells for {{ company }}.</p>",
            }
        )
        cls.criteria = cls.env.ref("distributor_crm.criterion_set_open")
        cls.tier = cls.env["res.partner.grade"].create({"name": "Admitted"})
        cls.campaign = cls._create_campaign()

    @classmethod
    def _create_campaign(cls, **values):
        campaign = cls.env["distributor.campaign"].create(
            {
                "name": "Autumn recruitment",
                "company_id": cls.company.id,
                "criterion_set_id": cls.criteria.id,
                "category_ids": [Command.set(cls.category.ids)],
                "agreement_template_ids": [Command.set(cls.template.ids)],
                "reviewer_ids": [Command.set(cls.account_manager.ids)],
                "fallback_reviewer_id": cls.sales_manager.id,
                "grade_id": cls.tier.id,
                "is_published": True,
                **values,
            }
        )
        campaign.action_open()
        return campaign

    @classmethod
    def _apply(cls, name="Chen Li", campaign=None, submit=True, shop=None, **values):
        """An application that is complete; submitted unless told otherwise."""
        slug = "".join(c for c in name.lower() if c.isalnum())
        application = cls.env["distributor.application"].create(
            {
                "name": name,
                "campaign_id": (campaign or cls.campaign).id,
                "email": f"{slug}@applicants.example",
                "phone": f"+86 138{crc32(slug.encode()) % 10**8:08d}",
                "id_number": f"51010019900101{crc32(slug.encode()) % 10**4:04d}",
                "introducer_id": False,
                "age_band": "25",
                "occupation": "Shop owner",
                "source": "web",
                "ability": "retail",
                "mode": "dropship",
                "knows_operations": "yes",
                "knows_category": "yes",
                "hours_week": 30,
                "accepts_policy": True,
                "shop_ids": [
                    Command.create(
                        {
                            "name": f"{name}'s shop",
                            "platform": "taobao",
                            "url": f"https://{slug}.taobao.example",
                            **(shop or {}),
                        }
                    )
                ],
                **values,
            }
        )
        application._add_document("id", "card.png", PNG)
        if submit:
            application.action_submit()
        return application

    def _check_by(self, user, application):
        """Do what a reviewer does before he may verify."""
        mine = application.with_user(user)
        mine.contact_ids = [
            Command.create({"channel": "phone", "outcome": "verified", "minutes": 12})
        ]
        mine.shop_ids.action_verify()
        return mine

    def _bring_to(self, application, state):
        """Bring a submitted application to a later state, each step by its role."""
        mine = self._check_by(self.account_manager, application)
        mine.action_verify()
        if state == "verified":
            return application
        mine.action_negotiate()
        if state == "negotiation":
            return application
        mine.action_ask_approval()
        application.with_user(self.sales_manager).action_approve()
        if state == "agreement":
            return application
        self._sign(application)
        return application

    def _sign(self, application):
        agreement = application.agreement_ids
        agreement._acknowledge(set(agreement.acknowledgement_ids.ids), "10.0.0.1")
        agreement._sign(
            application.name, draw_signature(), "10.0.0.1", agreement.partner_id
        )

    @classmethod
    def _today(cls):
        return fields.Date.context_today(cls.campaign)

    @classmethod
    def _second_manager(cls):
        return new_test_user(
            cls.env, "adm_manager_2", "distributor_crm.group_sales_manager"
        )
