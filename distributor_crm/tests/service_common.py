# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from contextlib import contextmanager
from io import BytesIO
from unittest.mock import patch

from PIL import Image

from odoo import Command, http
from odoo.tests import HttpCase

from .common import DistributorCommon, new_test_users


def picture(kind="PNG"):
    """Return the bytes of a small picture."""
    stream = BytesIO()
    Image.new("RGB", (8, 8), (120, 30, 60)).save(stream, kind)
    return stream.getvalue()


@contextmanager
def no_commits(case):
    """Let a cron report its progress without the commits that a test cannot take."""
    with patch.object(
        case.registry["ir.cron"], "_commit_progress", lambda *_args, **_more: 60
    ):
        yield


class ServiceCommon(DistributorCommon):
    """Two distributors with a portal user each, a shopper, a product."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contacts = cls.env["res.partner"].create(
            [
                {
                    "name": f"Owner of {partner.name}",
                    "parent_id": partner.id,
                    "email": f"owner{partner.id}@service.example",
                }
                for partner in (cls.north, cls.south)
            ]
        )
        cls.north_user, cls.south_user = new_test_users(
            cls.env,
            {"north_owner": "base.group_portal", "south_owner": "base.group_portal"},
            cls.contacts,
        )
        cls.shopper = cls.env["res.partner"].create(
            {"name": "Shopper Zhang", "email": "zhang@private.example"}
        )
        cls.goods = cls.env["product.product"].create(
            {
                "name": "Twin Box",
                "type": "consu",
                "list_price": 100,
                "standard_price": 40,
                "invoice_policy": "order",
                "taxes_id": [Command.clear()],
            }
        )

    @classmethod
    def _order(cls, partner, quantity=2, confirm=True, **values):
        order = cls.env["sale.order"].create(
            {
                "partner_id": partner.id,
                "company_id": cls.company.id,
                "order_line": [
                    Command.create(
                        {"product_id": cls.goods.id, "product_uom_qty": quantity}
                    )
                ],
                **values,
            }
        )
        if confirm:
            order.action_confirm()
        return order

    @classmethod
    def _store(cls, partner, slug, **values):
        return cls.env["distributor.store"].create(
            {
                "name": f"Store {slug}",
                "slug": slug,
                "partner_id": partner.id,
                "company_id": cls.company.id,
                **values,
            }
        )


class ServicePortalCase(ServiceCommon, HttpCase):
    """Pages of the service, as the one distributor and as everybody else."""

    def _login(self, login="north_owner"):
        self.authenticate(login, login)

    def _post(self, path, files=None, **data):
        data["csrf_token"] = http.Request.csrf_token(self)
        return self.url_open(path, data=data, files=files)

    def _is_home(self, response):
        return response.url.rstrip("/") == self.base_url() + "/my"

    def _check_own_only(self, path):
        """A page of north's is open to his users alone, whoever else tries."""
        self.assertIn("/web/login", self.url_open(path).url)
        self._login("south_owner")
        self.assertTrue(self._is_home(self.url_open(path)))
        self._login()
        response = self.url_open(path)
        self.assertEqual(response.status_code, 200)
        self.assertTrue(response.url.endswith(path))
