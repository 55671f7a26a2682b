# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Two agents who bring the same customer at the same moment: the first wins (R076)."""

from racing import outcomes, together

PLANNING = """
from odoo import fields
for who in ("agent", "rival"):
    agent = env.ref(f"distributor_crm_channel.partner_visit_{who}")
    env["distributor.visit"].search([("agent_id", "=", agent.id)]).write(
        {"agent_left_at": fields.Datetime.now()}
    )
    env["distributor.visit"].create(
        {
            "kind": "promoter",
            "agent_id": agent.id,
            "customer_name": "Race",
            "customer_phone": "+86 199 9999 9999",
        }
    )
env.cr.commit()
"""
VIEW = 'env.cr.execute("SELECT count(*) FROM distributor_visit")'
ARRIVE = """env.cr.execute(
        "SELECT id FROM distributor_visit WHERE phone_key = '19999999999'"
        " AND state = 'planned' LIMIT 1 FOR UPDATE SKIP LOCKED"
    )
    env["distributor.visit"].browse(env.cr.fetchone()[0])._arrive()"""
RETRYING = f"""
if True:
    {ARRIVE}
env.cr.commit()
"""
SENDING = """
import time
from odoo import fields
events = [
    {
        "uuid": "0b8f4f0e-6c1c-4f0b-9a53-6d2f5b7d8c11",
        "kind": "plan",
        "at": time.time() * 1000,
        "data": {"name": "Twice", "phone": "19999999998"},
    }
]
visits = env["distributor.visit"].with_user(
    env.ref("distributor_crm_channel.user_field_agent")
)
"""
SEND = """visits._sync(events, time.time() * 1000)"""


def rows(instance, database, query):
    with instance.connect(database) as cursor:
        cursor.execute(query)
        return cursor.fetchall()


def test_same_customer_at_the_same_moment(instance, clone, shell):
    """One of two is started anew, and then sees who was first."""
    database = clone(instance.template_demo)
    setup = shell(database, PLANNING)
    assert setup.wait(timeout=300) == 0, setup.communicate()
    script = together("", ARRIVE, VIEW)
    found = outcomes([shell(database, script) for _number in range(2)])
    assert found.count("done") == 1, found
    again = shell(database, RETRYING)
    assert again.wait(timeout=300) == 0, again.communicate()
    query = """
        SELECT verdict FROM distributor_visit
         WHERE phone_key = '19999999999' ORDER BY known_at, id"""
    verdicts = sorted(verdict for (verdict,) in rows(instance, database, query))
    assert verdicts == ["disputed", "pending"]


def test_sent_twice_at_the_same_moment(instance, clone, shell):
    """A phone that sends twice, unsure of the network, makes one visit."""
    database = clone(instance.template_demo)
    script = together(SENDING, SEND, VIEW)
    found = outcomes([shell(database, script) for _number in range(2)])
    assert found.count("done") == 1, found
    query = "SELECT count(*) FROM distributor_visit WHERE phone_key = '19999999998'"
    assert rows(instance, database, query) == [(1,)]
