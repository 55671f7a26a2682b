# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Fee statements through their three signatures, and expenses through OCA's three tiers.

Both are done as whoever would do them: all at once by each signer, and one after the
other, each in a request of its own. The printed original is measured by itself: it is
made in the background.
"""

from datetime import date
from unittest.mock import patch

from dateutil.relativedelta import relativedelta
from measure import Meter

from odoo import Command, fields

STEPS = ("fee_clerk", "manager", "finance")
GROUPS = {
    "rep": "distributor_crm.group_sales_rep",
    "fee_clerk": "distributor_crm_expense.group_fee_clerk",
    "manager": "distributor_crm.group_sales_manager",
    "finance": "distributor_crm.group_finance",
}
MONTHS = 20


def _user(env, login, *groups):
    return (
        env["res.users"]
        .with_context(no_reset_password=True)
        .create(
            {
                "name": login,
                "login": login,
                "email": f"{login}@example.com",
                "group_ids": [
                    Command.set([env.ref(g).id for g in ("base.group_user", *groups)])
                ],
            }
        )
    )


def _add(total, result):
    for key in ("wall", "cpu", "queries", "sql"):
        total[key] = total.get(key, 0) + result[key]


def _measure(env, totals, phase, requests):
    """Do functions, each as a request of its own; add up what they cost."""
    total = totals.setdefault(phase, {})
    for request in requests:
        env.invalidate_all()
        with Meter(env.cr) as meter:
            request()
            env.cr.commit()
        _add(total, meter.result)


def fee_signatures(env, count, lines, at_once):
    """Submit statements and sign them by three; return the cost of each phase.

    :param lines: customers on each statement
    """
    env = env(context={**env.context, "tracking_disable": False})
    statements, signers = _prepare_statements(env, count, lines)
    totals = {}
    own = statements.grouped("user_id")
    if at_once:
        # Each looks at his own alone, as in a request of his.
        submits = [
            lambda rep=rep, some=some: (
                some.with_user(rep).with_prefetch().action_submit()
            )
            for rep, some in own.items()
        ]
    else:
        submits = [
            lambda one=one: one.with_user(one.user_id).action_submit()
            for one in statements
        ]
    _measure(env, totals, "submit", submits)
    chunks = [statements] if at_once else list(statements)
    # The original is printed by another process; here it is measured by itself.
    with patch.object(type(statements), "_keep_originals", lambda self: None):
        for login in STEPS:
            _measure(
                env,
                totals,
                f"sign {login}",
                [
                    lambda some=some, user=signers[login]: some.with_user(user)._sign(
                        "password"
                    )
                    for some in chunks
                ],
            )
    env.invalidate_all()
    assert set(statements.mapped("state")) == {"signed"}, set(
        statements.mapped("state")
    )
    printed = statements[:10]
    _measure(
        env,
        totals,
        "print 10",
        [lambda: printed.with_context(skip_validation_check=True)._keep_original()],
    )
    return totals


def _prepare_statements(env, count, lines):
    company = env.company
    signers = {login: _user(env, f"bench_{login}", GROUPS[login]) for login in STEPS}
    if not company._find_fee_policy(date(2015, 1, 1)):
        env["distributor.fee.policy"].create(
            {"company_id": company.id, "date_from": "2015-01-01"}
        )
    reps = [
        _user(env, f"bench_rep_{number}", GROUPS["rep"])
        for number in range(-(-count // MONTHS))
    ]
    partners = env["res.partner"].create(
        [{"name": f"Customer {n}", "is_company": True} for n in range(lines)]
    )
    product = env["product.product"].create({"name": "Bench goods"})
    purpose = env["distributor.fee.purpose"].search([], limit=1)
    first = fields.Date.today().replace(day=1)
    months = [first - relativedelta(months=2 + n) for n in range(MONTHS)]
    statements = env["distributor.fee.statement"].create(
        [
            {
                "company_id": company.id,
                "user_id": rep.id,
                "month": month,
                "built_on": fields.Datetime.now(),
                "reopened_until": fields.Date.today(),
            }
            for rep in reps
            for month in months
        ][:count]
    )
    env["distributor.fee.statement.line"].create(
        [
            {
                "statement_id": statement.id,
                "partner_id": partner.id,
                "payee_id": partner.id,
                "product_id": product.id,
                "purpose_id": purpose.id,
                "occasion": "Sales",
                "origin_month": statement.month,
                "span_from": statement.month,
                "net_sales": 1000,
                "collected": 1000,
                "collection_rate": 100,
                "fee_full": 50,
                "fee_due": 50,
                "payable": 50,
            }
            for statement in statements
            for partner in partners
        ]
    )
    env.cr.commit()
    env.cr.execute("ANALYZE")
    env.cr.commit()
    return statements, signers


def expense_tiers(env, count, at_once):
    """Send expenses through OCA's tier validation; return the cost of each phase."""
    approver = "hr_expense.group_hr_expense_user"
    employee_user = _user(env, "bench_employee")
    boss, *reviewers = (
        _user(env, f"bench_reviewer_{number}", approver) for number in range(4)
    )
    employee = env["hr.employee"].create(
        {
            "name": "Bench",
            "user_id": employee_user.id,
            "expense_manager_id": boss.id,
        }
    )
    product = env["product.product"].create(
        {
            "name": "Dealer event",
            "type": "service",
            "can_be_expensed": True,
            "standard_price": 0,
            "supplier_taxes_id": [Command.clear()],
        }
    )
    for number, reviewer in enumerate(reviewers):
        env["tier.definition"].create(
            {
                "name": f"Step {number + 1}",
                "model_id": env.ref("hr_expense.model_hr_expense").id,
                "sequence": 30 - 10 * number,
                "approve_sequence": True,
                "review_type": "individual",
                "reviewer_id": reviewer.id,
            }
        )
    expenses = env["hr.expense"].create(
        [
            {
                "name": f"Dealer event {number}",
                "employee_id": employee.id,
                "product_id": product.id,
                "total_amount_currency": 100.5 + number,
                "payment_mode": "own_account",
            }
            for number in range(count)
        ]
    )
    env.cr.commit()
    env.cr.execute("ANALYZE")
    env.cr.commit()
    totals = {}
    chunks = [expenses] if at_once else list(expenses)

    def phase(name, user, act):
        requests = [lambda some=some: act(some.with_user(user)) for some in chunks]
        _measure(env, totals, name, requests)

    phase("submit", employee_user, lambda some: some.action_submit())
    phase("request", employee_user, lambda some: some.request_validation())
    for number, reviewer in enumerate(reviewers, start=1):
        phase(
            f"validate {number}",
            reviewer,
            lambda some: [one.validate_tier() for one in some],
        )
    phase("approve", boss, lambda some: some.action_approve())
    env.invalidate_all()
    assert set(expenses.mapped("approval_state")) == {"approved"}
    return totals
