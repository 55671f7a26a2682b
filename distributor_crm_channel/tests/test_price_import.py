# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import base64
import csv
import io
import json
from unittest.mock import patch

import xlsxwriter

from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, tagged

from odoo.addons.distributor_crm_channel.models.price import (
    distributor_price_import_work as work,
)

from .price_common import PriceCommon

HEADER = "reference,seen at,barcode,marked price,shop url,distributor,promotion\n"
MAIL = """Return-Path: <{sender}>
From: Watch <{sender}>
To: {alias}
Subject: Prices
Message-Id: <prices-{number}@agency.example>
Content-Type: text/plain; charset=utf-8

{text}
"""


class PriceImportCommon(PriceCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # The test has one transaction: the work must not commit it.
        cls.classPatch(
            cls.env.registry["distributor.price.import"],
            "_may_commit",
            lambda self: False,
        )
        cls.classPatch(
            cls.env.registry["distributor.price.import"], "_rollback", lambda self: None
        )
        cls.yesterday = cls._day(-1)

    def upload(self, content, name="prices.csv", user=None):
        data = content if isinstance(content, bytes) else content.encode()
        return (
            self.env["distributor.price.import"]
            .with_user(user or self.sales_manager)
            .create(
                {
                    "source_id": self.source.id,
                    "file": base64.b64encode(data),
                    "filename": name,
                }
            )
        )

    def work_on(self, record):
        record.action_start()
        record._as_user()._work_or_fail()
        record.invalidate_recordset()
        return record

    def seen_of(self, record):
        return self.Seen.search([("import_id", "=", record.id)], order="id")

    def refused(self, record):
        data = base64.b64decode(record.with_context(bin_size=False).error_file)
        return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))


@tagged("post_install", "-at_install")
class TestPriceImport(PriceImportCommon):
    """Files of prices: good rows in, bad rows listed, once each."""

    def rows(self, *lines):
        day = self.yesterday
        return HEADER + "".join(line.replace("DAY", str(day)) + "\n" for line in lines)

    def test_good_rows_in_bad_rows_listed(self):
        record = self.work_on(
            self.upload(
                self.rows(
                    f"1,DAY 10:30,6900000000017,99.5,{self.shop.url},,",
                    "2,DAY,PLUM,80,,North Trading,Coupon or Discount",
                    "3,DAY,,80,,North Trading,",
                    "4,yesterday,PLUM,80,,North Trading,",
                    "5,DAY,PLUM,-3,,North Trading,",
                    "6,DAY,PLUM,cheap,,North Trading,",
                    "7,DAY,PLUM,80,,,",
                    "8,DAY,PLUM,80,javascript:alert(1),,",
                    "9,DAY,PLUM,80,,North Trading,Witchcraft",
                    "10,2999-01-01,PLUM,80,,North Trading,",
                    "11,DAY,no such,80,,North Trading,",
                )
            )
        )
        self.assertEqual(record.state, "done", record.message)
        self.assertEqual(
            (record.row_done, record.new_count, record.refused_count), (11, 3, 8)
        )
        self.assertEqual(record.progress, 100)
        first, second, unknown = self.seen_of(record)
        self.assertRecordValues(
            first | second | unknown,
            [
                {
                    "product_id": self.plum.product_variant_id.id,
                    "shop_id": self.shop.id,
                    "partner_id": self.north.id,
                    "marked_price": 99.5,
                    "day": self.yesterday,
                    "state": "new",
                    "source_ref": "1",
                },
                {
                    "product_id": self.plum.product_variant_id.id,
                    "shop_id": False,
                    "partner_id": self.north.id,
                    "marked_price": 80,
                    "day": self.yesterday,
                    "state": "new",
                    "source_ref": "2",
                },
                {
                    "product_id": False,
                    "shop_id": False,
                    "partner_id": self.north.id,
                    "marked_price": 80,
                    "day": self.yesterday,
                    "state": "unknown_product",
                    "source_ref": "11",
                },
            ],
        )
        self.assertEqual(str(first.observed_at)[11:], "10:30:00")
        refused = self.refused(record)
        self.assertEqual(
            [row["reference"] for row in refused], [str(n) for n in range(3, 11)]
        )
        self.assertTrue(all(row["Reason"] for row in refused))
        self.assertIn("Witchcraft", refused[6]["Reason"])

    def test_once_however_often_it_comes(self):
        text = self.rows(
            "1,DAY,PLUM,80,,North Trading,", ",DAY,PLUM,81,,North Trading,"
        )
        self.assertEqual(self.work_on(self.upload(text)).new_count, 2)
        again = self.work_on(self.upload(text, "copy.csv"))
        self.assertEqual((again.new_count, again.known_count), (0, 2))
        twice = self.work_on(self.upload(text + text.split("\n")[1] + "\n"))
        self.assertEqual(twice.known_count, 3)

    def test_goes_on_where_it_was(self):
        """Stopped or killed between chunks, nothing is lost and nothing twice."""
        text = self.rows(
            *(f"r{n},DAY,PLUM,{80 + n},,North Trading," for n in range(10)),
            *(f"b{n},DAY,PLUM,x,,North Trading," for n in range(3)),
        )
        record = self.upload(text)
        record.action_start()
        with patch.object(work, "CHUNK", 4):
            cls = self.env.registry["distributor.price.import"]
            with patch.object(cls, "_commit_progress", lambda *a, **k: 0):
                self.assertFalse(record._as_user()._work_or_fail())
            record.invalidate_recordset()
            self.assertEqual((record.state, record.row_done), ("running", 4))
            record.action_stop()
            self.assertTrue(record._as_user()._work_or_fail())
            self.assertEqual(record.row_done, 4)
            self.work_on(record)
        self.assertEqual(
            (record.state, record.row_done, record.new_count, record.refused_count),
            ("done", 13, 10, 3),
        )
        self.assertEqual(len(self.seen_of(record)), 10)
        self.assertEqual(len(self.refused(record)), 3)

    def test_excel(self):
        stream = io.BytesIO()
        book = xlsxwriter.Workbook(stream)
        sheet = book.add_worksheet()
        date = book.add_format({"num_format": "yyyy-mm-dd"})
        for row, values in enumerate(
            [
                ("日期", "条码", "标价", "到手价", "店铺", "平台", "含税"),
                (
                    self.yesterday,
                    "6900000000017",
                    99.5,
                    89,
                    "North Spirits",
                    "淘宝",
                    "否",
                ),
                (self.yesterday, "PLUM", "", "", "North Spirits", "淘宝", ""),
            ]
        ):
            for column, value in enumerate(values):
                sheet.write(row, column, value, date if column == 0 else None)
        book.close()
        record = self.work_on(self.upload(stream.getvalue(), "prices.xlsx"))
        self.assertEqual(record.state, "done", record.message)
        seen = self.seen_of(record)
        self.assertRecordValues(
            seen,
            [
                {
                    "shop_id": self.shop.id,
                    "marked_price": 99.5,
                    "paid_price": 89,
                    "tax_included": False,
                    "platform": "taobao",
                    "day": self.yesterday,
                }
            ],
        )
        self.assertEqual(record.refused_count, 1)

    def test_files_that_are_none(self):
        for content, text in (
            ("", "Choose a file"),
            ("a,b\n1,2\n", "Columns are missing"),
            (b"%PDF-1.4 nothing", "not a CSV"),
            (b"PK\x03\x04broken", "damaged"),
        ):
            with self._refused(UserError, text):
                self.upload(content).action_start()
        broken = self.upload(self.rows('1,DAY,"PLUM,80,,North Trading,'))
        self.work_on(broken)
        self.assertEqual(broken.state, "failed")
        self.assertIn("quotation marks", broken.message)

    def test_who_may(self):
        with self.assertRaises(AccessError), self.env.cr.savepoint():
            self.upload(HEADER, user=self.account_manager)
        record = self.upload(self.rows("1,DAY,PLUM,80,,North Trading,"))
        with self._refused(UserError, "buttons"):
            record.state = "done"
        with self.assertRaises(AccessError), self.env.cr.savepoint():
            record.with_user(self.finance).action_start()
        record.action_start()
        with self._refused(UserError, "cannot be changed"):
            record.filename = "x"
        with self._refused(UserError, "Stop the import"):
            record.unlink()

    # -- mail ------------------------------------------------------------------------

    def mail(self, text, sender="watch@agency.example", number=1):
        self.env["mail.alias.domain"].search([]) or self.env[
            "mail.alias.domain"
        ].create({"name": "channel.example"})
        domain = self.env["mail.alias.domain"].search([], limit=1)
        self.source.write({"alias_name": "prices", "alias_domain_id": domain.id})
        number = self.env["mail.thread"].message_process(
            None,
            MAIL.format(
                sender=sender, alias=f"prices@{domain.name}", text=text, number=number
            ),
        )
        return self.env["distributor.price.import"].browse(number)

    def test_by_mail(self):
        record = self.mail(
            f"日期: {self.yesterday}\n条码: PLUM\n标价: 88\n分销商: North Trading\n\n"
            f"日期: {self.yesterday}\n条码: RYE\n标价: 44\n店铺: North Spirits\n平台: 淘宝\n"
        )
        self.assertEqual((record.source_id, record.state), (self.source, "running"))
        record._as_user()._work_or_fail()
        seen = self.seen_of(record)
        self.assertEqual(seen.mapped("marked_price"), [88, 44])
        self.assertEqual(seen.partner_id, self.north)

    def test_mail_of_a_stranger_is_not_read(self):
        record = self.mail("条码: PLUM", sender="evil@example.com", number=2)
        self.assertEqual(record.state, "failed")
        self.assertFalse(record.file)
        nonsense = self.mail("Dear all, nice weather today.", number=3)
        self.assertEqual(nonsense.state, "failed")


@tagged("post_install", "-at_install")
class TestPriceInterface(PriceCommon, HttpCase):
    """Programs send what they see, with the key of their source."""

    path = "/distributor/prices/observations"

    def setUp(self):
        super().setUp()
        action = self.source.with_user(self.channel_admin).action_make_key()
        self.key = self.env["distributor.price.key"].browse(action["res_id"]).key

    def send(self, body, key=None, **headers):
        data = body if isinstance(body, bytes | str) else json.dumps(body)
        response = self.url_open(
            self.path,
            data=data,
            headers={
                "Authorization": f"Bearer {self.key if key is None else key}",
                "Content-Type": "application/json",
                **headers,
            },
        )
        return response.status_code, response.json()

    def item(self, **values):
        return {
            "reference": "1",
            "seen": f"{self._day(-2)}T23:30:00-05:00",
            "product": "PLUM",
            "price": 88,
            "shop_url": self.shop.url,
            **values,
        }

    def test_in_once(self):
        status, answer = self.send({"observations": [self.item()]})
        self.assertEqual((status, answer), (200, {"new": 1, "known": 0, "refused": []}))
        seen = self.Seen.search([("source_id", "=", self.source.id)])
        self.assertEqual((seen.partner_id, seen.marked_price), (self.north, 88))
        self.assertEqual(seen.day, self._day(-1))
        answer = self.send({"observations": [self.item(price=77)]})[1]
        self.assertEqual((answer["new"], answer["known"]), (0, 1))
        self.assertEqual(seen.marked_price, 88)

    def test_bad_ones_are_told_good_ones_are_in(self):
        bad = [
            self.item(reference="b", price="x"),
            self.item(reference="c", product=["PLUM"]),
            "nothing",
            None,
            self.item(reference="d", price=-1),
            self.item(reference="e", seen="\0"),
            self.item(reference="f", shop_url="ftp://x"),
            self.item(reference="g", price=float("1e300")),
            self.item(reference="h", currency="XXQ"),
            self.item(reference="i", pieces="1.5"),
            self.item(reference="j", tax="perhaps"),
            self.item(reference="k", platform="mars"),
            self.item(reference="l", channel="mars"),
            self.item(reference="m", province="Mars"),
            self.item(reference="n", shipping="99"),
            self.item(reference="o", shop_url=""),
        ]
        answer = self.send({"observations": [*bad, self.item()]})[1]
        self.assertEqual(answer["new"], 1)
        self.assertEqual([r["index"] for r in answer["refused"]], list(range(16)))

    def test_what_is_refused(self):
        good = {"observations": [self.item()]}
        for key in ("", "x", "Bearer", self.key + "x", self.key[:-1], "0" * 43):
            self.assertEqual(self.send(good, key=key)[0], 401)
        for body in ("{", "[]", "null", '{"observations": {}}', '{"observations": []}'):
            self.assertEqual(self.send(body)[0], 400, body)
        many = {"observations": [self.item()] * 501}
        self.assertEqual(self.send(many)[0], 400)
        self.assertEqual(self.send(" " * (1024 * 1024 + 1))[0], 413)
        self.assertEqual(self.url_open(self.path).status_code, 405)
        self.source.active = False
        self.assertEqual(self.send(good)[0], 401)
        self.source.active = True
        self.source.with_user(self.channel_admin).action_drop_key()
        self.assertEqual(self.send(good)[0], 401)
        self.assertFalse(self.Seen.search([("source_id", "=", self.source.id)]))

    def test_bounds(self):
        self.source.rate_limit = 2
        states = [self.send({"observations": [self.item()]})[0] for _n in range(3)]
        self.assertEqual(states, [200, 200, 429])
        found = [self.send({}, key=f"{n:040}")[0] for n in range(31)]
        self.assertEqual(found[0], 401)
        self.assertEqual(found[-1], 429)

    def test_key_is_shown_once_and_kept_nowhere(self):
        self.assertNotIn(self.key, str(self.source.sudo().read()))
        self.assertEqual(self.source.key_hint, self.key[-4:])
        with self._refused(UserError, "button"):
            self.source.with_user(self.channel_admin).key_hash = "0"
        with self._refused(AccessError, ""):
            self.source.with_user(self.sales_manager).action_make_key()
        self.env["distributor.price.key"].search([]).action_close()
        self.assertFalse(self.env["distributor.price.key"].search([]))
        with self._refused(AccessError, ""):
            self.source.with_user(self.channel_admin).read(["key_hash"])
