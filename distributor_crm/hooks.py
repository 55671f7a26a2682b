# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.tools import SQL


def uninstall_hook(env):
    """Take along what no foreign key and no module name ties to our models."""
    _forget_approvals(env)
    _reopen_reviews(env)
    _forget_applications(env)
    # What was earned and asked for hangs on stores, so it goes before them.
    delete_rows(env, "withdrawal", "earning", "earning_policy")
    _forget_service(env)
    _forget_growth(env)
    _forget_stores(env)
    # Whoever entered or decided on these is kept by them; our users go first.
    delete_rows(env, "rebate_claim", "rebate_adjustment")
    let_go(env, "distributor_crm")
    # Odoo names what our models inherit on behalf of the addon that holds the mixin,
    # and forgets these names when the models go.
    env.cr.execute(
        """
        DELETE FROM ir_model_data
         WHERE module !~ '^distributor_crm'
           AND name ~ '^(selection|model_inherit|field|constraint)__distributor_'
        """
    )


def let_go(env, addon):
    """Let go of what the rows of an addon's own tables hold on to.

    People, products, tiers and what else goes with the addon is deleted while its tables
    still stand: those must neither refuse it, nor that their columns are emptied.

    :param addon: the name of an addon that is being uninstalled
    """
    env.cr.execute(
        """
        WITH ours AS (
            SELECT to_regclass(replace(model.model, '.', '_'))::oid AS id
              FROM ir_model model
              JOIN ir_model_data data ON data.model = 'ir.model'
                                     AND data.res_id = model.id
             GROUP BY model.model
            HAVING array_agg(DISTINCT data.module::text) = ARRAY[%s]
        )
        SELECT held.conrelid::regclass::text, held.conname
          FROM pg_constraint held
          JOIN ours ON ours.id = held.conrelid
         WHERE held.contype = 'c'
            OR (held.contype = 'f' AND held.confdeltype IN ('a', 'r')
                AND held.confrelid NOT IN (SELECT id FROM ours WHERE id IS NOT NULL))
        """,
        [addon],
    )
    for table, name in env.cr.fetchall():
        env.cr.execute(
            SQL(
                "ALTER TABLE %s DROP CONSTRAINT %s",
                SQL.identifier(table),
                SQL.identifier(name),
            )
        )


def delete_rows(env, *tables):
    """Delete all rows of tables of ours, in this order."""
    for table in tables:
        env.cr.execute(SQL("DELETE FROM %s", SQL.identifier(f"distributor_{table}")))


def _forget_growth(env):
    """Delete what judges distributors and hands them over, which holds on to people."""
    delete_rows(env, "exit", "improvement", "evaluation", "evaluation_template")
    delete_rows(env, "churn", "target", "region_profile", "adoption", "handover")
    delete_rows(env, "relation", "competitor_observation", "minutes")
    delete_rows(env, "survey_invitation", "survey_rule")


def _forget_service(env):
    """Delete what holds on to users, calendars and templates that go with us."""
    env.cr.execute("UPDATE sale_order SET gift_id = NULL WHERE gift_id IS NOT NULL")
    delete_rows(env, "promotion", "invoice_request")
    delete_rows(env, "gift", "idea")  # gifts reward ideas, so they go first
    delete_rows(env, "kit_download", "kit_file", "case_policy", "notice_policy")


def _forget_approvals(env):
    """Delete what approvals hold on to: our models, and users and groups of ours."""
    everything = {"active_test": False}
    of_ours = [("model", "=like", "distributor.%")]
    env["distributor.signature"].search([]).unlink()
    # Without us OCA would take earlier rounds for the current one.
    env["tier.review"].with_context(**everything).search(
        ["|", ("active", "=", False), *of_ours]
    ).unlink()
    steps = env["tier.definition"].with_context(**everything)
    steps.search(of_ours).unlink()
    steps.search([("escalation_group_id", "!=", False)]).write(
        {"escalation_days": 0, "escalation_group_id": False}
    )


def _forget_stores(env):
    """Delete stores and agreements, which hold on to partners, orders and activities."""
    types = env["ir.model.data"].search(
        [("module", "=", "distributor_crm"), ("model", "=", "mail.activity.type")]
    )
    everything = {"active_test": False}
    env["mail.activity"].with_context(**everything).search(
        [("activity_type_id", "in", types.mapped("res_id"))]
    ).unlink()
    env.flush_all()
    env.cr.execute(
        """
        DROP FUNCTION IF EXISTS distributor_agreement_keep_signed() CASCADE;
        UPDATE sale_order SET store_id = NULL WHERE store_id IS NOT NULL;
        UPDATE distributor_store SET agreement_id = NULL, parent_id = NULL;
        UPDATE distributor_agreement
           SET parent_store_id = NULL, previous_id = NULL, amends_id = NULL,
               state = 'cancelled';
        DELETE FROM distributor_agreement;
        DELETE FROM distributor_store;
        DELETE FROM distributor_declared_shop;
        """
    )
    env.invalidate_all(flush=False)
    env["ir.attachment"].search(
        [
            ("res_model", "in", ["distributor.agreement", "distributor.store"]),
            ("res_field", "in", [False, "signature"]),
        ]
    ).unlink()


def _forget_applications(env):
    """Delete applications and campaigns, which hold on to users, partners and stores."""
    env.flush_all()
    delete_rows(env, "application", "campaign")
    env.invalidate_all(flush=False)


def _reopen_reviews(env):
    """Give back the rights that OCA's tier validation needs when it works alone."""
    env.ref("base_tier_validation.access_tier_review").write(
        {"perm_write": True, "perm_create": True, "perm_unlink": True}
    )
    for model in ("review", "definition"):
        for group in ("public", "portal"):
            name = f"base_tier_validation.access_tier_{model}_group_{group}"
            env.ref(name).active = True
