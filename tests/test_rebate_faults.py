# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Killed at any moment, and followed across transactions: each rebate counts once."""

import subprocess
import sys
import time

import pytest
from racing import NOBODY_HELD

# What a killed run may leave behind is compared with: everything that it writes.
FIGURES = """
    SELECT p.id, s.partner_id, s.date_from, s.number, s.basis, s.earned, s.due, s.settled,
           s.line_count, s.approval_state,
           md5(string_agg(l.move_line_key || ':' || trim_scale(l.amount)::text
               || COALESCE(l.reason, ''), ',' ORDER BY l.move_line_key, l.date))
      FROM distributor_rebate_statement s
      JOIN distributor_rebate_program p ON p.id = s.program_id
      LEFT JOIN distributor_rebate_line l ON l.statement_id = s.id
     GROUP BY p.id, s.id
     ORDER BY 1, 2, 3, 4
"""
FORGET = """
    DELETE FROM distributor_rebate_statement s WHERE approval_state = 'draft';
    UPDATE distributor_rebate_program SET watermark = NULL;
"""
RUN = """
programs = env["distributor.rebate.program"]._get_followed()
run = env["distributor.rebate.run"].search([], limit=1) or (
    env["distributor.rebate.run"]._start(programs)
)
env.cr.commit()
print("STARTED", flush=True)
for step in env["distributor.rebate.run.step"]._get_waiting():
    step._work()
    env.cr.commit()
print("DONE", run.state, flush=True)
"""
SETTLE = """
from odoo.exceptions import UserError
env = env(user=env.ref("distributor_crm.user_finance"))
print("STARTED", flush=True)
Statement = env["distributor.rebate.statement"]
due = Statement.search([("state", "=", "approved")]).filtered("is_payable")
for statement in due:
    statement.action_settle()
    env.cr.commit()
print("DONE", flush=True)
"""
APPROVE = """
env = env(user=env.ref("distributor_crm.user_manager"))
found = env["distributor.rebate.statement"].search([("state", "in", ["draft", "submitted"])])
found.action_approve()
env.cr.commit()
print("DONE", flush=True)
"""


class Shell:
    """`odoo shell` in a process that can be killed."""

    def __init__(self, conf, database, script):
        self.process = subprocess.Popen(
            [
                *(sys.executable, "-W", "ignore", "-m", "odoo", "shell"),
                *("-c", str(conf), "-d", database, "--no-http"),
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.process.stdin.write(script)
        self.process.stdin.close()
        self.process.stdin = None

    def kill_after(self, seconds):
        """Let it start its work, and kill it so long after. Tell whether it was alive."""
        for line in self.process.stdout:
            if line.startswith("STARTED"):
                break
        time.sleep(seconds)
        alive = self.process.poll() is None
        self.process.kill()
        self.process.communicate()
        return alive

    def finish(self):
        out, err = self.process.communicate(timeout=300)
        assert "DONE" in out, err[-3000:]
        return out


@pytest.fixture
def shell(instance):
    return lambda database, script: Shell(instance.conf, database, script)


def rows(instance, database, query=FIGURES):
    with instance.connect(database) as cursor:
        cursor.execute(query)
        return cursor.fetchall()


def execute(instance, database, query):
    with instance.connect(database) as cursor:
        cursor.execute(query)
        cursor.connection.commit()


def test_killed_runs_are_completed_once(instance, clone, shell):
    """Whenever the process dies, the next one leaves what an undisturbed one does."""
    database = clone(instance.template_demo)
    execute(instance, database, FORGET)
    shell(database, RUN).finish()
    expected = rows(instance, database)
    assert len(expected) > 20
    execute(instance, database, FORGET + "DELETE FROM distributor_rebate_run;")
    killed = [shell(database, RUN).kill_after(delay) for delay in (0, 0.02, 0.1, 0.3)]
    assert any(killed)
    assert "done" in shell(database, RUN).finish()
    assert rows(instance, database) == expected


def test_killed_settlements_pay_once(instance, clone, shell):
    database = clone(instance.template_demo)
    shell(database, NOBODY_HELD + APPROVE).finish()
    killed = [shell(database, SETTLE).kill_after(delay) for delay in (0, 0.2, 0.7)]
    assert any(killed)
    shell(database, SETTLE).finish()
    found = rows(
        instance,
        database,
        """
        SELECT s.id, s.settled, count(m.id), COALESCE(sum(t.amount), 0)
          FROM distributor_rebate_statement s
          LEFT JOIN distributor_rebate_settlement t
            ON t.statement_id = s.id AND t.is_standing
          LEFT JOIN account_move m ON m.id = t.move_id AND m.state = 'posted'
         GROUP BY s.id
        """,
    )
    assert sum(count for _id, _settled, count, _amount in found) > 10
    for _id, settled, count, amount in found:
        assert (count, amount) == ((1, settled) if settled else (0, 0))


FOLLOW = """
Program = env["distributor.rebate.program"]
Program._follow_ledger()
env.cr.commit()
Statement = env["distributor.rebate.statement"]
def figures():
    env.invalidate_all()
    return [
        (s.id, s.basis, s.due, s.line_count, sorted(s.line_ids.mapped("move_line_key")))
        for s in Statement.search([], order="id")
    ]
before = figures()
touched = Program._get_touched(min(Program._get_followed().mapped("watermark")))
{acts}
env.cr.commit()
seen = Program._get_touched(min(Program._get_followed().mapped("watermark")))
partners = env["res.partner"].browse(set(seen) - set(touched))
xian = env.ref("distributor_crm.partner_xian")
# Odoo may write on the next invoice of the sequence too: a gap begins there.
assert xian in partners and len(partners) <= 2, partners.mapped("name")
Program._follow_ledger()
env.cr.commit()
followed = figures()
assert followed != before
Program._get_followed()._compute_now()
assert figures() == followed, "following is not what a whole computation gives"
env.cr.rollback()
print("DONE", flush=True)
"""
ACTS = {
    "invoice": """
invoice = env["account.move"].search([("move_type", "=", "out_invoice"),
    ("partner_id", "=", env.ref("distributor_crm.partner_xian").id),
    ("state", "=", "posted")], limit=1).copy({"invoice_date": "{today}"})
invoice.action_post()
""",
    "cancel": """
invoice = env["account.move"].search([("move_type", "=", "out_invoice"),
    ("partner_id", "=", env.ref("distributor_crm.partner_xian").id),
    ("payment_state", "=", "not_paid"), ("state", "=", "posted")], limit=1)
invoice.button_draft()
""",
    "delete": """
invoice = env["account.move"].search([("move_type", "=", "out_invoice"),
    ("partner_id", "=", env.ref("distributor_crm.partner_xian").id),
    ("payment_state", "=", "not_paid"), ("state", "=", "posted")], limit=1)
invoice.button_draft()
invoice.with_context(force_delete=True).unlink()
""",
}


@pytest.mark.parametrize("act", ACTS)
def test_following_touches_one_and_is_right(instance, clone, shell, act):
    """After one change, only its distributor is computed again, and rightly."""
    database = clone(instance.template_demo)
    script = FOLLOW.replace("{acts}", ACTS[act].replace("{today}", time.strftime("%F")))
    time.sleep(1.1)  # the watermark counts seconds
    shell(database, script).finish()
