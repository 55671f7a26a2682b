# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.tools import SQL


def uninstall_hook(env):
    """Let go of stores, agreements and shops: where the base addon goes too, it deletes
    them while our tables still stand, and these follow at once."""
    env.cr.execute(
        """
        WITH ours AS (
            SELECT replace(model.model, '.', '_') AS name
              FROM ir_model model
              JOIN ir_model_data data ON data.model = 'ir.model'
                                     AND data.res_id = model.id
             GROUP BY model.model
            HAVING array_agg(DISTINCT data.module::text)
                   = ARRAY['distributor_crm_channel']
        )
        SELECT child.relname, fk.conname
          FROM pg_constraint fk
          JOIN pg_class child ON child.oid = fk.conrelid
          JOIN pg_class parent ON parent.oid = fk.confrelid
          JOIN ours ON ours.name = child.relname
         WHERE fk.contype = 'f'
           AND parent.relname LIKE 'distributor%'
           AND parent.relname NOT IN (SELECT name FROM ours)
        """
    )
    for table, name in env.cr.fetchall():
        env.cr.execute(
            SQL(
                "ALTER TABLE %s DROP CONSTRAINT %s",
                SQL.identifier(table),
                SQL.identifier(name),
            )
        )
