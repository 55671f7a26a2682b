# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Two processes at the same breach: one case, one punishment, collected once."""

import pytest

PREPARING = """
from datetime import timedelta
from odoo import fields
from odoo.tests import new_test_user
env = env(context={"tracking_disable": True, "no_reset_password": True})
for login in ("race_judge", "race_one", "race_two"):
    new_test_user(env, login, "distributor_crm.group_sales_manager")
accused = env["res.partner"].create(
    {"name": "Race distributor", "is_company": True, "is_distributor": True})
now = fields.Datetime.now()
cases = env["distributor.violation"]._report([
    {"policy": "diversion", "partner_id": accused.id, "company_id": env.company.id,
     "occurred_at": now - timedelta(days=9), "facts": text} for text in ("One", "Two")])
for case in cases:
    env["ir.attachment"].create(
        {"name": "a.txt", "raw": b"x", "res_model": case._name, "res_id": case.id})
    case.action_notify()
    case.notice_ids._prove("portal", now - timedelta(days=5))
cases[0].with_user(
    env["res.users"].search([("login", "=", "race_judge")]))._judge("Seen.")
assert cases[0].state == "judged"
"""
BEFORE = 'env = env(user=env["res.users"].search([("login", "=", "{login}")]))'
FIND = 'env["distributor.violation"].search([("facts", "=", "{facts}")])'


@pytest.fixture
def race_of_managers(race):
    """Return a function that has two managers do the same at the same moment."""

    def _race(work):
        befores = [BEFORE.format(login=login) for login in ("race_one", "race_two")]
        return race(PREPARING, work, befores, "distributor_violation")

    return _race


def test_two_managers_confirm_at_once_one_punishes(instance, race_of_managers):
    ran = race_of_managers(FIND.format(facts="One") + ".action_confirm()")
    assert ran.ends == ["done", "refused"], ran
    query = "SELECT COUNT(*) FROM distributor_violation_notice WHERE kind = 'decision'"
    assert instance.value(ran.database, query) == 1
    query = "SELECT COUNT(*) FROM distributor_violation_penalty WHERE state = 'done'"
    assert instance.value(ran.database, query) == 1


def test_two_rooms_report_the_same_at_once_one_case_opens(instance, race_of_managers):
    ran = race_of_managers("""env["distributor.violation"]._report([{
        "policy": "price_below_floor", "company_id": env.company.id,
        "partner_id": env["res.partner"].search([("name", "=", "Race distributor")]).id,
        "occurred_at": "2026-03-02 09:00:00", "facts": "Same", "key": "shop/1"}])""")
    assert ran.ends == ["done", "refused"], ran
    query = "SELECT COUNT(*) FROM distributor_violation WHERE facts = 'Same'"
    assert instance.value(ran.database, query) == 1
