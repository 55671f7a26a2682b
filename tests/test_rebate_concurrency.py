# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Two processes at the same work: each rebate is computed and paid once."""

from racing import outcomes, together

BEFORE = """
env = env(user=env.ref("distributor_crm.user_{user}"))
programs = env["distributor.rebate.program"].search([("state", "=", "running")])
statements = programs.statement_ids
# The demo holds a distributor: nothing of his is settled.
held = statements.partner_id._get_distributor_holds("rebate", env.company)
statements = statements.filtered(lambda statement: statement.partner_id not in held)
"""
REFUSALS = "UserError, SerializationFailure, UniqueViolation"
APPROVE = """
env = env(user=env.ref("distributor_crm.user_manager"))
env["distributor.rebate.statement"].search([("state", "in", ["draft", "submitted"])]).action_approve()
env.cr.commit()
"""


def test_posting_twice_at_once_pays_once(instance, clone, shell):
    """R23: whoever comes second is refused, and nothing is booked twice."""
    database = clone(instance.template_demo)
    setup = shell(database, APPROVE)
    assert setup.wait(timeout=300) == 0, setup.communicate()
    work = "statements.filtered('is_payable').action_settle()"
    script = together(BEFORE.format(user="finance"), work, refusals=REFUSALS)
    found = outcomes([shell(database, script) for _number in range(2)])
    assert found.count("done") == 1, found
    with instance.connect(database) as cursor:
        cursor.execute(
            """
            SELECT s.id, s.settled, count(m.id), sum(m.amount_untaxed)
              FROM distributor_rebate_statement s
              LEFT JOIN distributor_rebate_settlement p ON p.statement_id = s.id
              LEFT JOIN account_move m ON m.id = p.move_id AND m.state = 'posted'
             -- the held distributor's wait as they were
             WHERE s.state <> 'approved'
             GROUP BY s.id, s.settled
            """
        )
        rows = cursor.fetchall()
    assert len(rows) > 40
    for _id, settled, count, total in rows:
        assert (count, total or 0) == ((1, settled) if settled else (0, 0))


ACCRUING = """
company = env.company
account = env["account.account"].create(
    {"name": "Accrued twice at once", "code": "219990", "account_type": "liability_current"}
)
programs = env["distributor.rebate.program"].search([("state", "=", "running")])
programs.write({"accrual_basis": "reached", "accrual_account_id": account.id})
env.cr.commit()
"""


def test_accruing_twice_at_once_books_once(instance, clone, shell):
    """Whoever comes second is refused or sees what the first one booked."""
    database = clone(instance.template_demo)
    setup = shell(database, ACCRUING)
    assert setup.wait(timeout=300) == 0, setup.communicate()
    work = "env['distributor.rebate.accrual'].create({}).action_post()"
    script = together(BEFORE.format(user="finance"), work, refusals=REFUSALS)
    found = outcomes([shell(database, script) for _number in range(2)])
    assert "done" in found, found
    with instance.connect(database) as cursor:
        cursor.execute(
            """
            SELECT move.rebate_program_id, count(*) FROM account_move move
             WHERE move.state = 'posted' AND EXISTS (
                SELECT FROM account_move_line line
                  JOIN account_account account ON account.id = line.account_id
                 WHERE line.move_id = move.id
                   AND account.name->>'en_US' = 'Accrued twice at once')
             GROUP BY 1
            """
        )
        rows = cursor.fetchall()
    assert rows
    assert all(count == 1 for _program, count in rows), rows


def test_computing_twice_at_once_counts_once(instance, clone, shell):
    """Each invoice line stands once in a statement, and adds up to its basis."""
    database = clone(instance.template_demo)
    with instance.connect(database) as cursor:
        cursor.execute(
            """
            UPDATE distributor_rebate_statement SET basis = 0, line_count = 0
             WHERE approval_state = 'draft';
            DELETE FROM distributor_rebate_line l USING distributor_rebate_statement s
             WHERE s.id = l.statement_id AND s.approval_state = 'draft';
            """
        )
        cursor.connection.commit()
    script = together(
        BEFORE.format(user="manager"), "programs.action_compute()", refusals=REFUSALS
    )
    found = outcomes([shell(database, script) for _number in range(2)])
    assert sorted(found)[0] == "done", found
    with instance.connect(database) as cursor:
        cursor.execute(
            """
            SELECT s.id FROM distributor_rebate_statement s
              LEFT JOIN distributor_rebate_line l ON l.statement_id = s.id
             GROUP BY s.id
            HAVING s.basis <> sum(l.amount) OR s.line_count <> count(l.id)
                OR count(l.id) <> count(DISTINCT l.move_line_key)
            """
        )
        assert cursor.fetchall() == []
