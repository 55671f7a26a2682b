# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import datetime, timedelta

from odoo import Command, api, fields, models

# agent, customer, phone, others, days ago, minutes, what does not hold, until where
BROUGHT = (
    ("agent", "Zhou Kai", "138 0013 8001", ("Zhou Lin",), 26, 52, "", "signed"),
    ("agent", "陈晓东", "+86 138 0013 8002", (), 20, 44, "", "signed"),
    ("agent", "Gu Yan", "138-0013-8003", (), 15, 21, "", "judged"),
    ("external", "Pan Shu", "138 0013 8004", (), 12, 38, "", "signed"),
    ("agent", "Lei Gang", "138 0013 8005", (), 9, 35, "Price", "appealed"),
    ("external", "Zhou Kai", "0086 138 0013 8001", (), 7, 40, "", "judged"),
    ("external", "Xiang Na", "138 0013 8006", ("Xiang Tao",), 5, 47, "", "registered"),
    ("agent", "Bai Lu", "138 0013 8007", (), 2, 36, "", "judged"),
    ("agent", "Tian Qi", "138 0013 8008", (), 0, 0, "", "arrived"),
    ("rival", "Tian Qi", "13800138008", (), 0, 0, "", "arrived"),
    ("external", "Yu Fei", "138 0013 8009", (), -1, 0, "", "planned"),
)
# distributor, every so many days, visited so many days ago, what was counted
CARE = (
    ("chengdu", 14, 6, ("banquet_500", "gift_twin")),
    ("guangzhou", 21, 35, ("banquet_1000",)),
    ("hangzhou", 30, 12, ()),
    ("wuhan", 30, None, ()),
    ("nanjing", 30, 55, ()),
)


class DistributorDemo(models.AbstractModel):
    """The demo's visits: customers that agencies bring, and distributors visited."""

    _inherit = "distributor.demo"

    @api.model
    def _tell_visits(self):
        """Bring customers to the showroom, and visit distributors."""
        for line in BROUGHT:
            self._bring_customer(*line)
        for line in CARE:
            self._visit_distributor(*line)
        self._sell_to_brought()

    def _at(self, days, hour=2):
        """Return an hour of a day ago, in UTC."""
        day = fields.Date.context_today(self) - timedelta(days=days)
        return datetime.combine(day, datetime.min.time()) + timedelta(hours=hour)

    def _bring_customer(self, who, name, phone, others, days, minutes, no, until):
        agent = self.env.ref(f"distributor_crm_channel.partner_visit_{who}")
        visit = self.env["distributor.visit"].create(
            {
                "kind": agent.agent_kind,
                "agent_id": agent.id,
                "customer_name": name,
                "customer_phone": phone,
                "member_ids": [
                    Command.create({"name": other, "relation": "spouse"})
                    for other in others
                ],
                "planned_at": self._at(days),
            }
        )
        if until == "planned":
            visit.preregistered_at = fields.Datetime.now()
            return
        visit._arrive()
        if until == "arrived":
            return
        at = self._at(days)
        visit.write({"arrived_at": at, "known_at": at})
        mine = visit.with_user(visit.user_id)
        mine.action_start_reception()
        visit.reception_at = at + timedelta(minutes=3)
        visit._note_leaving(visit.reception_at + timedelta(minutes=minutes))
        visit.agent_left_at = visit.left_at
        for result in visit.result_ids.filtered(lambda one: one._is_asked()):
            answer = result.with_user(visit.user_id)
            if no and no in (result.item_id.name, result.criterion_id.name):
                answer.action_no()
                result.note = "Wants to pay a third less"
            else:
                answer.action_yes()
                result.note = "Moves in spring" if not result.item_id else False
        mine.action_judge()
        visit.verdict_at = visit.left_at + timedelta(minutes=5)
        if until == "appealed":
            visit.verdict_at = fields.Datetime.now() - timedelta(days=3)
            visit.with_user(
                self.env.ref("distributor_crm_channel.user_visit_agency")
            ).sudo()._appeal(
                "He asked for a discount as everybody does, and came back the next day."
            )
        if until in ("registered", "signed"):
            self._register_customer(visit, until)

    def _register_customer(self, visit, until):
        form = visit.form_ids
        form.write({"intention": "quarter", "wanted": "Banquet set for twelve tables"})
        form._submit()
        # What is under signature is closed; the story sets its days all the same.
        story = form.with_context(skip_validation_check=True)
        story.sign_deadline = fields.Datetime.now() + timedelta(hours=9)
        if until == "registered":
            return
        form.with_user(visit.user_id)._sign()
        if form.state != "signed":
            form.with_user(self._ref("user_channel_admin"))._sign()
        story.signed_at = visit.left_at + timedelta(hours=1)
        story.signed_late = False

    def _visit_distributor(self, name, every, days, counted):
        partner = self._ref(f"partner_{name}")
        partner.visit_interval_days = every
        manager = partner.account_manager_id or self._ref("user_account_manager")
        visits = self.env["distributor.visit"]
        values = {"customer_id": partner.id, "user_id": manager.id}
        if days is not None:
            visit = visits.create(
                {
                    **values,
                    "kind": "check" if counted else "care",
                    "planned_at": self._at(days),
                    "count_ids": [
                        Command.create(
                            {
                                "product_id": self._ref(f"product_{product}").id,
                                "quantity": 18 + number * 7,
                                "facings": 4,
                            }
                        )
                        for number, product in enumerate(counted)
                    ],
                }
            )
            visit._arrive()
            at = self._at(days)
            visit.write({"arrived_at": at, "known_at": at, "geo_state": "in"})
            visit.result_ids.write({"outcome": "passed", "source": "manager"})
            visit._note_leaving(at + timedelta(minutes=47))
            visit.result_ids.write(
                {
                    "judged_by_id": self._ref("user_manager").id,
                    "judged_at": at + timedelta(hours=2),
                    "note": "Seen by the manager",
                }
            )
            visit._judge()
        visits.create(
            {
                **values,
                "kind": "care",
                "planned_at": self._at(-2 - len(name) % 4, 3),
                "purpose": "Talk about the season",
            }
        )

    def _sell_to_brought(self):
        """Let one of the brought customers buy."""
        visit = self.env["distributor.visit"].search(
            [("customer_name", "=", "陈晓东"), ("verdict", "=", "valid")], limit=1
        )
        order = self.env["sale.order"].create(
            {
                "partner_id": visit.customer_id.id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": self._ref("product_banquet_500").id,
                            "product_uom_qty": 12,
                        }
                    )
                ],
            }
        )
        order.action_confirm()
