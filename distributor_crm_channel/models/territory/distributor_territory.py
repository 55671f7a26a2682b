# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import Command, api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain


class DistributorTerritory(models.Model):
    """An area of the market with one person in charge of it (R122, R123)."""

    _name = "distributor.territory"
    _description = "Sales Territory"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "name, id"
    _check_company_auto = True

    name = fields.Char(required=True, tracking=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Area Manager",
        default=lambda self: self.env.user,
        domain=[("share", "=", False)],
        check_company=True,
        tracking=True,
        help="The one person who knows every distributor of this territory.",
    )
    team_id = fields.Many2one(
        comodel_name="crm.team",
        string="Sales Team",
        check_company=True,
        tracking=True,
        help="Its account managers take on new distributors where the area manager is "
        "none of them.",
    )
    area_ids = fields.One2many(
        comodel_name="distributor.territory.area",
        inverse_name="territory_id",
        string="Areas",
        default=lambda self: self._default_area_ids(),
        copy=True,
    )
    control_mode = fields.Selection(
        selection=[
            ("free", "Not Controlled"),
            ("watch", "Watch"),
            ("warn", "Warn"),
            ("block", "Refuse"),
        ],
        string="Orders from Outside",
        required=True,
        default="warn",
        tracking=True,
        help="What happens when goods go to a place outside the buyer's territory. Free: "
        "nothing. Watch: the order is marked. Warn: it says so, and goes on. Refuse: it "
        "is not confirmed before the distributor who is at home there has agreed.",
    )
    control_basis = fields.Text(
        string="Legal Basis",
        tracking=True,
        help="What the refusal rests on. To keep distributors out of each other's "
        "territories is judged under competition law, and differs by country and market "
        "share.",
    )
    quota = fields.Integer(
        string="Most Distributors",
        tracking=True,
        help="How many distributors may be authorized here at a time. 0 for any number.",
    )
    area_summary = fields.Char(string="Covers", compute="_compute_area_summary")
    authorization_ids = fields.One2many(
        comodel_name="distributor.authorization",
        inverse_name="territory_id",
        string="Authorizations",
    )
    distributor_ids = fields.Many2many(
        comodel_name="res.partner",
        string="Distributors Today",
        compute="_compute_distributor_ids",
        help="Who is authorized to sell here today.",
    )
    distributor_count = fields.Integer(compute="_compute_distributor_ids")
    is_exclusive = fields.Boolean(
        string="Exclusive Today",
        compute="_compute_distributor_ids",
        help="An exclusive authorization is in force today.",
    )

    _name_unique = models.Constraint(
        "UNIQUE(company_id, name)",
        "There is a territory of this name already, maybe an archived one. Choose "
        "another name.",
    )

    _quota_positive = models.Constraint(
        "CHECK(quota >= 0)", "Enter a number of distributors, or 0 for any number."
    )
    _refusal_has_basis = models.Constraint(
        "CHECK(control_mode <> 'block' OR COALESCE(control_basis, '') <> '')",
        "Say what the refusal of orders rests on: it can be judged under competition "
        "law.",
    )

    @api.model
    def _default_area_ids(self):
        country = self.env.company.country_id
        return [Command.create({"country_id": country.id})] if country else []

    @api.depends("area_ids.display_name")
    def _compute_area_summary(self):
        for territory in self:
            # One entry a state or country, with the parts of it that are covered.
            places = territory.area_ids.grouped(lambda a: a.state_id or a.country_id)
            territory.area_summary = "; ".join(
                ": ".join(filter(None, (place.display_name, areas._list_parts())))
                for place, areas in places.items()
            )

    @api.depends(
        "authorization_ids.state",
        "authorization_ids.partner_id",
        "authorization_ids.exclusive",
    )
    def _compute_distributor_ids(self):
        for territory in self:
            current = territory.authorization_ids.filtered(
                lambda authorization: authorization.state in ("in_force", "expiring")
            )
            territory.distributor_ids = current.partner_id
            territory.distributor_count = len(current.partner_id)
            territory.is_exclusive = any(current.mapped("exclusive"))

    @api.constrains("name", "area_ids")
    def _check_area_ids(self):
        for territory in self:
            if not territory.area_ids:
                raise ValidationError(
                    self.env._(
                        "Say which area %(territory)s covers: add a country at least.",
                        territory=territory.name,
                    )
                )

    @api.constrains("quota")
    def _check_quota(self):
        self.authorization_ids._check_quota()

    def _describe_quota(self, others):
        return self.env._(
            "%(territory)s takes %(quota)s distributors at a time, and has them already: "
            "%(distributors)s. End one of their authorizations first, or raise the number "
            "on the territory.",
            territory=self.name,
            quota=self.quota,
            distributors=", ".join(others.partner_id.mapped("name")),
        )

    def write(self, vals):
        if "active" in vals and not vals["active"]:
            self._check_archivable()
        if "company_id" in vals:
            self._check_company_free(vals["company_id"])
        return super().write(vals)

    def _check_company_free(self, company_id):
        moved = self.filtered(
            lambda t: t.authorization_ids and t.company_id.id != company_id
        )
        if moved:
            raise UserError(
                self.env._(
                    "%(territories)s has authorizations in its company. Make another "
                    "territory for the other company.",
                    territories=", ".join(moved.mapped("name")),
                )
            )

    def _check_archivable(self):
        standing = self.filtered(
            lambda territory: any(
                state in ("upcoming", "in_force", "expiring")
                for state in territory.authorization_ids.mapped("state")
            )
        )
        if standing:
            raise UserError(
                self.env._(
                    "Distributors are authorized to sell in %(territories)s. End "
                    "their authorizations first.",
                    territories=", ".join(standing.mapped("name")),
                )
            )

    def copy_data(self, default=None):
        vals_list = super().copy_data(default=default)
        if "name" not in (default or {}):
            for territory, vals in zip(self, vals_list, strict=True):
                vals["name"] = self.env._("%s (copy)", territory.name)
        return vals_list

    def _overlaps(self, other):
        """Whether some place may be in both territories."""
        self.ensure_one()
        return self == other or any(
            area._overlaps(theirs)
            for area in self.area_ids
            for theirs in other.area_ids
        )

    def _get_managers(self, users):
        """Return who is in charge of these territories; else who of their teams may be.

        :param users: the account managers among whom is chosen
        """
        team = self.team_id
        return (self.user_id & users) or ((team.user_id | team.member_ids) & users)

    def action_view_distributors(self):
        """Open the distributors who may sell in these territories today."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "distributor_crm.res_partner_distributor_action"
        )
        domain = Domain("id", "in", self.distributor_ids.ids)
        return {**action, "domain": list(domain), "context": {"create": False}}
