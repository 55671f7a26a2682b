# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Statements of 19.0.1 held one figure; what is due and settled follows from it."""


def migrate(cr, version):
    cr.execute(
        """
        UPDATE distributor_rebate_program SET basis = 'amount' WHERE basis = 'invoiced';

        ALTER TABLE distributor_rebate_statement
          ADD COLUMN number int NOT NULL DEFAULT 0,
          ADD COLUMN window_from date, ADD COLUMN version_id int,
          ADD COLUMN window_basis numeric, ADD COLUMN measure numeric,
          ADD COLUMN released numeric, ADD COLUMN due numeric,
          ADD COLUMN settled numeric, ADD COLUMN recomputed numeric,
          ADD COLUMN partner_state varchar;
        UPDATE distributor_rebate_statement
           SET window_from = date_from, version_id = program_id, window_basis = basis,
               measure = basis, released = earned, due = earned, settled = earned,
               partner_state = 'open',
               recomputed = CASE WHEN approval_state <> 'draft' THEN earned END;

        ALTER TABLE distributor_rebate_line ADD COLUMN move_line_key int;
        -- What was deleted since has no number any more; it gets one of its own.
        UPDATE distributor_rebate_line
           SET move_line_key = COALESCE(move_line_id, -1000000000 - id);

        -- Odoo drops the column when it finds the field gone.
        CREATE TABLE distributor_rebate_migrated AS
        SELECT m.id AS move_id, m.rebate_statement_id AS statement_id, s.earned AS amount
          FROM account_move m
          JOIN distributor_rebate_statement s ON s.id = m.rebate_statement_id
        """
    )
