# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import random
from collections import defaultdict
from decimal import ROUND_HALF_UP, Decimal

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .visit_work_common import MONDAY, VisitWorkCommon

APRIL = "2026-04-05 10:00:00"
MAY = "2026-05-05 10:00:00"


class SettlementCommon(VisitWorkCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_accounting()
        cls.Settlement = cls.env["distributor.visit.settlement"]

    def _compute(self, month=MONDAY, now=APRIL, user=None, agencies=None):
        with freeze_time(now):
            return self.Settlement.with_user(user or self.manager)._compute_month(
                self.company, month, agencies
            )

    def _approve(self, settlement, now=APRIL):
        with freeze_time(now):
            settlement.with_user(self.manager).action_submit()
            self.env.invalidate_all()
            settlement.with_user(self.chief).action_approve()
            self.env.invalidate_all()
            settlement.with_user(self.finance).action_approve()

    def _bill(self, settlement, now=APRIL):
        with freeze_time(now):
            settlement.with_user(self.finance).action_bill()


@tagged("post_install", "-at_install")
class TestVisitSettlement(SettlementCommon):
    """R055, R070, R072–R074: signed, valid, unsettled visits, paid once."""

    # -- what is paid ------------------------------------------------------------------

    def test_only_signed_valid_visits_that_closed_are_paid(self):
        """R055, R070, R073: the signed form is the only basis, 100 a group that bought."""
        self._visit(sold=1000)
        self._visit(day=1)  # did not buy
        self._visit(day=2, sold=1000, verdict="invalid")
        self._visit(day=3, sold=1000, found_false=True)
        self._visit(day=4, sold=1000, state="registered")
        self._visit(day=5, sold=1000, form_attachment_id=False)
        self._visit(day=40, sold=1000)  # next month
        settlement = self._compute()
        self.assertEqual(settlement.agency_id, self.agency)
        self.assertEqual(len(settlement.line_ids), 1)
        self.assertEqual((settlement.visit_count, settlement.amount), (1, 100))

    def test_visits_without_a_rate_card_are_told(self):
        """What nobody pays for is seen when the month is computed (R073)."""
        self._visit(sold=1)
        missed = self._visit(day=1, sold=1)
        missed.kind = "external"
        self._visit(day=2, state="registered")
        self.external_rate.active = False
        run = (
            self.env["distributor.visit.settlement.run"]
            .with_user(self.manager)
            .create({"company_id": self.company.id, "month": "2026-03-31"})
        )
        self.assertEqual(run.unrated_count, 1)
        self.assertEqual(run.action_view_unrated()["res_id"], missed.id)
        self.external_rate.active = True
        run.invalidate_recordset()
        self.assertEqual(run.unrated_count, 0)

    def test_nobody_computes_for_a_company_that_is_not_his(self):
        other = self.env["res.company"].create({"name": "Elsewhere"})
        run = (
            self.env["distributor.visit.settlement.run"]
            .with_user(self.manager)
            .create({"company_id": other.id, "month": "2026-03-31"})
        )
        for ask in (run.action_compute, run.action_view_unrated):
            with self.assertRaisesRegex(AccessError, "do not work for Elsewhere"):
                ask()

    def test_paid_by_valid_visit_where_the_card_says_so(self):
        self.rate.trigger = "valid"
        self._visit()
        self._visit(day=1, sold=10)
        self.assertEqual(self._compute().amount, 200)

    def test_commission_besides_with_its_limit(self):
        self.rate.write({"commission_rate": 2.5, "commission_max": 60})
        self._visit(sold=1000)
        self._visit(day=1, sold=9999)
        settlement = self._compute()
        self.assertEqual(settlement.fee_amount, 200)
        self.assertEqual(settlement.commission_amount, 25 + 60)

    def test_a_visit_keeps_the_rates_of_its_arrival(self):
        """R074: terms are adjusted from a day on; the agency's own go before others."""
        self.env["distributor.visit.rate"].create(
            [
                {"kind": "promoter", "date_from": "2026-03-10", "amount": 150},
                {
                    "kind": "promoter",
                    "date_from": "2026-03-01",
                    "amount": 70,
                    "agency_id": self.rival.id,
                },
            ]
        )
        self._visit(day=0, sold=1)
        self._visit(day=8, sold=1)
        self._visit(self.rex, day=8, sold=1)
        drafts = self._compute()
        amounts = {one.agency_id: one.amount for one in drafts}
        self.assertEqual(amounts, {self.agency: 250, self.rival: 70})

    def test_used_rates_are_versioned_not_edited(self):
        self._visit(sold=1)
        self._compute()
        with self._refused(UserError, "new version"):
            self.rate.with_user(self.manager).amount = 1
        with self._refused(UserError, "new version"):
            self.rate.with_user(self.admin).unlink()
        action = self.rate.with_user(self.manager).action_new_version()
        version = self.env["distributor.visit.rate"].browse(action["res_id"])
        self.assertTrue(version.date_from > self.rate.date_from)
        version.with_user(self.manager).amount = 90

    def test_persons_are_paid_themselves_penalties_stay_with_the_agency(self):
        """Where the card says so the person is the payee; never a deduction from him."""
        self.rate.payee = "person"
        self._visit(sold=1)
        self._visit(self.wei, day=1, sold=1)
        self._penalty(30)
        drafts = self._compute()
        found = {one.partner_id: one.amount for one in drafts}
        self.assertEqual(found, {self.lin: 100, self.wei: 100, self.agency: -30})

    # -- once --------------------------------------------------------------------------

    def test_computing_twice_changes_nothing(self):
        self._visit(sold=1)
        first = self._compute()
        lines, written = first.line_ids, first.line_ids.write_date
        second = self._compute()
        self.assertEqual((second, second.line_ids), (first, lines))
        self.assertEqual(second.line_ids.write_date, written)

    def test_drafts_follow_what_changes(self):
        visit = self._visit(sold=1)
        self._visit(day=1, sold=1)
        draft = self._compute()
        self.assertEqual(draft.amount, 200)
        visit.found_false = True
        self.assertEqual(self._compute().amount, 100)
        self.env["distributor.visit"].search([]).found_false = True
        self.assertFalse(self._compute())
        self.assertFalse(draft.exists())

    def test_signed_late_is_paid_in_the_next_month(self):
        late = self._visit(sold=1, state="registered")
        self._visit(day=1, sold=1)
        march = self._compute()
        self._approve(march)
        late.state = "signed"
        self.assertFalse(self._compute())
        april = self._compute("2026-04-01", MAY)
        self.assertEqual(april.line_ids.visit_id, late)

    def test_the_older_month_goes_first(self):
        """A later month's draft gives back what an older one computed afterwards pays."""
        visit = self._visit(sold=1)
        april = self._compute("2026-04-01", MAY)
        self.assertEqual(april.line_ids.visit_id, visit)
        march = self._compute(MONDAY, MAY)
        self.assertEqual(march.line_ids.visit_id, visit)
        self.assertFalse(april.line_ids)
        self.assertFalse(self._compute("2026-04-01", MAY))

    def test_the_database_pays_nothing_twice(self):
        self._visit(sold=1)
        line = self._compute().line_ids
        self.env.flush_all()
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(IntegrityError),
            self.env.cr.savepoint(flush=False),
        ):
            self.env.cr.execute(
                """INSERT INTO distributor_visit_settlement_line
                       (settlement_id, company_id, kind, visit_id, amount)
                   SELECT settlement_id, company_id, kind, visit_id, amount
                     FROM distributor_visit_settlement_line WHERE id = %s""",
                [line.id],
            )

    def test_cancelled_it_is_free_again(self):
        visit = self._visit(sold=1)
        first = self._compute()
        first.with_user(self.manager)._apply_reason("cancel", "Wrong month")
        self.assertEqual(first.state, "cancelled")
        again = self._compute()
        self.assertNotEqual(again, first)
        self.assertEqual(again.line_ids.visit_id, visit)

    # -- penalties, recovery, balance --------------------------------------------------

    def test_final_penalties_are_charged_once(self):
        self._visit(sold=1)
        case = self._penalty(30)
        self._penalty(40, final=False)
        self._penalty(50, day=40)  # next month
        settlement = self._compute()
        self.assertEqual(settlement.penalty_amount, -30)
        self.assertEqual(settlement.amount, 70)
        self._approve(settlement)
        self._bill(settlement)
        self.assertEqual(
            (case.settled_model, case.settled_id), (settlement._name, settlement.id)
        )
        self.assertFalse(self._compute())

    def test_found_false_later_is_recovered_and_restored(self):
        """R072: any fee paid for that group is taken back, with its commission; once."""
        self.rate.commission_rate = 10
        visit = self._visit(sold=500)
        march = self._compute()
        self.assertEqual(march.amount, 150)
        self._approve(march)
        self._bill(march)
        visit.with_user(self.manager)._mark_false("fake", "Nobody knows him.")
        self._visit(self.wei, day=35, sold=10)
        april = self._compute("2026-04-01", MAY)
        self.assertEqual(april.recovery_amount, -150)
        self.assertEqual(april.amount, 101 - 150)
        self._approve(april, MAY)
        self.assertEqual(april.state, "carried")
        self.assertFalse(self._compute("2026-04-01", MAY))
        visit.falsehood_ids._withdraw()
        may = self._compute("2026-05-01", "2026-06-05 10:00:00")
        self.assertEqual(may.recovery_amount, 150)
        self.assertEqual(may.carried_amount, -49)
        self.assertEqual(may.amount, 101)

    def test_a_cancelled_sale_takes_its_fee_back(self):
        visit = self._visit(sold=500)
        march = self._compute()
        self._approve(march)
        visit.write({"deal_at": False, "deal_amount": 0})
        april = self._compute("2026-04-01", MAY)
        self.assertEqual(april.amount, -100)

    def test_a_sale_that_changes_changes_its_commission(self):
        """R073: the difference is settled once, all of it when nothing is left."""
        self.rate.commission_rate = 10
        visit = self._visit(sold=500)
        self._approve(self._compute())
        steps = (
            (4, 300.05, [("adjusted", -19.99)]),
            (5, 300.05, []),
            (6, 0, [("recovery", -130.01)]),
            (7, 420, [("restored", 142)]),
            (8, 400, [("adjusted", -2)]),
        )
        for number, sold, expected in steps:
            month, now = f"2026-{number:02}-01", f"2026-{number + 1:02}-05 10:00:00"
            visit.deal_amount = sold
            settlement = self._compute(month, now)
            found = defaultdict(float)
            for line in settlement.line_ids:
                if line.kind != "carried":
                    found[line.kind] += line.amount
            self.assertEqual(
                [(kind, round(amount, 2)) for kind, amount in found.items()], expected
            )
            if settlement:
                self.assertFalse(self._compute(month, now) - settlement)
                self._approve(settlement, now)
        lines = self.env["distributor.visit.settlement.line"].search(
            [("visit_id", "=", visit.id)]
        )
        self.assertEqual(round(sum(lines.mapped("amount")), 2), 140)

    def test_below_zero_is_carried_once(self):
        self._penalty(130)
        self._visit(sold=1)
        march = self._compute()
        self.assertEqual(march.amount, -30)
        self._approve(march)
        self.assertEqual((march.state, bool(march.bill_id)), ("carried", False))
        self._visit(day=35, sold=1)
        april = self._compute("2026-04-01", MAY)
        self.assertEqual((april.carried_amount, april.amount), (-30, 70))
        self._approve(april, MAY)
        self.assertFalse(self._compute("2026-05-01", "2026-06-05 10:00:00"))

    def test_a_lifted_penalty_is_given_back(self):
        self._visit(sold=1)
        case = self._penalty(30)
        march = self._compute()
        self._approve(march)
        self._bill(march)
        self._lift(case)
        april = self._compute("2026-04-01", MAY)
        self.assertEqual(april.amount, 30)
        self._approve(april, MAY)
        self._bill(april, MAY)
        self.assertFalse(self._compute("2026-05-01", "2026-06-05 10:00:00"))

    # -- who decides -------------------------------------------------------------------

    def test_the_chain_signs_and_finance_bills(self):
        visit = self._visit(sold=1)
        self._visit(day=1, sold=1)
        self._penalty(30)
        settlement = self._compute()
        self._approve(settlement)
        self.assertEqual(settlement.state, "approved")
        with self._refused(AccessError, "Only finance"):
            settlement.with_user(self.manager).action_bill()
        self._bill(settlement)
        bill = settlement.bill_id
        self.assertEqual((bill.move_type, bill.state), ("in_invoice", "posted"))
        self.assertEqual(bill.partner_id, self.agency)
        self.assertEqual(bill.amount_total, 170)
        attached = self.env["ir.attachment"].search(
            [("res_model", "=", "account.move"), ("res_id", "=", bill.id)]
        )
        self.assertIn(visit.form_attachment_id.checksum, attached.mapped("checksum"))
        self.assertGreaterEqual(len(attached), 3)
        with self._refused(UserError, "in status"):
            self._bill(settlement)

    def test_a_bill_that_was_cancelled_is_made_again(self):
        self._visit(sold=1)
        case = self._penalty(30)
        settlement = self._compute()
        self._approve(settlement)
        self._bill(settlement)
        first = settlement.bill_id.with_user(self.env.user)
        with self._refused(UserError, "stands"):
            settlement.with_user(self.finance).action_bill_again()
        first.sudo().button_draft()
        first.sudo().button_cancel()
        settlement.with_user(self.finance).action_bill_again()
        self.assertFalse(case.settled_id)
        self._bill(settlement)
        self.assertNotEqual(settlement.bill_id, first)
        self.assertTrue(case.settled_id)

    def test_what_changed_meanwhile_is_not_approved(self):
        visit = self._visit(sold=1)
        settlement = self._compute()
        with freeze_time(APRIL):
            settlement.with_user(self.manager).action_submit()
        visit.found_false = True
        with self._refused(UserError, "have changed"):
            settlement.with_user(self.chief).action_approve()

    def test_a_running_month_is_not_submitted(self):
        self._visit(sold=1)
        settlement = self._compute(now="2026-03-20 10:00:00")
        with freeze_time("2026-03-31 10:00:00"), self._refused(UserError, "over"):
            settlement.with_user(self.manager).action_submit()
        with self._refused(UserError, "not begun"):
            self._compute("2026-04-01", "2026-03-20 10:00:00")

    def test_the_agency_objects_before_it_is_approved(self):
        self._visit(sold=1)
        settlement = self._compute()
        with self._refused(UserError, "decided"):
            settlement.sudo()._object(self.boss.partner_id, "Too little")
        with freeze_time(APRIL):
            settlement.with_user(self.manager).action_submit()
        settlement.sudo()._object(self.boss.partner_id, "Two groups are missing.")
        with self._refused(UserError, "objects"):
            settlement.with_user(self.chief).action_approve()
        settlement.with_user(self.manager)._apply_reason("answer", "Not signed yet.")
        self.assertEqual(settlement.partner_state, "answered")

    def test_nobody_edits_a_settlement(self):
        self._visit(sold=1)
        settlement = self._compute()
        for user in (self.manager, self.finance):
            for record, values in (
                (settlement, {"amount": 1}),
                (settlement, {"state": "approved"}),
                (settlement, {"partner_id": self.rival.id}),
                (settlement.line_ids, {"amount": 1}),
            ):
                with self._refused(AccessError, "."):
                    record.with_user(user).write(values)
            with self._refused(AccessError, "."):
                self.Settlement.with_user(user).create({"month": "2026-03-01"})
        with self._refused(AccessError, "compute"):
            self._compute(user=self.rep)
        with self._refused(AccessError, "."):
            settlement.with_user(self.admin).unlink()
        for user in (self.boss, self.agent):
            with self._refused(AccessError, "."):
                settlement.with_user(user).read(["amount"])

    def test_who_reads_whose(self):
        self.agency.user_id = self.rep
        self._visit(sold=1)
        self._visit(self.rex, sold=1)
        drafts = self._compute()
        self.assertEqual(len(drafts), 2)
        for user, seen in ((self.rep, 1), (self.receptionist, 0), (self.finance, 2)):
            self.assertEqual(
                self.Settlement.with_user(user).search_count([]), seen, user.login
            )

    # -- many --------------------------------------------------------------------------

    def test_a_hundred_visits_take_few_queries(self):
        self.env["distributor.visit"].search([]).unlink()
        for number in range(3):
            self._visit(day=number, sold=1)
        self._compute()
        for number in range(40):
            self._visit(self.wei, day=number % 20, sold=number + 1)
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(60):
            self._compute()

    def test_the_same_comes_out_when_recomputed_by_hand(self):
        """Plain Python over raw rows gives what the settlements say, whatever happened."""
        draw = random.Random(20260302)
        self.rate.write({"commission_rate": 1.37, "commission_max": 90})
        self.env["distributor.visit.rate"].create(
            [
                {
                    "kind": "promoter",
                    "date_from": "2026-03-12",
                    "amount": 133.33,
                    "trigger": "valid",
                },
                {
                    "kind": "promoter",
                    "date_from": "2026-03-05",
                    "amount": 80,
                    "commission_rate": 0.5,
                    "agency_id": self.rival.id,
                },
            ]
        )
        visits = self.env["distributor.visit"]
        for _number in range(60):
            visits |= self._visit(
                draw.choice((self.lin, self.wei, self.rex)),
                day=draw.randrange(29),
                sold=draw.choice((0, 0, draw.randrange(1, 900000) / 100)),
                verdict=draw.choice(("valid", "valid", "valid", "invalid")),
                found_false=draw.random() < 0.1,
                state=draw.choice(("signed", "signed", "signed", "registered")),
            )
        for agency in (self.agency, self.rival):
            for _number in range(3):
                self._penalty(draw.randrange(1, 300), agency, day=draw.randrange(25))
        march = self._compute()
        self._assert_recomputed(march, visits)
        for settlement in march:
            self._approve(settlement)
        for visit in draw.sample(list(visits), 12):
            visit.found_false = not visit.found_false
        for visit in draw.sample(list(visits.filtered("deal_at")), 12):
            visit.deal_amount = draw.choice((0, draw.randrange(1, 900000) / 100))
        april = self._compute("2026-04-01", MAY)
        self._assert_recomputed(march | april, visits)

    def _assert_recomputed(self, settlements, visits):
        """Over all months, an agency has what its visits are worth, less penalties."""
        self.env.flush_all()
        worth = defaultdict(Decimal)
        self.env.cr.execute("SELECT * FROM distributor_visit_rate")
        names = [column.name for column in self.env.cr.description]
        rates = [dict(zip(names, row, strict=True)) for row in self.env.cr.fetchall()]
        self.env.cr.execute(
            """SELECT agency_id, kind, arrived_at, state, verdict, found_false,
                      form_attachment_id, deal_at, deal_amount
                 FROM distributor_visit WHERE id = ANY(%s)""",
            [visits.ids],
        )
        cent = Decimal("0.01")
        for row in self.env.cr.fetchall():
            agency, kind, arrived, state, verdict, false, form, deal, sold = row
            fitting = [
                rate
                for rate in rates
                if rate["kind"] == kind
                and rate["agency_id"] in (None, agency)
                and rate["date_from"] <= arrived.date()
            ]
            rate = max(fitting, key=lambda r: (r["agency_id"] or 0, r["date_from"]))
            if state != "signed" or verdict != "valid" or false or not form:
                continue
            if rate["trigger"] == "valid" or (deal and sold):
                worth[agency] += Decimal(rate["amount"])
            if deal and rate["commission_rate"]:
                share = sold * rate["commission_rate"] / 100
                if rate["commission_max"]:
                    share = min(share, rate["commission_max"])
                worth[agency] += Decimal(share).quantize(cent, ROUND_HALF_UP)
        self.env.cr.execute(
            "SELECT partner_id, SUM(amount) FROM distributor_violation"
            " WHERE state = 'upheld' GROUP BY 1"
        )
        for agency, amount in self.env.cr.fetchall():
            worth[agency] -= Decimal(amount)
        found = defaultdict(Decimal)
        for settlement in settlements:
            own = settlement.amount - settlement.carried_amount
            found[settlement.agency_id.id] += Decimal(str(own)).quantize(cent)
        self.assertEqual(
            dict(found), {key: v.quantize(cent) for key, v in worth.items()}
        )
