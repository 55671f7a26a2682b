# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The sentence behind each problem that the reader of sales files can find."""

from odoo.tools import format_date
from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

COLUMNS = {
    "order": _lt("order number"),
    "date": _lt("date"),
    "customer": _lt("customer"),
    "product": _lt("product"),
    "quantity": _lt("quantity"),
    "price": _lt("unit price"),
    "key": _lt("code"),
    "name": _lt("name"),
    "target": _lt("target"),
}

FILES = {
    "empty": _lt("The file is empty. Export it again and choose the new file."),
    "no_rows": _lt("The file has a header row but no lines below it."),
    "workbook": _lt(
        "This is a spreadsheet workbook, not a CSV file. Open it, save it as "
        '"CSV UTF-8" and choose that file.'
    ),
    "not_csv": _lt(
        "This is not a CSV file. Choose a text file with one line per order line, "
        "separated by commas, semicolons or tabs."
    ),
    "encoding": _lt(
        "The characters of the file cannot be read with certainty. Save it as "
        '"CSV UTF-8", or choose its encoding under Options.'
    ),
    "broken_archive": _lt("The compressed file is damaged. Compress it again."),
    "broken_quotes": _lt(
        "The quotation marks are not closed from line %(line)s on: correct that line."
    ),
    "too_large": _lt(
        "The file is larger than %(limit)s MB. Split it, a year a file for instance."
    ),
    "too_many_rows": _lt(
        "The file has more than %(limit)s lines. Split it, a year a file for instance."
    ),
    "duplicate_header": _lt(
        'The column "%(header)s" is there twice. Remove or rename one of them.'
    ),
    "missing_columns": _lt("Columns are missing:\n%(columns)s"),
}

LINES = {
    "no_order": _lt("The order number is missing."),
    "no_date": _lt("The date is missing."),
    "no_customer": _lt("The customer is missing."),
    "no_product": _lt("The product is missing."),
    "no_quantity": _lt("The quantity is missing."),
    "no_price": _lt("The price is missing."),
    "no_key": _lt("The code is missing."),
    "no_name": _lt("The name is missing."),
    "too_long": _lt("A code or a name is longer than %(limit)s characters."),
    "too_many_cells": _lt(
        "The line has %(cells)s values, the header %(header)s: a value that holds a "
        "separator must stand in quotation marks."
    ),
    "not_a_number": _lt('"%(value)s" is not a number.'),
    "too_big": _lt("%(value)s is too large."),
    "ambiguous_number": _lt(
        '"%(value)s" can be read in two ways: choose under Options what a comma means.'
    ),
    "bad_date": _lt('"%(value)s" is not a date. Write dates as 2019-12-31.'),
    "far_date": _lt("The date %(value)s is too far away."),
    "ambiguous_date": _lt(
        '"%(value)s" can be read in two ways: choose the date format under Options.'
    ),
    "zero_quantity": _lt("The quantity is zero."),
    "negative_price": _lt(
        "The price %(value)s is negative. A return has a negative quantity."
    ),
    "amount": _lt("Quantity × price is %(value)s, but the amount says %(amount)s."),
    "digits": _lt(
        "Rounding would change the amount: quantities keep %(quantity)s decimals and "
        "prices %(price)s. An administrator can raise the decimal accuracy."
    ),
    "two_dates": _lt("The order has two dates: %(first)s and %(second)s."),
    "two_customers": _lt("The order has two customers: %(first)s and %(second)s."),
    "two_currencys": _lt("The order has two currencies: %(first)s and %(second)s."),
    "two_rows": _lt("%(key)s is there twice with different contents."),
    "order_twice": _lt(
        "Every line of this order is there %(times)s times, as if the file held the "
        "order twice. Remove the copy; if the lines are right, add up their quantities."
    ),
    "other_lines": _lt("The order is refused as a whole because of line %(rows)s."),
    "unknown_customer": _lt(
        "There is no customer %(code)s. Add it to the customers file, or create a "
        "company with this reference."
    ),
    "unclear_customer": _lt(
        "Several customers have the reference %(code)s: make it unique."
    ),
    "unknown_product": _lt(
        "There is no product %(code)s. Add it to the products file, or create a "
        "product with this internal reference."
    ),
    "unclear_product": _lt(
        "Several products have the internal reference %(code)s: make it unique."
    ),
    "unknown_currency": _lt("There is no active currency %(code)s."),
    "no_rate": _lt("%(code)s has no exchange rate on %(date)s."),
    "locked": _lt("The books are closed up to %(date)s."),
    "bad_year": _lt('"%(value)s" is no year such as 2026.'),
    "no_target": _lt("The target is missing."),
    "target_not_positive": _lt("The target %(value)s is not above zero."),
    "some_months": _lt("Fill in all twelve months, or none of them."),
    "month_negative": _lt("A month has %(value)s: it is zero at least."),
    "months_differ": _lt("The months make %(value)s, the target is %(amount)s."),
    "bad_scope": _lt(
        '"%(value)s" says not for whom this is. Write Distributor, Account Manager, '
        "Country, Province, Product Line or Whole Company."
    ),
    "no_reference": _lt("It is missing for whom this target is: fill in the code."),
    "unknown_reference": _lt('There is no "%(value)s". Correct the code or the name.'),
    "unclear_reference": _lt(
        'There are several "%(value)s". Write the code that only one of them has.'
    ),
    "target_twice": _lt("The same stands in line %(line)s already."),
    "target_waits": _lt(
        "A target for the same waits for approval. Have it decided, or take it back."
    ),
    "changed": _lt(
        "The order was imported before with other contents. Correct its invoice by "
        "hand, or delete it and import the order again."
    ),
}


def file_message(env, problem):
    """Why a file is refused and what to do about it, in the user's language."""
    params = dict(problem.params)
    if problem.code == "missing_columns":
        params["columns"] = "\n".join(
            env._(
                "- %(column)s, accepted headers: %(headers)s",
                column=env._(COLUMNS[name]),
                headers=", ".join(headers),
            )
            for name, headers in params["columns"]
        )
    text = env._(FILES[problem.code])
    return text % params


def line_message(env, problem):
    """Why a line is refused, in the user's language."""
    params = {
        name: format_date(env, value) if name == "date" else value
        for name, value in problem.params.items()
    }
    text = env._(LINES[problem.code])
    return text % params
