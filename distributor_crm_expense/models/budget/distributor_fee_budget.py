# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.tools.misc import format_date

# What a budget is for; all of them may be empty, and then it is for everything.
SCOPES = (
    "product_tmpl_id",
    "categ_id",
    "user_id",
    "state_id",
    "purpose_id",
)


class DistributorFeeBudget(models.Model):
    """What may be granted in a period, of a product, region, representative or purpose.

    What is used of it is not stored: it is what the documents say. A fee that several
    budgets cover counts in each of them.
    """

    _name = "distributor.fee.budget"
    _description = "Fee Budget"
    _inherit = ["mail.thread"]
    _order = "date_from desc, id desc"
    _check_company_auto = True

    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    currency_id = fields.Many2one(related="company_id.currency_id", store=True)
    date_from = fields.Date(
        string="From",
        required=True,
        tracking=True,
        default=lambda self: fields.Date.context_today(self).replace(month=1, day=1),
        help="Monthly statements count by their month, special fees by the day they "
        "were handed in.",
    )
    date_to = fields.Date(
        string="Until",
        required=True,
        tracking=True,
        default=lambda self: fields.Date.context_today(self).replace(month=12, day=31),
    )
    product_tmpl_id = fields.Many2one(
        comodel_name="product.template",
        string="Product",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        tracking=True,
    )
    categ_id = fields.Many2one(
        comodel_name="product.category",
        string="Product Category",
        index="btree_not_null",
        ondelete="restrict",
        tracking=True,
        help="With its sub-categories.",
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Representative",
        index="btree_not_null",
        ondelete="restrict",
        domain=[("share", "=", False)],
        tracking=True,
    )
    state_id = fields.Many2one(
        comodel_name="res.country.state",
        string="Region",
        index="btree_not_null",
        ondelete="restrict",
        tracking=True,
        help="The province or state of the customer.",
    )
    purpose_id = fields.Many2one(
        comodel_name="distributor.fee.purpose",
        index="btree_not_null",
        ondelete="restrict",
        tracking=True,
    )
    amount = fields.Monetary(string="Budget", required=True, tracking=True)
    mode = fields.Selection(
        selection=[
            ("warn", "Warn"),
            ("stop", "Stop"),
        ],
        string="When Exceeded",
        required=True,
        default="stop",
        tracking=True,
        help="Stop: the last signature is refused. Warn: it is given, and the document "
        "says that the budget is exceeded.",
    )
    note = fields.Text(string="Notes")

    _dates_in_order = models.Constraint(
        "CHECK(date_to >= date_from)",
        "A budget ends on or after the day it starts. Correct one of the two dates.",
    )
    _amount_in_range = models.Constraint(
        "CHECK(amount >= 0 AND amount <> 'NaN')", "A budget is 0 or more."
    )
    _product_or_category = models.Constraint(
        "CHECK(product_tmpl_id IS NULL OR categ_id IS NULL)",
        "A budget is for a product or for a category. Choose one of the two.",
    )
    # Ranges of one number: GiST compares them for equality without an extension.
    _once_a_scope = models.Constraint(
        "EXCLUDE USING gist ("
        "int4range(company_id, company_id, '[]') WITH =, "
        "int4range(COALESCE(product_tmpl_id, -categ_id, 0),"
        " COALESCE(product_tmpl_id, -categ_id, 0), '[]') WITH =, "
        "int4range(COALESCE(user_id, 0), COALESCE(user_id, 0), '[]') WITH =, "
        "int4range(COALESCE(state_id, 0), COALESCE(state_id, 0), '[]') WITH =, "
        "int4range(COALESCE(purpose_id, 0), COALESCE(purpose_id, 0), '[]') WITH =, "
        "daterange(date_from, date_to, '[]') WITH &&"
        ") WHERE (active)",
        "There is a budget for the same on some of these days already. Change that one, "
        "or archive it.",
    )

    @api.depends("date_from", "date_to", *SCOPES)
    def _compute_display_name(self):
        for budget in self:
            scope = [budget[name].display_name for name in SCOPES if budget[name]]
            period = budget.date_from and budget.date_to and budget._describe_period()
            budget.display_name = " · ".join(
                filter(None, (*(scope or [self.env._("All fees")]), period))
            )

    def _describe_period(self):
        start, end = self.date_from, self.date_to
        if (start.day, start.month, end.day, end.month) == (1, 1, 31, 12):
            if start.year == end.year:
                return str(start.year)
        return f"{format_date(self.env, start)} – {format_date(self.env, end)}"

    def copy_data(self, default=None):
        # EXTENDS base: the copy is for the year after, since this one is taken.
        values_list = super().copy_data(default)
        if default and "date_from" in default:
            return values_list
        year = relativedelta(years=1)
        for budget, values in zip(self, values_list, strict=True):
            values["date_from"] = budget.date_from + year
            values["date_to"] = budget.date_to + year
        return values_list
