# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from collections import defaultdict
from decimal import Decimal

from odoo import Command, models
from odoo.exceptions import UserError

from ...rebate import documents
from ...rebate.arithmetic import ZERO

# By whether the distributor receives or pays back.
MOVE_TYPES = {
    "credit_note": ("out_refund", "out_invoice"),
    "vendor_bill": ("in_invoice", "in_refund"),
}


class DistributorRebateProgram(models.Model):
    _inherit = "distributor.rebate.program"

    def _check_settlement_setup(self, form):
        """Check that programs name what a form of settlement needs.

        :raises UserError: says what is missing
        """
        needed = {
            "credit_note": ["account_id", "journal_id"],
            "vendor_bill": ["account_id", "purchase_journal_id"],
        }.get(form, [])
        for program in self:
            if not all(program[name] for name in needed):
                raise UserError(
                    self.env._(
                        "Program %(program)s names no rebate account or no journal. "
                        "Fill in both on its Accounting tab, then settle again.",
                        program=program.name,
                    )
                )

    def _get_settlement_journal(self, form):
        """Return the journal of the documents of a form."""
        return self.purchase_journal_id if form == "vendor_bill" else self.journal_id

    def _get_settlement_taxes(self, form, sold):
        """Return the taxes of a line, by the program's policy.

        :param sold: the taxes of the sales behind it
        """
        if self.tax_policy == "fixed":
            return self.tax_ids
        if self.tax_policy == "none" or form == "vendor_bill":
            return self.env["account.tax"]
        return sold


class DistributorRebateStatement(models.Model):
    """The documents that settle statements. Each form is a method `_settle_<form>` that
    creates the documents, all at once, and says which settles which statements."""

    _inherit = "distributor.rebate.statement"

    def _settle_credit_note(self, day, together):
        """Customer credit notes; invoices for what the distributor pays back."""
        return self._create_documents("credit_note", day, together)

    def _settle_vendor_bill(self, day, together):
        """Vendor bills; vendor refunds for what the distributor pays back."""
        return self._create_documents("vendor_bill", day, together)

    def _create_documents(self, form, day, together):
        groups = self._group_by_document(form, together)
        lines = self._prepare_lines(form)
        moves = self.env["account.move"].create(
            [statements._prepare_document(form, day, lines) for statements in groups]
        )
        return [
            (statements, {"move_id": move.id})
            for statements, move in zip(groups, moves, strict=True)
        ]

    def _group_by_document(self, form, together):
        """Return the statements that share a document."""
        if not together:
            return list(self)
        return list(
            self.grouped(
                lambda s: (
                    s.company_id,
                    s.partner_id,
                    s.program_id._get_settlement_journal(form),
                )
            ).values()
        )

    def _prepare_document(self, form, day, lines) -> dict:
        """Return the values of the document that settles these statements.

        :param lines: what each statement puts on it, positive where the distributor
            receives
        """
        program, total = self.program_id[:1], sum(self.mapped("settled"))
        move_type = MOVE_TYPES[form][total < 0]
        sign = -1 if total < 0 else 1
        periods = [f"{s.program_id.name} {s.period}" for s in self]
        return {
            "move_type": move_type,
            "company_id": self.company_id.id,
            "journal_id": program._get_settlement_journal(form).id,
            "partner_id": self.partner_id.id,
            "currency_id": self.currency_id.id,
            "invoice_date": day,
            "date": day,
            "invoice_origin": ", ".join(dict.fromkeys(self.program_id.mapped("name"))),
            "ref": ", ".join(periods),
            "is_distributor_rebate": True,
            "invoice_line_ids": [
                Command.create(self._prepare_line(line, sign))
                for statement in self
                for line in lines[statement]
            ],
        }

    def _prepare_line(self, line, sign) -> dict:
        """Return an invoice line of an amount without tax.

        Where a tax is included in prices, the price is made to contain it and the
        amount without it is fixed: it is what was promised.
        """
        taxes, net = line["taxes"], sign * line["amount"]
        values = {
            "name": line["name"],
            "account_id": line["account_id"],
            "quantity": 1,
            "price_unit": net,
            "tax_ids": [Command.set(taxes.ids)],
            "analytic_distribution": line["analytic"],
        }
        flat = taxes.flatten_taxes_hierarchy()
        if not any(flat.mapped("price_include")):
            return values
        found = taxes.compute_all(net, self.currency_id, handle_price_include=False)
        included = sum(tax["amount"] for tax in found["taxes"] if tax["price_include"])
        price = self.currency_id.round(net + included)
        return values | {
            "price_unit": price,
            "extra_tax_data": {
                "currency_id": self.currency_id.id,
                "price_unit": price,
                "discount": 0.0,
                "quantity": 1.0,
                "rate": 1.0,
                "manual_total_excluded_currency": net,
                "manual_total_excluded": net,
                "manual_tax_amounts": {str(tax.id): {} for tax in flat},
            },
        }

    def _prepare_lines(self, form) -> dict:
        """Return what each statement puts on its document.

        One line for each set of taxes and each analytic distribution of the sales
        behind it, in proportion; the last takes the rest, so that they add up to what
        is settled. Where a program keeps no evidence, or nothing was sold, the line
        bears no tax.
        """
        cuts = self._cut_by_sales()
        taxes = self._get_taxes(
            {ids for parts in cuts.values() for ids, *_rest in parts}
        )
        lines = defaultdict(list)
        for statement in self:
            program, name = statement.program_id, statement._get_document_label()
            merged = {}
            for ids, analytic, amount in cuts[statement.id]:
                found = program._get_settlement_taxes(form, taxes[ids])
                key = found, documents.as_key(analytic)
                merged[key] = merged.get(key, ZERO) + amount
            for (found, key), amount in merged.items():
                lines[statement].append(
                    {
                        "name": name,
                        "account_id": program.account_id.id,
                        "amount": float(amount),
                        "taxes": found,
                        "analytic": dict(key) or False,
                    }
                )
        return lines

    def _cut_by_sales(self) -> dict:
        """Return the parts of each statement by taxes and analytic of what was sold."""
        self.env.flush_all()
        found, before = defaultdict(list), {}
        for number, earlier, taxes, analytic, *amounts in self.env.execute_query(
            documents.sold(self.ids)
        ):
            before[number] = Decimal(earlier)
            found[number].append(
                documents.Sold(tuple(taxes or ()), analytic, *map(Decimal, amounts))
            )
        return {
            statement.id: documents.cut(
                statement.program_id._exact(statement.settled),
                before.get(statement.id, ZERO),
                found[statement.id],
                statement.program_id._exact(statement.currency_id.rounding),
            )
            for statement in self
        }

    def _get_taxes(self, id_sets) -> dict:
        """Return the taxes of sales that are in proportion to an amount: a tax of so
        much a piece is none of a rebate's."""
        Tax = self.env["account.tax"].with_context(active_test=False)
        everything = Tax.browse({number for ids in id_sets for number in ids})
        wanted = everything.filtered(
            lambda tax: (
                "fixed" not in tax.flatten_taxes_hierarchy().mapped("amount_type")
            )
        )
        return {ids: Tax.browse(ids) & wanted for ids in id_sets}

    def _get_document_label(self) -> str:
        """Return the text of the document's line, in the distributor's language."""
        record = self.with_context(lang=self.partner_id.lang)
        label = record.env._(
            "%(program)s, %(period)s: %(rate)s%% on sales of %(basis)s",
            program=record.program_id.name,
            period=record._get_period_label(),
            rate=f"{record.effective_rate:.4g}",
            basis=record.currency_id.format(record.window_basis),
        )
        if not record.settled_before:
            return label
        return record.env._(
            "%(label)s, less %(before)s settled before",
            label=label,
            before=record.currency_id.format(record.settled_before),
        )

    # -- free goods --------------------------------------------------------------------

    def _settle_free_goods(self, day, together):
        """Orders at no price; they count in no rebate, and nobody edits them."""
        groups = self._group_by_document("free_goods", together)
        # Finance settles; whether it may sell is not asked.
        orders = (
            self.env["sale.order"]
            .sudo()
            .create([statements._prepare_order(day) for statements in groups])
        )
        orders.action_confirm()
        orders.action_lock()
        return [
            (statements, {"order_id": order.id})
            for statements, order in zip(groups, orders, strict=True)
        ]

    def _prepare_order(self, day) -> dict:
        """Return the values of the order that delivers free goods."""
        return {
            "partner_id": self.partner_id.id,
            "company_id": self.company_id.id,
            "date_order": day,
            "user_id": self.partner_id.user_id.id,
            "origin": ", ".join(f"{s.program_id.name} {s.period}" for s in self),
            "order_line": [
                Command.create(
                    {
                        "product_id": s.program_id.free_product_id.id,
                        "product_uom_qty": s.due_quantity,
                        "product_uom_id": s.program_id.free_product_id.uom_id.id,
                        "price_unit": 0,
                        "discount": 0,
                        "tax_ids": [Command.clear()],
                        "rebate_exclusion": s.env._("Free goods: %s", s.display_name),
                    }
                )
                for s in self
            ],
        }
