# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .visit_common import VisitCommon


@tagged("post_install", "-at_install")
class TestVisitDuplicate(VisitCommon):
    def _contact(self, **values):
        return self.env["res.partner"].create({"name": "李雷", **values})

    def _levels(self, **customer):
        visit = self._plan(**customer)
        visit._arrive()
        kinds = {one.res_model: one.kinds for one in visit.match_ids}
        level = visit.match_level
        visit._leave()
        visit._cancel("Next")
        return level, kinds

    def test_known_by_phone(self):
        """However the phone is typed, the older contact is found, with its owner."""
        contact = self._contact(phone="0086-138-0013-8000", user_id=self.other.id)
        visit = self._bring()
        self.assertEqual(self._judge(visit), "invalid")
        self.assertRecordValues(
            visit.match_ids,
            [
                {
                    "res_model": "res.partner",
                    "res_id": contact.id,
                    "owner": self.other.name,
                    "is_certain": True,
                    "kinds": "phone",
                }
            ],
        )
        self.assertIn("李雷", visit.verdict_reason)

    def test_names_in_both_scripts(self):
        """张三 is found as Zhang San and San Zhang; a name alone is not certain."""
        self._contact(name="San Zhang", phone="13911112222")
        level, kinds = self._levels()
        self.assertEqual((level, kinds), ("possible", {"res.partner": "name"}))
        self._contact(name="王小明", phone="13911113333")
        level, kinds = self._levels(customer_name="Wang Xiaoming")
        self.assertEqual((level, kinds), ("possible", {"res.partner": "name"}))

    def test_receptionist_decides_what_is_possible(self):
        self._contact(name="张三", phone="13911112222")
        visit = self._bring()
        self.assertEqual(self._result(visit, "new_customer").outcome, "pending")
        self.assertEqual(self._judge(visit), "valid")
        other = self._bring(
            self.colleague, customer_name="Zhang San", customer_phone="13700000000"
        )
        self.assertEqual(self._judge(other, "Not a customer already"), "invalid")

    def test_one_slip_in_the_phone(self):
        """A wrong digit, or two swapped, with the same name is shown to decide."""
        self._contact(name="张三", phone="13800138001")
        _level, kinds = self._levels()
        self.assertEqual(kinds, {"res.partner": "near_phone,name"})
        level, kinds = self._levels(customer_name="赵六")
        self.assertEqual((level, kinds), ("none", {}))

    def test_name_and_company_are_certain(self):
        self._contact(name="张三", company_name="佳酿商贸有限公司")
        level, kinds = self._levels(
            customer_company="佳酿 商贸", customer_phone="13700000000"
        )
        self.assertEqual(level, "certain")
        self.assertEqual(kinds, {"res.partner": "name_company,name,company"})

    def test_leads_are_known_too(self):
        self.env["crm.lead"].create(
            {"name": "Fair", "contact_name": "X", "phone": "138 0013 8000"}
        )
        self.assertEqual(self._levels(), ("certain", {"crm.lead": "phone"}))

    def test_as_of_the_arrival(self):
        """Who became known after the arrival was not known on it; what is found stays."""
        visit = self._bring()
        with freeze_time(fields.Datetime.now() + timedelta(minutes=5)):
            contact = self._contact(phone="13800138000")
            self.env.cr.execute(
                "UPDATE res_partner SET create_date = %s WHERE id = %s",
                [fields.Datetime.now(), contact.id],
            )
            contact.invalidate_recordset()
        self.assertEqual(self._judge(visit), "valid")
        self.assertFalse(visit.match_ids)

    def test_what_was_found_is_frozen(self):
        contact = self._contact(phone="13800138000")
        visit = self._bring()
        contact.write({"name": "Renamed", "phone": "13700000000"})
        self.assertEqual(self._judge(visit), "invalid")
        self.assertEqual(visit.match_ids.name, "李雷")

    def test_corrected_phone_is_compared_again(self):
        self._contact(phone="13800138000")
        visit = self._bring(customer_phone="13700000000")
        self.assertEqual(visit.match_level, "none")
        visit.with_user(visit.user_id).customer_phone = "13800138000"
        self.assertEqual(visit.match_level, "certain")
        visit.with_user(visit.user_id).write(
            {
                "customer_phone": "13700000000",
                "member_ids": self._members(("Li", "138 0013 8000")),
            }
        )
        self.assertEqual(visit.match_level, "certain")

    def test_old_records_expire(self):
        """A record older than the policy says makes nobody a customer (R051)."""
        contact = self._contact(phone="13800138000")
        self.env.cr.execute(
            "UPDATE res_partner SET create_date = %s WHERE id = %s",
            [fields.Datetime.now() - timedelta(days=400), contact.id],
        )
        contact.invalidate_recordset()
        policy = self.policy.copy({"date_from": fields.Date.today()})
        policy.criterion_ids.filtered(
            lambda one: one.kind == "new_customer"
        ).expiry_days = 365
        visit = self._bring()
        self.assertEqual(self._judge(visit), "valid")
        self.assertTrue(visit.match_ids.is_expired)

    def test_archived_and_other_companies(self):
        """An archived contact is known; one of another company is nobody's business."""
        self._contact(phone="13800138000", active=False)
        company = self.env["res.company"].create({"name": "Elsewhere"})
        self._contact(phone="13700000000", company_id=company.id)
        self.assertEqual(self._levels()[0], "certain")
        self.assertEqual(
            self._levels(customer_phone="13700000000", customer_name="Q")[0], "none"
        )

    def test_brought_twice(self):
        """Who was brought before, and was no failure, is known (R076)."""
        first = self._bring()
        self.assertEqual(self._judge(first), "valid")
        with freeze_time(fields.Datetime.now() + timedelta(hours=5)):
            second = self._bring(self.stranger)
            self.assertEqual(second.match_level, "certain")
            self.assertEqual(second.verdict, "pending")
            self.assertEqual(self._judge(second), "invalid")
        with freeze_time(fields.Datetime.now() + timedelta(hours=8)):
            third = self._bring(
                self.colleague, customer_phone="13911112222", customer_name="Li"
            )
            self.assertEqual(self._judge(third, "Price"), "invalid")
        with freeze_time(fields.Datetime.now() + timedelta(hours=12)):
            fourth = self._bring(
                self.colleague, customer_phone="13911112222", customer_name="Li"
            )
            self.assertEqual(self._judge(fourth), "valid")

    def test_two_agents_within_the_hour(self):
        """The first wins; the second is a dispute that somebody else decides (R076)."""
        first = self._bring()
        second = self._bring(self.stranger)
        self.assertEqual((first.verdict, second.verdict), ("pending", "disputed"))
        dispute = second.dispute_ids
        self.assertEqual(
            (dispute.kind, dispute.other_visit_id), ("same_customer", first)
        )
        self._receive(second)
        self._answer(second)
        second.with_user(second.user_id).action_judge()
        self.assertEqual((second.state, second.verdict), ("judged", "disputed"))
        self.assertFalse(second.form_ids)
        with self._refused(AccessError, "sales manager"):
            dispute.with_user(self.other).action_valid()
        with self._refused(UserError, "Give the reasons"):
            dispute.with_user(self.manager).action_invalid()
        dispute.with_user(self.manager).opinion = "Came an hour later"
        dispute.with_user(self.manager).action_invalid()
        self.assertEqual(second.verdict, "invalid")
        with self._refused(UserError, "is decided"):
            dispute.with_user(self.chief).action_valid()

    def test_second_may_be_right(self):
        self._bring()
        second = self._bring(self.stranger)
        dispute = second.dispute_ids.with_user(self.manager)
        dispute.opinion = "A cousin with the same phone"
        dispute.action_valid()
        self.assertEqual((second.state, second.verdict), ("arrived", "pending"))
        self.assertEqual(self._judge(second), "valid")

    def test_after_the_hour(self):
        self._bring()
        with freeze_time(fields.Datetime.now() + timedelta(minutes=61)):
            late = self._bring(self.stranger)
        self.assertEqual(late.verdict, "pending")
        self.assertEqual(late.match_level, "certain")

    def test_same_agent_is_no_dispute(self):
        first = self._bring()
        first._leave()
        again = self._bring()
        self.assertEqual(again.verdict, "pending")
        self.assertEqual(again.match_level, "certain")

    def test_without_phone(self):
        """No phone to compare is neither known nor new: a person decides."""
        visit = self._bring(customer_phone=False, customer_name="Nobody Known")
        self.assertEqual(self._result(visit, "new_customer").outcome, "pending")
        second = self._bring(
            self.stranger, customer_phone=False, customer_name="Known Nobody"
        )
        self.assertEqual(second.match_level, "possible")

    def test_appeal(self):
        """The agency appeals once, in time; not who judged decides (R052)."""
        visit = self._bring()
        self.assertEqual(self._judge(visit, "Price"), "invalid")
        self.assertTrue(visit.can_appeal)
        with self._refused(UserError, "Say why"):
            visit._appeal("  ")
        visit.with_user(self.boss).sudo()._appeal("He never asked for the price")
        self.assertEqual(visit.verdict, "disputed")
        dispute = visit.dispute_ids
        dispute.with_user(self.manager).opinion = "The recording shows it"
        dispute.with_user(self.manager).action_valid()
        self.assertEqual(visit.verdict, "valid")
        self.assertTrue(visit.form_ids)
        other = self._bring(
            self.colleague, customer_phone="13900000009", customer_name="W"
        )
        self._judge(other, "Price")
        with (
            freeze_time(fields.Datetime.now() + timedelta(days=8)),
            self._refused(UserError, "within 7 days"),
        ):
            other._appeal("Too late")

    def test_second_opinion_is_somebody_elses(self):
        visit = self._bring(user_id=self.manager.id)
        self._judge(visit, "Price")
        visit._appeal("Wrong")
        dispute = visit.dispute_ids
        dispute.with_user(self.manager).opinion = "I was right"
        with self._refused(UserError, "somebody else's"):
            dispute.with_user(self.manager).action_invalid()
        dispute.with_user(self.chief).action_invalid()
        self.assertEqual(visit.verdict, "invalid")

    def test_queries_do_not_grow(self):
        """The check is one statement, whatever is known of the customer."""
        for number in range(30):
            self._contact(phone="13800138000", name=f"P{number}")
        visit = self._plan(member_ids=self._members(("Li", "13911112222")))
        visit.known_at = fields.Datetime.now()
        self.env.flush_all()
        visit.member_ids.mapped("phone_key")
        with self.assertQueryCount(1):
            found = visit._find_known(visit.known_at)
        self.assertEqual(len(found), 5)
