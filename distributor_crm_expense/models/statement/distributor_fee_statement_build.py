# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from collections import defaultdict
from datetime import timedelta
from decimal import Decimal

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL
from odoo.tools.misc import format_date

from ...fee import ledger
from ...fee.entitlement import Sold, Terms, entitlements, kind_of_change

NONE = Terms("none")


class DistributorFeeStatement(models.Model):
    """How statements are worked out: a pure function of ledger, standards and policy.

    Running it again changes nothing. What is submitted is left alone; what the ledger
    says of it later stands in the next month's statement, as lines of their own.
    """

    _inherit = "distributor.fee.statement"

    @api.model
    def _build(self, company, month, users=None):
        """Work out the statements of a month.

        :param company: res.company
        :param month: any day of it
        :param users: the representatives; None for everybody who sold something
        :return: the drafts that were made or worked out again
        :raises UserError: the month is not over, or no policy is in force
        """
        month = month.replace(day=1)
        self._check_month_over(month)
        # Figures are the ledger's: whoever may start the run need not read it.
        own = self.sudo().with_company(company)
        figures = own._work_out(company, month, users)
        statements = own._open_statements(company, month, figures, users)
        statements._fill(figures)
        return statements.with_env(self.env)

    @api.model
    def _check_month_over(self, month):
        today = fields.Date.context_today(self)
        if month + relativedelta(months=1) > today:
            raise UserError(
                self.env._(
                    "%(month)s is not over: its statements are worked out from "
                    "%(day)s on.",
                    month=format_date(self.env, month, date_format="MMMM y"),
                    day=format_date(self.env, month + relativedelta(months=1)),
                )
            )

    # -- figures ---------------------------------------------------------------------

    def _work_out(self, company, month, users):
        """Return {user id: [values of lines]} of a month, for those with any."""
        last = month + relativedelta(months=1, days=-1)
        mode = company._get_fee_policy(last).collection_mode
        cuts = self._get_cuts(company, self._get_first_month(company, month), last)
        granted = self._get_granted(company, month)
        rows = self._read_ledger(company, last, cuts, users, granted)
        terms = self._get_terms(company, month, rows, granted)
        unit = Decimal(str(company.currency_id.rounding))
        lines = {}
        for key, (sold, standards) in terms.items():
            for standard in standards:
                lines[(*key, standard.id)] = (
                    sold,
                    self._to_terms(standard),
                    (*key[:2], key[3].replace(day=1), standard.id),
                )
        result = defaultdict(list)
        for key, due in entitlements(lines, mode, unit).items():
            line = self._prepare_line(month, key, lines[key][0], due, granted.get(key))
            if line:
                result[key[0]].append(line)
        return dict(result)

    def _get_first_month(self, company, month):
        """Return the first month that statements speak of; earlier sales have none."""
        first = self.search(
            [("company_id", "=", company.id), ("month", "<", month)],
            order="month",
            limit=1,
        )
        return first.month or month

    def _get_cuts(self, company, first, last):
        """Return the first days of spans in which neither month nor standard changes."""
        standards = (
            self.env["distributor.fee.standard"]
            .with_context(active_test=False)
            .search_fetch(
                [("company_id", "=", company.id), ("confirmed_on", "!=", False)],
                ["date_from", "date_to"],
            )
        )
        cuts = {standard.date_from for standard in standards}
        cuts |= {s.date_to + timedelta(days=1) for s in standards if s.date_to}
        day = first
        while day <= last:
            cuts.add(day)
            day += relativedelta(months=1)
        return sorted(cut for cut in cuts if first <= cut <= last)

    def _get_granted(self, company, month):
        """Return what earlier months' statements granted, whatever became of them.

        A void statement counts: what it said is forfeited, not granted by the next.

        :return: {(user id, customer id, product id, first day, standard id): (amount,
            id of the first line, net sales it last spoke of)}
        """
        self.env["distributor.fee.statement.line"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT user_id, partner_id, product_id, span_from,
                       COALESCE(standard_id, 0), SUM(payable)::text, MIN(id),
                       (ARRAY_AGG(net_sales ORDER BY month DESC))[1]::text
                  FROM distributor_fee_statement_line
                 WHERE company_id = %s AND month < %s
                 GROUP BY 1, 2, 3, 4, 5
                """,
                company.id,
                month,
            )
        )
        return {
            (user, partner, product, day, standard or False): (
                Decimal(amount),
                first,
                Decimal(net),
            )
            for user, partner, product, day, standard, amount, first, net in rows
        }

    def _read_ledger(self, company, last, cuts, users, granted):
        """Return {(user id, customer id, product id, first day): what was sold}.

        A sale that names no representative is the customer's; once granted to one,
        it stays his when the customer moves to another.
        """
        for model in ("account.move", "account.move.line", "account.partial.reconcile"):
            self.env[model].flush_model()
        ids = users and users.ids
        rows = self.env.execute_query(ledger.sold(company.id, last, cuts, ids))
        kept = {key[1:4]: key[0] for key in granted}
        unnamed = {row[1] for row in rows if not row[0]}
        partners = self.env["res.partner"].browse(unnamed)
        partners.fetch(["user_id"])
        owners = {partner.id: partner.user_id.id for partner in partners}
        found = defaultdict(lambda: [Decimal(0)] * 3)
        for user, partner, product, number, *figures in rows:
            day = cuts[number - 1]
            user = user or kept.get((partner, product, day)) or owners[partner]
            if not user or (ids is not None and user not in ids):
                continue
            key = (user, partner, product, day)
            found[key] = [
                a + Decimal(b) for a, b in zip(found[key], figures, strict=True)
            ]
        digits = Decimal(str(company.currency_id.rounding))
        return {
            key: Sold(quantity, net.quantize(digits), collected.quantize(digits))
            for key, (quantity, net, collected) in found.items()
        }

    def _get_terms(self, company, month, rows, granted):
        """Return {key of rows: (what was sold, standards)}.

        What was granted keeps its standard, whatever tier the customer has by now.
        What no standard covers is in there with an empty one, for its own month.
        """
        Standard = self.env["distributor.fee.standard"]
        before = defaultdict(set)
        for key in granted:
            before[key[:4]].add(key[4])
        # A sale that the ledger no longer knows is taken back whole.
        rows = {**{k: Sold(*[Decimal(0)] * 3) for k in before}, **rows}
        asked = {}
        products = self.env["product.product"].browse({key[2] for key in rows})
        partners = self.env["res.partner"].browse({key[1] for key in rows})
        products.fetch(["product_tmpl_id", "categ_id"])
        partners.fetch(["grade_id"])
        grades = {partner.id: partner.grade_id for partner in partners}
        for key in rows.keys() - before.keys():
            product = self.env["product.product"].browse(key[2])
            asked[key] = (product, grades[key[1]], key[3], company)
        standards = self._get_statement_standards(asked.values())
        result = {}
        for key, sold in rows.items():
            if key in before:
                found = [Standard.browse(one or ()) for one in sorted(before[key])]
            else:
                found = list(standards[asked[key]]) or [Standard]
            result[key] = sold, found
        return result

    @api.model
    def _get_statement_standards(self, requests):
        """Return {request: standards}: what a sale is granted, one for each purpose.

        :param requests: as for `distributor.fee.standard._get_in_force`
        """
        return self.env["distributor.fee.standard"]._get_in_force(requests)

    @api.model
    def _to_terms(self, standard):
        if not standard:
            return NONE
        rate, amount, cap = (
            Decimal(str(value))
            for value in (standard.rate, standard.amount, standard.cap)
        )
        return Terms(standard.basis, rate, amount, cap)

    def _prepare_line(self, month, key, sold, due, granted):
        """Return the values of a line, None where it would say nothing."""
        user, partner, product, day, standard = key
        amount, first, net_before = granted or (Decimal(0), False, Decimal(0))
        change = due.due - amount
        home = day.replace(day=1)
        if home == month:
            if not any(sold):
                return None
            kind = "month"
        elif not change:
            return None
        else:
            kind = kind_of_change(change, sold.net, net_before)
        return {
            "kind": kind,
            "origin_month": home,
            "origin_line_id": first,
            "span_from": day,
            "partner_id": partner,
            "product_id": product,
            "standard_id": standard,
            "quantity": float(sold.quantity),
            "net_sales": float(sold.net),
            "collected": float(sold.collected),
            "collection_rate": float(100 * due.rate),
            "fee_full": float(due.full),
            "fee_due": float(due.due),
            "paid_before": float(amount),
            "payable": float(change),
        }

    # -- records ---------------------------------------------------------------------

    def _open_statements(self, company, month, figures, users):
        """Return the drafts to fill: those that are there, and new ones."""
        domain = [("company_id", "=", company.id), ("month", "=", month)]
        if users is not None:
            domain.append(("user_id", "in", users.ids))
        there = self.search(domain)
        missing = sorted(figures.keys() - set(there.user_id.ids))
        values = [
            {"company_id": company.id, "month": month, "user_id": user}
            for user in missing
        ]
        drafts = there.filtered(lambda statement: statement.state == "draft")
        drafts.lock_for_update(allow_referencing=True)
        return drafts | self.create(values)

    def _fill(self, figures):
        """Give drafts the lines just worked out; what people said of a sale stays."""
        Line = self.env["distributor.fee.statement.line"]
        there = {line._get_sale(): line for line in self.line_ids}
        origins = Line.browse(
            {
                values["origin_line_id"]
                for lines in figures.values()
                for values in lines
                if values["origin_line_id"]
            }
        )
        before = {line.id: line._get_said() for line in origins}
        rows = []
        for statement in self:
            for values in figures.get(statement.user_id.id, ()):
                sale = tuple(values[name] or False for name in Line._sale_fields)
                line = there.pop((statement.id, *sale), None)
                if line:
                    # Later statements may point to it.
                    line.write(values)
                    continue
                rows.append(
                    {
                        **self._get_default_say(values),
                        **before.get(values["origin_line_id"], {}),
                        **values,
                        "statement_id": statement.id,
                    }
                )
        Line.union(*there.values()).unlink()
        Line.create(rows)
        self.write({"built_on": fields.Datetime.now()})

    def _get_default_say(self, values):
        """Return payee, purpose and occasion where nobody has said anything yet."""
        standard = self.env["distributor.fee.standard"].browse(values["standard_id"])
        return {
            # The customer as a company, unless somebody says otherwise (R078).
            "payee_id": values["partner_id"],
            "purpose_id": self._get_default_purpose(standard).id,
            "occasion": self.env._(
                "Sales of %s",
                format_date(self.env, values["origin_month"], date_format="MMMM y"),
            ),
        }

    def _get_default_purpose(self, standard):
        return standard.purpose_id or self.env["distributor.fee.purpose"].search(
            [("kind", "=", "relation")], limit=1
        )

    # -- buttons ---------------------------------------------------------------------

    def action_work_out(self):
        """Work these drafts out again, from what the ledger says by now."""
        self.check_access("read")
        self._check_explainable()
        self._check_acts_for_owner()
        for (company, month), statements in self.grouped(
            lambda one: (one.company_id, one.month)
        ).items():
            self._build(company, month, statements.user_id)

    def _check_acts_for_owner(self):
        """Check that this user may act on these: his own, or as who runs the month.

        :raises AccessError: it is somebody else's
        """
        if self.env.su or self._is_manager() or self._is_finance():
            return
        if self.env.user.has_group("distributor_crm_expense.group_fee_clerk"):
            return
        if self.user_id - self.env.user:
            raise AccessError(self.env._("This is the statement of somebody else."))

    @api.model
    def action_build_last_month(self):
        """Work out everybody's statements of the last month, and open them."""
        if not (
            self._is_finance()
            or self._is_manager()
            or self.env.user.has_group("distributor_crm_expense.group_fee_clerk")
        ):
            raise AccessError(
                self.env._("The sales clerk, a sales manager or finance starts this.")
            )
        month = fields.Date.context_today(self).replace(day=1) - relativedelta(months=1)
        self._build(self.env.company, month)
        return self.env["ir.actions.act_window"]._for_xml_id(
            "distributor_crm_expense.distributor_fee_statement_action"
        )
