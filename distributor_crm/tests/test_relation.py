# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from lxml import html
from psycopg2 import IntegrityError

from odoo import Command, fields
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import DistributorCommon


class RelationCommon(DistributorCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.buyer, cls.boss = cls.env["res.partner"].create(
            [
                {
                    "name": name,
                    "parent_id": cls.north.id,
                    "email": f"{name.split()[0]}@north.example",
                    "decision_role": role,
                }
                for name, role in (("Li Buyer", "buys"), ("Wu Boss", "decides"))
            ]
        )
        cls.Relation = cls.env["distributor.relation"]

    @classmethod
    def _know(cls, contact, user, **values):
        return cls.Relation.create(
            {"contact_id": contact.id, "user_id": user.id, **values}
        )


@tagged("post_install", "-at_install")
class TestRelation(RelationCommon):
    def test_a_relation_that_hangs_on_one_person_is_found(self):
        """Two contacts, two of us, and who decides: less than that warns (R228)."""
        self.boss.decision_role = False
        thin = [("is_relation_thin", "=", True), ("id", "in", self.north.ids)]
        self._know(self.buyer, self.account_manager)
        self.assertIn("one contact only", self.north.relation_gaps)
        self.assertIn("known to one of us only", self.north.relation_gaps)
        self.assertIn("decider unknown", self.north.relation_gaps)
        self.assertEqual(self.env["res.partner"].search(thin), self.north)
        self._know(self.boss, self.account_manager)
        self._know(self.boss, self.sales_rep)
        self.env.invalidate_all()
        self.assertEqual(self.north.relation_gaps, "decider unknown")
        self.boss.decision_role = "decides"
        self.env.invalidate_all()
        self.assertFalse(self.north.is_relation_thin)
        self.assertFalse(self.env["res.partner"].search(thin))
        self.assertEqual(
            (self.north.known_contact_count, self.north.our_people_count), (2, 2)
        )
        # Who has left us, and who has left them, know nobody any more.
        self.sales_rep.active = False
        self.env.invalidate_all()
        self.assertTrue(self.north.is_relation_thin)
        self.assertEqual(self.env["res.partner"].search(thin), self.north)

    def test_the_task_is_proposed_once(self):
        """Who looks after a distributor is asked once to know more people there."""
        kind = self.env.ref("distributor_crm.activity_type_relation")
        (self.north + self.south).action_strengthen_relation()
        self.north.action_strengthen_relation()
        tasks = self.env["mail.activity"].search([("activity_type_id", "=", kind.id)])
        found = tasks.filtered(lambda t: t.res_id in (self.north + self.south).ids)
        self.assertEqual(len(found), 2)
        self.assertEqual(found.user_id, self.account_manager)

    def test_the_last_contact_is_what_was_said_met_and_done(self):
        """Messages, meetings and finished activities of this colleague count; notes and
        those of others do not."""
        relation = self._know(self.buyer, self.account_manager)
        self.assertFalse(relation.last_contact)
        self.assertTrue(relation.is_cold)
        today = fields.Date.today()
        meeting = self.env["calendar.event"].create(
            {
                "name": "Meeting",
                "start": fields.Datetime.now() - timedelta(days=100),
                "stop": fields.Datetime.now() - timedelta(days=99),
                "partner_ids": [
                    Command.set((self.buyer + self.account_manager.partner_id).ids)
                ],
            }
        )
        relation.invalidate_recordset()
        self.assertEqual(relation.last_contact, meeting.start.date())
        self.assertTrue(relation.is_cold)
        cold = [("is_cold", "=", True), ("id", "=", relation.id)]
        self.assertTrue(self.Relation.search(cold))
        self.buyer.with_user(self.account_manager).message_post(
            body="note", subtype_xmlid="mail.mt_note"
        )
        self.buyer.with_user(self.sales_manager).message_post(
            body="hello", subtype_xmlid="mail.mt_comment", message_type="comment"
        )
        relation.invalidate_recordset()
        self.assertEqual(relation.last_contact, meeting.start.date())
        self.buyer.with_user(self.account_manager).message_post(
            body="hello", subtype_xmlid="mail.mt_comment", message_type="comment"
        )
        relation.invalidate_recordset()
        self.assertEqual(relation.last_contact, today)
        self.assertFalse(relation.is_cold)
        self.assertFalse(self.Relation.search(cold))

    def test_the_map_names_every_cell(self):
        """Contacts are rows, our people columns; words and not colours alone say what
        is meant, and scopes tell a screen reader which cell it reads (R228)."""
        self._know(self.boss, self.account_manager, attitude="-2", strength="3")
        tree = html.fromstring(str(self.north.relation_map))
        heads = [h.text_content().strip() for h in tree.xpath("//th[@scope='col']")]
        self.assertEqual(heads, ["Contact", self.account_manager.name])
        rows = tree.xpath("//tbody/tr")
        self.assertIn("Wu Boss", rows[0].xpath("th[@scope='row']")[0].text_content())
        self.assertIn("Against Us", rows[0].xpath("td")[0].text_content())
        self.assertIn("Close", rows[0].xpath("td")[0].text_content())
        self.assertIn("not acquainted", rows[1].xpath("td")[0].text_content())
        self.assertTrue(tree.xpath("//caption"))

    def test_names_in_the_map_are_text(self):
        """What somebody typed as a name does not become part of the page."""
        self.boss.name = "<script>alert(1)</script>"
        self.assertNotIn("<script", str(self.north.relation_map))

    def test_each_role_sees_its_own(self):
        """Own relations and those of own distributors; finance and portal see none."""
        mine = self._know(self.boss, self.account_manager)
        elsewhere = self.env["res.partner"].create(
            {"name": "East", "is_company": True, "is_distributor": True}
        )
        person = self.env["res.partner"].create(
            {"name": "Sun", "parent_id": elsewhere.id}
        )
        other = self._know(person, self.sales_manager)
        for user, seen in (
            (self.sales_rep, mine),
            (self.account_manager, mine),
            (self.sales_manager, mine + other),
        ):
            found = self.Relation.with_user(user).search(
                [("id", "in", (mine + other).ids)]
            )
            self.assertEqual(found, seen, user.name)
        with self.assertRaises(AccessError):
            self.Relation.with_user(self.finance).search([])
        with self.assertRaises(AccessError):
            other.with_user(self.account_manager).attitude = "2"
        # The distributor follows from the contact, whatever is sent.
        own = self.Relation.with_user(self.account_manager)
        made = own.create(
            {
                "contact_id": self.buyer.id,
                "user_id": self.account_manager.id,
                "partner_id": elsewhere.id,
            }
        )
        self.assertEqual(made.partner_id, self.north)

    def test_distributors_do_not_read_what_we_think_of_them(self):
        """On the portal nobody reads roles, gaps or the map, not of himself either."""
        self.env["res.users"].create(
            {
                "name": "Wu",
                "login": "portal_boss",
                "partner_id": self.boss.id,
                "group_ids": [Command.set([self.env.ref("base.group_portal").id])],
            }
        )
        own = self.boss.with_user(self.boss.user_ids)
        self.assertTrue(own.read(["name"]))
        for name in ("decision_role", "relation_gaps", "relation_map", "completeness"):
            with self.assertRaises(AccessError):
                own.read([name])

    def test_sides_are_a_contact_and_a_colleague(self):
        """Neither companies nor outsiders nor the same pair twice."""
        self._know(self.boss, self.account_manager)
        with (
            mute_logger("odoo.sql_db"),
            self._refused(IntegrityError, "distributor_relation_once"),
        ):
            self._know(self.boss, self.account_manager)
        with self._refused(ValidationError, "no person at a distributor"):
            self._know(self.north, self.account_manager)
        stranger = self.env["res.partner"].create({"name": "Stranger"})
        with self._refused(ValidationError, "no person at a distributor"):
            self._know(stranger, self.account_manager)

    def test_relations_are_handed_over(self):
        """The successor takes them over as an acquaintance; his own stay as they are."""
        new = self._new_user("successor", "distributor_crm.group_account_manager")
        first = self._know(self.boss, self.account_manager, strength="3")
        doubled = self._know(self.buyer, self.account_manager, strength="3")
        own = self._know(self.buyer, new, strength="2")
        handover = (
            self.env["distributor.handover"]
            .with_user(self.sales_manager)
            .create({"user_id": self.account_manager.id})
        )
        handover.action_propose()
        lines = handover.item_line_ids.filtered(
            lambda line: line.res_model == "distributor.relation"
        )
        self.assertEqual(set(lines.mapped("res_id")), set((first + doubled).ids))
        handover.line_ids.new_user_id = new
        handover.action_hand_over()
        self.assertEqual((first.user_id, first.strength), (new, "1"))
        self.assertFalse(doubled.active)
        self.assertEqual((own.user_id, own.strength), (new, "2"))
        self.assertEqual(self.north.our_people_count, 1)

    def test_relations_follow_merged_partners(self):
        """Contacts and distributors are merged with Odoo's wizard; nothing is lost, and
        a pair that both had stands there once."""
        twin = self.env["res.partner"].create(
            {"name": "Wu Boss again", "parent_id": self.south.id}
        )
        both = self._know(self.boss, self.account_manager, strength="3")
        self._know(twin, self.account_manager, note="Likes tea")
        only = self._know(twin, self.sales_rep)
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((twin + self.boss).ids, self.boss)
        left = self.Relation.search([("contact_id", "=", self.boss.id)])
        self.assertEqual(left, both + only)
        self.assertEqual(left.partner_id, self.north)
        self.assertEqual((both.strength, both.note), ("3", "Likes tea"))
        wizard._merge((self.north + self.south).ids, self.south)
        self.env.invalidate_all()
        self.assertEqual(left.partner_id, self.south)
