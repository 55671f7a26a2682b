# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Which header names are understood, and how a header row is mapped."""

import re
import unicodedata
from dataclasses import dataclass

from .problems import FileProblem


@dataclass(frozen=True)
class Column:
    """One value that a file may hold.

    :param name: what the value is called in the code
    :param headers: accepted header names, the most specific first
    :param required: a file without this column is refused
    """

    name: str
    headers: tuple[str, ...]
    required: bool = False


CUSTOMER_KEYS = (
    *("Reseller Key", "Customer Code", "Customer Key", "Customer ID"),
    *("Customer Number", "Customer No", "Distributor Code", "Distributor ID"),
    *("Reseller Code", "Reseller ID", "Dealer Code", "Dealer ID", "Partner Code"),
    *("客户编码", "分销商编码", "经销商编码", "客户编号", "分销商编号", "经销商编号"),
    *("客户代码", "分销商代码", "经销商代码"),
)
PRODUCT_KEYS = (
    *("Product Key", "Product Code", "Product ID", "Product Number", "SKU"),
    *("Item Code", "Item Number", "Internal Reference", "Article", "Item"),
    *("产品编码", "商品编码", "产品编号", "商品编号", "产品代码", "商品代码", "货号"),
)

ORDER_COLUMNS = (
    Column(
        "order",
        (
            *("Order Number", "Sales Order Number", "Order No", "Order ID", "Order"),
            *("Sales Order", "Document Number", "Invoice Number", "Invoice"),
            *("订单号", "订单编号", "销售订单号", "单据编号", "单号"),
        ),
        required=True,
    ),
    Column(
        "date",
        (
            *("Order Date", "Date", "Invoice Date", "Sales Date", "Document Date"),
            *("日期", "订单日期", "下单日期", "销售日期", "单据日期"),
        ),
        required=True,
    ),
    Column(
        "customer",
        (
            *CUSTOMER_KEYS,
            *("Customer", "Distributor", "Reseller", "Dealer", "Partner"),
            *("客户", "分销商", "经销商"),
        ),
        required=True,
    ),
    Column("product", (*PRODUCT_KEYS, "Product", "产品", "商品"), required=True),
    Column(
        "quantity",
        (
            *("Quantity", "Order Quantity", "Order Qty", "Qty", "Units"),
            *("数量", "订单数量", "销售数量"),
        ),
        required=True,
    ),
    Column(
        "price",
        ("Unit Price", "Price", "单价", "销售单价", "价格"),
        required=True,
    ),
    Column(
        "amount",
        (
            *("Amount", "Sales Amount", "Line Amount", "Line Total", "Subtotal"),
            *("Total", "金额", "销售金额", "小计"),
        ),
    ),
    Column("currency", ("Currency", "Currency Code", "币种", "货币", "币别")),
)

CUSTOMER_COLUMNS = (
    Column(
        "key",
        (
            *CUSTOMER_KEYS,
            *("Code", "Key", "ID", "Ref", "Reference", "Customer", "Distributor"),
            *("Reseller", "编码", "编号"),
        ),
        required=True,
    ),
    Column(
        "name",
        (
            *("Reseller Name", "Customer Name", "Distributor Name", "Dealer Name"),
            *("Company Name", "Name", "Company", "客户名称", "分销商名称"),
            *("经销商名称", "公司名称", "名称"),
        ),
        required=True,
    ),
    Column("city", ("City", "城市", "市")),
    Column(
        "state",
        ("State Province Name", "State Province", "State", "Province", "省份", "省"),
    ),
    Column("country", ("Country Region", "Country", "Country Name", "国家")),
    Column(
        "type",
        (
            *("Business Type", "Customer Type", "Distributor Type", "Type"),
            *("客户类型", "分销商类型", "经销商类型", "类型"),
        ),
    ),
)

PRODUCT_COLUMNS = (
    Column(
        "key",
        (*PRODUCT_KEYS, "Code", "Key", "ID", "Product", "编码", "编号"),
        required=True,
    ),
    Column(
        "name",
        (
            *("Product Name", "Item Name", "Name", "Description", "Product"),
            *("产品名称", "商品名称", "名称", "品名"),
        ),
        required=True,
    ),
    Column(
        "cost", ("Standard Cost", "Cost", "Unit Cost", "标准成本", "成本", "成本价")
    ),
    Column(
        "category",
        (
            *("Product Category", "Category", "English Product Category Name"),
            *("产品类别", "商品类别", "类别", "大类"),
        ),
    ),
    Column(
        "subcategory",
        ("Product Subcategory", "Subcategory", "子类别", "小类"),
    ),
)


def normalise(header: str) -> str:
    """What two spellings of one header have in common.

    Case, spaces, punctuation, full-width letters and a unit in brackets do not count:
    ``"单价（元）"`` is ``"单价"``, ``"Order_No."`` is ``"orderno"``.
    """
    text = unicodedata.normalize("NFKC", header).casefold()
    text = re.sub(r"\([^)]*\)", "", text)
    return "".join(char for char in text if char.isalnum())


def match_header(cells: list[str], columns: tuple[Column, ...]) -> dict[str, int]:
    """Column name → position, of the columns that the header row holds.

    A cell serves one column only; of several that would do, the one whose name comes
    first in the column's list. The same header twice raises :class:`FileProblem`.
    """
    positions: dict[str, int] = {}
    names = [normalise(cell) for cell in cells]
    used: set[int] = set()
    for column in columns:
        for header in map(normalise, column.headers):
            found = [i for i, name in enumerate(names) if name == header]
            if len(found) > 1:
                raise FileProblem("duplicate_header", header=cells[found[0]].strip())
            if found and found[0] not in used:
                positions[column.name] = found[0]
                used.add(found[0])
                break
    return positions


def check_required(positions: dict[str, int], columns: tuple[Column, ...]) -> None:
    """Raise :class:`FileProblem` that names the first missing columns."""
    missing = [c for c in columns if c.required and c.name not in positions]
    # An amount and a quantity give a price as well as a price does.
    if "amount" in positions:
        missing = [column for column in missing if column.name != "price"]
    if missing:
        raise FileProblem(
            "missing_columns",
            columns=tuple((column.name, column.headers) for column in missing),
        )
