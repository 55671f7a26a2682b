# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...guard import without_closed

# What a user enters; the rest is set by buttons and computed.
ENTERED = {
    "year",
    "company_id",
    "scope",
    "partner_id",
    "user_id",
    "country_id",
    "state_id",
    "categ_id",
    "amount",
    "note",
    "month_ids",
}
# What changes without the months following.
APART = {"note", "month_ids"}


class DistributorTarget(models.Model):
    """What is to be sold in a year, of whom and by whom; split over its months (R123).

    A target says explicitly whose sales it is about (`scope`): targets of one scope add
    up, those of two do not.
    """

    _name = "distributor.target"
    _description = "Sales Target"
    _inherit = ["mail.thread", "mail.activity.mixin", "tier.validation"]
    _order = "year desc, scope, id"
    _check_company_auto = True
    _state_from = ["to_approve"]
    _state_to = ["approved"]
    _cancel_state = "draft"

    year = fields.Integer(
        required=True,
        default=lambda self: fields.Date.context_today(self).year,
        aggregator=None,
        tracking=True,
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    scope = fields.Selection(
        selection=[
            ("company", "Whole Company"),
            ("partner", "Distributor"),
            ("manager", "Account Manager"),
            ("country", "Country"),
            ("state", "Province"),
            ("category", "Product Line"),
            ("partner_category", "Distributor and Product Line"),
        ],
        string="Target For",
        required=True,
        default="partner",
        index=True,
        tracking=True,
        help="Whose sales count. Targets of one kind add up; a distributor's sales count "
        "for his own target, his account manager's and his region's alike.",
    )
    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Distributor",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        domain=[("is_distributor", "=", True), ("parent_id", "=", False)],
        tracking=True,
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Account Manager",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        domain=[("share", "=", False)],
        tracking=True,
        help="The sales to all distributors whom this person looks after today.",
    )
    country_id = fields.Many2one(comodel_name="res.country", ondelete="restrict")
    state_id = fields.Many2one(
        comodel_name="res.country.state", string="Province", ondelete="restrict"
    )
    categ_id = fields.Many2one(
        comodel_name="product.category",
        string="Product Line",
        ondelete="restrict",
        help="The products of this category and of those below it.",
    )
    account_manager_id = fields.Many2one(
        related="partner_id.account_manager_id", string="Looked After By"
    )
    amount = fields.Monetary(
        string="Target",
        required=True,
        tracking=True,
        help="Net sales of the year: posted invoices less credit notes, without tax.",
    )
    month_ids = fields.One2many(
        comodel_name="distributor.target.month",
        inverse_name="target_id",
        string="Months",
        copy=True,
    )
    season_source = fields.Selection(
        selection=[
            ("own", "Last year's own sales"),
            ("company", "Last year's sales of the company"),
            ("equal", "Evenly"),
        ],
        string="Split By",
        readonly=True,
        help="The season by which the months were split: there were no own sales last "
        "year where it is the company's, and none at all where it is even.",
    )
    state = fields.Selection(
        selection=[
            ("draft", "Draft"),
            ("to_approve", "To Approve"),
            ("approved", "Approved"),
            ("superseded", "Superseded"),
        ],
        string="Status",
        required=True,
        readonly=True,
        copy=False,
        default="draft",
        index=True,
        tracking=True,
        group_expand=True,
    )
    version = fields.Integer(
        readonly=True, copy=False, required=True, default=1, aggregator=None
    )
    origin_id = fields.Many2one(
        comodel_name="distributor.target",
        string="Replaces",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )
    successor_ids = fields.One2many(
        comodel_name="distributor.target", inverse_name="origin_id"
    )
    submitted_by_id = fields.Many2one(
        comodel_name="res.users", readonly=True, copy=False
    )
    approved_by_id = fields.Many2one(
        comodel_name="res.users", readonly=True, copy=False
    )
    approved_on = fields.Date(readonly=True, copy=False)
    note = fields.Text(help="Why this much: what was agreed, and what it rests on.")

    _year_sane = models.Constraint(
        "CHECK(year BETWEEN 2000 AND 2100)", "Enter a year such as 2026."
    )
    _amount_positive = models.Constraint(
        "CHECK(amount > 0)", "Enter what is to be sold: an amount above zero."
    )
    _partner_fits = models.Constraint(
        "CHECK((scope IN ('partner', 'partner_category')) = (partner_id IS NOT NULL))",
        "Choose the distributor that this target is for.",
    )
    _user_fits = models.Constraint(
        "CHECK((scope = 'manager') = (user_id IS NOT NULL))",
        "Choose the account manager whom this target is for.",
    )
    _country_fits = models.Constraint(
        "CHECK((scope = 'country') = (country_id IS NOT NULL))",
        "Choose the country that this target is for.",
    )
    _state_fits = models.Constraint(
        "CHECK((scope = 'state') = (state_id IS NOT NULL))",
        "Choose the province that this target is for.",
    )
    _category_fits = models.Constraint(
        "CHECK((scope IN ('category', 'partner_category')) = (categ_id IS NOT NULL))",
        "Choose the product line that this target is for.",
    )
    # One that holds, and one that is worked on; others have an index of their own.
    _once = models.UniqueIndex(
        "(company_id, year, scope, COALESCE(partner_id, 0), COALESCE(user_id, 0), "
        "COALESCE(country_id, 0), COALESCE(state_id, 0), COALESCE(categ_id, 0), "
        "(state = 'approved')) WHERE state <> 'superseded' AND scope IN ('company', "
        "'partner', 'manager', 'country', 'state', 'category', 'partner_category')",
        "There is a target of this year for the same already. Change that one; one that "
        "is approved gets a new version.",
    )

    @api.model
    def _get_scope_fields(self) -> dict:
        """Return the fields that say for whom, by scope. Extended with new scopes."""
        return {
            "company": [],
            "partner": ["partner_id"],
            "manager": ["user_id"],
            "country": ["country_id"],
            "state": ["state_id"],
            "category": ["categ_id"],
            "partner_category": ["partner_id", "categ_id"],
        }

    @api.depends(lambda self: self._get_naming_fields())
    def _compute_display_name(self):
        for target in self:
            name = f"{target._get_subject()} {target.year or ''}"
            if target.version > 1:
                name += f" v{target.version}"
            target.display_name = name.strip()

    @api.model
    def _get_naming_fields(self):
        return ["scope", "year", "version", *self._get_reference_fields()]

    @api.model
    def _get_reference_fields(self):
        """Return all fields that say for whom."""
        names = sum(self._get_scope_fields().values(), [])
        return list(dict.fromkeys(names))

    def _read_group_select(self, aggregate_spec, query):
        # EXTENDS base: a total has each sale once, so without what holds no longer, and
        # without the version that is still to replace another one.
        if aggregate_spec != "amount:sum":
            return super()._read_group_select(aggregate_spec, query)
        columns = (
            self._field_to_sql(self._table, name, query)
            for name in ("amount", "state", "origin_id")
        )
        return SQL(
            """
            SUM(%s) FILTER (WHERE CASE %s WHEN 'approved' THEN TRUE
                                  WHEN 'superseded' THEN FALSE
                                  ELSE %s IS NULL END)
            """,
            *columns,
        )

    def _get_subject(self) -> str:
        """Return for whom this target is, in words."""
        names = self._get_scope_fields().get(self.scope, [])
        # The name of a colleague's distributor is no secret to who reads his target.
        own = self.sudo()
        words = [own[name].display_name or "" for name in names]
        return " · ".join(words) if names else own.company_id.name or ""

    # -- guards ----------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        closed = set(self._fields) - self._get_entered_fields()
        closed = {n for n in closed if not n.startswith(("message_", "activity_"))}
        self, vals_list = without_closed(self, vals_list, closed)
        targets = super().create([self._clean(vals) for vals in vals_list])
        targets.filtered(lambda target: len(target.month_ids) != 12)._split()
        return targets

    def write(self, vals):
        if not self.env.su:
            self._check_writable(vals)
        result = super().write(self._clean(vals))
        if not (self._get_entered_fields() - APART).isdisjoint(vals):
            self._split()
        return result

    @api.model
    def _get_entered_fields(self):
        return ENTERED | set(self._get_reference_fields())

    @api.model
    def _clean(self, vals):
        """Empty what another scope would say for whom."""
        if "scope" not in vals:
            return vals
        kept = self._get_scope_fields().get(vals["scope"], [])
        return {
            **vals,
            **{n: False for n in self._get_reference_fields() if n not in kept},
        }

    def _check_writable(self, vals):
        """Check that only drafts are written, and only what is entered.

        :raises UserError: says what to do instead
        """
        self.check_access("write")
        names = {n for n in vals if not n.startswith(("message_", "activity_"))}
        if names - self._get_entered_fields():
            raise UserError(
                self.env._("The status of a target is changed with its buttons.")
            )
        standing = self.filtered(lambda target: target.state != "draft")
        if names and standing:
            raise UserError(
                self.env._(
                    "%(targets)s is no draft, so it stays as it is. Take it back while "
                    "it waits for approval; make a new version once it is approved.",
                    targets=", ".join(standing[:5].mapped("display_name")),
                )
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_approved(self):
        kept = self.filtered(lambda target: target.state != "draft")
        if kept:
            raise UserError(
                self.env._(
                    "%(targets)s stays on record: only drafts are deleted.",
                    targets=", ".join(kept[:5].mapped("display_name")),
                )
            )

    def _prepare_merge(self, sources, target):
        """Keep one target of a kind and year where distributors become one.

        What stood for the other stays on record as superseded; drafts go.
        """
        own = self.search(
            [
                ("partner_id", "in", (sources | target).ids),
                ("state", "!=", "superseded"),
            ]
        )
        for _key, same in own.grouped(
            lambda t: (t.company_id, t.year, t.scope, t.categ_id, t.state == "approved")
        ).items():
            kept = same.filtered(lambda t: t.partner_id == target) or same[:1]
            others = same - kept
            (others.filtered(lambda t: t.state == "draft")).unlink()
            others.exists()._supersede(self.env._("Its distributor was merged."))
        self.env.flush_all()
