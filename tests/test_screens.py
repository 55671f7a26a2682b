# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What stands in a person's menu opens for that person, lists and forms alike."""

import pytest

ROLES = (
    "sales",
    "account_manager",
    "manager",
    "finance",
    "channel_admin",
    "compliance",
    "fee_clerk",
    "fee_auditor",
)
# For each entry of the menu: its views, what the list shows, and the form of what stands
# first in it.
WALK = """
from lxml import etree
from odoo.tools.safe_eval import safe_eval, datetime, time

def fields_of(view):
    arch = etree.fromstring(view["arch"])
    return {{field.get("name") for field in arch.xpath("//field[not(ancestor::field)]")}}

def open_action(env, action):
    model = env[action.res_model].with_context(
        safe_eval(action.context or "{{}}", {{"uid": env.uid, "active_id": False}})
    )
    kinds = [(view or False, kind) for view, kind in action.views]
    views = model.get_views([*kinds, (action.search_view_id.id, "search")])["views"]
    names = {{"uid": env.uid, "context_today": datetime.date.today, "datetime": datetime,
              "time": time, "allowed_company_ids": env.companies.ids}}
    found = model.search(safe_eval(action.domain or "[]", names), limit=3)
    for kind in ("list", "form"):
        if kind in views and found:
            env.invalidate_all()
            found.read([*fields_of(views[kind])])
    return len(found)

user = env["res.users"].search([("login", "=", "{login}")])
own = env(user=user)
menus = own["ir.ui.menu"].load_menus(False)
roots = (
    "distributor_crm.distributor_menu_root",
    "distributor_crm_channel.distributor_channel_menu",
    "distributor_crm_expense.distributor_fee_menu",
)
entries, opened = [env.ref(root).id for root in roots], 0
seen = 0
while entries:
    menu = menus.get(entries.pop())
    if not menu:
        continue
    entries += menu["children"]
    if menu["action_model"] != "ir.actions.act_window":
        continue
    action = own["ir.actions.act_window"].browse(menu["action_id"]).sudo().with_env(own(su=True))
    seen += 1
    try:
        opened += bool(open_action(own, action))
    except Exception as error:
        env.cr.rollback()
        print("BROKEN", menu["name"], action.res_model, type(error).__name__, str(error)[:300].replace("\\n", " "))
print("SEEN", seen, opened)
"""


@pytest.fixture(scope="module")
def database(instance):
    name = f"{instance.prefix}_screens"
    instance.server.create(name, instance.template_demo)
    yield name
    instance.server.drop(name)


@pytest.mark.parametrize("login", ROLES)
def test_every_entry_of_the_menu_opens(shell, database, login):
    out, err = shell(database, WALK.format(login=login)).communicate(timeout=300)
    broken = [line for line in out.splitlines() if line.startswith("BROKEN")]
    assert not broken, "\n".join(broken)
    (said,) = [line for line in out.splitlines() if line.startswith("SEEN")] or [err]
    # The demo's story gives most of them something to show.
    seen, opened = map(int, said.split()[1:])
    assert seen >= 3 and opened >= 2, said
