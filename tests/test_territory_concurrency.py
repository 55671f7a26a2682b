# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Two processes at the same territories and codes: one is alone there, one case is opened."""

import pytest

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
"""
BEFORE = """
env = env(user=env["res.users"].search([("login", "=", "race_admin")]))
partner = env["res.partner"].search([("name", "=", "Race {number}")])
"""
AUTHORIZE = """env["distributor.authorization"].create({{
        "partner_id": partner.id,
        "territory_id": env["distributor.territory"].search(
            [("name", "=", "Race {territory}")]).id,
        "date_from": "2026-01-01", "date_to": False,
        "exclusive": {exclusive}, "legal_basis": "Agreement"}})"""


@pytest.fixture
def authorize(race):
    """Return a function that has two distributors authorized at the same moment."""

    def _authorize(territories, exclusive):
        works = [
            AUTHORIZE.format(territory=territory, exclusive=exclusive)
            for territory in territories
        ]
        befores = [BEFORE.format(number=number) for number in range(2)]
        return race(PREPARING, works, befores, "distributor_authorization")

    return _authorize


def test_two_exclusive_in_overlapping_territories(authorize):
    """A country and a state of it: no constraint of the database sees that they overlap."""
    ran = authorize((0, 1), exclusive=True)
    assert ran.ends == ["done", "refused"], ran


def test_two_for_the_last_place(authorize):
    """The territory takes one distributor."""
    ran = authorize((0, 0), exclusive=False)
    assert ran.ends == ["done", "refused"], ran
