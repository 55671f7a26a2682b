# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from collections import defaultdict
from decimal import Decimal

from odoo import api, models
from odoo.exceptions import UserError

from odoo.addons.distributor_crm.guard import lock_or_refuse

from ...fee import netting


class DistributorFeePayout(models.Model):
    """What is due, and to whom, set against what has to be given back."""

    _inherit = "distributor.fee.payout"

    @api.model
    def _prepare_for(self, sources):
        """Prepare the payouts of signed statements, or of approved applications.

        What a payee was paid too much before is kept from what is due to him now; if
        nothing is left, it waits for his next payout.

        :param sources: of one or more companies
        :return: the payouts, in preparation
        :raises UserError: says what is missing, and who does it
        """
        self._check_finance()
        sources.check_access("read")
        # Who may is checked; what is paid is closed to users. Whoever comes second
        # finds the row locked, or its lines settled.
        trusted = sources.sudo()
        lock_or_refuse(trusted, allow_referencing=True)
        trusted._check_may_pay_out()
        judged = trusted._judge_payees_again()
        payouts = self.sudo().browse()
        for source in trusted:
            payouts |= self.sudo()._prepare_one(source, judged.get(source))
        return payouts.with_env(self.env)

    @api.model
    def _prepare_one(self, source, objection=None):
        items, lines = self._net_dues(source)
        if not lines:
            in_payout = source.payout_ids.filtered(lambda own: own.state == "draft")
            if not in_payout and source._is_all_settled():
                source._mark_paid()
                return self.browse()
            if objection:
                # It was put on record just now; an error would undo that.
                return self.browse()
            raise UserError(
                self.env._(
                    "Nothing can be paid on %s now: it is in a payout already, or waits "
                    "for the compliance reviewer.",
                    source.display_name,
                )
            )
        payout = self.create(self._prepare_payout(source))
        # Who was lent the money pays with it.
        mode = "own_account" if payout._get_open_advances() else "company_account"
        made = self.env["distributor.fee.payout.item"].create(
            [
                {**values, "payout_id": payout.id, "payment_mode": mode}
                for values in items.values()
            ]
        )
        by_key = dict(zip(items, made, strict=True))
        self.env["distributor.fee.payout.line"].create(
            [
                {**values, "payout_id": payout.id, "item_id": by_key[key].id}
                for key, values in lines
            ]
        )
        return payout

    @api.model
    def _net_dues(self, source):
        """Set what may be paid on a document against what its payees have to give back.

        :return: as `_net`
        """
        dues = source._get_payout_dues()
        dues += (
            self.env["distributor.fee.statement"]
            ._get_waiting_lines(source.company_id, {due["payee"] for due in dues})
            .filtered(lambda line: line.statement_id != source)
            ._get_payout_dues()
        )
        return self._net(dues)

    @api.model
    def _prepare_payout(self, source):
        company = source.company_id
        is_statement = source._name == "distributor.fee.statement"
        return {
            "name": self.env["ir.sequence"]
            .with_company(company)
            .next_by_code("distributor.fee.payout"),
            "company_id": company.id,
            "user_id": source.user_id.id,
            "employee_id": source.user_id._get_fee_employee(company).id,
            "statement_id": is_statement and source.id,
            "application_id": not is_statement and source.id,
            "payment_method_line_id": self._get_method_line(company).id,
        }

    @api.model
    def _net(self, dues):
        """Return the values of items by key, and of lines with their key.

        :param dues: dicts of payee, user, partner, product, purpose (records), amount
            (Decimal), the line or application, and the name of
            the field that settles it
        """
        sums = defaultdict(lambda: defaultdict(Decimal))
        settled = defaultdict(list)
        for due in dues:
            key = (due["user"], due["partner"], due["product"], due["purpose"])
            sums[due["payee"]][key] += due["amount"]
            settled[due["payee"], key].append(due)
        items, lines = {}, []
        for payee, amounts in sums.items():
            shares = netting.net(amounts)
            for key, share in (shares or {}).items():
                user, partner, product, purpose = key
                items[payee, key] = {
                    "payee_id": payee.id,
                    "user_id": user.id,
                    "partner_id": partner.id,
                    "product_id": product.id,
                    "purpose_id": purpose.id,
                    "amount": float(share.paid + share.offset),
                    "kept": float(share.offset),
                    "paid": float(share.paid),
                }
                lines += [
                    (
                        (payee, key),
                        {
                            due["settles"]: due["line"].id,
                            "amount": float(due["amount"]),
                        },
                    )
                    for due in settled[payee, key]
                ]
        return items, lines

    @api.model
    def _get_method_line(self, company):
        """Return how the company pays, unless finance chooses another way."""
        journal = company.fee_payment_journal_id
        return journal.outbound_payment_method_line_ids[:1]
