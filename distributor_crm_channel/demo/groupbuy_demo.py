# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import random
from datetime import timedelta
from io import BytesIO

from PIL import Image, ImageDraw
from PIL.ExifTags import IFD, Base

from odoo import Command, api, fields, models
from odoo.tools import SQL

GROUPBUYS = (
    # distributor, product, units, recipient, phone, address, use, days ago, uses
    (
        "chengdu",
        "banquet_500",
        120,
        "Luo Qiang",
        "138 8000 0142",
        "Jinjiang Hotel, Binjiang Road 36, Hall 2, Chengdu",
        "wedding",
        18,
        2,
    ),
    (
        "guangzhou",
        "banquet_1000",
        200,
        "Pearl Shipping Union",
        "020 5550 0177",
        "Tianhe Road 88, Banquet Hall, Guangzhou",
        "company",
        12,
        1,
    ),
    (
        "chengdu",
        "gift_twin",
        60,
        "Sichuan Tea Association",
        "139 8000 0168",
        "Qingyang District, Shude Lane 5, Chengdu",
        "festival",
        2,
        1,
    ),
    (
        "hangzhou",
        "gift_dragon",
        80,
        "Shen Family",
        "137 5800 0119",
        "Beishan Road 78, Garden, Hangzhou",
        "birthday",
        -9,
        2,
    ),
    (
        "wuhan",
        "banquet_500",
        90,
        "East Lake College",
        "",
        "",
        "company",
        -20,
        1,
    ),
)


class DistributorDemo(models.AbstractModel):
    """Group-buys: one as filed, one that is a case, one on its way, one filed, a draft."""

    _inherit = "distributor.demo"

    @api.model
    def _tell_groupbuys(self):
        """File, ship, report and judge; then move each to the day it belongs to."""
        good, bad, running, filed, draft = (
            self._prepare_groupbuy(
                name, self._ref(f"product_{product}"), *filing, uses=uses
            )
            for name, product, *filing, _days, uses in GROUPBUYS
        )
        for groupbuy in (good, bad, running, filed):
            groupbuy.action_file()
            groupbuy._set(filed_by_id=groupbuy.partner_id.id)
        for groupbuy in (good, bad, running):
            self._ship_groupbuy(groupbuy)
        for number, use in enumerate(good.use_ids):
            self._report_groupbuy(use, use.quantity, range(number * 3, number * 3 + 3))
        good.action_verify()
        # The photos of another feast, and a third of the goods.
        self._report_groupbuy(bad.use_ids, 70, (0, 1))
        bad.action_verify()
        for groupbuy, row in zip(
            (good, bad, running, filed, draft), GROUPBUYS, strict=True
        ):
            self._move_groupbuy(groupbuy, row[-2])

    def _prepare_groupbuy(
        self, name, product, units, recipient, phone, address, purpose, uses
    ):
        partner = self._ref(f"partner_{name}")
        order = self.env["sale.order"].create(
            {
                "partner_id": partner.id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": product.id,
                            "product_uom_qty": units,
                        }
                    )
                ],
            }
        )
        order.action_confirm()
        today = fields.Date.context_today(self)
        return self.env["distributor.groupbuy"].create(
            {
                "order_id": order.id,
                "recipient": recipient,
                "phone": phone,
                "address": address,
                "purpose": purpose,
                "planned_on": today,
                "use_count": uses,
                "use_ids": [
                    Command.create(
                        {
                            "date": today,
                            "place": address.split(",")[0] or recipient,
                            "quantity": units / uses,
                        }
                    )
                    for _use in range(uses)
                ],
            }
        )

    def _ship_groupbuy(self, groupbuy):
        picking = groupbuy.order_id.picking_ids[:1]
        for move in picking.move_ids:
            move.quantity = move.product_uom_qty
        picking.move_ids.picked = True
        picking._action_done()

    def _report_groupbuy(self, use, quantity, scenes):
        product = use.groupbuy_id.order_id.order_line[:1].product_id
        tables = max(int(quantity // 3), 1)
        use.write(
            {
                "held_on": use.date,
                "guests": tables * 10,
                "tables": tables,
                "goods_ids": [
                    Command.create({"product_id": product.id, "quantity": quantity})
                ],
            }
        )
        use._keep_evidence(
            [(f"IMG_{1000 + scene}.jpg", self._paint_feast(scene)) for scene in scenes]
        )
        use._report()
        use.reported_by_id = use.groupbuy_id.account_manager_id.partner_id

    def _paint_feast(self, scene):
        """Return a photo of tables in a hall, other ones for each number."""
        dice = random.Random(scene)
        image = Image.new("RGB", (1200, 900), (88, 24 + dice.randrange(40), 30))
        pen = ImageDraw.Draw(image)
        pen.rectangle((0, 0, 1200, 260), fill=(170, 120 + dice.randrange(60), 70))
        for _table in range(9):
            x, y, size = (
                dice.randrange(1100),
                dice.randrange(200, 850),
                dice.randrange(90, 230),
            )
            pen.ellipse(
                (x, y, x + size, y + size // 2), fill=(235, 225, dice.randrange(255))
            )
            pen.rectangle(
                (x + size // 2, y - 40, x + size // 2 + 18, y + 20), fill=(20, 60, 40)
            )
        exif = Image.Exif()
        exif[Base.Make], exif[Base.Model] = "HUAWEI", "HUAWEI P60"
        taken = fields.Datetime.now() - timedelta(minutes=20 + scene)
        detail = exif.get_ifd(IFD.Exif)
        detail[Base.DateTimeOriginal] = taken.strftime("%Y:%m:%d %H:%M:%S")
        detail[Base.OffsetTimeOriginal] = "+00:00"
        stream = BytesIO()
        image.save(stream, "JPEG", exif=exif)
        return stream.getvalue()

    def _move_groupbuy(self, groupbuy, days):
        """Let a group-buy have been so many days ago; ahead where below zero."""
        self.env.flush_all()
        moved = (
            ("distributor_groupbuy", "id", "planned_on", "verify_until"),
            ("distributor_groupbuy_use", "groupbuy_id", "date", "held_on"),
        )
        if days > 0:
            past = ("filed_at", "shipped_at", "verified_at", "create_date")
            moved += (("distributor_groupbuy", "id", *past),)
            moved += (("distributor_groupbuy_use", "groupbuy_id", "reported_at"),)
        for table, key, *names in moved:
            shifts = SQL(", ").join(
                SQL(
                    "%s = %s - %s * interval '1 day'",
                    SQL.identifier(name),
                    SQL.identifier(name),
                    days,
                )
                for name in names
            )
            self.env.cr.execute(
                SQL(
                    "UPDATE %s SET %s WHERE %s = %s",
                    SQL.identifier(table),
                    shifts,
                    SQL.identifier(key),
                    groupbuy.id,
                )
            )
        if days > 0:
            self.env.cr.execute(
                SQL(
                    "UPDATE distributor_evidence SET received_at = received_at"
                    " - %(days)s * interval '1 day', taken_at = taken_at"
                    " - %(days)s * interval '1 day'"
                    " WHERE res_model = 'distributor.groupbuy.use' AND res_id = ANY(%(uses)s)",
                    days=days,
                    uses=groupbuy.use_ids.ids,
                )
            )
            self._move_order(groupbuy.order_id, days)
        self.env.invalidate_all()

    def _move_order(self, order, days):
        """An order is some hours older than its group-buy, which ships on that day."""
        order.date_order -= timedelta(days=days, hours=3)
        for picking in order.picking_ids.filtered("date_done"):
            picking.date_done -= timedelta(days=days)
            picking.move_ids.date = picking.move_line_ids.date = picking.date_done
