# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.distributor_crm.tests.service_common import ServicePortalCase

from .trace_common import TraceCommon


class IncidentCommon(TraceCommon):
    """A lot that two distributors got, one of whom brought a part of it back."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lot, cls.other_lot = cls._lot("BAD1"), cls._lot("BAD2")
        cls._deliver(cls.north, cls.lot, 6)
        cls._bring_back(cls.north, cls.lot, 2)
        cls._deliver(cls.south, cls.lot, 3)
        cls.incident = cls._incident(cls.lot)

    @classmethod
    def _incident(cls, *lots, **values):
        return (
            cls.env["distributor.quality.incident"]
            .with_user(cls.account_manager)
            .create(
                {
                    "subject": "Caps leak",
                    "company_id": cls.company.id,
                    "instruction": "Stop selling",
                    "lot_line_ids": [
                        Command.create({"lot_id": lot.id}) for lot in lots
                    ],
                    **values,
                }
            )
        )

    def row(self, partner, incident=None):
        rows = (incident or self.incident).sudo().recall_ids
        return rows.filtered(lambda row: row.partner_id == partner)


@tagged("post_install", "-at_install")
class TestQualityIncident(IncidentCommon):
    def test_who_has_them(self):
        """The recall list is what the stock moves say (R146)."""
        self.incident.action_trace()
        self.assertRecordValues(
            self.incident.sudo().recall_ids.sorted("delivered"),
            [
                {"partner_id": self.south.id, "delivered": 3, "outstanding": 3},
                {"partner_id": self.north.id, "delivered": 6, "outstanding": 4},
            ],
        )
        self._bring_back(self.south, self.lot, 1)
        self.incident.action_trace()
        self.assertEqual(len(self.incident.sudo().recall_ids), 2)
        self.assertEqual(self.row(self.south).outstanding, 2)
        self.assertEqual(self.incident.sudo().outstanding, 6)

    def test_recall_tells_each_once(self):
        self.incident.instruction = " "
        with self.assertRaises(UserError):
            self.incident.action_recall()
        self.incident.instruction = "Stop selling"
        self.incident.action_recall()
        rows = self.incident.sudo().recall_ids
        self.assertTrue(all(rows.mapped("told_at")))
        messages = rows.message_ids.filtered("partner_ids")
        self.assertEqual(messages.partner_ids, self.north | self.south)
        self.assertEqual(len(messages), 2)
        self.assertIn("BAD1", messages[0].body)
        with self.assertRaises(UserError):
            self.incident.action_cancel()
        self.row(self.north)._acknowledge({self.row(self.north): 1}, "")
        self.incident.action_inform()
        self.assertEqual(self.row(self.north).told_count, 1)
        self.assertEqual(self.row(self.south).told_count, 2)

    def test_lots_are_needed(self):
        with self.assertRaises(UserError):
            self._incident().action_recall()

    def test_stopped_lots_stay(self):
        """While the incident is open, nobody gets the lot (R146)."""
        with self._refused(UserError, "BAD1"):
            self._deliver(self.north, self.lot, days=0)
        self._deliver(self.north, self.other_lot, days=0)
        self._bring_back(self.north, self.lot, days=0)
        self.incident.stop_delivery = False
        self._deliver(self.north, self.lot, days=0)

    def test_closed_with_the_cause(self):
        with self.assertRaises(UserError):
            self.incident.action_close()
        self.incident.action_recall()
        self.incident.write({"cause_kind": "production", "cause": "A worn die"})
        self.incident.action_close()
        self.assertEqual(self.incident.state, "closed")
        last = self.row(self.north).message_ids[0]
        self.assertIn("A worn die", last.body)
        self.assertFalse(self.incident.activity_ids)
        self._deliver(self.north, self.lot, days=0)
        self.incident.action_reopen()
        self.assertEqual(self.incident.state, "recalling")

    def test_compensation_is_credited_once(self):
        """A draft credit note for each distributor, in no rebate (R116)."""
        self.incident.action_recall()
        self.incident.write({"cause_kind": "production", "cause": "A worn die"})
        row = self.row(self.north)
        row.with_user(self.account_manager).write(
            {"compensation": 120, "compensation_reason": "four bottles"}
        )
        with self.assertRaises(UserError):
            self.incident.action_close()
        with self.assertRaises(AccessError):
            self.incident.action_compensate()
        finance = self.incident.with_user(self.finance)
        finance.action_compensate()
        move = row.move_id
        self.assertEqual((move.move_type, move.state), ("out_refund", "draft"))
        self.assertEqual((move.partner_id, move.amount_total), (self.north, 120))
        self.assertTrue(move.invoice_line_ids.rebate_exclusion)
        with self.assertRaises(UserError):
            finance.action_compensate()
        with self.assertRaises(UserError):
            row.with_user(self.account_manager).compensation = 200
        self.incident.action_close()
        move.button_cancel()
        self.incident.action_reopen()
        finance.action_compensate()
        self.assertNotEqual(row.move_id, move)

    def test_complaint_becomes_an_incident(self):
        case = self.env["distributor.case"].create(
            {
                "partner_id": self.north.id,
                "company_id": self.company.id,
                "subject": "Two boxes broken",
                "kind": "complaint",
            }
        )
        case.action_report_incident()
        incident = case.incident_id
        self.assertEqual(
            (incident.subject, incident.reporter_id), (case.subject, self.north)
        )
        self.assertEqual(incident.case_count, 1)
        case.action_report_incident()
        self.assertEqual(case.incident_id, incident)

    def test_rights(self):
        """Status and list are set by the buttons and the trace, over RPC too."""
        self.incident.action_recall()
        for record, values in (
            (self.incident, {"state": "closed"}),
            (self.incident, {"closed_at": "2026-01-01"}),
            (self.row(self.north).with_user(self.account_manager), {"delivered": 1}),
            (self.row(self.north).with_user(self.account_manager), {"told_at": False}),
        ):
            with self.assertRaises(UserError):
                record.write(values)
        sneaky = self._incident(self.other_lot, state="closed", closed_at="2026-01-01")
        self.assertEqual(sneaky.state, "open")
        with self.assertRaises(AccessError):
            self.incident.with_user(self.sales_rep).write({"subject": "X"})
        with self.assertRaises(AccessError):
            self.incident.with_user(self.sales_rep).action_recall()
        recall = self.env["distributor.quality.recall"]
        self.assertEqual(len(recall.with_user(self.sales_rep).search([])), 2)
        stranger = self._new_user("other_rep", "distributor_crm.group_sales_rep")
        self.assertFalse(recall.with_user(stranger).search([]))
        with self.assertRaises(AccessError):
            recall.with_user(self.north_user).search([])


@tagged("post_install", "-at_install")
class TestRecallPortal(IncidentCommon, ServicePortalCase):
    def test_acknowledge(self):
        self.incident.action_trace()
        self._login()
        path = f"/my/recalls/{self.incident.id}"
        self.assertTrue(self._is_home(self.url_open(path)))  # not told yet
        self.incident.action_recall()
        row = self.row(self.north)
        self.assertIn("Please answer", self.url_open("/my/recalls").text)
        page = self.url_open(path).text
        self.assertIn("BAD1", page)
        self.assertNotIn(self.south.name, page)
        for bad in ("5", "-1", "nan", "x", "1e99"):
            page = self._post(path, **{f"left_{row.id}": bad}).text
            self.assertIn("alert-danger", page, bad)
        self.assertFalse(row.acknowledged_at)
        page = self._post(path, **{f"left_{row.id}": "3", "answer": "<b>x</b>"}).text
        self.assertIn("alert-success", page)
        self.assertNotIn("<b>x</b>", page)
        self.assertEqual((row.on_shelf, row.acknowledged_by_id), (3, self.north_user))
        self.assertFalse(self.row(self.south).acknowledged_at)
        self.incident.write({"cause_kind": "unknown", "cause": "Not found"})
        self.incident.action_close()
        self.assertIn("alert-danger", self._post(path, **{f"left_{row.id}": "1"}).text)

    def test_own_alone(self):
        self.incident.action_recall()
        self.row(self.south).told_at = False
        path = f"/my/recalls/{self.incident.id}"
        self._check_own_only(path)
        self._login("south_owner")
        foreign = f"left_{self.row(self.north).id}"
        self.assertTrue(self._is_home(self._post(path, **{foreign: "1"})))
        self.assertFalse(self.row(self.north).acknowledged_at)
