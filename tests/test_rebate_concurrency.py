# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Two processes at the same work: each rebate is computed and paid once."""

from racing import NOBODY_HELD

BEFORE = """
env = env(user=env.ref("distributor_crm.user_{user}"))
programs = env["distributor.rebate.program"].search([("state", "=", "running")])
statements = programs.statement_ids
"""
APPROVE = """
env = env(user=env.ref("distributor_crm.user_manager"))
env["distributor.rebate.statement"].search([("state", "in", ["draft", "submitted"])]).action_approve()
"""


def test_posting_twice_at_once_pays_once(instance, race):
    """R23: whoever comes second is refused, and nothing is booked twice."""
    ran = race(
        NOBODY_HELD + APPROVE,
        "statements.filtered('is_payable').action_settle()",
        BEFORE.format(user="finance"),
        template=instance.template_demo,
    )
    assert ran.said.count("done") == 1, ran
    rows = instance.rows(
        ran.database,
        """
        SELECT s.id, s.settled, count(m.id), sum(m.amount_untaxed)
          FROM distributor_rebate_statement s
          LEFT JOIN distributor_rebate_settlement p ON p.statement_id = s.id
          LEFT JOIN account_move m ON m.id = p.move_id AND m.state = 'posted'
         GROUP BY s.id, s.settled
        """,
    )
    assert len(rows) > 50
    for _id, settled, count, total in rows:
        assert (count, total or 0) == ((1, settled) if settled else (0, 0))


ACCRUING = """
company = env.company
account = env["account.account"].create(
    {"name": "Accrued twice at once", "code": "219990", "account_type": "liability_current"}
)
programs = env["distributor.rebate.program"].search([("state", "=", "running")])
programs.write({"accrual_basis": "reached", "accrual_account_id": account.id})
"""


def test_accruing_twice_at_once_books_once(instance, race):
    """Whoever comes second is refused or sees what the first one booked."""
    ran = race(
        ACCRUING,
        "env['distributor.rebate.accrual'].create({}).action_post()",
        BEFORE.format(user="finance"),
        template=instance.template_demo,
    )
    assert "done" in ran.said, ran
    rows = instance.rows(
        ran.database,
        """
        SELECT move.rebate_program_id, count(*) FROM account_move move
         WHERE move.state = 'posted' AND EXISTS (
            SELECT FROM account_move_line line
              JOIN account_account account ON account.id = line.account_id
             WHERE line.move_id = move.id
               AND account.name->>'en_US' = 'Accrued twice at once')
         GROUP BY 1
        """,
    )
    assert rows
    assert all(count == 1 for _program, count in rows), rows


EMPTYING = """
env.cr.execute('''
    UPDATE distributor_rebate_statement SET basis = 0, line_count = 0
     WHERE approval_state = 'draft';
    DELETE FROM distributor_rebate_line l USING distributor_rebate_statement s
     WHERE s.id = l.statement_id AND s.approval_state = 'draft';
''')
"""


def test_computing_twice_at_once_counts_once(instance, race):
    """Each invoice line stands once in a statement, and adds up to its basis."""
    ran = race(
        EMPTYING,
        "programs.action_compute()",
        BEFORE.format(user="manager"),
        template=instance.template_demo,
    )
    assert "done" in ran.said, ran
    rows = instance.rows(
        ran.database,
        """
        SELECT s.id FROM distributor_rebate_statement s
          LEFT JOIN distributor_rebate_line l ON l.statement_id = s.id
         GROUP BY s.id
        HAVING s.basis <> sum(l.amount) OR s.line_count <> count(l.id)
            OR count(l.id) <> count(DISTINCT l.move_line_key)
        """,
    )
    assert rows == []
