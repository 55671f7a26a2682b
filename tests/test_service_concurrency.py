# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Two processes at the same service document: goods, gifts and votes count once."""

import pytest

PREPARING = """
from odoo import Command, fields
from odoo.tests import new_test_user
env = env(context={"tracking_disable": True})
company = env.company
if not company.chart_template:
    env["account.chart.template"].try_loading("generic_coa", company, install_demo=False)
boss = new_test_user(env, "race_boss", "distributor_crm.group_channel_admin")
new_test_user(env, "race_boss2", "distributor_crm.group_channel_admin")
for login in ("race_finance", "race_finance2"):
    new_test_user(env, login, "distributor_crm.group_finance")
north, south = env["res.partner"].create(
    [{"name": name, "is_company": True, "is_distributor": True} for name in ("N", "S")]
)
goods = env["product.product"].create({
    "name": "Race goods", "type": "consu", "is_storable": False, "list_price": 100,
    "invoice_policy": "order", "taxes_id": [Command.clear()],
})
def order(quantity, confirm=True):
    made = env["sale.order"].create({
        "partner_id": north.id,
        "order_line": [Command.create({"product_id": goods.id, "product_uom_qty": quantity})],
    })
    if confirm:
        made.action_confirm()
    return made
def deliver(made):
    made.picking_ids.move_ids.write({"quantity": 4, "picked": True})
    made.picking_ids._action_done()
"""
BEFORE = """
env = env(user=env["res.users"].search([("login", "=", "{login}")]))
env = env(context={{"tracking_disable": True}})
"""


@pytest.fixture
def race_of(race):
    """Return a function that has two people act at once on what a script prepared."""

    def _race(script, works, logins=("race_boss", "race_boss2")):
        befores = [BEFORE.format(login=login) for login in logins]
        return race(PREPARING + script, works, befores, "res_partner")

    return _race


RETURN = """made = env["distributor.return"].create({
        "partner_id": env["res.partner"].search([("name", "=", "N")]).id,
        "order_id": env["sale.order"].search([("state", "=", "sale")]).id,
        "line_ids": [(0, 0, {
            "order_line_id": env["sale.order.line"].search([("order_id.state", "=", "sale")]).id,
            "quantity": 3})],
    }); env.flush_all()"""


def test_the_same_goods_are_asked_back_once(instance, race_of):
    """Four were delivered; of two requests for three each, one stands (R207)."""
    script = """
deliver(order(4))
"""
    ran = race_of(script, RETURN)
    assert ran.ends == ["done", "refused"], ran
    query = "SELECT COALESCE(SUM(quantity), 0) FROM distributor_return_line"
    assert instance.value(ran.database, query) == 3


def test_goods_that_came_back_are_credited_once(instance, race_of):
    script = """
made = order(4)
deliver(made)
made._create_invoices().action_post()
back = env["distributor.return"].create({
    "partner_id": north.id, "order_id": made.id,
    "line_ids": [Command.create({"order_line_id": made.order_line.id, "quantity": 4})],
})
if back.state == "submitted":
    back.action_approve()
back.action_receive()
"""
    work = 'env["distributor.return"].search([("id", "!=", False)]).action_credit()'
    logins = ("race_finance", "race_finance2")
    ran = race_of(script, work, logins)
    assert ran.ends == ["done", "refused"], ran
    query = "SELECT COUNT(*) FROM account_move WHERE move_type = 'out_refund'"
    assert instance.value(ran.database, query) == 1


def test_two_gifts_do_not_pass_the_years_limit(instance, race_of):
    """3,000 and 3,000 of 5,000 a year: whoever is second is refused."""
    script = """
gifts = env["distributor.gift"].with_user(boss).create([
    {"partner_id": north.id, "reason": "Thanks", "user_id": boss.id,
     "line_ids": [Command.create({"product_id": goods.id, "quantity": 30})]}
    for _n in range(2)
])
gifts.sudo().user_id = env.ref("base.user_root")
for gift in gifts:
    gift.action_submit()
"""
    work = """env["distributor.gift"].search(
        [], order="id", offset={}, limit=1).action_approve()"""
    ran = race_of(script, [work.format(0), work.format(1)])
    assert ran.ends == ["done", "refused"], ran
    query = "SELECT COUNT(*) FROM distributor_gift WHERE state = 'approved'"
    assert instance.value(ran.database, query) == 1


def test_a_granted_quantity_is_sold_once(instance, race_of):
    """Ten are granted at the special price; of two orders for eight, one gets it."""
    script = """
today = fields.Date.today()
promo = env["distributor.promo.request"].create({
    "partner_id": north.id, "activity_name": "Double 11", "platform": "Tmall",
    "proof_url": "https://tmall.example/1", "date_from": today, "date_to": today,
    "line_ids": [Command.create({
        "product_id": goods.id, "activity_price": 80, "quantity": 10,
        "approved_quantity": 10, "supply_price": 60})],
})
promo.is_verified = True
promo.action_approve()
order(8, confirm=False)
order(8, confirm=False)
"""
    work = """env["sale.order"].search(
        [("state", "=", "draft")], order="id", offset={}, limit=1).action_confirm()"""
    ran = race_of(script, [work.format(0), work.format(1)])
    assert ran.ends == ["done", "refused"], ran
    query = """SELECT SUM(line.product_uom_qty) FROM sale_order_line line
        WHERE line.state = 'sale' AND line.promo_line_id IS NOT NULL"""
    assert instance.value(ran.database, query) == 8


def test_a_distributor_votes_once(instance, race_of):
    """Two clicks on the same button are one vote (R215)."""
    script = """
idea = env["distributor.idea"].create({
    "title": "Red box", "description": "For two", "partner_id": south.id})
"""
    work = """env["distributor.idea.vote"].sudo().create({
        "idea_id": env["distributor.idea"].search([], limit=1).id,
        "partner_id": env["res.partner"].search([("name", "=", "N")]).id,
    }); env.flush_all()"""
    ran = race_of(script, work)
    assert ran.ends == ["done", "refused"], ran
    assert (
        instance.value(ran.database, "SELECT COUNT(*) FROM distributor_idea_vote") == 1
    )
