# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Two processes at the same breach: one case, one punishment, collected once."""

import pytest
from racing import REFUSALS, outcomes, together

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
env.cr.commit()
"""
BEFORE = 'env = env(user=env["res.users"].search([("login", "=", "{login}")]))'
VIEW = 'env.cr.execute("SELECT count(*) FROM distributor_violation")'
FIND = 'env["distributor.violation"].search([("facts", "=", "{facts}")])'
RACED = f"{REFUSALS}, ConcurrencyError"
IMPORT = "\nfrom odoo.exceptions import ConcurrencyError"


@pytest.fixture
def prepared(instance, clone, shell):
    database = clone(instance.template)
    setup = shell(database, PREPARING)
    assert setup.wait(timeout=300) == 0, setup.communicate()
    with instance.connect(database) as cursor:
        cursor.execute(
            "SELECT COUNT(*) FROM distributor_violation WHERE state = 'judged'"
        )
        assert cursor.fetchone()[0] == 1
    return database


def race(shell, database, logins, work):
    """Let two users do the same; return how each of them ended."""
    found = outcomes(
        [
            shell(
                database,
                together(BEFORE.format(login=login) + IMPORT, work, VIEW, RACED),
            )
            for login in logins
        ]
    )
    return sorted(outcome.split()[0] for outcome in found), found


def count(instance, database, query):
    with instance.connect(database) as cursor:
        cursor.execute(query)
        return cursor.fetchone()[0]


def test_two_managers_confirm_at_once_one_punishes(instance, shell, prepared):
    work = FIND.format(facts="One") + ".action_confirm()"
    ends, found = race(shell, prepared, ("race_one", "race_two"), work)
    assert ends == ["done", "refused"], found
    query = "SELECT COUNT(*) FROM distributor_violation_notice WHERE kind = 'decision'"
    assert count(instance, prepared, query) == 1
    query = "SELECT COUNT(*) FROM distributor_violation_penalty WHERE state = 'done'"
    assert count(instance, prepared, query) == 1


def test_two_rooms_report_the_same_at_once_one_case_opens(instance, shell, prepared):
    work = """env["distributor.violation"]._report([{
        "policy": "price_below_floor", "company_id": env.company.id,
        "partner_id": env["res.partner"].search([("name", "=", "Race distributor")]).id,
        "occurred_at": "2026-03-02 09:00:00", "facts": "Same", "key": "shop/1"}])"""
    ends, found = race(shell, prepared, ("race_one", "race_two"), work)
    assert ends == ["done", "refused"], found
    query = "SELECT COUNT(*) FROM distributor_violation WHERE facts = 'Same'"
    assert count(instance, prepared, query) == 1
