# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""A row of a file, a mail or a message: what it says about a price that was seen."""

import csv
import io
import re
import unicodedata
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache
from hashlib import blake2b
from typing import NamedTuple
from zoneinfo import ZoneInfo

from odoo.addons.distributor_crm.sales_import.columns import PRODUCT_KEYS, Column
from odoo.addons.distributor_crm.sales_import.problems import ValueProblem
from odoo.addons.distributor_crm.sales_import.values import (
    read_date,
    read_number,
    read_text,
)

MAX_PIECES = 1000
MAX_PRICE = Decimal(10) ** 9
MAX_ADDRESS = 300

COLUMNS = (
    Column(
        "reference", ("Reference", "Source Reference", "Record", "流水号", "记录号")
    ),
    Column(
        "seen",
        (
            *("Seen At", "Observed At", "Captured At", "Date", "Time"),
            *("采集时间", "时间", "日期", "巡查时间"),
        ),
        required=True,
    ),
    Column(
        "product",
        (
            *("Barcode", "EAN"),
            *PRODUCT_KEYS,
            *("Product", "条码", "产品", "商品"),
        ),
        required=True,
    ),
    Column(
        "price",
        ("Marked Price", "Price", "List Price", "标价", "页面价", "售价", "价格"),
        required=True,
    ),
    Column(
        "paid", ("Paid Price", "Final Price", "Net Price", "到手价", "券后价", "实付价")
    ),
    Column("currency", ("Currency", "Currency Code", "币种", "货币")),
    Column("tax", ("Tax Included", "With Tax", "含税")),
    Column("shipping", ("Shipping", "Shipping Inside", "运费", "邮费")),
    Column("pieces", ("Pieces", "Bundle", "Pack Size", "件数", "套装数量")),
    Column("promotion", ("Promotion", "促销", "促销方式", "活动")),
    Column("shop", ("Shop", "Shop Name", "Seller", "店铺", "店铺名称", "卖家")),
    Column("shop_url", ("Shop URL", "Shop Address", "店铺地址", "店铺链接")),
    Column("url", ("URL", "Page", "Link", "网址", "链接", "商品链接")),
    Column("platform", ("Platform", "平台")),
    Column("channel", ("Channel", "渠道")),
    Column("distributor", ("Distributor", "Distributor Code", "分销商", "经销商")),
    Column("province", ("Province", "State", "省份", "省")),
)
NAMES = tuple(column.name for column in COLUMNS)

PLATFORMS = {
    "taobao": "taobao",
    "淘宝": "taobao",
    "tmall": "tmall",
    "天猫": "tmall",
    "jd": "jd",
    "jdcom": "jd",
    "京东": "jd",
    "pinduoduo": "pinduoduo",
    "拼多多": "pinduoduo",
    "douyin": "douyin",
    "抖音": "douyin",
    "wechat": "wechat",
    "微信": "wechat",
    "own": "own",
    "premises": "premises",
    "other": "other",
}
CHANNELS = {
    "shop": "shop",
    "direct": "direct",
    "platform": "platform",
    "平台": "platform",
    "groupbuy": "groupbuy",
    "团购": "groupbuy",
    "premises": "premises",
    "门店": "premises",
}
CURRENCIES = {"RMB": "CNY", "人民币": "CNY", "￥": "CNY", "美元": "USD", "欧元": "EUR"}
YES = {"yes", "y", "true", "1", "是", "含", "含税"}
NO = {"no", "n", "false", "0", "否", "不含", "未税", "不含税"}
MOMENT = re.compile(
    r"(?P<day>.+?)(?:[T ]+(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})"
    r"(?:\.\d+)?)?\s*(?P<zone>Z|[+-]\d{2}:?\d{2})?)?"
)
NOON = time(12)


class Rules(NamedTuple):
    """How to read what can be read in two ways, and what goes without saying.

    :param zone: of times that do not say theirs
    """

    zone: ZoneInfo
    now: datetime
    date_order: str = ""
    comma: str = ""
    currency: str = ""
    with_tax: bool = True
    channel: str = "platform"


class Seen(NamedTuple):
    """One observation, as far as the row alone tells.

    :param at: UTC, naive; ``day`` is the one at the place of the source
    :param paid: None where it was not seen; so is ``pieces`` without a number
    """

    reference: str
    at: datetime
    day: object
    product: str
    price: Decimal
    paid: Decimal | None
    currency: str
    with_tax: bool
    shipping: Decimal
    pieces: int | None
    promotion: str
    shop: str
    shop_url: str
    url: str
    platform: str
    channel: str
    distributor: str
    province: str


def read_row(cell, rules: Rules) -> Seen:
    """Read one row.

    :param cell: function of a column's name that returns its text, empty for none
    :raises ValueProblem: says what is wrong with it
    """
    product = read_text(cell("product"), 64)
    if not product:
        raise ValueProblem("no_product")
    at, day = read_moment(cell("seen"), rules)
    price = _positive(cell("price"), "price", rules)
    if price is None:
        raise ValueProblem("no_price")
    paid = _positive(cell("paid"), "paid", rules)
    shipping = read_number(cell("shipping"), rules.comma) or Decimal(0)
    if not 0 <= shipping < price:
        raise ValueProblem("shipping", value=str(shipping))
    currency = unicodedata.normalize("NFKC", read_text(cell("currency"), 16)).upper()
    currency = CURRENCIES.get(currency, currency) or rules.currency
    seen = Seen(
        reference=read_text(cell("reference"), 64),
        at=at,
        day=day,
        product=product,
        price=price,
        paid=paid,
        currency=currency,
        with_tax=_read_flag(cell("tax"), rules.with_tax),
        shipping=shipping,
        pieces=_read_pieces(cell("pieces")),
        promotion=read_text(cell("promotion"), 64),
        shop=read_text(cell("shop"), 100),
        shop_url=_read_address(cell("shop_url")),
        url=_read_address(cell("url")),
        platform=_read_name(cell("platform"), PLATFORMS, "", "bad_platform"),
        channel=_read_name(cell("channel"), CHANNELS, rules.channel, "bad_channel"),
        distributor=read_text(cell("distributor"), 128),
        province=read_text(cell("province"), 64),
    )
    if not (seen.shop or seen.shop_url or seen.url or seen.distributor):
        raise ValueProblem("no_shop")
    return seen


def get_reference(seen: Seen) -> str:
    """Return what names an observation for ever: what the source calls it, else a
    fingerprint of all that it says."""
    if seen.reference:
        return seen.reference
    text = "\x1f".join(map(str, seen[1:]))
    return "#" + blake2b(text.encode(), digest_size=16).hexdigest()


@lru_cache(maxsize=16384)
def read_moment(text: str, rules: Rules) -> tuple[datetime, object]:
    """Return when something was seen, naive UTC, and the day it was there.

    A day without a time is taken for its noon.

    :raises ValueProblem: no date, one with two readings, or one that is yet to come
    """
    cleaned = unicodedata.normalize("NFKC", text).strip()
    match = MOMENT.fullmatch(cleaned)
    day = read_date(match["day"] if match else cleaned, rules.date_order)
    if day is None:
        raise ValueProblem("no_date")
    if not match["hour"]:
        local = datetime.combine(day, NOON, rules.zone)
        if day > rules.now.astimezone(rules.zone).date():
            raise ValueProblem("future", value=cleaned)
        return min(_utc(local), rules.now.replace(tzinfo=None)), day
    try:
        clock = time(
            int(match["hour"]), int(match["minute"]), int(match["second"] or 0)
        )
    except ValueError as error:
        raise ValueProblem("bad_date", value=cleaned) from error
    zone = match["zone"]
    if zone:
        stamp = f"{day}T{clock}{'+00:00' if zone == 'Z' else zone}"
        try:
            local = datetime.fromisoformat(stamp)
        except ValueError as error:
            raise ValueProblem("bad_date", value=cleaned) from error
    else:
        local = datetime.combine(day, clock, rules.zone)
    if local > rules.now + timedelta(hours=1):
        raise ValueProblem("future", value=cleaned)
    return _utc(local), local.astimezone(rules.zone).date()


def _utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(tzinfo=None)


def _positive(text: str, name: str, rules: Rules) -> Decimal | None:
    value = read_number(text, rules.comma)
    if value is None:
        return None
    if not 0 < value < MAX_PRICE:
        raise ValueProblem("bad_price", value=str(value))
    return value


def _read_pieces(text: str) -> int | None:
    value = read_number(text)
    if value is None:
        return None
    if value != int(value) or not 1 <= value <= MAX_PIECES:
        raise ValueProblem("bad_pieces", value=str(value))
    return int(value)


def _read_flag(text: str, default: bool) -> bool:
    word = read_text(text, 16).casefold()
    if not word:
        return default
    if word in YES or word in NO:
        return word in YES
    raise ValueProblem("bad_flag", value=word)


def _read_name(text: str, names: dict, default: str, problem: str) -> str:
    word = read_text(text, 64)
    if not word:
        return default
    plain = "".join(char for char in word.casefold() if char.isalnum())
    if plain not in names:
        raise ValueProblem(problem, value=word)
    return names[plain]


def _read_address(text: str) -> str:
    address = read_text(text, MAX_ADDRESS)
    # Shown as a link: nothing but a page of the web.
    if address and not re.match(r"https?://[^\s<>\"']+$", address):
        if "://" in address or not re.match(r"[\w-]+(\.[\w-]+)+[^\s<>\"']*$", address):
            raise ValueProblem("bad_address", value=address[:80])
        address = f"https://{address}"
    return address


def text_to_csv(text: str) -> str:
    """Return the text of a mail as a CSV file.

    A table with a header row stays as it is. Lines of the form "name: value" are one
    observation; an empty line, or a name that was there, begins the next one.
    """
    lines = [line.strip() for line in text.splitlines()]
    records, record = [], {}
    for line in [*lines, ""]:
        name, sign, value = line.replace("：", ":").partition(":")
        if sign and value.strip() and len(name) <= 40 and "," not in name:
            name = name.strip()
            if name in record:
                records.append(record)
                record = {}
            record[name] = value.strip()
        elif not line and record:
            records.append(record)
            record = {}
    # A table has no names before colons, or none in its first line.
    first = next(filter(None, lines), "")
    if not records or not re.match(r"[^,;\t:：]{1,40}[:：]", first):
        return "\n".join(filter(None, lines))
    header = list(dict.fromkeys(name for record in records for name in record))
    out = io.StringIO()
    writer = csv.DictWriter(out, header, restval="")
    writer.writeheader()
    writer.writerows(records)
    return out.getvalue()
