# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from collections import defaultdict
from dataclasses import dataclass, field

from odoo import models
from odoo.fields import Domain

from ...sales_import import Problem
from .messages import line_message


@dataclass(slots=True)
class Plan:
    """What the database says about the orders of the files.

    ``todo`` are the orders to invoice, in the order of their invoices; ``skipped``
    those that are there already; ``refused`` holds (row or None, problem) by number.
    """

    customers: dict = field(default_factory=dict)
    products: dict = field(default_factory=dict)
    new_customers: set = field(default_factory=set)
    new_products: set = field(default_factory=set)
    currencies: dict = field(default_factory=dict)
    first_rates: dict = field(default_factory=dict)
    unclear: set = field(default_factory=set)
    todo: list = field(default_factory=list)
    skipped: set = field(default_factory=set)
    refused: dict = field(default_factory=lambda: defaultdict(list))


class SalesImport(models.Model):
    _inherit = "distributor.sales.import"

    def _make_plan(self, files):
        """Compare the files with the database, a fixed number of queries in all.

        :return: :class:`Plan`
        """
        plan = Plan()
        for order in files.book.orders.values():
            if order.problems:
                plan.refused[order.number] = order.problems
        good = files.book.good()
        self._plan_masters(plan, files, good)
        self._plan_currencies(plan)
        self._refuse_unknown(plan, good)
        good = [order for order in good if order.number not in plan.refused]
        self._skip_imported(plan, good)
        self._refuse_locked(plan, good)
        plan.todo = [
            order
            for order in good
            if order.number not in plan.refused and order.number not in plan.skipped
        ]
        return plan

    def _plan_masters(self, plan, files, good):
        customers = {order.customer for order in good} | set(files.customer_rows.rows)
        products = {line.product for order in good for line in order.lines}
        products |= set(files.product_rows.rows)
        plan.customers, unclear = self._find_customers(customers)
        plan.unclear |= {("customer", code) for code in unclear}
        plan.products, unclear = self._find_products(products)
        plan.unclear |= {("product", code) for code in unclear}
        plan.new_customers = set(files.customer_rows.rows) - set(plan.customers)
        plan.new_products = set(files.product_rows.rows) - set(plan.products)

    def _find_customers(self, codes):
        domain = Domain("is_distributor", "=", True) | Domain("is_company", "=", True)
        return self._find_by_code("res.partner", "ref", codes, domain)

    def _find_products(self, codes):
        return self._find_by_code("product.product", "default_code", codes, Domain.TRUE)

    def _find_by_code(self, model, field_name, codes, domain):
        """{code: id} of the records of this company or of all, and the unclear codes.

        The company's own record goes before a shared one, an active one before an
        archived one.
        """
        domain &= Domain(field_name, "in", list(codes))
        domain &= Domain("company_id", "in", (False, self.company_id.id))
        best = {}
        unclear = set()
        # sudo: an import sees every record of the company, also those of other sales
        # people, lest it makes them a second time
        records = (
            self.env[model]
            .sudo()
            .with_context(active_test=False)
            .search_fetch(domain, [field_name, "company_id", "active"])
        )
        for record in records:
            code, rank = record[field_name], (bool(record.company_id), record.active)
            if code not in best or rank > best[code][0]:
                best[code] = (rank, record.id)
                unclear.discard(code)
            elif rank == best[code][0]:
                unclear.add(code)
        return {code: found for code, (_rank, found) in best.items()}, unclear

    def _plan_currencies(self, plan):
        currencies = self.env["res.currency"].search([])
        plan.currencies = {currency.name: currency.id for currency in currencies}
        plan.currencies[""] = self.currency_id.id
        groups = self.env["res.currency.rate"]._read_group(
            [("company_id", "in", (False, self.company_id.root_id.id))],
            ["currency_id"],
            ["name:min"],
        )
        plan.first_rates = {currency.id: first for currency, first in groups}

    def _refuse_unknown(self, plan, good):
        customers = plan.customers.keys() | plan.new_customers
        products = plan.products.keys() | plan.new_products
        for order in good:
            code = order.customer
            if code not in customers:
                plan.refused[order.number].append((None, _unknown("customer", code)))
            elif ("customer", code) in plan.unclear:
                plan.refused[order.number].append((None, _unclear("customer", code)))
            for line in order.lines:
                if line.product not in products:
                    bad = _unknown("product", line.product)
                    plan.refused[order.number].append((line.row, bad))
                elif ("product", line.product) in plan.unclear:
                    bad = _unclear("product", line.product)
                    plan.refused[order.number].append((line.row, bad))
            if problem := self._get_currency_problem(plan, order):
                plan.refused[order.number].append((None, problem))

    def _get_currency_problem(self, plan, order):
        currency = plan.currencies.get(order.currency)
        if not currency:
            return Problem("unknown_currency", {"code": order.currency})
        if currency == self.company_id.currency_id.id:
            return None
        first = plan.first_rates.get(currency)
        if first and first <= order.date:
            return None
        code = order.currency or self.currency_id.name
        return Problem("no_rate", {"code": code, "date": order.date})

    def _skip_imported(self, plan, good):
        """Leave out what an earlier run or file brought in; refuse what has changed."""
        keys = {
            order.key(kind): order for order in good for kind, _ in order.documents()
        }
        found = self._find_imported(list(keys))
        for key, digest in found.items():
            order = keys[key]
            plan.skipped.add(order.number)
            if digest != order.digest():
                bad = (None, Problem("changed"))
                plan.refused[order.number] = [bad]
        plan.skipped -= plan.refused.keys()

    def _find_imported(self, keys):
        """{key: digest} of the invoices and credit notes that are there."""
        # sudo: the import must know every imported invoice of the company, readable to
        # its user or not, lest it makes one a second time
        moves = (
            self.env["account.move"]
            .sudo()
            .search_fetch(
                [
                    ("company_id", "=", self.company_id.id),
                    ("distributor_import_key", "in", keys),
                ],
                ["distributor_import_key", "distributor_import_digest"],
                order="id",
            )
        )
        return {
            move.distributor_import_key: move.distributor_import_digest
            for move in moves
        }

    def _refuse_locked(self, plan, good):
        """Odoo would move the invoice to the first open day: the date in the file
        counts, so the order is refused. Asked once a day, not once an invoice."""
        locks = {}
        for order in good:
            if order.number in plan.refused or order.number in plan.skipped:
                continue
            if order.date not in locks:
                # sudo: lock dates are the accountants' to read, and everyone's to obey
                locks[order.date] = self.company_id.sudo()._get_violated_lock_dates(
                    order.date, self.apply_taxes, self.journal_id.sudo()
                )
            if locks[order.date]:
                bad = Problem("locked", {"date": locks[order.date][-1][0]})
                plan.refused[order.number].append((None, bad))

    def _get_reasons(self, files, plan, refusals=()):
        """{row: reason} for each line of the refused orders.

        :param refusals: the orders that Odoo refused, with what it said
        """
        reasons = {row: line_message(self.env, bad) for row, bad in files.book.stray}
        for number, problems in plan.refused.items():
            reasons.update(self._get_order_reasons(files.book.orders[number], problems))
        for refusal in refusals:
            order = files.book.orders.get(refusal.order_number)
            reasons.update(dict.fromkeys(order.rows if order else (), refusal.reason))
        return reasons

    def _get_order_reasons(self, order, problems):
        own = defaultdict(list)
        for row, problem in problems:
            own[row].append(line_message(self.env, problem))
        bad_rows = [str(row) for row in own if row]
        other = line_message(
            self.env, Problem("other_lines", {"rows": ", ".join(bad_rows[:5])})
        )
        whole = own.pop(None, [])
        return {
            row: " ".join(dict.fromkeys(whole + own.get(row, []))) or other
            for row in order.rows
        }


def _unknown(kind, code):
    return Problem(f"unknown_{kind}", {"code": code})


def _unclear(kind, code):
    return Problem(f"unclear_{kind}", {"code": code})
