# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools.misc import format_date

from odoo.addons.distributor_crm.validity import valid_domain


class DistributorAuthorization(models.Model):
    """What a distributor may sell in a territory, and until when (R125, R184)."""

    _name = "distributor.authorization"
    _description = "Sales Authorization"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "date_from desc, id desc"
    _rec_names_search = ["partner_id", "territory_id"]
    _check_company_auto = True

    territory_id = fields.Many2one(
        comodel_name="distributor.territory",
        required=True,
        index=True,
        ondelete="restrict",
        tracking=True,
    )
    company_id = fields.Many2one(
        related="territory_id.company_id", store=True, index=True
    )
    user_id = fields.Many2one(related="territory_id.user_id", store=True, index=True)
    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Distributor",
        required=True,
        index=True,
        ondelete="restrict",
        domain=[("is_distributor", "=", True)],
        check_company=True,
        tracking=True,
    )
    categ_id = fields.Many2one(
        comodel_name="product.category",
        string="Products",
        index="btree_not_null",
        ondelete="restrict",
        tracking=True,
        help="A product category with its sub-categories. Leave empty for all products.",
    )
    date_from = fields.Date(
        string="From",
        required=True,
        default=fields.Date.context_today,
        tracking=True,
    )
    date_to = fields.Date(
        string="Until",
        tracking=True,
        default=lambda self: (
            fields.Date.context_today(self) + relativedelta(years=1, days=-1)
        ),
        help="The last day. Leave empty for an authorization without an end.",
    )
    exclusive = fields.Boolean(
        tracking=True,
        help="Nobody else may be authorized for these products in this territory, or "
        "in one that overlaps it, on the same days.",
    )
    legal_basis = fields.Text(
        tracking=True,
        help="What the exclusivity rests on. Dividing a market between distributors "
        "is judged under competition law, and differs by country and market share.",
    )
    state = fields.Selection(
        selection=[
            ("upcoming", "Upcoming"),
            ("in_force", "In Force"),
            ("expired", "Expired"),
        ],
        string="Status",
        compute="_compute_state",
        search="_search_state",
    )

    _dates_in_order = models.Constraint(
        "CHECK(date_to >= date_from)",
        "An authorization ends on or after the day it starts. Correct one of the two "
        "dates.",
    )
    _exclusive_has_basis = models.Constraint(
        "CHECK(NOT COALESCE(exclusive, FALSE) OR COALESCE(legal_basis, '') <> '')",
        "Say what the exclusivity rests on: it can be judged under competition law.",
    )
    # Ranges of one number: GiST compares them for equality without an extension.
    _once = models.Constraint(
        "EXCLUDE USING gist ("
        "int4range(territory_id, territory_id, '[]') WITH =, "
        "int4range(partner_id, partner_id, '[]') WITH =, "
        "int4range(COALESCE(categ_id, 0), COALESCE(categ_id, 0), '[]') WITH =, "
        "daterange(date_from, date_to, '[]') WITH &&)",
        "The distributor is authorized for these products in this territory on some "
        "of these days already. Change that authorization instead.",
    )
    # What holds even when two people authorize at the same moment; overlapping
    # territories and categories are compared in _check_exclusivity.
    _exclusive_once = models.Constraint(
        "EXCLUDE USING gist ("
        "int4range(territory_id, territory_id, '[]') WITH =, "
        "int4range(COALESCE(categ_id, 0), COALESCE(categ_id, 0), '[]') WITH =, "
        "daterange(date_from, date_to, '[]') WITH &&) WHERE (exclusive)",
        "Two exclusive authorizations for the same products in the same territory "
        "cannot be in force on the same day. End the first before the second starts.",
    )

    @api.depends("date_from", "date_to")
    def _compute_state(self):
        today = fields.Date.context_today(self)
        for authorization in self:
            if authorization.date_from and authorization.date_from > today:
                authorization.state = "upcoming"
            elif authorization.date_to and authorization.date_to < today:
                authorization.state = "expired"
            else:
                authorization.state = "in_force"

    def _search_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        today = fields.Date.context_today(self)
        domains = {
            "upcoming": Domain("date_from", ">", today),
            "in_force": valid_domain(today, today),
            "expired": Domain("date_to", "<", today),
        }
        return Domain.OR(domains[state] for state in value if state in domains)

    @api.depends("partner_id", "territory_id", "categ_id")
    def _compute_display_name(self):
        for authorization in self:
            parts = (
                authorization.partner_id.name,
                authorization.territory_id.name,
                authorization.categ_id.display_name,
            )
            authorization.display_name = " · ".join(filter(None, parts))

    @api.constrains(
        "partner_id", "territory_id", "categ_id", "date_from", "date_to", "exclusive"
    )
    def _check_exclusivity(self):
        """Refuse authorizations that break another's exclusivity (R125)."""
        overlapping = {}
        rivals = self._get_rivals()
        for authorization in self:
            for other in rivals:
                pair = authorization.territory_id, other.territory_id
                if not authorization._competes(other):
                    continue
                if pair not in overlapping:
                    overlapping[pair] = pair[0]._overlaps(pair[1])
                if overlapping[pair]:
                    raise ValidationError(authorization._describe_conflict(other))

    def _get_rivals(self):
        """Authorizations that may stand against these, found in one search."""
        if not self:
            return self
        last_days = self.mapped("date_to")
        domain = Domain("company_id", "in", self.company_id.ids)
        domain &= valid_domain(
            min(self.mapped("date_from")), max(last_days) if all(last_days) else None
        )
        if not any(self.mapped("exclusive")):
            domain &= Domain("exclusive", "=", True)
        countries = self.territory_id.area_ids.country_id
        return self.search(
            domain & Domain("territory_id.area_ids.country_id", "in", countries.ids)
        )

    def _competes(self, other):
        """Whether both cannot stand, if their territories overlap."""
        return (
            (self.exclusive or other.exclusive)
            and self.company_id == other.company_id
            and self.partner_id.commercial_partner_id
            != other.partner_id.commercial_partner_id
            and (not other.date_to or self.date_from <= other.date_to)
            and (not self.date_to or other.date_from <= self.date_to)
            and self._shares_products(other)
        )

    def _shares_products(self, other):
        mine, theirs = self.categ_id.parent_path or "", other.categ_id.parent_path or ""
        return mine.startswith(theirs) or theirs.startswith(mine)

    def _describe_conflict(self, rival):
        names = {
            "asker": self.partner_id.name,
            "asked": self.territory_id.name,
            "rival": rival.partner_id.name,
            "products": rival.categ_id.display_name or self.env._("all products"),
            "territory": rival.territory_id.name,
            "period": rival._describe_period(),
        }
        if rival.exclusive:
            return self.env._(
                "%(asker)s cannot be authorized for %(asked)s: %(rival)s is the "
                "exclusive distributor for %(products)s in %(territory)s, %(period)s. "
                "Choose other days, other products or a territory that does not "
                "overlap, or end the exclusivity.",
                **names,
            )
        return self.env._(
            "%(asker)s cannot be exclusive for %(asked)s: %(rival)s is authorized for "
            "%(products)s in %(territory)s, %(period)s. Choose other days, other "
            "products or a territory that does not overlap, or end that "
            "authorization.",
            **names,
        )

    def _describe_period(self):
        start = format_date(self.env, self.date_from)
        if not self.date_to:
            return self.env._("from %s on", start)
        return self.env._(
            "from %(start)s until %(end)s",
            start=start,
            end=format_date(self.env, self.date_to),
        )

    def action_end(self):
        """End authorizations in force with today as their last day.

        :raises UserError: names one that is not in force
        """
        for authorization in self:
            if authorization.state != "in_force":
                raise UserError(
                    self.env._(
                        "%(authorization)s is not in force, there is nothing to end.",
                        authorization=authorization.display_name,
                    )
                )
        self.date_to = fields.Date.context_today(self)
