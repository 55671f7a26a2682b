# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Two processes at the same visits: settled once, billed once."""

import pytest

PREPARING = """
from datetime import datetime
from odoo.tests import new_test_user
env = env(context={"tracking_disable": True})
company = env.company
if not company.chart_template:
    env["account.chart.template"].try_loading("generic_coa", company, install_demo=False)
env["tier.definition"].search([("model", "=", "distributor.visit.settlement")]).active = False
company.approval_allow_unmatched = True
company.visit_expense_account_id = env["account.account"].create(
    {"name": "Visits", "code": "699801", "account_type": "expense"})
company.visit_journal_id = env["account.journal"].search(
    [("type", "=", "purchase"), ("company_id", "=", company.id)], limit=1)
for login in ("race_one", "race_two"):
    new_test_user(env, login,
        "distributor_crm.group_sales_manager,distributor_crm.group_finance")
agency = env["res.partner"].create(
    {"name": "Race agency", "is_company": True, "is_visit_agency": True})
agent = env["res.partner"].create({"name": "Race agent", "parent_id": agency.id,
    "is_field_agent": True, "visit_agency_id": agency.id})
form = env["ir.attachment"].create({"name": "form.pdf", "raw": b"signed"})
for number in range(5):
    visit = env["distributor.visit"].create(
        {"kind": "promoter", "agent_id": agent.id, "customer_name": f"Customer {number}"})
    moment = datetime(2026, 3, 2 + number, 10)
    visit.write({"state": "signed", "verdict": "valid", "arrived_at": moment,
        "verdict_at": moment, "form_attachment_id": form.id, "deal_at": moment,
        "deal_amount": 10, "user_id": env.uid})
"""
BEFORE = 'env = env(user=env["res.users"].search([("login", "=", "{login}")]))'
COMPUTE = """env["distributor.visit.settlement"]._compute_month(
        env.company, "2026-03-01")"""
READY = """
env = env(user=env["res.users"].search([("login", "=", "race_one")]))
settlement = env["distributor.visit.settlement"]._compute_month(env.company, "2026-03-01")
settlement.action_submit()
settlement.action_approve()
"""
BILL = """env["distributor.visit.settlement"].search(
        [("state", "=", "approved")]).action_bill()"""


@pytest.fixture
def race_for_visits(race):
    """Return a function that has two people do the same at the same moment."""

    def _race(work, preparing=""):
        befores = [BEFORE.format(login=login) for login in ("race_one", "race_two")]
        view = "distributor_visit_settlement_line"
        return race(PREPARING + preparing, work, befores, view)

    return _race


def test_computing_at_once_settles_each_visit_once(instance, race_for_visits):
    ran = race_for_visits(COMPUTE)
    assert "done" in ran.said, ran
    lines = "SELECT COUNT(*) FROM distributor_visit_settlement_line"
    assert instance.value(ran.database, lines) == 5
    drafts = "SELECT COUNT(*) FROM distributor_visit_settlement"
    assert instance.value(ran.database, drafts) == 1


def test_billing_at_once_bills_once(instance, race_for_visits):
    ran = race_for_visits(BILL, READY)
    assert ran.said.count("done") == 1, ran
    bills = "SELECT COUNT(*) FROM account_move WHERE move_type = 'in_invoice'"
    assert instance.value(ran.database, bills) == 1
