# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import base64

from dateutil.relativedelta import relativedelta

from odoo import fields
from odoo.tests import HttpCase, tagged

from .fee_common import FeeStatementCommon


@tagged("post_install", "-at_install")
class TestFeeTour(FeeStatementCommon, HttpCase):
    """A month played through in the browser by all who have a part in it (R092-R108)."""

    def test_from_submission_to_payout(self):
        today = fields.Date.context_today(self.env.user)
        month = today.replace(day=1) - relativedelta(months=2)
        self.company._set_up_fee_accounting()
        self.env["hr.employee"].create(
            {
                "name": self.rep.name,
                "user_id": self.rep.id,
                "company_id": self.company.id,
            }
        )
        move = self._sell(month, 1000)
        self._pay(move, month, 1000)
        statement = self._build(f"{month:%Y-%m}")
        statement.reopened_until = today + relativedelta(days=9)
        path = f"/odoo/action-distributor_crm_expense.distributor_fee_statement_action/{statement.id}"
        for tour, user in (
            ("submit", self.rep),
            ("clerk", self.clerk),
            ("manager", self.manager),
            ("finance", self.finance),
            ("prepare", self.finance),
        ):
            self.start_tour(path, f"distributor_fee_{tour}_tour", login=user.login)
        self.assertEqual(statement.state, "signed")
        self.assertEqual(
            statement._get_valid_signatures().user_id,
            self.clerk | self.manager | self.finance,
        )
        payout = statement.payout_ids
        self.assertEqual(payout.amount, 50)
        self.env["distributor.fee.receipt"].with_user(self.rep).create(
            {
                "payout_id": payout.id,
                "payee_id": payout.item_ids.payee_id.id,
                "number": "R-1",
                "date": today,
                "amount": payout.amount,
                "filename": "receipt.pdf",
                "file": base64.b64encode(b"%PDF-1.4 receipt %%EOF"),
            }
        )
        self.start_tour(
            f"/odoo/action-distributor_crm_expense.distributor_fee_payout_action/{payout.id}",
            "distributor_fee_pay_tour",
            login=self.finance.login,
        )
        self.assertEqual((payout.state, statement.state), ("posted", "paid"))
        self.start_tour(path, "distributor_fee_audit_tour", login=self.auditor.login)
