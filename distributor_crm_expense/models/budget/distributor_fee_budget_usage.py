# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from collections import defaultdict
from typing import NamedTuple

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.distributor_crm.guard import hold_until_committed

USED = ("reserved", "approved", "paid")
NOTHING = dict.fromkeys(USED, 0.0)


class FeeAsked(NamedTuple):
    """A fee that is to be granted; `product` may be empty, `amount` below 0."""

    user: models.BaseModel
    partner: models.BaseModel
    product: models.BaseModel
    purpose: models.BaseModel
    amount: float
    day: object


class DistributorFeeBudget(models.Model):
    """What is used of a budget, and whether it covers what is to be granted."""

    _inherit = "distributor.fee.budget"

    reserved = fields.Monetary(
        compute="_compute_usage", help="Handed in and not signed by all yet."
    )
    approved = fields.Monetary(
        compute="_compute_usage", help="Signed by all and not paid yet."
    )
    paid = fields.Monetary(compute="_compute_usage")
    remaining = fields.Monetary(
        compute="_compute_usage",
        help="The budget less what is reserved, approved and paid.",
    )
    used_rate = fields.Float(
        string="Used (%)",
        compute="_compute_usage",
        help="Reserved, approved and paid in % of the budget.",
    )
    is_exceeded = fields.Boolean(compute="_compute_usage", search="_search_is_exceeded")

    @api.depends("amount", "date_from", "date_to", "company_id")
    def _compute_usage(self):
        usage = self._get_usage()
        for budget in self:
            used = usage.get(budget._origin.id, NOTHING)
            total = sum(used.values())
            budget.update(used)
            budget.remaining = budget.amount - total
            budget.used_rate = 100 * total / budget.amount if budget.amount else 0.0
            budget.is_exceeded = budget.amount < total

    def _search_is_exceeded(self, operator, value):
        if operator != "in":
            return NotImplemented
        exceeded = self.search([("company_id", "in", self.env.companies.ids)]).filtered(
            "is_exceeded"
        )
        domain = Domain("id", "in", exceeded.ids)
        return Domain.OR(domain if flag else ~domain for flag in value)

    # -- what is used ----------------------------------------------------------------

    @api.model
    def _get_budget_sources(self):
        """Hook: return SQL selects of the fees that budgets count.

        Their columns are `res_model`, `res_id`, `company_id`, `user_id`, `state_id` (of
        the customer), `partner_id`, `product_tmpl_id`, `category_path`, `purpose_id`,
        `day`, `amount` (company currency) and `stage`: reserved, approved or paid.
        """
        for model in ("distributor.fee.statement.line", "distributor.fee.application"):
            self.env[model].flush_model()
        self.env["res.partner"].flush_model(["state_id"])
        self.env["product.template"].flush_model(["categ_id"])
        return [self._get_statement_source(), self._get_application_source()]

    @api.model
    def _get_statement_source(self):
        return SQL(
            """
            SELECT 'distributor.fee.statement' AS res_model,
                   line.statement_id AS res_id, line.company_id, line.user_id,
                   partner.state_id, line.partner_id, product.product_tmpl_id,
                   category.parent_path AS category_path, line.purpose_id,
                   line.month AS day,
                   line.payable - COALESCE(line.forfeited, 0) AS amount,
                   CASE line.state WHEN 'submitted' THEN 'reserved'
                                   WHEN 'signed' THEN 'approved' ELSE 'paid' END
                   AS stage
              FROM distributor_fee_statement_line line
              JOIN res_partner partner ON partner.id = line.partner_id
              JOIN product_product product ON product.id = line.product_id
              JOIN product_template template ON template.id = product.product_tmpl_id
              LEFT JOIN product_category category ON category.id = template.categ_id
             WHERE line.state IN ('submitted', 'signed', 'paid')
               AND line.payable <> COALESCE(line.forfeited, 0)
            """
        )

    @api.model
    def _get_application_source(self):
        return SQL(
            """
            SELECT 'distributor.fee.application' AS res_model, one.id AS res_id,
                   one.company_id, one.user_id, partner.state_id, one.partner_id,
                   NULL::int AS product_tmpl_id, NULL::varchar AS category_path,
                   one.purpose_id, one.submitted_on::date AS day, one.amount,
                   CASE one.state WHEN 'submitted' THEN 'reserved'
                                  WHEN 'signed' THEN 'approved' ELSE 'paid' END
                   AS stage
              FROM distributor_fee_application one
              JOIN res_partner partner ON partner.id = one.partner_id
             WHERE one.state IN ('submitted', 'signed', 'paid')
               AND one.compliance_state IS DISTINCT FROM 'refused'
            """
        )

    @api.model
    def _get_usage_query(self):
        """Return the SQL of all fees with the budgets that cover them.

        Rows: all columns of the sources, and `budget_id`. One fee stands in it once for
        each budget that covers it.
        """
        return SQL(
            """
            SELECT budget.id AS budget_id, fee.*
              FROM distributor_fee_budget budget
              LEFT JOIN product_category scope ON scope.id = budget.categ_id
              JOIN (%s) fee
                ON fee.company_id = budget.company_id
               AND fee.day BETWEEN budget.date_from AND budget.date_to
               AND (budget.user_id IS NULL OR budget.user_id = fee.user_id)
               AND (budget.state_id IS NULL OR budget.state_id = fee.state_id)
               AND (budget.purpose_id IS NULL OR budget.purpose_id = fee.purpose_id)
               AND (budget.product_tmpl_id IS NULL
                    OR budget.product_tmpl_id = fee.product_tmpl_id)
               AND (scope.id IS NULL
                    OR starts_with(fee.category_path, scope.parent_path))
            """,
            SQL(" UNION ALL ").join(
                SQL("(%s)", source) for source in self._get_budget_sources()
            ),
        )

    def _get_usage(self):
        """Return what documents use of these budgets, by one query for all of them.

        :return dict: budget's id: {reserved, approved, paid: in company currency}
        """
        if not self._origin:
            return {}
        self.flush_recordset()
        # The budget is the company's, whatever part of its use one may see.
        rows = self.env.execute_query(
            SQL(
                "SELECT budget_id, stage, SUM(amount) FROM (%s) used"
                " WHERE budget_id = ANY(%s) GROUP BY 1, 2",
                self._get_usage_query(),
                self._origin.ids,
            )
        )
        usage = defaultdict(lambda: dict(NOTHING))
        for budget, stage, amount in rows:
            usage[budget][stage] = float(amount)
        return dict(usage)

    # -- what is to be granted -------------------------------------------------------

    @api.model
    def _find_covering(self, company, rows):
        """Return the budgets that cover fees to be granted.

        :param rows: list of `FeeAsked`
        :return dict: budget: the rows it covers
        """
        if not rows:
            return {}
        days = [row.day for row in rows]
        budgets = self.search(
            Domain("company_id", "=", company.id)
            & Domain("date_from", "<=", max(days))
            & Domain("date_to", ">=", min(days))
        )
        found = {
            budget: [row for row in rows if budget._covers(row)] for budget in budgets
        }
        return {budget: covered for budget, covered in found.items() if covered}

    def _covers(self, row) -> bool:
        path = row.product.categ_id.parent_path or ""
        template = row.product.product_tmpl_id
        state = row.partner.state_id
        return (
            self.date_from <= row.day <= self.date_to
            and self.user_id in (row.user, self.user_id.browse())
            and self.state_id in (state, state.browse())
            and self.purpose_id in (row.purpose, self.purpose_id.browse())
            and self.product_tmpl_id in (template, template.browse())
            and (not self.categ_id or path.startswith(self.categ_id.parent_path))
        )

    @api.model
    def _check_available(self, company, rows):
        """Check that the budgets cover fees that are to be granted now.

        What others have reserved does not bind, what was granted does. Nobody else
        grants of the same budgets until this is committed.

        :param company: res.company
        :param rows: list of `FeeAsked`, none of them granted yet
        :return dict: budget that only warns: the text of the warning
        :raises UserError: names the first budget that stops
        """
        # Whoever signs need not see all budgets.
        covering = self.sudo()._find_covering(company, rows)
        asked = {
            budget: sum(row.amount for row in covered)
            for budget, covered in covering.items()
        }
        asked = {budget: amount for budget, amount in asked.items() if amount > 0}
        budgets = self.sudo().union(*asked)
        hold_until_committed(budgets)
        usage = budgets._get_usage()
        warnings = {}
        for budget, amount in asked.items():
            used = usage.get(budget.id, NOTHING)
            left = budget.amount - used["approved"] - used["paid"]
            if budget.currency_id.compare_amounts(amount, left) <= 0:
                continue
            text = budget._describe_excess(amount, left)
            if budget.mode == "stop":
                raise UserError(text)
            warnings[budget] = text
        return warnings

    def _get_room(self) -> float:
        """Return what may still be granted: what others reserved does not bind."""
        used = self._get_usage().get(self.id, NOTHING)
        return self.amount - used["approved"] - used["paid"]

    def _describe_excess(self, asked, left):
        return self.env._(
            "The budget “%(budget)s” of %(amount)s has %(left)s left, and %(asked)s are "
            "to be granted. Have the fee administrator raise it, or return this.",
            budget=self.display_name,
            amount=self.currency_id.format(self.amount),
            left=self.currency_id.format(left),
            asked=self.currency_id.format(asked),
        )

    # -- drill down ------------------------------------------------------------------

    def action_view_lines(self):
        """Open the lines of statements that this budget covers."""
        self.ensure_one()
        domain = (
            Domain("company_id", "=", self.company_id.id)
            & Domain("month", ">=", self.date_from)
            & Domain("month", "<=", self.date_to)
            & Domain("state", "in", ("submitted", "signed", "paid"))
        )
        for name, path in (
            ("user_id", "user_id"),
            ("purpose_id", "purpose_id"),
            ("state_id", "partner_id.state_id"),
            ("product_tmpl_id", "product_id.product_tmpl_id"),
        ):
            if self[name]:
                domain &= Domain(path, "=", self[name].id)
        if self.categ_id:
            domain &= Domain("product_id.categ_id", "child_of", self.categ_id.id)
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "distributor_crm_expense.distributor_fee_statement_line_action"
        )
        return {**action, "domain": list(domain), "context": {}}
