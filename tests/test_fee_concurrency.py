# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Two processes at the same fees: paid once, lent once."""

import pytest

PREPARING = """
from dateutil.relativedelta import relativedelta
from odoo import Command, fields
from odoo.tests import new_test_user
env = env(context={"tracking_disable": True})
company = env.company
if not company.chart_template:
    env["account.chart.template"].try_loading("generic_coa", company, install_demo=False)
company._set_up_fee_accounting()
env["tier.definition"].search([("model", "like", "distributor.fee")]).active = False
company.approval_allow_unmatched = True
if not company._find_fee_policy("2024-01-01"):
    env["distributor.fee.policy"].create({"company_id": company.id, "date_from": "2024-01-01"})
rep = new_test_user(env, "race_rep", "distributor_crm.group_sales_rep")
new_test_user(env, "race_finance", "distributor_crm.group_finance")
env["hr.employee"].create({"name": "Rep", "user_id": rep.id, "company_id": company.id})
customer = env["res.partner"].create({"name": "Race customer", "is_company": True})
product = env["product.product"].create({"name": "Race goods"})
this_month = fields.Date.today().replace(day=1)
for months in (2, 3):
    month = this_month - relativedelta(months=months)
    statement = env["distributor.fee.statement"].create(
        {"company_id": company.id, "user_id": rep.id, "month": month}
    )
    statement.line_ids = [Command.create({
        "partner_id": customer.id, "product_id": product.id, "payee_id": customer.id,
        "origin_month": month, "span_from": month, "payable": 3000, "fee_due": 3000,
        "fee_full": 3000,
    })]
    statement.with_context(skip_validation_check=True).state = "signed"
    env["distributor.fee.advance"].create({"statement_id": statement.id, "amount": 2000})
"""
BEFORE = 'env = env(user=env["res.users"].search([("login", "=", "{login}")]))'
FINANCE = BEFORE.format(login="race_finance")
PREPARE = """env["distributor.fee.statement"].search(
        [("user_id.login", "=", "race_rep")], limit=1).action_prepare_payout()"""
BORROW = """env["distributor.fee.advance"].search(
        [], order="id", offset={number}, limit=1).action_request()"""

RECEIPT = """
import base64
finance = env["res.users"].search([("login", "=", "race_finance")])
statement = env["distributor.fee.statement"].search(
    [("user_id.login", "=", "race_rep")], limit=1)
statement.with_user(finance).action_prepare_payout()
payout = statement.payout_ids
env["distributor.fee.receipt"].create({
    "payout_id": payout.id, "payee_id": payout.item_ids.payee_id.id, "number": "R1",
    "amount": payout.amount, "filename": "r.pdf",
    "file": base64.b64encode(b"%PDF-1.4 race %%EOF"),
})
"""
PAY = """env["distributor.fee.payout"].search([], limit=1).action_post()"""
BAR = """env["res.partner"].search(
        [("name", "=", "Race customer")]).is_official = True"""


@pytest.fixture
def race_for_fees(race):
    """Return a function that has two processes race on a database with signed statements."""

    def _race(works, befores=FINANCE, preparing=""):
        return race(PREPARING + preparing, works, befores, "distributor_fee_advance")

    return _race


def test_two_advances_at_once_one_is_lent(instance, race_for_fees):
    """2,000 and 2,000 are above the limit of 3,000: whoever is second is refused."""
    works = [BORROW.format(number=number) for number in range(2)]
    ran = race_for_fees(works, BEFORE.format(login="race_rep"))
    assert ran.ends == ["done", "refused"], ran
    query = "SELECT COUNT(*) FROM distributor_fee_advance WHERE state = 'requested'"
    assert instance.value(ran.database, query) == 1


def test_preparing_twice_at_once_prepares_once(instance, race_for_fees):
    ran = race_for_fees(PREPARE)
    assert ran.ends == ["done", "refused"], ran
    query = "SELECT COUNT(*) FROM distributor_fee_payout_line WHERE is_void IS NOT TRUE"
    assert instance.value(ran.database, query) == 1


def test_paying_twice_at_once_pays_once(instance, race_for_fees):
    ran = race_for_fees(PAY, preparing=RECEIPT)
    assert ran.ends == ["done", "refused"], ran
    query = "SELECT COUNT(*) FROM hr_expense WHERE fee_item_id IS NOT NULL"
    assert instance.value(ran.database, query) == 1


def test_official_in_the_moment_of_the_payment(instance, race_for_fees):
    """Whoever makes the payee an official is seen, or comes after the payment: what
    was judged and what is paid is one and the same."""
    ran = race_for_fees((PAY, BAR), (FINANCE, ""), RECEIPT)
    query = """SELECT COUNT(*) FROM distributor_fee_payout payout
                 JOIN distributor_fee_payout_item item ON item.payout_id = payout.id
                 JOIN res_partner payee ON payee.id = item.payee_id
                WHERE (payout.state = 'posted') = (payout.hold_reason IS NOT NULL)
                  AND payee.is_official AND payout.state = 'posted'"""
    assert instance.value(ran.database, query) == 0, ran
    assert "done" in ran.said, ran
