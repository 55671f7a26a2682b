# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import Command, api, fields, models

# name, address, latitude, longitude
POSTS = (
    ("East gate, building market", "88 Jinniu Road, east gate", 30.6921, 104.0543),
    ("Metro exit B, Chunxi Road", "Exit B, Chunxi Road", 30.6571, 104.0794),
    ("Showroom entrance", "12 Tianfu Avenue", 30.5728, 104.0668),
)
# who, customer, day of last month, what he bought
LAST_MONTH = (
    ("agent", "Fang Yu", 4, 12800),
    ("agent", "He Jing", 9, 0),
    ("agent", "沈国强", 15, 6400),
    ("external", "Tang Wei", 11, 9600),
    ("external", "Meng Fei", 20, 0),
    ("rival", "Cao Lin", 6, 15200),
    ("rival", "Ye Qing", 18, 4300),
)
WEEKS = 2


class DistributorDemo(models.AbstractModel):
    """The demo's agencies at work: posts, shifts, an empty post, a settlement, a meeting."""

    _inherit = "distributor.demo"

    @api.model
    def _tell_visit_work(self):
        """Man posts, check one of them, settle last month, and meet the agencies."""
        self._set_visit_terms()
        posts = self._man_posts()
        self._check_posts(posts)
        self._man_resident()
        self._settle_last_month()
        self._meet_agencies()

    def _get_visit_agents(self):
        names = ("agent", "external", "rival")
        return {
            name: self.env.ref(f"distributor_crm_channel.partner_visit_{name}")
            for name in names
        }

    def _set_visit_terms(self):
        """Rates with a commission for the first agency, a target for everybody."""
        start = fields.Date.context_today(self).replace(day=1) - relativedelta(months=2)
        agents = self._get_visit_agents()
        agency = agents["agent"].visit_agency_id
        self.env["distributor.visit.rate"].create(
            {
                "name": "Tianfu, spring terms",
                "kind": "promoter",
                "agency_id": agency.id,
                "date_from": start,
                "amount": 120,
                "commission_rate": 1,
                "commission_max": 300,
                "day_wage": 180,
            }
        )
        duty = self.env.ref("distributor_crm_channel.visit_duty_default")
        duty.write(
            {"clause": "§ 6 of the supplementary agreement", "shortfall_amount": 100}
        )
        for agent in agents.values():
            agent.write(
                {
                    "visit_joined_on": start,
                    "visit_trained_on": start + timedelta(days=3),
                    "visit_certificate_number": f"TR-{agent.id:04}",
                    "visit_certificate_until": start + relativedelta(years=1),
                }
            )
        self.env["distributor.visit.target"].create({"date_from": start})

    def _man_posts(self):
        """Plan shifts of the last and the coming days."""
        posts = self.env["distributor.visit.post"].create(
            [
                {
                    "name": name,
                    "place": place,
                    "latitude": latitude,
                    "longitude": longitude,
                    "date_from": fields.Date.context_today(self) - timedelta(days=90),
                    "kind": "showroom" if "Showroom" in name else "interception",
                }
                for name, place, latitude, longitude in POSTS
            ]
        )
        today = fields.Date.context_today(self)
        self.env["distributor.visit.roster"].create(
            [
                {
                    "post_id": post.id,
                    "agent_id": agent.id,
                    "date": today + timedelta(day),
                }
                for post, agent in zip(
                    posts, self._get_visit_agents().values(), strict=True
                )
                for day in range(-7 * WEEKS, 7 * WEEKS)
            ]
        )
        return posts

    def _check_posts(self, posts):
        """One post was empty yesterday, another absence was announced in time."""
        inspector = self._ref("user_account_manager")
        yesterday = fields.Date.context_today(self) - timedelta(days=1)
        spot = self.env["distributor.visit.spot"].create(
            {"date": yesterday, "inspector_id": inspector.id, "wanted": 3}
        )
        shifts = self.env["distributor.visit.roster"].search(
            [("date", "=", yesterday)], order="id"
        )
        self._draw_past(spot, shifts)
        for line in spot.line_ids:
            at = line.start_at + timedelta(hours=2)
            result = "absent" if line.post_id == posts[0] else "present"
            duty = self.env["distributor.visit.duty"]._get_duty(
                line.company_id, line.agency_id, line.date
            )
            line.write(
                {
                    "result": result,
                    "checked_at": at,
                    "checked_by_id": inspector.id,
                    "duty_id": duty.id,
                }
            )
            line._report_empty()
        spot.state = "done"
        agents = self._get_visit_agents()
        tomorrow = self.env["distributor.visit.roster"].search(
            [
                ("agent_id", "=", agents["external"].id),
                ("date", "=", yesterday + timedelta(days=2)),
            ],
            limit=1,
        )
        self.env["distributor.visit.absence"].create(
            {
                "agent_id": agents["external"].id,
                "date_from": tomorrow.start_at,
                "date_to": tomorrow.end_at,
                "reason": "Exam for the driving licence",
            }
        )

    def _man_resident(self):
        """One of us stands in a distributor's shop, and was found there last week."""
        today = fields.Date.context_today(self)
        monday = today - timedelta(days=today.weekday() + 7)
        post = self.env["distributor.visit.post"].create(
            {
                "name": "Jinjiang flagship shop",
                "kind": "resident",
                "distributor_id": self._ref("partner_chengdu").id,
                "place": "Jinli Street 12, ground floor",
                "latitude": 30.6466,
                "longitude": 104.0486,
                "date_from": monday - timedelta(days=60),
            }
        )
        resident = self._ref("user_sales").partner_id
        shifts = self.env["distributor.visit.roster"].create(
            [
                {
                    "post_id": post.id,
                    "agent_id": resident.id,
                    "date": monday + timedelta(days=day),
                }
                for day in (0, 1, 2, 3, 4, 7, 8, 9, 10, 11)
            ]
        )
        inspector = self._ref("user_account_manager")
        for shift in shifts[1:4:2]:
            spot = self.env["distributor.visit.spot"].create(
                {"date": shift.date, "inspector_id": inspector.id, "wanted": 1}
            )
            self._draw_past(spot, shift)
            spot.line_ids.write(
                {
                    "result": "present",
                    "checked_at": shift.start_at + timedelta(hours=3),
                    "checked_by_id": inspector.id,
                }
            )
            spot.state = "done"

    def _draw_past(self, spot, shifts):
        """Draw as the button does, on a day that is over."""
        spot.write(spot._prepare_draw(shifts))
        spot.line_ids = spot._prepare_drawn_lines()

    def _settle_last_month(self):
        """Sign what was brought last month, and settle it with both agencies."""
        company, agents = self.env.company, self._get_visit_agents()
        today = fields.Date.context_today(self)
        month = today.replace(day=1) - relativedelta(months=1)
        signer = self._ref("user_sales")
        for who, name, day, sold in LAST_MONTH:
            moment = company._get_visit_moment(month.replace(day=day), 10)
            visit = self.env["distributor.visit"].create(
                {
                    "kind": agents[who].agent_kind,
                    "agent_id": agents[who].id,
                    "customer_name": name,
                }
            )
            form = self.env["ir.attachment"].create(
                {
                    "name": f"{name}.html",
                    "raw": f"<h3>{name}</h3><p>{visit.name}</p>".encode(),
                    "mimetype": "text/html",
                    "res_model": visit._name,
                    "res_id": visit.id,
                }
            )
            bought = {"deal_at": moment, "deal_amount": sold} if sold else {}
            visit.write(
                {
                    "state": "signed",
                    "verdict": "valid",
                    "user_id": signer.id,
                    "arrived_at": moment,
                    "reception_at": moment,
                    "left_at": moment + timedelta(minutes=42),
                    "verdict_at": moment + timedelta(minutes=45),
                    "form_attachment_id": form.id,
                    **bought,
                }
            )
        drafts = self.env["distributor.visit.settlement"]._compute_month(company, month)
        own = drafts.filtered(
            lambda one: one.agency_id == agents["agent"].visit_agency_id
        )
        own.with_user(self._ref("user_manager")).action_submit()

    def _meet_agencies(self):
        """Monday and Friday at 14:00; one agency has handed in its plan."""
        series = self.env["distributor.visit.meeting.series"].create(
            {
                "name": "Agencies report",
                "user_id": self._ref("user_manager").id,
                "location": "Showroom, second floor",
            }
        )
        series.action_schedule()
        agency = self._get_visit_agents()["agent"].visit_agency_id
        today = fields.Date.context_today(self)
        monday = today - timedelta(days=today.weekday())
        past = self.env["distributor.visit.meeting"].create(
            {
                "series_id": series.id,
                "user_id": series.user_id.id,
                "start_at": self.env.company._get_visit_moment(
                    monday - timedelta(days=3), 14
                ),
                "date_from": monday - timedelta(days=7),
                "date_to": monday - timedelta(days=3),
                "plan_from": monday,
                "plan_to": monday + timedelta(days=6),
                "agency_line_ids": [
                    Command.create(
                        {
                            "agency_id": one.id,
                            "is_present": True,
                            "attendees": "Deng Yun" if one == agency else False,
                            "planned_groups": 6 if one == agency else 3,
                            "plan": "Two people at the metro exit in the evening",
                            "reported_at": fields.Datetime.now() - timedelta(days=5),
                        }
                    )
                    for one in series._get_agencies()
                ],
            }
        )
        past.action_freeze()
        past.action_hold()
        line = series.meeting_ids.filtered(
            lambda one: one.state == "planned"
        ).agency_line_ids.filtered(lambda one: one.agency_id == agency)[:1]
        if line:
            line._report(5, "The market's anniversary: a stand at the east gate")
