# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Two processes at the same money: earned, released, drawn and paid once."""

import pytest

BEFORE = """
env = env(user=env.ref("distributor_crm.user_{user}"))
partner = env.ref("distributor_crm.partner_chengdu")
"""
ASKING = """
env["distributor.earning.policy"].search([]).write({"minimum": 0, "monthly_limit": 0})
"""
ASK = """
account = partner.bank_ids.filtered("allow_out_payment")[:1]
there = partner._get_earning_figures(env.company)[partner.id]["available"]
env["distributor.withdrawal"]._request(env.company, partner, account, there)
"""
APPROVING = """
requested = env["distributor.withdrawal"].search([("state", "=", "requested")])
requested.with_user(env.ref("distributor_crm.user_manager")).action_approve()
"""
DELIVERING = """
from datetime import timedelta
from odoo import fields
frozen = env["distributor.earning"].search([("state", "=", "frozen")])
for line in frozen.order_id.order_line:
    line.qty_delivered = line.product_uom_qty
env.flush_all()
frozen.order_id.delivered_on = fields.Date.today() - timedelta(30)
"""
FORGETTING = """
env.cr.execute("DELETE FROM distributor_earning WHERE state = 'frozen'")
"""


@pytest.fixture
def race_for_money(instance, race):
    """Return a function that has two processes do the same on the demo database."""

    def _race(user, preparing, work):
        return race(
            preparing,
            work,
            BEFORE.format(user=user),
            "distributor_withdrawal",
            instance.template_demo,
        )

    return _race


def test_w4_two_withdrawals_of_one_balance_one_succeeds(instance, race_for_money):
    """Whoever comes second is refused, with the view of before too."""
    ran = race_for_money("account_manager", ASKING, ASK)
    assert ran.said.count("done") == 1, ran
    ((reserved, owed),) = instance.rows(
        ran.database,
        """
        SELECT (SELECT SUM(amount) FROM distributor_withdrawal
                 WHERE partner_id = partner.res_id AND state IN ('requested', 'approved')),
               (SELECT -SUM(balance) FROM account_move_line
                 WHERE partner_id = partner.res_id AND parent_state = 'posted'
                   AND account_id IN (
                       SELECT payable_account_id FROM distributor_earning_policy))
          FROM ir_model_data partner WHERE name = 'partner_chengdu'
        """,
    )
    assert reserved == owed > 0


def test_paying_twice_at_once_pays_once(instance, race_for_money):
    work = 'env["distributor.withdrawal"].search([("state", "=", "approved")]).action_pay()'
    ran = race_for_money("finance", APPROVING, work)
    assert "done" in ran.said, ran
    paid = instance.rows(
        ran.database,
        """
        SELECT withdrawal.id, COUNT(payment.id) FROM distributor_withdrawal withdrawal
          JOIN account_payment payment ON payment.memo = withdrawal.name
         WHERE withdrawal.state = 'paid' GROUP BY 1
        """,
    )
    assert len(paid) == 2
    assert all(count == 1 for _withdrawal, count in paid), paid


def test_releasing_twice_at_once_posts_once(instance, race_for_money):
    work = 'env["distributor.earning"].action_release()'
    ran = race_for_money("finance", DELIVERING, work)
    assert "done" in ran.said, ran
    ((earned, posted, frozen),) = instance.rows(
        ran.database,
        """
        SELECT (SELECT SUM(amount) FROM distributor_earning WHERE state = 'released'),
               (SELECT -SUM(line.balance) FROM account_move_line line
                 WHERE line.parent_state = 'posted'
                   AND line.move_id IN (SELECT move_id FROM distributor_earning)
                   AND line.account_id IN (
                       SELECT payable_account_id FROM distributor_earning_policy)),
               (SELECT COUNT(*) FROM distributor_earning WHERE state = 'frozen')
        """,
    )
    assert (earned, frozen) == (posted, 0)


def test_w1_booking_twice_at_once_earns_once(instance, race_for_money):
    work = (
        'env["sale.order"].sudo().search([("store_id", "!=", False)])._book_earnings()'
    )
    ran = race_for_money("finance", FORGETTING, work)
    assert "done" in ran.said, ran
    doubled = instance.rows(
        ran.database,
        """
        SELECT order_line_id, level FROM distributor_earning
         GROUP BY 1, 2 HAVING COUNT(*) FILTER (WHERE reason = 'paid') > 1
        """,
    )
    assert doubled == []
    ((frozen,),) = instance.rows(
        ran.database,
        "SELECT COUNT(*) FROM distributor_earning WHERE state = 'frozen'",
    )
    assert frozen == 3
