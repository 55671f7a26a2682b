# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from odoo import Command, fields

from odoo.addons.distributor_crm.tests.evidence_common import photo
from odoo.addons.distributor_crm.tests.service_common import ServiceCommon


class GroupbuyCommon(ServiceCommon):
    """A distributor's order of 30 bottles, and goods with serial numbers."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.today = fields.Date.context_today(cls.env.user)
        cls.Groupbuy = cls.env["distributor.groupbuy"]
        cls.policy = cls.env["distributor.groupbuy.policy"]._find(cls.company)
        cls.special = cls.env["product.pricelist"].create(
            {
                "name": "Group-buy prices",
                "company_id": cls.company.id,
                "currency_id": cls.company.currency_id.id,
                "item_ids": [
                    Command.create(
                        {
                            "applied_on": "3_global",
                            "compute_price": "percentage",
                            "percent_price": 20,
                        }
                    )
                ],
            }
        )
        cls.serials = cls.env["product.product"].create(
            {
                "name": "Numbered Bottle",
                "type": "consu",
                "is_storable": True,
                "tracking": "serial",
                "list_price": 200,
                "taxes_id": [Command.clear()],
            }
        )

    @classmethod
    def _prepare(cls, order=None, quantity=30, uses=1, **values):
        """Return a draft that could be filed: the goods in equal parts from today on."""
        order = order or cls._order(cls.north, quantity, confirm=False)
        goods = order._get_groupbuy_goods()
        return cls.Groupbuy.create(
            {
                "order_id": order.id,
                "recipient": "Li Wei",
                "phone": "138 0042 0001",
                "address": "Hall 3, Nanjing Road 12, Shanghai",
                "purpose": "wedding",
                "planned_on": cls.today,
                "use_count": uses,
                "use_ids": [
                    Command.create(
                        {
                            "date": cls.today + timedelta(days=number),
                            "place": f"Hall {number + 1}",
                            "quantity": sum(goods.values()) / uses,
                        }
                    )
                    for number in range(uses)
                ],
                **values,
            }
        )

    @classmethod
    def _ship(cls, order, serials=()):
        """Send all goods of an order, these serial numbers among them."""
        if order.state != "sale":
            order.action_confirm()
        picking = order.picking_ids.filtered(lambda one: one.state != "done")
        for move in picking.move_ids:
            if move.product_id.tracking == "serial":
                move.move_line_ids.unlink()
                move.move_line_ids = [
                    Command.create(
                        {
                            "product_id": move.product_id.id,
                            "lot_name": name,
                            "lot_id": cls._lot(name).id,
                            "quantity": 1,
                            "location_id": move.location_id.id,
                            "location_dest_id": move.location_dest_id.id,
                        }
                    )
                    for name in serials
                ]
            else:
                move.quantity = move.product_uom_qty
        picking.move_ids.picked = True
        picking._action_done()
        return picking

    @classmethod
    def _lot(cls, name):
        Lot = cls.env["stock.lot"]
        domain = [("name", "=", name), ("product_id", "=", cls.serials.id)]
        return Lot.search(domain) or Lot.create(
            {"name": name, "product_id": cls.serials.id}
        )

    @classmethod
    def _file_and_ship(cls, serials=(), **values):
        """Return a group-buy whose goods are on their way."""
        if serials:
            order = cls._order(cls.north, 0, confirm=False)
            order.order_line = [
                Command.clear(),
                Command.create(
                    {"product_id": cls.serials.id, "product_uom_qty": len(serials)}
                ),
            ]
            values["order"] = order
        groupbuy = cls._prepare(**values)
        groupbuy.action_file()
        cls._ship(groupbuy.order_id, serials)
        return groupbuy

    @classmethod
    def _report_use(cls, use, quantity=None, photos=2, codes=(), tables=10, **values):
        """Enter what took place, and report it; different photos each time."""
        product = use.groupbuy_id.order_id.sudo().order_line[:1].product_id
        use.write(
            {
                "held_on": use.date,
                "guests": tables * 10,
                "tables": tables,
                "goods_ids": [
                    Command.create(
                        {
                            "product_id": product.id,
                            "quantity": use.quantity if quantity is None else quantity,
                        }
                    )
                ],
                **values,
            }
        )
        use._add_codes(codes)
        use._keep_evidence(
            [(f"{n}.jpg", photo(1000 * use.id + n)) for n in range(photos)]
        )
        use.action_report()
