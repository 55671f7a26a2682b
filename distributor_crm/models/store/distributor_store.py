# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import re
import secrets

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...guard import without_closed
from ...pinyin import romanize

SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
# Words that stand for pages, not for stores.
RESERVED = {"my", "shop", "store", "stores", "admin", "web", "new", "join", "preview"}
# Set by the buttons alone, over RPC too.
CLOSED = {"state", "opened_on", "closed_on", "close_reason"}


class DistributorStore(models.Model):
    """A store that a distributor runs: a record of who sells under which name (R014).

    A store of the first level belongs to a distributor whom the company admitted; a
    store of the second was opened below one. There is no third: the database says so.
    """

    _name = "distributor.store"
    _description = "Distributor Store"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "name, id"
    _check_company_auto = True

    name = fields.Char(required=True, tracking=True)
    slug = fields.Char(
        string="Address",
        required=True,
        copy=False,
        tracking=True,
        help="The last part of the store's web address: small letters, digits and "
        "hyphens, at most 63.",
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Owner",
        required=True,
        index=True,
        ondelete="restrict",
        domain=[("is_distributor", "=", True), ("parent_id", "=", False)],
        check_company=True,
        tracking=True,
    )
    account_manager_id = fields.Many2one(related="partner_id.account_manager_id")
    grade_id = fields.Many2one(related="partner_id.grade_id")
    mode = fields.Selection(
        selection=[("dropship", "Drop-shipping"), ("resale", "Resale")],
        required=True,
        default="dropship",
        tracking=True,
        help="Drop-shipping: we ship each order to the store's customer and settle it "
        "by itself. Resale: the distributor buys in bulk and sells from own stock.",
    )
    parent_id = fields.Many2one(
        comodel_name="distributor.store",
        string="Upline Store",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        tracking=True,
        help="The store that invited this one.",
    )
    child_ids = fields.One2many(
        comodel_name="distributor.store",
        inverse_name="parent_id",
        string="Sub-stores",
    )
    level = fields.Integer(
        compute="_compute_level",
        store=True,
        precompute=True,
        help="1 for a store that the company admitted itself, 2 for a sub-store.",
    )
    state = fields.Selection(
        selection=[
            ("preparing", "Preparing"),
            ("open", "Open for Business"),
            ("suspended", "Suspended"),
            ("closed", "Closed"),
        ],
        required=True,
        readonly=True,
        default="preparing",
        copy=False,
        index=True,
        tracking=True,
    )
    invite_token = fields.Char(
        readonly=True,
        copy=False,
        groups="base.group_system",
        default=lambda self: secrets.token_urlsafe(16),
        help="The secret in the link by which this store invites others.",
    )
    opened_on = fields.Date(readonly=True, copy=False)
    closed_on = fields.Date(string="Store Closed On", readonly=True, copy=False)
    close_reason = fields.Text(readonly=True, copy=False)
    active = fields.Boolean(default=True)

    _slug_unique = models.UniqueIndex(
        "(lower(slug))",
        "This store address is taken. Choose another one.",
    )
    _invite_token_idx = models.UniqueIndex("(invite_token)")
    _two_levels = models.Constraint(
        "CHECK(level BETWEEN 1 AND 2)",
        "A sub-store cannot have sub-stores of its own: pay over three levels is "
        "pyramid selling.",
    )
    _not_above_itself = models.Constraint(
        "CHECK(parent_id <> id)", "A store cannot be below itself."
    )
    _closed_has_day = models.Constraint(
        "CHECK(state <> 'closed' OR closed_on IS NOT NULL)",
        "A closed store has the day it was closed on.",
    )

    @api.depends("parent_id.level")
    def _compute_level(self):
        for store in self:
            store.level = store.parent_id.level + 1

    @api.constrains("slug")
    def _check_slug(self):
        for store in self:
            if not SLUG.fullmatch(store.slug) or store.slug in RESERVED:
                raise ValidationError(
                    self.env._(
                        "%s cannot be the address of a store. Use small letters, digits "
                        "and hyphens, at most 63, and no word that stands for a page.",
                        store.slug,
                    )
                )

    @api.constrains("partner_id")
    def _check_owner(self):
        for store in self:
            owner = store.partner_id
            if owner != owner.commercial_partner_id:
                raise ValidationError(
                    self.env._(
                        "%(contact)s is a contact of %(company)s: the store belongs to "
                        "the latter.",
                        contact=owner.name,
                        company=owner.commercial_partner_id.name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        # States are reached by the buttons, whoever calls.
        self, vals_list = without_closed(self, vals_list, CLOSED)
        return super().create(vals_list)

    def write(self, vals):
        if CLOSED & vals.keys() and not self.env.su:
            raise UserError(
                self.env._("Use the buttons to open, suspend or close a store.")
            )
        return super().write(vals)

    @api.model
    def _suggest_slug(self, name):
        """Return a free address made of a name.

        :param name: any text, Chinese in pinyin; without a letter or digit the address
            is numbered
        """
        # Chinese stays as it is in Odoo's own addresses; ours are typed on any phone.
        latin = self.env["ir.http"]._slugify(romanize(name or ""))
        latin = re.sub(r"[^a-z0-9]+", "-", latin)
        base = latin.strip("-")[:50].strip("-")
        if not SLUG.fullmatch(base) or base in RESERVED:
            base = f"store-{base}".strip("-")
        # Addresses are one space for all companies, seen or not.
        taken = set(
            self.sudo()
            .with_context(active_test=False)
            .search([("slug", "=like", f"{base}%")])
            .mapped("slug")
        )
        return self._number_slug(base, taken | RESERVED)

    @api.model
    def _number_slug(self, base, taken):
        """Return an address, with the first free number where it is taken."""
        number, free = 2, base
        while free in taken:
            free = f"{base}-{number}"
            number += 1
        return free

    @api.model
    def _from_invite(self, token):
        """Return the open store that a link of invitation names, with full rights.

        :param token: what the link carries, untrusted
        :return: an empty record set where there is none, or where the store may not
            invite: a sub-store has no sub-stores (R014)
        """
        if not isinstance(token, str) or not 16 <= len(token) <= 64:
            return self.browse()
        # Whoever holds the link has no rights of his own yet.
        return self.sudo().search(
            [
                ("invite_token", "=", token),
                ("state", "=", "open"),
                ("level", "=", 1),
            ],
            limit=1,
        )

    # -- life ------------------------------------------------------------------------

    def action_open(self):
        """Open stores for business.

        :raises UserError: one is open already, or something is missing
        """
        self.check_access("write")
        for store in self:
            if store.state == "open":
                raise UserError(self.env._("%s is open already.", store.name))
            store._check_can_open()
        # States are set by buttons alone; the right to write was checked.
        for store in self.sudo():
            store.write(
                {
                    "state": "open",
                    "opened_on": store.opened_on or fields.Date.context_today(store),
                    "closed_on": False,
                    "close_reason": False,
                }
            )
        self._after_opening()
        return True

    def action_suspend(self):
        """Take open stores off the web for a while."""
        self.check_access("write")
        # States are set by buttons alone; the right to write was checked.
        self.filtered(lambda store: store.state == "open").sudo().state = "suspended"
        return True

    def _close(self, reason):
        """Close stores for good: they sell no more, what is earned stays earned.

        :param reason: told to the owner
        """
        self.check_access("write")
        # States are set by buttons alone; the right to write was checked.
        self.filtered(lambda store: store.state != "closed").sudo().write(
            {
                "state": "closed",
                "closed_on": fields.Date.context_today(self),
                "close_reason": reason,
            }
        )
        self._after_closing()

    # -- what others add -------------------------------------------------------------

    def _check_can_open(self):
        """Check that the store may open.

        :raises UserError: says what is missing
        """

    def _after_opening(self):
        """What follows when stores were opened."""

    def _after_closing(self):
        """What follows when stores were closed."""
