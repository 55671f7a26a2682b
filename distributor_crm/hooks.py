# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.tools import SQL


def uninstall_hook(env):
    """Take along what no foreign key and no module name ties to our models."""
    let_go(env)
    _forget_approvals(env)
    _reopen_reviews(env)
    _forget_agreements(env)
    # Odoo names what our models inherit on behalf of the addon that holds the mixin,
    # and forgets these names when the models go.
    env.cr.execute(
        """
        DELETE FROM ir_model_data
         WHERE module !~ '^distributor_crm'
           AND name ~ '^(selection|model_inherit|field|constraint)__distributor_'
        """
    )


# A table goes with the last of the addons that its model is of.
GOING = """
    SELECT class.oid
      FROM ir_model model
      JOIN ir_model_data data ON data.model = 'ir.model' AND data.res_id = model.id
      JOIN ir_module_module module ON module.name = data.module
      JOIN pg_class class ON class.oid = to_regclass(replace(model.model, '.', '_'))
                         AND class.relkind = 'r'
     GROUP BY class.oid
    HAVING bool_and(module.state = 'to remove')
"""


def let_go(env):
    """Empty the tables that go, whatever holds on to them and they hold on to.

    People, products, tiers and what else goes with an addon is deleted, in whatever order,
    while these tables still stand: their rows must not refuse that.
    """
    env.flush_all()
    env.cr.execute(
        f"""
        WITH going (id) AS ({GOING})
        SELECT held.conrelid::regclass::text, held.conname, field.attname
          FROM pg_constraint held
          LEFT JOIN pg_attribute field
            ON field.attrelid = held.conrelid AND field.attnum = held.conkey[1]
           AND NOT field.attnotnull AND held.conrelid NOT IN (SELECT id FROM going)
         WHERE held.contype = 'f'
           AND (held.conrelid IN (SELECT id FROM going)
                OR held.confrelid IN (SELECT id FROM going))
        """
    )
    for table, name, column in env.cr.fetchall():
        table = SQL.identifier(table)
        env.cr.execute(
            SQL("ALTER TABLE %s DROP CONSTRAINT %s", table, SQL.identifier(name))
        )
        if column:
            column = SQL.identifier(column)
            env.cr.execute(
                SQL(
                    "UPDATE %s SET %s = NULL WHERE %s IS NOT NULL",
                    table,
                    column,
                    column,
                )
            )
    env.cr.execute(f"SELECT id::regclass::text FROM ({GOING}) going (id)")
    tables = [SQL.identifier(table) for (table,) in env.cr.fetchall()]
    if tables:
        env.cr.execute(SQL("TRUNCATE %s", SQL(", ").join(tables)))
    env.invalidate_all(flush=False)


def _forget_approvals(env):
    """Delete reviews and steps of approvals of our documents, and what names our groups."""
    everything = {"active_test": False}
    of_ours = [("model", "=like", "distributor.%")]
    # Without us OCA would take earlier rounds for the current one.
    env["tier.review"].with_context(**everything).search(
        ["|", ("active", "=", False), *of_ours]
    ).unlink()
    steps = env["tier.definition"].with_context(**everything)
    steps.search(of_ours).unlink()
    steps.search([("escalation_group_id", "!=", False)]).write(
        {"escalation_days": 0, "escalation_group_id": False}
    )


def _forget_agreements(env):
    """Delete the activities of our types, and what kept signed agreements and files."""
    types = env["ir.model.data"].search(
        [("module", "=", "distributor_crm"), ("model", "=", "mail.activity.type")]
    )
    everything = {"active_test": False}
    env["mail.activity"].with_context(**everything).search(
        [("activity_type_id", "in", types.mapped("res_id"))]
    ).unlink()
    env.cr.execute(
        "DROP FUNCTION IF EXISTS distributor_agreement_keep_signed() CASCADE"
    )
    env["ir.attachment"].search(
        [
            ("res_model", "in", ["distributor.agreement", "distributor.store"]),
            ("res_field", "in", [False, "signature"]),
        ]
    ).unlink()


def _reopen_reviews(env):
    """Give back the rights that OCA's tier validation needs when it works alone."""
    env.ref("base_tier_validation.access_tier_review").write(
        {"perm_write": True, "perm_create": True, "perm_unlink": True}
    )
    for model in ("review", "definition"):
        for group in ("public", "portal"):
            name = f"base_tier_validation.access_tier_{model}_group_{group}"
            env.ref(name).active = True
