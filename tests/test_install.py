# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The addons install one by one, each in its order, and leave no residue when they go."""

import pytest

ADDONS = ("distributor_crm", "distributor_crm_expense", "distributor_crm_channel")

# What an installation may write to, as (name, query); each row is one thing that is there.
FACTS = {
    "tables and columns": """
        SELECT table_name, column_name, data_type, is_nullable
          FROM information_schema.columns WHERE table_schema = 'public'""",
    "constraints": """
        SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid)
          FROM pg_constraint WHERE connamespace = 'public'::regnamespace""",
    "indexes": "SELECT tablename, indexdef FROM pg_indexes WHERE schemaname = 'public'",
    "functions": """
        SELECT proname, pg_get_function_identity_arguments(oid)
          FROM pg_proc WHERE pronamespace = 'public'::regnamespace""",
    "sequences": "SELECT sequencename FROM pg_sequences WHERE schemaname = 'public'",
    "installed modules": "SELECT name FROM ir_module_module WHERE state = 'installed'",
    "models": "SELECT model FROM ir_model",
    "fields": "SELECT model, name, ttype FROM ir_model_fields",
    "selections": """
        SELECT f.model, f.name, s.value FROM ir_model_fields_selection s
          JOIN ir_model_fields f ON f.id = s.field_id""",
    "XML ids": "SELECT module, name FROM ir_model_data",
    "parameters": "SELECT key FROM ir_config_parameter",
    "groups": "SELECT id FROM res_groups",
    "implied groups": "SELECT gid, hid FROM res_groups_implied_rel",
    "members of groups": "SELECT gid, uid FROM res_groups_users_rel",
    "privileges": "SELECT id FROM res_groups_privilege",
    "access rights": "SELECT id, perm_read, perm_write, perm_create, perm_unlink, active FROM ir_model_access",
    "record rules": "SELECT id, domain_force, active FROM ir_rule",
    "views": "SELECT id, active, inherit_id FROM ir_ui_view",
    "menus": "SELECT id, parent_id, active FROM ir_ui_menu",
    "actions": "SELECT id, type FROM ir_actions",
    "crons": "SELECT id, active FROM ir_cron",
    "mail templates": "SELECT id FROM mail_template",
    "message kinds": "SELECT id FROM mail_message_subtype",
    "activity kinds": "SELECT id FROM mail_activity_type",
    "number sequences": "SELECT id, code FROM ir_sequence",
    "approval chains": "SELECT id, model FROM tier_definition",
    "categories": "SELECT id FROM ir_module_category",
    "property defaults": "SELECT id, field_id FROM ir_default",
    "assets": "SELECT id, path FROM ir_asset",
    "levels": "SELECT id FROM res_partner_grade",
    "report papers": "SELECT id FROM report_paperformat",
}


@pytest.fixture
def facts(instance):
    """Return a function that reads all facts of a database, each as a set of rows."""

    def _facts(database):
        with instance.connect(database) as cursor:
            found = {}
            for name, query in FACTS.items():
                cursor.execute(query)
                found[name] = set(cursor.fetchall())
            return found

    return _facts


def difference(before, after):
    """Say what came and what went, by kind."""
    return {
        name: {
            "left behind": sorted(map(str, after[name] - before[name])),
            "lost": sorted(map(str, before[name] - after[name])),
        }
        for name in before
        if before[name] != after[name]
    }


def states(instance, database):
    with instance.connect(database) as cursor:
        cursor.execute(
            "SELECT name, state FROM ir_module_module WHERE name IN %s", [ADDONS]
        )
        return dict(cursor.fetchall())


def test_install_one_by_one_and_uninstall_without_residue(instance, clone, facts):
    database = clone(instance.base)
    before = facts(database)
    for number, addon in enumerate(ADDONS):
        instance.offline(database, "-i", addon)
        installed = states(instance, database)
        assert [installed[name] for name in ADDONS[: number + 1]] == ["installed"] * (
            number + 1
        )
    assert difference(before, facts(database)), "installing left no trace to compare"

    for addon in reversed(ADDONS):
        instance.odoo("module", "uninstall", "-d", database, addon)
        assert states(instance, database)[addon] == "uninstalled"
    assert difference(before, facts(database)) == {}


def test_uninstall_of_the_base_takes_the_branches_along(instance, clone, facts):
    """With demo data too: what the addons wrote goes with them, in one act."""
    database = clone(instance.template_demo)
    # Odoo tries to delete demo products that posted invoices keep, and logs that it cannot.
    instance.odoo("module", "uninstall", "-d", database, ADDONS[0], may_warn=True)
    assert set(states(instance, database).values()) == {"uninstalled"}
    with instance.connect(database) as cursor:
        cursor.execute(
            "SELECT model FROM ir_model WHERE model LIKE 'distributor.%'"
            " UNION SELECT key FROM ir_config_parameter WHERE key LIKE 'distributor%'"
            " UNION SELECT module || '.' || name FROM ir_model_data"
            " WHERE module LIKE 'distributor_crm%'"
            # Posted invoices keep the customers and products they name, as they should.
            " AND model NOT IN ('res.partner', 'product.template', 'product.product')"
            " UNION SELECT tablename FROM pg_tables WHERE tablename LIKE 'distributor_%'"
        )
        assert cursor.fetchall() == []


def test_demo_database_installs_and_updates(instance, clone):
    """The prepared database with demo data has all three, and nothing failed in it; an
    update goes through with all that is there."""
    database = clone(instance.template_demo)
    instance.offline(database, "-u", ADDONS[0])
    assert set(states(instance, database).values()) == {"installed"}
    with instance.connect(database) as cursor:
        cursor.execute(
            "SELECT name FROM ir_module_module WHERE name IN %s AND NOT demo", [ADDONS]
        )
        assert cursor.fetchall() == []
        cursor.execute("SELECT count(*) FROM ir_demo_failure")
        assert cursor.fetchone() == (0,)
