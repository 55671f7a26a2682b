# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import re

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import FeeStandardCommon

ADDON = "distributor_crm_expense"


@tagged("post_install", "-at_install")
class TestFeeStandard(FeeStandardCommon):
    def test_few_clicks(self):
        """A product and a rate are all a standard needs to be saved."""
        model = self.env["distributor.fee.standard"].with_user(self.fee_admin)
        with Form(model) as form:
            form.product_tmpl_id = self.product.product_tmpl_id
            form.rate = 2.5
        standard = form.record
        self.assertRecordValues(
            standard,
            [
                {
                    "state": "draft",
                    "recipient": "entity",
                    "date_from": self.today.replace(day=1),
                    "date_to": False,
                    "company_id": self.company.id,
                    "currency_id": self.company.currency_id.id,
                    "prepared_by_id": self.fee_admin.id,
                }
            ],
        )
        standard.action_confirm()
        self.assertEqual(standard.state, "in_force")

    def test_database_refuses(self):
        """Negative amounts, missing fees and crooked scopes never reach the table."""
        for wrong in (
            {"rate": -1},
            {"rate": 101},
            {"rate": 0},
            {"basis": "unit", "amount": -1},
            {"basis": "unit", "amount": 0},
            {"cap": -1},
            {"date_to": self._day(-401)},
            {
                "categ_id": self.spirits.id,
                "product_tmpl_id": self.cups.product_tmpl_id.id,
            },
            {"product_tmpl_id": False},
            {"recipient": "person", "cap": 100},
            {"recipient": "person", "legal_basis": "Tasting course"},
        ):
            with (
                self.subTest(wrong=wrong),
                mute_logger("odoo.sql_db"),
                self.assertRaises(IntegrityError),
                self.env.cr.savepoint(),
            ):
                self._create_standard(confirm=False, **wrong)
        self.assertTrue(self._create_standard(confirm=False, rate=100))
        self.assertTrue(self._create_standard(confirm=False, basis="none", rate=0))

    def test_state_follows_dates(self):
        last_day = self._create_standard(date_to=self.today)
        over = self._create_standard(grade_id=self.gold.id, date_to=self._day(-1))
        first_day = self._create_standard(grade_id=self.silver.id, date_from=self.today)
        ahead = self._create_standard(categ_id=self.spirits.id, date_from=self._day(1))
        draft = self._create_standard(confirm=False)
        every = last_day + over + first_day + ahead + draft
        self.assertEqual(
            every.mapped("state"),
            ["in_force", "expired", "in_force", "upcoming", "draft"],
        )
        # the search says the same as the field, for one state and for its opposite
        for state in ("draft", "upcoming", "in_force", "expired"):
            for operator in ("=", "!="):
                domain = [("id", "in", every.ids), ("state", operator, state)]
                self.assertEqual(
                    every.search(domain),
                    every.filtered_domain([("state", operator, state)]).sorted(),
                )

    def test_predecessor_ends_the_day_before(self):
        # with tracking, and with the changes written out, as when users work
        old = self._create_standard()
        self.env.flush_all()
        self.env.invalidate_all()
        new = self._create_standard(confirm=False, rate=3, date_from=self._day(10))
        new.with_context(tracking_disable=False).action_confirm()
        self.env.flush_all()
        self.assertEqual(old.date_to, self._day(9))
        self.assertEqual((old.state, new.state), ("in_force", "upcoming"))

    def test_other_scopes_stand_side_by_side(self):
        self._create_standard()
        others = [
            self._create_standard(grade_id=self.gold.id),
            self._create_standard(categ_id=self.banquet.id),
            self._create_standard(product_tmpl_id=self.cups.product_tmpl_id.id),
            self._create_standard(
                purpose_id=self.env.ref(f"{ADDON}.fee_purpose_buyer").id
            ),
        ]
        self.assertEqual({other.state for other in others}, {"in_force"})

    def test_overlap_refused_with_period(self):
        old = self._create_standard(date_to=self._day(30))
        for start, end in ((30, None), (-400, -400), (-500, None), (-500, -400)):
            draft = self._create_standard(
                confirm=False,
                date_from=self._day(start),
                date_to=end and self._day(end),
            )
            with self.assertRaisesRegex(UserError, re.escape(old._describe_period())):
                draft.action_confirm()
            self.assertEqual(draft.state, "draft")
        self.assertTrue(self._create_standard(date_from=self._day(31)).confirmed_on)

    def test_no_past_day_is_taken_away(self):
        """A successor cannot start on a day that another standard has governed."""
        self._create_standard()
        with self.assertRaises(UserError):
            self._create_standard(date_from=self._day(-1))
        self.assertTrue(self._create_standard(date_from=self.today).confirmed_on)

    def test_overlap_refused_by_database(self):
        """Whatever the way in: two of a scope are never in force on one day."""
        for scope in (
            {},
            {"grade_id": self.gold.id},
            {"categ_id": self.spirits.id},
            {"purpose_id": self.env.ref(f"{ADDON}.fee_purpose_buyer").id},
        ):
            first = self._create_standard(date_to=self._day(5), **scope)
            second = self._create_standard(date_from=self._day(6), **scope)
            with (
                mute_logger("odoo.sql_db"),
                self.assertRaises(IntegrityError),
                self.env.cr.savepoint(),
            ):
                first.date_to = self._day(6)
                first.flush_recordset()
            self.assertEqual(second.state, "upcoming")
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(IntegrityError),
            self.env.cr.savepoint(),
        ):
            first.sudo().copy({"confirmed_on": first.confirmed_on}).flush_recordset()

    def test_terms_of_a_confirmed_standard_stand(self):
        standard = self._create_standard()
        for change in (
            {"rate": 5},
            {"basis": "none"},
            {"date_from": self.today},
            {"grade_id": self.gold.id},
            {"recipient": "person"},
        ):
            with self.assertRaises(UserError):
                standard.write(change)
        standard.date_to = self._day(20)
        standard.action_reset_to_draft()
        standard.rate = 5
        self.assertEqual((standard.state, standard.rate), ("draft", 5))

    def test_the_past_stands(self):
        standard = self._create_standard()
        with self.assertRaises(UserError):
            standard.date_to = self._day(-2)
        standard.date_to = self._day(-1)
        self.assertEqual(standard.state, "expired")
        for change in (
            lambda: standard.write({"date_to": False}),
            standard.action_reset_to_draft,
            standard.unlink,
        ):
            with self.assertRaises(UserError):
                change()

    def test_archive_never_ends_a_standard(self):
        standard = self._create_standard()
        with self.assertRaises(UserError):
            standard.action_archive()
        standard.date_to = self._day(-1)
        standard.action_archive()
        request = (self.product, self.silver, self._day(-1), self.company)
        self.assertEqual(standard._get_in_force([request])[request], standard)

    def test_drafts_may_go(self):
        draft = self._create_standard(confirm=False)
        draft.action_archive()
        draft.unlink()
        self.assertFalse(draft.exists())

    def test_new_version(self):
        open_end = self._create_standard(cap=50)
        version = self.env["distributor.fee.standard"].browse(
            open_end.action_new_version()["res_id"]
        )
        self.assertEqual((version.rate, version.cap, version.state), (2, 50, "draft"))
        self.assertEqual(version.date_from.day, 1)
        self.assertGreater(version.date_from, self.today)
        version.action_confirm()
        self.assertEqual((version.date_from - open_end.date_to).days, 1)
        ending = self._create_standard(grade_id=self.gold.id, date_to=self._day(3))
        follower = ending.browse(ending.action_new_version()["res_id"])
        self.assertEqual(follower.date_from, self._day(4))

    def test_person_needs_compliance(self):
        """R079, R081: a fee to a person waits for the compliance reviewer."""
        standard = self._create_standard(
            confirm=False, recipient="person", cap=100, legal_basis="Tasting course"
        )
        with self.assertRaisesRegex(UserError, "compliance"):
            standard.action_confirm()
        with self.assertRaises(AccessError):
            standard.action_compliance_approve()
        standard.with_user(self.compliance).action_compliance_approve()
        self.assertEqual(standard.reviewed_by_id, self.compliance)
        standard.action_confirm()
        self.assertEqual(standard.state, "in_force")
        # it stands beside the distributor's own
        self.assertEqual(self._create_standard().state, "in_force")

    def test_change_voids_compliance(self):
        standard = self._create_standard(
            confirm=False, recipient="person", cap=100, legal_basis="Tasting course"
        )
        standard.with_user(self.compliance).action_compliance_approve()
        standard.cap = 1000
        self.assertFalse(standard.reviewed_on)
        with self.assertRaises(UserError):
            standard.action_confirm()

    def test_nobody_approves_his_own_terms(self):
        self.fee_admin.group_ids += self.env.ref(
            "distributor_crm_expense.group_fee_compliance"
        )
        standard = self._create_standard(
            confirm=False, recipient="person", cap=100, legal_basis="Tasting course"
        )
        with self.assertRaisesRegex(UserError, "Somebody else"):
            standard.action_compliance_approve()

    def test_entity_waits_for_nobody(self):
        standard = self._create_standard(confirm=False)
        with self.assertRaises(UserError):
            standard.with_user(self.compliance).action_compliance_approve()

    def test_margin_share(self):
        """The setter sees what the fee takes of the margin (R087)."""
        percent = self._create_standard(confirm=False, rate=2)
        unit = self._create_standard(confirm=False, basis="unit", amount=50)
        self.assertRecordValues(
            percent + unit,
            [
                {"unit_margin": 40, "margin_share": 5},
                {"unit_margin": 40, "margin_share": 125},
            ],
        )
        self.product.standard_price = 0
        self.assertEqual((percent.unit_margin, percent.margin_share), (0, 0))

    def test_terms_in_words(self):
        usd = self.env.ref("base.USD")
        self.company.sudo().currency_id = usd
        for values, words in (
            ({"rate": 2.5}, "2.5% of net sales"),
            ({"rate": 10}, "10% of net sales"),
            ({"basis": "none"}, "Nothing"),
            ({"basis": "unit", "amount": 1.2}, "1.20 per unit"),
            ({"rate": 2, "cap": 800}, "2% of net sales, at most"),
        ):
            terms = self._create_standard(confirm=False, **values).terms
            self.assertIn(words, terms.replace("\N{NO-BREAK SPACE}", " "))
