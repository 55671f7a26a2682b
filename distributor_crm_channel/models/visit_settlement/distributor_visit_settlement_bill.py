# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import Command, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.distributor_crm.guard import hold_in_state
from odoo.addons.distributor_crm.printing import print_document

REPORT = "distributor_crm_channel.visit_settlement_report"


class DistributorVisitSettlement(models.Model):
    """Approved settlements become vendor bills, with the signed forms attached."""

    _inherit = "distributor.visit.settlement"

    def action_bill(self):
        """Make and post a vendor bill of each approved settlement (R055).

        All or nothing: bills, penalties and marks are one transaction. What was billed
        is not billed again, unless its bill was cancelled.

        :raises AccessError: not finance, or somebody who approved it
        :raises UserError: it is not approved, changed since, or accounts are missing
        """
        self._check_biller()
        hold_in_state(self, ("approved",))
        # Finance bills; what it books is checked here, the fields are closed to users.
        settlements = self.sudo().with_context(skip_validation_check=True)
        settlements._check_signatures_stand()
        settlements._check_stands()
        for company, own in settlements.grouped("company_id").items():
            company._check_visit_accounting()
            own.with_company(company)._bill(fields.Date.context_today(self))
        return True

    def _check_biller(self):
        self.check_access("read")
        if not self.env.user.has_group("distributor_crm.group_finance"):
            raise AccessError(self.env._("Only finance bills settlements."))

    def _bill(self, day):
        moves = self.env["account.move"].create(
            [settlement._prepare_bill(day) for settlement in self]
        )
        for settlement, move in zip(self, moves, strict=True):
            settlement.write({"bill_id": move.id, "state": "billed"})
            settlement._charge_penalties()
        moves.action_post()
        for settlement in self:
            settlement._attach_proofs()
            settlement._tell(
                self.env._(
                    "Your settlement %s was approved and billed.", settlement.name
                )
            )

    def _prepare_bill(self, day):
        """Return the values of the vendor bill of a settlement."""
        self.ensure_one()
        company = self.company_id
        return {
            "move_type": "in_invoice",
            "company_id": company.id,
            "journal_id": company.visit_journal_id.id,
            "partner_id": self.partner_id.id,
            "currency_id": self.currency_id.id,
            "invoice_date": day,
            "date": day,
            "ref": self.name,
            "invoice_origin": self.name,
            "invoice_line_ids": [
                Command.create(values) for values in self._prepare_bill_lines()
            ],
        }

    def _prepare_bill_lines(self):
        """Return the lines of the bill: one a kind, rate card and rate; each penalty,
        and what is carried forward, alone."""
        labels = dict(self.line_ids._fields["kind"]._description_selection(self.env))
        groups = self.line_ids.grouped(
            lambda line: (
                line.sequence,
                line.kind,
                line.rate_id,
                line.kind == "visit" and line.rate,
                line.kind in ("penalty", "carried") and line,
            )
        )
        company = self.company_id
        month = self._get_month_label()
        found = []
        for (_sequence, kind, _rate, price, alone), lines in sorted(
            groups.items(), key=lambda group: (group[0][0], group[1][0].id)
        ):
            total = sum(lines.mapped("amount"))
            text = self.env._("%(what)s, %(month)s", what=labels[kind], month=month)
            account = company.visit_expense_account_id
            if kind == "penalty":
                account = company.visit_penalty_account_id or account
            found.append(
                {
                    "name": f"{text}: {alone.name}" if alone else text,
                    "account_id": account.id,
                    "quantity": len(lines) if price else 1,
                    "price_unit": price or total,
                    "tax_ids": [Command.set(company.visit_tax_ids.ids)],
                }
            )
        return found

    def _attach_proofs(self):
        """Attach the signed forms and the printed statement to the bill."""
        self.ensure_one()
        forms = self.line_ids.filtered(
            lambda line: line.kind == "visit"
        ).form_attachment_id
        values = {"res_model": "account.move", "res_id": self.bill_id.id}
        for form in forms:
            form.copy({**values, "res_field": False})
        content, kind = self._print()
        self.env["ir.attachment"].create(
            {
                **values,
                "name": f"{self._get_report_base_filename()}.{kind}",
                "raw": content,
                "mimetype": "application/pdf" if kind == "pdf" else "text/html",
            }
        )

    def _print(self):
        """Return the file of the statement in the payee's language, and its kind."""
        reports = self.env["ir.actions.report"].with_context(
            lang=self.partner_id.lang or self.env.lang
        )
        return print_document(reports, REPORT, self.ids)

    def _get_report_base_filename(self):
        self.ensure_one()
        return f"{self.name.replace('/', '-')} {self.partner_id.name}"

    def action_bill_again(self):
        """The bill was cancelled or reversed: it is to be billed again.

        :raises UserError: the bill still stands
        """
        self._check_biller()
        hold_in_state(self, ("billed",))
        for settlement in self.sudo():  # who may was checked
            bill = settlement.bill_id
            if bill.state != "cancel" and bill.payment_state != "reversed":
                raise UserError(
                    self.env._(
                        "%(bill)s stands. Cancel or reverse it first, then bill "
                        "%(settlement)s again.",
                        bill=bill.name,
                        settlement=settlement.name,
                    )
                )
            trusted = settlement.with_context(skip_validation_check=True)
            trusted._release_penalties()
            trusted.write({"state": "approved", "bill_id": False})
            trusted.message_post(
                body=self.env._(
                    "%s does not stand any more: to be billed again.", bill.name
                )
            )
        return True

    def _release_penalties(self):
        """What was collected by a bill that stands no longer is open again."""
        self.line_ids.violation_id._free_settled(self)
        for line in self.line_ids.filtered(lambda line: line.kind == "refund"):
            line.violation_id.settled_amount = line.amount
