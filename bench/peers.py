# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""OCA's addons on the same ledger, measured inside Odoo.

- `agreement_rebate`: an agreement a distributor, its ladder on the sales of a year. Ours
  beside it: the first program, figures alone.
- `account_commission_oca`: each distributor its own agent, settled by months, a line a
  sale. Ours beside it: the second program, with its evidence.

They are no part of the product: `./run bench` fetches them, and leaves this out where it
cannot.
"""

from measure import Meter
from programs import STEPS

from odoo import Command

ROLES = (
    "agreement_rebate.group_use_agreement_rebate",
    "commission_oca.group_commission_manager",
)
YEAR = ("2024-01-01", "2024-12-31")
NEXT_DAY = "2025-01-01"
TOP = 1e12


def prepare(env, turnover, user):
    """Give each distributor an agreement, and commissions on its invoice lines."""
    roles = [Command.link(env.ref(role).id) for role in ROLES]
    env["res.users"].browse(user).group_ids = roles
    env = env(context={**env.context, "tracking_disable": True})
    distributors = env["res.partner"].search(
        [("ref", "=like", "BENCH%"), ("is_distributor", "=", True)]
    )
    _agree(env, distributors, turnover)
    _commission(env, distributors)
    env.cr.commit()


def _agree(env, distributors, turnover):
    """The steps of our programs, as the ranges that agreements know."""
    starts = [round(turnover * part) for part, _rate in STEPS]
    ends = [start - 0.01 for start in starts[1:]] + [TOP]
    ladder = [
        Command.create(
            {"amount_from": start, "amount_to": end, "rebate_discount": rate}
        )
        for start, end, (_part, rate) in zip(starts, ends, STEPS, strict=True)
    ]
    kind = env.ref("agreement_rebate.agreement_type_rebate_sale")
    env["agreement"].create(
        [
            {
                "code": partner.ref,
                "name": f"Rebate of {partner.name}",
                "partner_id": partner.id,
                "agreement_type_id": kind.id,
                "start_date": YEAR[0],
                "end_date": YEAR[1],
                "rebate_type": "section_total",
                "rebate_section_ids": ladder,
            }
            for partner in distributors
        ]
    )


def _commission(env, distributors):
    """What posting the invoices would have left behind: an agent on each line."""
    commission = env["commission"].create({"name": "Two percent", "fix_qty": 2})
    distributors.write(
        {"agent": True, "commission_id": commission.id, "settlement": "monthly"}
    )
    env.flush_all()
    env.cr.execute(
        """
        INSERT INTO account_invoice_line_agent
               (object_id, agent_id, commission_id, invoice_id, company_id, invoice_date,
                amount, settled, create_uid, write_uid, create_date, write_date)
        SELECT line.id, move.commercial_partner_id, %s, move.id, move.company_id,
               move.invoice_date, round(-line.balance * 0.02, 2), FALSE, 1, 1, now(), now()
          FROM account_move_line line JOIN account_move move ON move.id = line.move_id
         WHERE line.display_type = 'product' AND move.move_type IN ('out_invoice', 'out_refund')
           AND move.invoice_date BETWEEN %s AND %s
        """,
        [commission.id, *YEAR],
    )


def agreement_rebate(env, user):
    """Settle a year of all agreements."""
    wizard = env(user=user)["agreement.settlement.create.wiz"].create(
        {"date_from": YEAR[0], "date_to": YEAR[1], "domain": "sale"}
    )
    with Meter(env.cr) as meter:
        wizard.action_create_settlement()
        env.flush_all()
    found = env["agreement.rebate.settlement"].search([])
    rows = {"statements": len(found), "lines": len(found.line_ids)}
    return {**meter.result, **rows, "basis": sum(found.mapped("amount_invoiced"))}


def account_commission_oca(env, user):
    """Settle the months of a year of all agents."""
    wizard = env(user=user)["commission.make.settle"].create(
        {"date_to": NEXT_DAY, "settlement_type": "sale_invoice"}
    )
    with Meter(env.cr) as meter:
        wizard.action_settle()
        env.flush_all()
    lines = env["commission.settlement.line"]
    rows = {
        "statements": env["commission.settlement"].search_count([]),
        "lines": lines.search_count([]),
    }
    return {**meter.result, **rows}


def run(env, name, user):
    """One of the two, taken back afterwards: deleting what they wrote takes minutes.

    What they are spared is the commit, which ours is not.
    """
    one = {"agreement_rebate": agreement_rebate}.get(name, account_commission_oca)
    result = one(env, user)
    env.cr.rollback()
    return result
