# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import base64
import time
import uuid
from datetime import timedelta
from io import BytesIO

from freezegun import freeze_time
from PIL import Image

from odoo import Command, fields
from odoo.tests import TransactionCase, new_test_user

from odoo.addons.distributor_crm.tests.common import UsersCommon

PHONE = "+86 138 0013 8000"
NOON = fields.Datetime.from_string("2026-03-10 04:00:00")


def picture(number=1, taken=None):
    """Return a photo with edges, and the time at which it says it was taken."""
    image = Image.effect_noise((320, 240), 90 + number).convert("RGB")
    exif = Image.Exif()
    if taken:
        exif[0x9003] = exif[0x0132] = taken.strftime("%Y:%m:%d %H:%M:%S")
        exif[0x9011] = "+00:00"
    buffer = BytesIO()
    image.save(buffer, "JPEG", exif=exif)
    return base64.b64encode(buffer.getvalue()).decode()


class VisitCommon(UsersCommon, TransactionCase):
    """An agency with two agents, two receptionists in turn, a manager, the policies."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context={**cls.env.context, "tracking_disable": True})
        cls.company = cls.env.company
        cls.receptionist, cls.other, cls.assistant, cls.confirmer = cls._new_users(
            {
                "anna": "distributor_crm.group_sales_rep",
                "bert": "distributor_crm.group_sales_rep",
                "ina": "distributor_crm_channel.group_channel_assistant",
                "karl": "distributor_crm_channel.group_visit_confirmer",
            }
        )
        cls.manager, cls.chief, cls.admin, cls.care = cls._new_users(
            {
                "mona": "distributor_crm.group_sales_manager",
                "otto": "distributor_crm.group_sales_manager",
                "adam": "distributor_crm.group_channel_admin",
                "cora": "distributor_crm.group_account_manager",
            }
        )
        cls.agency, cls.rival = cls.env["res.partner"].create(
            [
                {"name": name, "is_company": True, "is_visit_agency": True}
                for name in ("Swift Agency", "Rival Agency")
            ]
        )
        cls.agent = cls._new_agent("lin", cls.agency)
        cls.colleague = cls._new_agent("wei", cls.agency)
        cls.stranger = cls._new_agent("rex", cls.rival)
        cls.boss = cls._new_portal_user("boss", cls.agency)
        cls.env["distributor.visit.queue"].create(
            [
                {"user_id": cls.receptionist.id, "position": 1},
                {"user_id": cls.other.id, "position": 2},
            ]
        )
        cls.policy = cls.env.ref("distributor_crm_channel.visit_policy_promoter")
        cls.external = cls.env.ref("distributor_crm_channel.visit_policy_external")

    @classmethod
    def _new_portal_user(cls, login, agency, **values):
        partner = cls.env["res.partner"].create(
            {
                "name": login,
                "parent_id": agency.id,
                "email": f"{login}@x.example",
                **values,
            }
        )
        return new_test_user(cls.env, login, "base.group_portal", partner_id=partner.id)

    @classmethod
    def _new_agent(cls, login, agency, **values):
        return cls._new_portal_user(
            login, agency, is_field_agent=True, visit_agency_id=agency.id, **values
        )

    def _plan(self, agent=None, **values):
        """A planned visit of a customer who is brought."""
        agent = (agent or self.agent).partner_id
        return self.env["distributor.visit"].create(
            {
                "kind": agent.agent_kind,
                "agent_id": agent.id,
                "customer_name": "张三",
                "customer_phone": PHONE,
                **values,
            }
        )

    def _bring(self, agent=None, **values):
        """A visit whose customer has arrived."""
        visit = self._plan(agent, **values)
        visit._arrive()
        return visit

    def _receive(self, visit, minutes=31, seconds=0):
        """Receive the customer of a visit for so long."""
        user = visit.user_id
        began = fields.Datetime.now()
        with freeze_time(began):
            visit.with_user(user).action_start_reception()
        with freeze_time(began + timedelta(minutes=minutes, seconds=seconds)):
            visit.with_user(user).action_end_reception()
        return visit

    def _answer(self, visit, *no):
        """Answer every question with yes, but those of these names."""
        for result in visit.result_ids.filtered(lambda one: one._is_asked()):
            mine = result.with_user(visit.user_id)
            if {result.criterion_id.name, result.item_id.name} & set(no):
                mine.action_no()
            else:
                mine.action_yes()
            mine.note = "He said so"

    def _judge(self, visit, *no, minutes=31, seconds=0):
        """Receive, answer and judge; return the verdict."""
        self._receive(visit, minutes, seconds)
        self._answer(visit, *no)
        visit.with_user(visit.user_id).action_judge()
        return visit.verdict

    def _result(self, visit, kind):
        return visit.result_ids.filtered(lambda one: one.kind == kind)

    def _criterion(self, kind, **values):
        """Add a criterion to the policy of promoters."""
        return self.env["distributor.visit.criterion"].create(
            {"policy_id": self.policy.id, "name": kind, "kind": kind, **values}
        )

    def _event(self, kind, visit=None, **values):
        """What a phone sends now."""
        now = time.time() * 1000
        return {
            "uuid": str(uuid.uuid4()),
            "kind": kind,
            "visit": visit.id if visit else None,
            "at": now,
            **values,
        }

    def _send(self, user, *events, now=None):
        return (
            self.env["distributor.visit"]
            .with_user(user)
            ._sync(list(events), now or time.time() * 1000)
        )

    def _members(self, *people):
        return [
            Command.create({"name": name, "phone": phone}) for name, phone in people
        ]
