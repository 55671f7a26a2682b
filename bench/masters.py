# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The company, products and distributors that the ledger of the benchmark is made of."""

from odoo import Command

CATEGORIES = 6
PRODUCTS = 120
GRADES = ("Gold", "Silver", "Bronze")
TAGS = ("Wholesale", "Online", "Chain", "Export")
ROLES = (
    "base.group_user",
    "account.group_account_manager",
    "distributor_crm.group_sales_manager",
    "distributor_crm.group_channel_admin",
    "distributor_crm.group_finance",
)
QUIET = {"tracking_disable": True, "no_reset_password": True}


def create(env, distributors):
    """Create what invoices refer to; return the ids, by kind.

    :param distributors: how many
    """
    env = env(context=env.context | QUIET)
    company = prepare_company(env)
    user = env["res.users"].create(
        {
            "name": "Bench",
            "login": "bench",
            "group_ids": [Command.set([env.ref(role).id for role in ROLES])],
        }
    )
    categories = env["product.category"].create(
        [{"name": f"Family {number}"} for number in range(CATEGORIES)]
    )
    grades = env["res.partner.grade"].create([{"name": name} for name in GRADES])
    tags = env["res.partner.category"].create([{"name": name} for name in TAGS])
    account = env["account.account"].search(
        [("account_type", "=", "expense"), ("company_ids", "in", company.ids)], limit=1
    )
    create_products(env, categories)
    create_distributors(env, distributors, grades, tags)
    env.flush_all()
    return {
        "company": company.id,
        "user": user.id,
        "account": account.id,
        "categories": categories.ids,
        "grades": grades.ids,
        "tags": tags.ids,
    }


def prepare_company(env):
    """Give the company a chart of accounts and a sales tax of 15%."""
    company = env.company
    if not company.chart_template:
        env["account.chart.template"].try_loading("generic_coa", company)
    if company.account_sale_tax_id.amount != 15:
        company.account_sale_tax_id = env["account.tax"].search(
            [
                ("company_id", "=", company.id),
                ("type_tax_use", "=", "sale"),
                ("amount", "=", 15),
            ],
            limit=1,
        ) or company.account_sale_tax_id.copy({"amount": 15, "name": "15% bench"})
    return company


def create_products(env, categories):
    """Products in sub-categories, of prices from 6 to 500."""
    leaves = env["product.category"].create(
        [
            {"name": f"Kind {number}", "parent_id": parent.id}
            for parent in categories
            for number in range(2)
        ]
    )
    env["product.product"].create(
        [
            {
                "name": f"Article {number:03}",
                "default_code": f"BENCH{number:03}",
                "categ_id": leaves[number % len(leaves)].id,
                "list_price": 6 + number * 37 % 495,
            }
            for number in range(PRODUCTS)
        ]
    )


def create_distributors(env, count, grades, tags):
    """Companies; each fifth has two branches that are invoiced too."""
    partners = env["res.partner"].create(
        [
            {
                "name": f"Distributor {number:04}",
                "ref": f"BENCH{number:04}",
                "is_company": True,
                "is_distributor": True,
                "grade_id": grades[number % len(grades)].id,
                "category_id": [Command.set(tags[number % len(tags)].ids)],
            }
            for number in range(count)
        ]
    )
    env["res.partner"].create(
        [
            {"name": f"Branch {number}", "type": "other", "parent_id": partner.id}
            for partner in partners[::5]
            for number in (1, 2)
        ]
    )
