# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The sentence behind each problem of a price that was seen."""

from odoo.tools.translate import LazyTranslate

from odoo.addons.distributor_crm.models.sales_import import messages

from ...price.sheet import COLUMNS

_lt = LazyTranslate(__name__)

LABELS = {
    "seen": _lt("when it was seen"),
    "product": _lt("product"),
    "price": _lt("marked price"),
}
LINES = {
    "no_shop": _lt(
        "It is missing where this was seen: give the shop, its address, the page or "
        "the distributor."
    ),
    "shipping": _lt("The shipping %(value)s is not a part of the price."),
    "bad_price": _lt("%(value)s is no price: it is above zero."),
    "bad_pieces": _lt(
        "%(value)s is no number of pieces: it is a whole one up to 1000."
    ),
    "bad_flag": _lt('"%(value)s" says neither yes nor no.'),
    "bad_platform": _lt('There is no platform "%(value)s".'),
    "bad_channel": _lt('There is no channel "%(value)s".'),
    "bad_address": _lt('"%(value)s" is no web address.'),
    "bad_currency": _lt("There is no active currency %(value)s."),
    "bad_promotion": _lt('There is no kind of promotion "%(value)s".'),
    "bad_province": _lt('There is no province "%(value)s".'),
    "future": _lt("%(value)s is yet to come."),
    "not_text": _lt('"%(value)s" is neither a text nor a number.'),
    "not_object": _lt("This is not a list of objects."),
    "unreadable": _lt("The row cannot be read."),
}
FILES = {
    "missing_columns": _lt("Columns are missing:\n%(columns)s"),
}


def line_message(env, problem):
    """Why a row is refused, in the user's language."""
    if problem.code in LINES:
        text = env._(LINES[problem.code])
        return text % problem.params
    return messages.line_message(env, problem)


def file_message(env, problem):
    """Why a file is refused and what to do about it, in the user's language."""
    if problem.code != "missing_columns":
        return messages.file_message(env, problem)
    headers = {column.name: column.headers for column in COLUMNS}
    columns = "\n".join(
        env._(
            "- %(column)s, accepted headers: %(headers)s",
            column=env._(LABELS[name]),
            headers=", ".join(headers[name]),
        )
        for name, _headers in problem.params["columns"]
    )
    text = env._(FILES["missing_columns"])
    return text % {"columns": columns}
