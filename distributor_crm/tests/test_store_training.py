# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo import Command, fields, http
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import HttpCase, TransactionCase, new_test_user, tagged
from odoo.tools import mute_logger

from .admission_common import AdmissionCommon
from .store_common import StoreCommon


class TrainingCommon:
    """Two obligatory topics: one that owners read, one that is gone through together."""

    def _set_topics(self):
        Topic = self.env["distributor.onboarding.topic"]
        Topic.search([]).write({"is_obligatory": False})
        current = Topic._get_current(self.env.company)
        self.read = self.env.ref("distributor_crm.activity_type_onboarding_withdrawal")
        self.told = self.env.ref("distributor_crm.activity_type_onboarding_products")
        current[self.read].write({"is_obligatory": True, "is_self_study": True})
        current[self.told].write({"is_obligatory": True, "is_self_study": False})

    def _do(self, store, topic, user=None):
        task = store._get_onboarding().filtered(
            lambda task: task.activity_type_id == topic and task.active
        )
        task.with_user(user or task.user_id).action_done()
        store.invalidate_recordset()


@tagged("post_install", "-at_install")
class TestStoreTraining(TrainingCommon, StoreCommon):
    """Whoever opens a store has learned the rules before (R007 to R009)."""

    def setUp(self):
        super().setUp()
        self._set_topics()
        self.store = self._make_store("school")

    def test_seventeen_topics_have_a_text(self):
        current = self.env["distributor.onboarding.topic"]._get_current(
            self.env.company
        )
        plan = self.env.ref("distributor_crm.onboarding_plan").template_ids
        self.assertEqual(len(plan.activity_type_id), 17)
        for topic in plan.activity_type_id:
            self.assertTrue(current[topic].body, topic.name)

    def test_told_in_the_language_of_who_trains(self):
        """The note of a topic is translated, unless the plan has its own."""
        self.env["res.lang"]._activate_lang("fr_FR")
        self.manager.lang = "fr_FR"
        term = self.told.default_note.striptags()
        self.told.update_field_translations(
            "default_note", {"fr_FR": {term: "Montrez-les"}}
        )
        step = self.env.ref("distributor_crm.onboarding_plan").template_ids[:1]
        step.note = "<p>Our own words</p>"
        self.store.action_start_training()
        notes = {t.activity_type_id: t.note for t in self.store._get_onboarding()}
        self.assertEqual(notes[self.told], "<p>Montrez-les</p>")
        self.assertEqual(notes[step.activity_type_id], "<p>Our own words</p>")

    def test_warns_and_opens(self):
        """By default: nobody is held up, and it is told what is missing."""
        self.store.with_user(self.manager).action_open()
        self.assertEqual(self.store.state, "open")
        self.assertEqual(self.store.training_missing, "Our products, Withdrawal rules")
        log = self.store.message_ids.filtered(lambda m: "Withdrawal" in (m.body or ""))
        self.assertTrue(log)

    def test_no_obligation(self):
        self.env.company.store_training_policy = "off"
        self.store.action_open()
        self.assertFalse(self.store.training_missing)

    def test_waits_for_the_obligatory_topics(self):
        self.env.company.store_training_policy = "required"
        with self.assertRaisesRegex(UserError, "Our products, Withdrawal rules"):
            self.store.with_user(self.manager).action_open()
        self.store.with_user(self.manager).action_start_training()
        self.assertTrue(self.owner.user_ids._is_portal(), "the owner can read them")
        self.assertEqual(self.store.onboarding_total, 17)
        self._do(self.store, self.read)
        with self.assertRaisesRegex(UserError, "Still open: Our products"):
            self.store.with_user(self.manager).action_open()
        self._do(self.store, self.told)
        todo = self.store.activity_ids.filtered(lambda a: a.summary == "Open the store")
        self.assertEqual(todo.user_id, self.manager)
        self.store.with_user(self.manager).action_open()
        self.assertEqual(self.store.onboarding_total, 17, "nothing is planned twice")
        # Opened once: what becomes obligatory later closes no store.
        self.store.action_suspend()
        other = self.env.ref("distributor_crm.activity_type_onboarding_coupons")
        current = self.store.env["distributor.onboarding.topic"]._get_current(
            self.env.company
        )
        current[other].is_obligatory = True
        self.store.action_open()

    def test_deleted_tasks_are_planned_again(self):
        self.env.company.store_training_policy = "required"
        self.store.action_start_training()
        self.store._get_onboarding().filtered(
            lambda task: task.activity_type_id == self.read
        ).unlink()
        self.store.action_start_training()
        self.assertIn(self.read, self.store._get_onboarding().activity_type_id)
        mails = self.env["mail.mail"].search([("subject", "like", "Before school")])
        self.assertEqual(len(mails), 1)

    def test_version_of_the_day_and_of_the_company(self):
        """The newest text whose day has come; a company's own before the shared one."""
        Topic = self.env["distributor.onboarding.topic"]
        with freeze_time("2027-03-01"):
            old = Topic._get_current(self.env.company)[self.read]
            new = Topic.browse(old.action_new_version()["res_id"])
            later = old.copy({"date_from": "2027-04-01"})
            self.assertEqual(Topic._get_current(self.env.company)[self.read], new)
            self.assertFalse(old.is_current)
            company = {"company_id": self.env.company.id}
            own = old.copy({"date_from": "2026-02-01", **company})
            self.assertEqual(Topic._get_current(self.env.company)[self.read], own)
            other = self.env["res.company"].create({"name": "Other"})
            self.assertEqual(Topic._get_current(other)[self.read], new)
        with freeze_time("2027-04-02"):
            self.assertEqual(Topic._get_current(other)[self.read], later)
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            later.copy()

    def test_addresses_of_pages_alone(self):
        topic = self.env["distributor.onboarding.topic"].search([], limit=1)
        for address in ("javascript:alert(1)", "//evil.example", "/\\evil", "my tier"):
            with self.subTest(address), self.assertRaises(ValidationError):
                topic.rule_url = address
        topic.write({"rule_url": "/my/tier", "course_url": "https://a.example/b?c=1"})

    def test_written_by_administrators_alone(self):
        topic = self.env["distributor.onboarding.topic"].search([], limit=1)
        self.assertTrue(topic.with_user(self.rep).display_name)
        with self.assertRaises(AccessError):
            topic.with_user(self.sales_manager).is_obligatory = False
        topic.with_user(self.admin).is_obligatory = False


@tagged("post_install", "-at_install")
class TestCampaignTraining(TrainingCommon, AdmissionCommon, TransactionCase):
    """A campaign says what its applicants learn before they open."""

    def setUp(self):
        super().setUp()
        self._set_topics()
        self.campaign.training_policy = "required"

    def _get_signed(self, name, **values):
        application = self._bring_to(self._apply(name, **values), "agreement")
        self._sign(application)
        return application

    def test_opens_with_the_last_topic(self):
        application = self._get_signed("Li Xue")
        store = application.store_id
        self.assertEqual((application.state, store.state), ("agreement", "preparing"))
        self.assertEqual(application.onboarding_total, 17)
        result = application.with_user(self.account_manager).action_open_store()
        self.assertIn("Our products", result["params"]["message"])
        self._do(store, self.read)
        self.assertEqual(store.state, "preparing")
        self._do(store, self.told)
        self.assertEqual((application.state, store.state), ("opened", "open"))

    def test_own_choice_of_topics(self):
        self.campaign.obligatory_topic_ids = [Command.set(self.read.ids)]
        application = self._get_signed("Li Yun")
        self.assertEqual(application.training_missing, "Withdrawal rules")
        self._do(application.store_id, self.read)
        self.assertEqual(application.state, "opened")

    def test_reviewer_opens_where_the_campaign_says_so(self):
        self.campaign.write(
            {
                "opens_on_signature": False,
                "obligatory_topic_ids": [Command.set(self.read.ids)],
            }
        )
        application = self._get_signed("Li Zhe")
        store = application.store_id
        self._do(store, self.read)
        self.assertEqual(application.state, "agreement")
        self.assertIn("Open the store", store.activity_ids.mapped("summary"))
        application.with_user(self.account_manager).action_open_store()
        self.assertEqual((application.state, store.state), ("opened", "open"))


@tagged("post_install", "-at_install")
class TestTrainingPortal(TrainingCommon, StoreCommon, HttpCase):
    """The owner reads the topics of the own store, and says so."""

    def setUp(self):
        super().setUp()
        self._set_topics()
        self.env.company.store_training_policy = "required"
        self.user = new_test_user(self.env, "learner", "base.group_portal")
        self.user.partner_id.parent_id = self.owner
        self.store = self._make_store("class")
        self.store.action_start_training()
        other = self._make_owner("Other")
        self.strange = self._make_store("strange", partner_id=other.id)
        self.strange.action_start_training()
        self.authenticate("learner", "learner")
        self.url = f"/my/stores/{self.store.id}"

    def _post(self, url):
        data = {"csrf_token": http.Request.csrf_token(self)}
        return self.url_open(url, data=data, method="POST")

    def test_reads_and_marks(self):
        page = self.url_open(self.url).text
        self.assertIn("Withdrawal rules", page)
        page = self.url_open(f"{self.url}/topics/{self.read.id}").text
        self.assertIn("An earning is frozen", page)
        self.assertIn("/my/earnings", page)
        for _twice in range(2):
            self._post(f"{self.url}/topics/{self.read.id}/read")
        self.store.invalidate_recordset()
        self.assertEqual(self.store.onboarding_done, 1)
        message = self.store.message_ids.filtered(
            lambda message: "Read on the portal" in (message.body or "")
        )
        self.assertEqual(message.author_id, self.user.partner_id)
        page = self.url_open(f"{self.url}/topics/{self.read.id}").text
        self.assertNotIn("o_topic_read", page)

    def test_what_the_manager_confirms(self):
        url = f"{self.url}/topics/{self.told.id}"
        self.assertNotIn("o_topic_read", self.url_open(url).text)
        self.assertIn("goes through this topic", self._post(f"{url}/read").text)
        self.assertEqual(self.store.onboarding_done, 0)

    def test_strangers_and_ended_ones(self):
        url = f"/my/stores/{self.strange.id}/topics/{self.read.id}"
        self.assertEqual(self.url_open(url).url, f"{self.base_url()}/my")
        self._post(f"{url}/read")
        self.strange.invalidate_recordset()
        self.assertEqual(self.strange.onboarding_done, 0)
        self.assertEqual(
            self.url_open(f"{self.url}/topics/99999999").url, f"{self.base_url()}/my"
        )
        self.owner.sudo().has_reduced_access = True
        page = self._post(f"{self.url}/topics/{self.read.id}/read").text
        self.assertIn("agreement is over", page)
        self.assertEqual(self.store.onboarding_done, 0)

    def test_new_text_shows(self):
        self._post(f"{self.url}/topics/{self.read.id}/read")
        version = self.env["distributor.onboarding.topic"]._get_current(
            self.env.company
        )[self.read]
        self.assertNotIn("New text", self.url_open(self.url).text)
        self.store._get_onboarding().filtered(
            lambda t: not t.active
        ).date_done = fields.Date.subtract(version.date_from, days=1)
        self.assertIn("New text", self.url_open(self.url).text)
