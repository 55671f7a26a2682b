# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Two agents who bring the same customer at the same moment: the first wins (R076)."""

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
"""
ARRIVE = """
env.cr.execute(
    "SELECT id FROM distributor_visit WHERE phone_key = '19999999999'"
    " AND state = 'planned' LIMIT 1 FOR UPDATE SKIP LOCKED"
)
env["distributor.visit"].browse(env.cr.fetchone()[0])._arrive()
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


def test_same_customer_at_the_same_moment(instance, race, shell):
    """One of two is started anew, and then sees who was first."""
    ran = race(
        PLANNING, ARRIVE, view="distributor_visit", template=instance.template_demo
    )
    assert ran.ends == ["done", "refused"], ran
    again = shell(ran.database, ARRIVE + "env.cr.commit()\n")
    assert again.wait(timeout=300) == 0, again.communicate()
    query = """
        SELECT verdict FROM distributor_visit
         WHERE phone_key = '19999999999' ORDER BY known_at, id"""
    verdicts = sorted(verdict for (verdict,) in instance.rows(ran.database, query))
    assert verdicts == ["disputed", "pending"]


def test_sent_twice_at_the_same_moment(instance, race):
    """A phone that sends twice, unsure of the network, makes one visit."""
    ran = race("", SEND, SENDING, "distributor_visit", instance.template_demo)
    assert ran.ends == ["done", "refused"], ran
    query = "SELECT count(*) FROM distributor_visit WHERE phone_key = '19999999998'"
    assert instance.value(ran.database, query) == 1
