# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import TransactionCase, tagged

from ..similarity import normalize_name, text_likeness
from .authorization_common import AuthorizationCommon
from .store_common import picture

OURS = "A clear spirit of ripe plums, distilled twice and kept in clay for three years."


@tagged("post_install", "-at_install")
class TestAuthorizationDuty(AuthorizationCommon, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.plum.write({"distributor_brand_id": cls.brand.id, "description_sale": OURS})
        cls.record = cls.grant()
        cls.shot = [("page.png", picture(size=(60, 40)))]

    def cron(self, days):
        with freeze_time(self.day(days)):
            self.env["distributor.authorization.duty"]._cron_follow()

    def upload(self):
        return (
            self.env["ir.attachment"]
            .with_user(self.manager)
            .create({"name": "shot.png", "raw": self.shot[0][1]})
        )

    def test_similarity(self):
        """Two spellings of a name are one; likeness is the same from both sides."""
        self.assertEqual(
            normalize_name("Ｊade-River 店 "), normalize_name("jade river店")
        )
        self.assertEqual(text_likeness(OURS, OURS.upper()), 1)
        self.assertEqual(text_likeness("abcd", "dcba"), text_likeness("dcba", "abcd"))
        self.assertEqual(text_likeness("", OURS), 0)

    def test_given_with_deadlines(self):
        """R176-R180: the four duties, five days for listing."""
        due = {duty.kind: duty.due for duty in self.record.duty_ids}
        self.assertEqual(due["listing"], self.day(5))
        self.assertEqual(
            set(due), {"listing", "own_words", "recommendation", "declared_shops"}
        )

    def test_listing_deadline_of_the_company(self):
        """R169: where the company counts its own days for listing, they count."""
        self.env["distributor.listing.policy"].search([]).active = False
        self.env["distributor.listing.policy"].create(
            {"days": 9, "first_reminder": 3, "second_reminder": 4}
        )
        record = self.grant(self.shop_2)
        self.assertEqual(self.duty(record, "listing").due, self.day(9))

    def test_proof(self):
        duty = self.duty(self.record, "listing")
        for values, files in (
            ({}, self.shot),
            ({"url": "ftp://x.example.com"}, self.shot),
            ({"url": "javascript:alert(1)"}, self.shot),
            ({"url": "https://shop.example.com/1"}, []),
            ({"url": "https://shop.example.com/1"}, [("a.png", b"<svg/>")]),
        ):
            with self.assertRaises(UserError, msg=values), self.env.cr.savepoint():
                duty._prove(values, files)
            self.assertEqual(duty.state, "open")
        duty._prove({"url": "https://shop.example.com/1"}, self.shot)
        self.assertEqual((duty.state, duty.evidence_count), ("proved", 1))
        self.assertEqual(duty.activity_ids.user_id, self.manager)
        with self.assertRaises(AccessError):
            duty.with_user(self.rep).action_accept()
        duty.with_user(self.manager).action_accept()
        self.assertEqual(duty.state, "done")
        with self.assertRaises(UserError):
            duty._prove({"url": "https://shop.example.com/1"}, self.shot)

    def test_own_words(self):
        """R176: our text comes back at once, one's own goes on."""
        duty = self.duty(self.record, "own_words")
        typed = {"url": "https://shop.example.com/1", "title": "Plum Spirit"}
        duty._prove({**typed, "description": OURS}, [])
        self.assertEqual((duty.state, duty.likeness), ("open", 1))
        self.assertIn("100 %", duty.reject_reason)
        duty._prove(
            {
                **typed,
                "title": "Grandmother's bottle for the new year",
                "description": "We open it when the family is together. Try it cold.",
            },
            [],
        )
        self.assertEqual(duty.state, "proved")
        self.assertLess(duty.likeness, 0.6)
        self.assertFalse(duty.reject_reason)

    def test_title_alone_is_not_enough(self):
        """The description is ours: changing the title only does not do."""
        duty = self.duty(self.record, "own_words")
        duty._prove(
            {
                "url": "https://shop.example.com/1",
                "title": "Grandmother's bottle",
                "description": OURS + " Yes!",
            },
            [],
        )
        self.assertEqual(duty.state, "open")

    def test_recommendation_counts(self):
        """R178: one is enough, none is not."""
        duty = self.duty(self.record, "recommendation")
        url = "https://shop.example.com"
        for count in ("", "0", "-1", "½", "1000"):
            with self.assertRaises(UserError, msg=count), self.env.cr.savepoint():
                duty._prove({"url": url, "count": count}, self.shot)
        duty._prove({"url": url, "count": "1"}, self.shot)
        self.assertEqual((duty.state, duty.shown_count), ("proved", 1))

    def test_shops_confirmed(self):
        duty = self.duty(self.record, "declared_shops")
        with self.assertRaises(UserError), self.env.cr.savepoint():
            duty._prove({}, [])
        duty._prove({"confirmed": "1"}, [])
        self.assertEqual(duty.state, "proved")

    def test_asks_warns_reports_once(self):
        """A moved clock: asked, warned, overdue, then one case each (R176-R181)."""
        duty = self.duty(self.record, "listing")
        others = self.record.duty_ids - duty
        others.sudo()._set(state="done")
        self.cron(0)
        self.assertEqual(duty.asked_on, self.today)
        messages = len(self.record.message_ids)
        self.cron(1)
        self.assertEqual(len(self.record.message_ids), messages, "asked once")
        self.cron(3)
        self.assertEqual(duty.warned_on, self.day(3))
        self.cron(5)
        self.assertEqual(duty.state, "open", "the last day counts")
        self.cron(6)
        self.assertEqual(duty.state, "overdue")
        self.cron(7)
        self.assertEqual(duty.state, "breach", "after the days of grace")
        case = self.env["distributor.violation"].search(
            [("source_model", "=", duty._name), ("source_id", "=", duty.id)]
        )
        self.assertEqual(case.partner_id, self.north)
        self.assertEqual(case.policy_code, "listing_duty")
        self.cron(8)
        self.assertEqual(self.record.state, "in_force", "a case takes nothing away")
        self.assertEqual(duty._report_breach(), case, "reported once")

    def test_withdrawal_is_proposed_not_done(self):
        line = self.policy.duty_ids.filtered(lambda one: one.kind == "listing")
        line.consequence = "withdraw"
        self.cron(30)
        self.assertTrue(self.record.proposed_by_id)
        self.assertEqual(self.record.state, "in_force")
        self.record.with_user(self.head).action_confirm_withdrawal()
        self.assertEqual(self.record.state, "withdrawn")

    def test_proof_stops_what_follows(self):
        for duty in self.record.duty_ids:
            duty.sudo()._set(state="proved")
        self.cron(60)
        self.assertEqual(set(self.record.duty_ids.mapped("state")), {"proved"})
        self.assertFalse(
            self.env["distributor.violation"].search(
                [("partner_id", "=", self.north.id)]
            )
        )

    def test_asked_again(self):
        line = self.policy.duty_ids.filtered(lambda one: one.kind == "recommendation")
        line.repeat_days = 30
        duty = self.duty(self.record, "recommendation")
        duty._prove({"url": "https://shop.example.com", "count": "1"}, self.shot)
        duty.action_accept()
        self.cron(29)
        self.assertEqual(duty.state, "done")
        self.cron(31)
        self.assertEqual(duty.state, "closed")
        self.assertEqual(
            self.duty(self.record, "recommendation").sorted("id").mapped("state"),
            ["closed", "open"],
        )

    def test_manager_extends_and_waives(self):
        duty = self.duty(self.record, "listing")
        self.cron(6)
        with self.assertRaises(AccessError):
            duty.with_user(self.manager).action_extend()
        duty.with_user(self.head).action_extend()
        self.assertEqual((duty.state, duty.due), ("open", self.day(5)))
        duty.with_user(self.head).action_waive()
        self.assertEqual(duty.state, "closed")

    def test_closed_over_rpc(self):
        duty = self.duty(self.record, "listing")
        for vals in ({"state": "done"}, {"likeness": 0}, {"url": "https://x.org"}):
            with self.assertRaises(UserError, msg=vals):
                duty.with_user(self.manager).write(vals)
        with self.assertRaises(AccessError):
            duty.with_user(self.manager).unlink()
        stranger = self._new_user(
            "duty_stranger", "distributor_crm.group_account_manager"
        )
        self.assertFalse(duty.with_user(stranger).search([("id", "=", duty.id)]))
        with self.assertRaises(AccessError):
            duty.with_user(stranger).action_accept()

    def test_misuse_opens_a_case(self):
        """R184: with evidence only, and one case a finding."""
        wizard = (
            self.env["distributor.authorization.misuse"]
            .with_user(self.manager)
            .create(
                {
                    "authorization_id": self.record.id,
                    "facts": "The certificate hangs in another shop.",
                    "url": "https://another.example.com",
                }
            )
        )
        self.assertEqual(wizard.partner_id, self.north)
        with self.assertRaisesRegex(UserError, "screenshot"):
            wizard.action_report()
        wizard.attachment_ids = self.upload()
        action = wizard.action_report()
        case = self.env["distributor.violation"].browse(action["res_id"])
        self.assertEqual(case.policy_code, "authorization_misuse")
        self.assertEqual(case.source_model, "distributor.authorization.finding")

    def test_undeclared_shop(self):
        """R180, R181: a declared shop is no undeclared one; others open a case."""
        wizard = (
            self.env["distributor.authorization.misuse"]
            .with_user(self.manager)
            .create(
                {
                    "kind": "undeclared_shop",
                    "partner_id": self.south.id,
                    "facts": "The same pictures and telephone number.",
                    "url": self.shop_2.url + "/",
                    "attachment_ids": self.upload().ids,
                }
            )
        )
        with self.assertRaisesRegex(UserError, "is declared"):
            wizard.action_report()
        wizard.url = "https://hidden.example.com"
        case = self.env["distributor.violation"].browse(
            wizard.action_report()["res_id"]
        )
        self.assertEqual(case.policy_code, "undeclared_shop")
        self.assertEqual(case.partner_id, self.south)
        with self.assertRaises(AccessError):
            wizard.with_user(self.rep).action_report()

    def test_listing_task_does_for_the_duty(self):
        """R169: what was verified as listed is not to be proved twice."""
        kit = self.env["distributor.kit"].create(
            {"name": "Autumn", "categ_ids": self.spirits.ids}
        )
        if not self.env["distributor.listing.policy"].search([]):
            self.env["distributor.listing.policy"].create({})
        task = self.env["distributor.listing.task"]._give(kit, self.south)
        record = self.grant(self.shop_2)
        duty = self.duty(record, "listing")
        self.assertEqual(duty.listing_task_id, task)
        task._declare("https://old-town.example.com/plum")
        task.action_verify()
        self.assertEqual(duty.state, "done")
