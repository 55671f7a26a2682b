# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.distributor_crm.validity import valid_domain

IN_FORCE = ("in_force", "expiring")


class DistributorAuthorization(models.Model):
    """What a distributor may sell, where and through which shop, and until when
    (R125, R180, R184, R230).

    One for a territory is in force as soon as an administrator enters it; one for a
    shop is a draft until a sales manager grants it.
    """

    _name = "distributor.authorization"
    _description = "Sales Authorization"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "date_from desc, id desc"
    _rec_names_search = ["name", "partner_id", "territory_id", "shop_id", "store_id"]
    _check_company_auto = True

    name = fields.Char(string="Number", readonly=True, copy=False, index="trigram")
    territory_id = fields.Many2one(
        comodel_name="distributor.territory",
        index="btree_not_null",
        ondelete="restrict",
        tracking=True,
        help="Left empty, an authorization for a shop holds for every area.",
    )
    shop_id = fields.Many2one(
        comodel_name="distributor.declared.shop",
        string="Declared Shop",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        tracking=True,
        domain="[('state', '=', 'verified')]",
        help="The shop elsewhere that may sell; it was declared and verified before.",
    )
    store_id = fields.Many2one(
        comodel_name="distributor.store",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        tracking=True,
        help="The store on our own website that may sell.",
    )
    brand_id = fields.Many2one(
        comodel_name="distributor.brand",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        tracking=True,
        help="Left empty, it holds for all brands.",
    )
    platform = fields.Selection(
        selection=lambda self: [
            ("store", self.env._("Our Website")),
            *self.env["distributor.declared.shop"]._fields["platform"].selection,
        ],
        compute="_compute_platform",
        store=True,
    )
    shop_name = fields.Char(compute="_compute_shop_name")
    company_id = fields.Many2one(
        comodel_name="res.company",
        compute="_compute_company_id",
        store=True,
        precompute=True,
        index=True,
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="In Charge",
        compute="_compute_user_id",
        store=True,
        index=True,
        help="Who looks after the territory, or else after the distributor.",
    )
    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Distributor",
        compute="_compute_partner_id",
        store=True,
        readonly=False,
        precompute=True,
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
    decision = fields.Selection(
        selection=[
            ("draft", "Draft"),
            ("granted", "Granted"),
            ("refused", "Refused"),
            ("withdrawn", "Withdrawn"),
        ],
        required=True,
        readonly=True,
        default="draft",
        copy=False,
        index=True,
        tracking=True,
        help="What was decided; with the dates it makes the status.",
    )
    expiring_from = fields.Date(
        compute="_compute_expiring_from",
        store=True,
        precompute=True,
        index="btree_not_null",
        help="From this day on both sides are reminded that it ends.",
    )
    state = fields.Selection(
        selection=[
            ("draft", "Draft"),
            ("upcoming", "Upcoming"),
            ("in_force", "In Force"),
            ("expiring", "Expiring"),
            ("expired", "Expired"),
            ("withdrawn", "Withdrawn"),
            ("refused", "Refused"),
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
    _has_place = models.Constraint(
        "CHECK(num_nonnulls(territory_id, shop_id, store_id) > 0)",
        "Choose a territory, a declared shop or a store: an authorization holds "
        "somewhere.",
    )
    _one_shop = models.Constraint(
        "CHECK(num_nonnulls(shop_id, store_id) < 2)",
        "An authorization is for one shop. Make a second one for the other.",
    )
    _exclusive_has_territory = models.Constraint(
        "CHECK(NOT COALESCE(exclusive, FALSE) OR territory_id IS NOT NULL)",
        "Only a territory can be exclusive. Choose one.",
    )
    _number_unique = models.UniqueIndex(
        "(company_id, name) WHERE name IS NOT NULL",
        "Another authorization bears this number.",
    )
    _key_unique = models.UniqueIndex("(access_key) WHERE access_key IS NOT NULL")
    # Ranges of one number: GiST compares them for equality without an extension.
    _once = models.Constraint(
        "EXCLUDE USING gist ("
        "int4range(territory_id, territory_id, '[]') WITH =, "
        "int4range(partner_id, partner_id, '[]') WITH =, "
        "int4range(COALESCE(categ_id, 0), COALESCE(categ_id, 0), '[]') WITH =, "
        "int4range(COALESCE(brand_id, 0), COALESCE(brand_id, 0), '[]') WITH =, "
        "daterange(date_from, date_to, '[]') WITH &&) "
        "WHERE (decision = 'granted' AND territory_id IS NOT NULL "
        "AND shop_id IS NULL AND store_id IS NULL)",
        "The distributor is authorized for these products in this territory on some "
        "of these days already. Change that authorization instead.",
    )
    _shop_once = models.Constraint(
        "EXCLUDE USING gist ("
        "int4range(COALESCE(shop_id, 0), COALESCE(shop_id, 0), '[]') WITH =, "
        "int4range(COALESCE(store_id, 0), COALESCE(store_id, 0), '[]') WITH =, "
        "int4range(COALESCE(territory_id, 0), COALESCE(territory_id, 0), '[]') WITH =, "
        "int4range(COALESCE(categ_id, 0), COALESCE(categ_id, 0), '[]') WITH =, "
        "int4range(COALESCE(brand_id, 0), COALESCE(brand_id, 0), '[]') WITH =, "
        "daterange(date_from, date_to, '[]') WITH &&) "
        "WHERE (decision = 'granted' AND num_nonnulls(shop_id, store_id) > 0)",
        "The shop is authorized for this brand and these products on some of these "
        "days already. Renew or withdraw that authorization instead.",
    )
    # What holds even when two people authorize at the same moment; overlapping
    # territories and categories are compared in _check_exclusivity.
    _exclusive_once = models.Constraint(
        "EXCLUDE USING gist ("
        "int4range(territory_id, territory_id, '[]') WITH =, "
        "int4range(COALESCE(categ_id, 0), COALESCE(categ_id, 0), '[]') WITH =, "
        "int4range(COALESCE(brand_id, 0), COALESCE(brand_id, 0), '[]') WITH =, "
        "daterange(date_from, date_to, '[]') WITH &&) "
        "WHERE (exclusive AND decision = 'granted')",
        "Two exclusive authorizations for the same products in the same territory "
        "cannot be in force on the same day. End the first before the second starts.",
    )

    def _init_column(self, column_name):
        # EXTENDS base: what was entered before drafts existed is in force.
        if column_name != "decision":
            return super()._init_column(column_name)
        self.env.cr.execute(
            SQL(
                "UPDATE distributor_authorization SET decision = 'granted' "
                "WHERE decision IS NULL"
            )
        )
        return None

    @api.depends("territory_id.company_id", "shop_id.company_id", "store_id.company_id")
    def _compute_company_id(self):
        for record in self:
            place = record.territory_id or record.shop_id or record.store_id
            record.company_id = place.company_id or self.env.company

    @api.depends("territory_id.user_id", "partner_id.account_manager_id")
    def _compute_user_id(self):
        for record in self:
            record.user_id = (
                record.territory_id.user_id or record.partner_id.account_manager_id
            )

    @api.depends("shop_id", "store_id")
    def _compute_partner_id(self):
        for record in self:
            owner = record.shop_id.partner_id or record.store_id.partner_id
            record.partner_id = owner or record.partner_id

    @api.depends("shop_id.platform", "store_id")
    def _compute_platform(self):
        for record in self:
            record.platform = (
                "store" if record.store_id else record.shop_id.platform or False
            )

    @api.depends("shop_id.name", "store_id.name")
    def _compute_shop_name(self):
        for record in self:
            record.shop_name = record.shop_id.name or record.store_id.name

    def _get_label(self):
        """Return what the authorization is for, in a word: a shop, or a territory."""
        self.ensure_one()
        return self.shop_name or self.territory_id.name

    @api.depends("date_to", "company_id")
    def _compute_expiring_from(self):
        Policy = self.env["distributor.authorization.policy"]
        for company, records in self.grouped("company_id").items():
            days = Policy._find(company).remind_days
            for record in records:
                end = record.date_to
                record.expiring_from = end and end - relativedelta(days=days)

    @api.depends("date_from", "date_to", "decision", "expiring_from")
    def _compute_state(self):
        today = fields.Date.context_today(self)
        for record in self:
            if record.decision != "granted":
                record.state = record.decision
            elif record.date_from and record.date_from > today:
                record.state = "upcoming"
            elif record.date_to and record.date_to < today:
                record.state = "expired"
            elif record.expiring_from and record.expiring_from <= today:
                record.state = "expiring"
            else:
                record.state = "in_force"

    def _search_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        today = fields.Date.context_today(self)
        granted = Domain("decision", "=", "granted")
        valid = granted & valid_domain(today, today)
        ending = Domain("expiring_from", "<=", today)
        domains = {
            "draft": Domain("decision", "=", "draft"),
            "upcoming": granted & Domain("date_from", ">", today),
            "in_force": valid
            & (
                Domain("expiring_from", "=", False)
                | Domain("expiring_from", ">", today)
            ),
            "expiring": valid & ending,
            "expired": granted
            & Domain("date_from", "<=", today)
            & Domain("date_to", "<", today),
            "withdrawn": Domain("decision", "=", "withdrawn"),
            "refused": Domain("decision", "=", "refused"),
        }
        return Domain.OR(domains[state] for state in value if state in domains)

    @api.model
    def _get_in_force_domain(self, first, last=None):
        """Return the domain of what was granted and holds on one of the days.

        :param last: the first day alone where left out
        """
        return Domain("decision", "=", "granted") & valid_domain(first, last or first)

    @api.depends(
        "partner_id", "territory_id", "categ_id", "shop_id", "store_id", "name"
    )
    def _compute_display_name(self):
        for record in self:
            shop = record.name and record.shop_name
            parts = (
                shop and record.name,
                record.partner_id.name,
                record.shop_name,
                record.territory_id.name,
                record.brand_id.name,
                record.categ_id.display_name,
            )
            record.display_name = " · ".join(filter(None, parts))

    def action_end(self):
        """End authorizations in force with today as their last day.

        :raises UserError: names one that is not in force
        """
        for authorization in self:
            if authorization.state not in IN_FORCE:
                raise UserError(
                    self.env._(
                        "%(authorization)s is not in force, there is nothing to end.",
                        authorization=authorization.display_name,
                    )
                )
        self.date_to = fields.Date.context_today(self)
