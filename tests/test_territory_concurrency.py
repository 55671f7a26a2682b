# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Two processes at the same territories and codes: one is alone there, one case is opened."""

import pytest
from racing import outcomes, together

PREPARING = """
from odoo.tests import new_test_user
env = env(context={"tracking_disable": True})
country, state = env.ref("base.de"), env.ref("base.de").state_ids[0]
new_test_user(env, "race_admin", "distributor_crm.group_channel_admin")
env["res.partner"].create(
    [{"name": f"Race {n}", "is_company": True, "is_distributor": True} for n in (0, 1)])
env["distributor.territory"].create([
    {"name": "Race 0", "quota": 1, "area_ids": [(0, 0, {"country_id": country.id})]},
    {"name": "Race 1", "area_ids": [
        (0, 0, {"country_id": country.id, "state_id": state.id})]},
])
env.cr.commit()
"""
BEFORE = """
env = env(user=env["res.users"].search([("login", "=", "race_admin")]))
partner = env["res.partner"].search([("name", "=", "Race {number}")])
"""
VIEW = 'env.cr.execute("SELECT count(*) FROM distributor_authorization")'
AUTHORIZE = """env["distributor.authorization"].create({{
        "partner_id": partner.id,
        "territory_id": env["distributor.territory"].search(
            [("name", "=", "Race {territory}")]).id,
        "date_from": "2026-01-01", "date_to": False,
        "exclusive": {exclusive}, "legal_basis": "Agreement"}})"""


@pytest.fixture
def prepared(instance, clone, shell):
    database = clone(instance.template)
    setup = shell(database, PREPARING)
    assert setup.wait(timeout=300) == 0, setup.communicate()
    return database


def race(shell, database, territories, exclusive):
    return outcomes(
        [
            shell(
                database,
                together(
                    BEFORE.format(number=number),
                    AUTHORIZE.format(territory=territory, exclusive=exclusive),
                    VIEW,
                ),
            )
            for number, territory in enumerate(territories)
        ]
    )


def test_two_exclusive_in_overlapping_territories(shell, prepared):
    """A country and a state of it: no constraint of the database sees that they overlap."""
    found = race(shell, prepared, (0, 1), exclusive=True)
    assert sorted(outcome.split()[0] for outcome in found) == ["done", "refused"], found


def test_two_for_the_last_place(shell, prepared):
    """The territory takes one distributor."""
    found = race(shell, prepared, (0, 0), exclusive=False)
    assert sorted(outcome.split()[0] for outcome in found) == ["done", "refused"], found
