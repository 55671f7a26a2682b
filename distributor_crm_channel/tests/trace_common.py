# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from odoo import Command, fields

from odoo.addons.distributor_crm.tests.service_common import ServiceCommon


class TraceCommon(ServiceCommon):
    """Two distributors with a province each, and lots that were delivered to them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context={**cls.env.context, "tracking_disable": True})
        cls.country = cls.env.ref("base.de")
        cls.company.country_id = cls.country
        cls.hill, cls.dale, cls.moor = cls.env["res.country.state"].create(
            [
                {"name": name, "code": code, "country_id": cls.country.id}
                for name, code in (("Hill", "XHI"), ("Dale", "XDA"), ("Moor", "XMO"))
            ]
        )
        cls.north_land = cls._territory("Hill Land", {"state_id": cls.hill.id})
        cls.south_land = cls._territory("Dale Land", {"state_id": cls.dale.id})
        cls._authorize(cls.north, cls.north_land)
        cls._authorize(cls.south, cls.south_land)
        cls.north.write({"country_id": cls.country.id, "state_id": cls.hill.id})
        cls.south.write({"country_id": cls.country.id, "state_id": cls.dale.id})
        cls.bottle, cls.reserve = cls.env["product.product"].create(
            [
                {
                    "name": name,
                    "is_storable": True,
                    "tracking": "lot",
                    "barcode": barcode,
                    "taxes_id": [Command.clear()],
                    "invoice_policy": "order",
                }
                for name, barcode in (
                    ("Banquet Spirit", "6901234567892"),
                    ("Old Reserve", "6901234567007"),
                )
            ]
        )
        cls.warehouse = cls.env["stock.warehouse"].search(
            [("company_id", "=", cls.company.id)], limit=1
        )
        cls.Sighting = cls.env["distributor.code.sighting"]
        cls.now = fields.Datetime.now()

    @classmethod
    def _territory(cls, name, *areas, **values):
        return cls.env["distributor.territory"].create(
            {
                "name": name,
                "company_id": cls.company.id,
                "user_id": cls.account_manager.id,
                "area_ids": [
                    Command.create({"country_id": cls.country.id, **area})
                    for area in areas
                ],
                **values,
            }
        )

    @classmethod
    def _authorize(cls, partner, territory, **values):
        return cls.env["distributor.authorization"].create(
            {
                "partner_id": partner.id,
                "territory_id": territory.id,
                "date_from": "2020-01-01",
                "date_to": False,
                **values,
            }
        )

    @classmethod
    def _lot(cls, name, product=None):
        return cls.env["stock.lot"].create(
            {
                "name": name,
                "product_id": (product or cls.bottle).id,
                "company_id": cls.company.id,
            }
        )

    @classmethod
    def _move(cls, kind, partner, lot, quantity, days):
        """Move so much of a lot from the warehouse to a partner, or back, days ago."""
        stock = cls.warehouse.lot_stock_id
        customers = cls.env.ref("stock.stock_location_customers")
        source, target = (stock, customers) if kind == "out" else (customers, stock)
        picking = cls.env["stock.picking"].create(
            {
                "partner_id": partner.id,
                "picking_type_id": cls.warehouse[f"{kind}_type_id"].id,
                "location_id": source.id,
                "location_dest_id": target.id,
                "move_ids": [
                    Command.create(
                        {
                            "product_id": lot.product_id.id,
                            "product_uom_qty": quantity,
                            "location_id": source.id,
                            "location_dest_id": target.id,
                        }
                    )
                ],
            }
        )
        picking.action_confirm()
        picking.move_ids.move_line_ids.unlink()
        picking.move_ids.move_line_ids = [
            Command.create(
                {
                    "product_id": lot.product_id.id,
                    "lot_id": lot.id,
                    "quantity": quantity,
                    "location_id": source.id,
                    "location_dest_id": target.id,
                }
            )
        ]
        picking.move_ids.picked = True
        picking._action_done()
        picking.move_ids.move_line_ids.date = cls.now - timedelta(days=days)
        return picking

    @classmethod
    def _deliver(cls, partner, lot, quantity=1, days=10):
        return cls._move("out", partner, lot, quantity, days)

    @classmethod
    def _bring_back(cls, partner, lot, quantity=1, days=5):
        return cls._move("in", partner, lot, quantity, days)

    @classmethod
    def _see(cls, code, state=None, **values):
        return cls.Sighting.create(
            {
                "typed_code": code,
                "company_id": cls.company.id,
                "country_id": cls.country.id,
                "state_id": (state or cls.hill).id,
                **values,
            }
        )
