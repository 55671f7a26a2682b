# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import date, datetime, timedelta

from odoo import Command

from .visit_common import VisitCommon

# A Monday, and a month that is over when settlements are tried.
MONDAY = date(2026, 3, 2)


class VisitWorkCommon(VisitCommon):
    """Posts, shifts, targets, rate cards, and visits that are through already."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.partner_id.tz = "UTC"
        cls.company.approval_allow_unmatched = True
        cls.finance = cls._new_user("fiona", "distributor_crm.group_finance")
        cls.rep = cls._new_user("rita", "distributor_crm.group_sales_rep")
        cls.duty = cls.env.ref("distributor_crm_channel.visit_duty_default")
        cls.rate = cls.env.ref("distributor_crm_channel.visit_rate_promoter_default")
        cls.external_rate = cls.env.ref(
            "distributor_crm_channel.visit_rate_external_default"
        )
        cls.lin, cls.wei, cls.rex = (
            user.partner_id for user in (cls.agent, cls.colleague, cls.stranger)
        )
        cls.post = cls.env["distributor.visit.post"].create(
            {
                "name": "East gate",
                "latitude": 31.23,
                "longitude": 121.47,
                "date_from": "2026-01-01",
            }
        )
        (cls.lin | cls.wei | cls.rex).visit_joined_on = MONDAY

    @classmethod
    def _day(cls, days, hour=10):
        """A moment so many days after the first Monday, in UTC."""
        moment = datetime.combine(MONDAY + timedelta(days=days), datetime.min.time())
        return moment + timedelta(hours=hour)

    @classmethod
    def _visit(cls, agent=None, day=0, sold=0, **values):
        """A visit whose form is signed, valid unless something else is said.

        :param sold: what the customer bought on the same day, 0 for nothing
        """
        agent = agent or cls.lin
        moment = cls._day(day)
        visit = cls.env["distributor.visit"].create(
            {
                "kind": agent.agent_kind,
                "agent_id": agent.id,
                "customer_name": "张三",
            }
        )
        form = cls.env["ir.attachment"].create(
            {
                "name": f"{visit.name}.pdf",
                "raw": b"%PDF signed",
                "mimetype": "text/plain",
            }
        )
        bought = {"deal_at": moment, "deal_amount": sold} if sold else {}
        visit.write(
            {
                "state": "signed",
                "verdict": "valid",
                "verdict_at": moment,
                "arrived_at": moment,
                "user_id": cls.receptionist.id,
                "form_attachment_id": form.id,
                **bought,
                **values,
            }
        )
        return visit

    @classmethod
    def _shift(cls, agent=None, day=0, post=None, **values):
        """A shift, in the past too: made as the plan of that day."""
        return (
            cls.env["distributor.visit.roster"]
            .sudo()
            .create(
                {
                    "post_id": (post or cls.post).id,
                    "agent_id": (agent or cls.lin).id,
                    "date": MONDAY + timedelta(days=day),
                    **values,
                }
            )
        )

    @classmethod
    def _set_up_accounting(cls):
        """Accounts and a journal for the bills of visits."""
        company = cls.company
        if not company.chart_template:
            cls.env["account.chart.template"].try_loading(
                "generic_coa", company, install_demo=False
            )
        company.visit_expense_account_id = cls.env["account.account"].create(
            {"name": "Visits", "code": "699801", "account_type": "expense"}
        )
        company.visit_journal_id = cls.env["account.journal"].search(
            [("type", "=", "purchase"), ("company_id", "=", company.id)], limit=1
        ) or cls.env["account.journal"].create(
            {"name": "Visit bills", "code": "VISB", "type": "purchase"}
        )
        company.visit_tax_ids = [Command.clear()]

    @classmethod
    def _penalty(cls, amount, agency=None, day=0, code="empty_post", final=True):
        """A case of an agency that is final, without playing it through."""
        case = cls.env["distributor.violation"]._report(
            [
                {
                    "policy": code,
                    "partner_id": (agency or cls.agency).id,
                    "company_id": cls.company.id,
                    "occurred_at": cls._day(day),
                    "source": None,
                    "amount": amount,
                    "facts": "Nobody was there.",
                }
            ]
        )
        if final:
            case._set(
                state="upheld",
                delivered_at=cls._day(day),
                judge_id=cls.manager.id,
                opinion="Seen by two of us",
                confirmed_by_id=cls.chief.id,
                confirmed_at=cls._day(day),
            )
        return case

    @classmethod
    def _lift(cls, case):
        """Lift a case as an appeal does."""
        case._set(
            state="lifted",
            end_reason="He was there",
            ended_at=cls._day(0),
            delivered_at=cls._day(0),
        )
