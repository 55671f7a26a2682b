# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The ten programs of the benchmark: all periods, both methods, wide and narrow scopes."""

from typing import NamedTuple

from odoo import Command

YEARS = (2023, 2024)  # of the ledger


class Terms(NamedTuple):
    """A program's terms.

    :ivar years: of its duration, first and last
    :ivar categories: positions of product categories, none for every sale
    :ivar grade: position of a distributor tier
    :ivar tag: position of a distributor tag
    """

    name: str
    period: str
    method: str
    years: tuple[int, int]
    categories: tuple[int, ...] = ()
    grade: int | None = None
    tag: int | None = None


# The first two are what the peers can do as well.
PROGRAMS = (
    Terms("Year, everything", "year", "retroactive", (2024, 2024)),
    Terms("Month, everything", "month", "retroactive", (2024, 2024)),
    Terms("Quarter, everything", "quarter", "incremental", YEARS),
    Terms("Year, everything, in slices", "year", "incremental", (2023, 2023)),
    Terms("Month, a category", "month", "incremental", YEARS, (0,)),
    Terms("Quarter, two categories", "quarter", "retroactive", YEARS, (1, 2)),
    Terms("Year, a tier", "year", "retroactive", YEARS, grade=0),
    Terms("Quarter, a tag", "quarter", "incremental", (2024, 2024), tag=0),
    Terms("Month, categories of a tier", "month", "retroactive", YEARS, (3, 4), 1),
    Terms("Year, categories of a tag", "year", "incremental", YEARS, (0, 5), tag=1),
)
STEPS = ((0, 1), (0.5, 2), (1, 3.5), (2, 5))  # shares of the average, and percents
PERIODS_A_YEAR = {"month": 12, "quarter": 4, "year": 1}


def create(env, masters, turnover):
    """Create the programs and start them; return what the floor needs to know of each.

    :param masters: what `ledger.create_masters` returned
    :param turnover: average of a distributor in a year, over all products
    """
    values = [_values(terms, masters, turnover) for terms in PROGRAMS]
    programs = env["distributor.rebate.program"].create(values)
    programs.action_start()
    return [
        {
            "id": program.id,
            "name": program.name,
            "period": program.period_type,
            "method": program.method,
            "company": program.company_id.id,
            "date_from": str(program.date_from),
            "date_to": str(program.date_to),
            "categories": program.product_categ_ids.ids,
            "grades": program.grade_ids.ids,
            "tags": program.partner_tag_ids.ids,
        }
        for program in programs
    ]


def _values(terms, masters, turnover):
    categories = [masters["categories"][number] for number in terms.categories]
    share = len(categories) / len(masters["categories"]) if categories else 1
    average = turnover * share / PERIODS_A_YEAR[terms.period]
    return {
        "name": terms.name,
        "period_type": terms.period,
        "method": terms.method,
        "date_from": f"{terms.years[0]}-01-01",
        "date_to": f"{terms.years[1]}-12-31",
        "account_id": masters["account"],
        "tier_ids": [
            Command.create({"threshold": round(average * part), "rate": rate})
            for part, rate in STEPS
        ],
        "product_categ_ids": [Command.set(categories)],
        "grade_ids": _one(masters["grades"], terms.grade),
        "partner_tag_ids": _one(masters["tags"], terms.tag),
    }


def _one(ids, position):
    return [Command.set([] if position is None else [ids[position]])]
