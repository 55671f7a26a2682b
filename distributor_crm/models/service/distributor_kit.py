# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...guard import without_closed
from ...validity import valid_domain

CLOSED = {"state", "version", "published_on"}
NAMED = 10


class DistributorKit(models.Model):
    """Texts, pictures and product data that distributors may take to advertise
    (R031, R168, R209, R213)."""

    _name = "distributor.kit"
    _description = "Promotion Kit"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "date_from desc, id desc"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True, tracking=True)
    kind = fields.Selection(
        selection=[
            ("promotion", "Promotion"),
            ("data", "Product Data"),
            ("market", "Market Data"),
        ],
        string="Type",
        required=True,
        default="promotion",
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    date_from = fields.Date(
        string="From", required=True, default=fields.Date.context_today
    )
    date_to = fields.Date(string="Until", help="Left empty: without an end.")
    grade_ids = fields.Many2many(
        comodel_name="res.partner.grade",
        string="Tiers",
        help="Distributors of these tiers see the kit; of all tiers where none is named.",
    )
    categ_ids = fields.Many2many(
        comodel_name="product.category",
        string="Product Categories",
        help="The products of each category, its sub-categories included, make a file.",
    )
    text = fields.Html(string="Copy", translate=True)
    attachment_ids = fields.Many2many(
        comodel_name="ir.attachment",
        string="Material",
        help="Pictures, posters, market data: what goes along as it is.",
    )
    knowledge_url = fields.Char(
        string="More On", help="Where more about it can be read, e.g. a social account."
    )
    file_ids = fields.One2many(
        comodel_name="distributor.kit.file", inverse_name="kit_id", readonly=True
    )
    download_ids = fields.One2many(
        comodel_name="distributor.kit.download", inverse_name="kit_id", readonly=True
    )
    download_count = fields.Integer(compute="_compute_download_count")
    version = fields.Integer(readonly=True, copy=False, aggregator="max")
    published_on = fields.Datetime(readonly=True, copy=False)
    state = fields.Selection(
        selection=[
            ("draft", "Draft"),
            ("published", "Published"),
            ("withdrawn", "Withdrawn"),
        ],
        string="Status",
        required=True,
        readonly=True,
        default="draft",
        copy=False,
        index=True,
        tracking=True,
    )

    _dates_in_order = models.Constraint(
        "CHECK(date_to >= date_from)", "A kit ends on or after the day it starts."
    )

    def _compute_download_count(self):
        counts = dict(
            self.env["distributor.kit.download"]._read_group(
                [("kit_id", "in", self.ids)], ["kit_id"], ["__count"]
            )
        )
        for kit in self:
            kit.download_count = counts.get(kit, 0)

    @api.model_create_multi
    def create(self, vals_list):
        self, vals_list = without_closed(self, vals_list, CLOSED)
        kits = super().create(vals_list)
        kits._adopt_material()
        return kits

    def write(self, vals):
        if CLOSED & vals.keys() and not self.env.su:
            raise UserError(self.env._("Kits are published with the button."))
        result = super().write(vals)
        if "attachment_ids" in vals:
            self._adopt_material()
        return result

    def _adopt_material(self):
        """Make files that were uploaded for kits theirs: whoever sees a kit sees them."""
        for kit in self:
            # Of the files that nothing holds yet, only one's own come into question.
            loose = kit.attachment_ids.sudo().filtered(
                lambda file: not file.res_id and file.create_uid == self.env.user
            )
            loose.write({"res_model": kit._name, "res_id": kit.id})

    # -- what is in it -----------------------------------------------------------------

    def _get_products(self, categories):
        """Return the products that a kit holds of these categories."""
        self.ensure_one()
        return self.env["product.template"].search(
            [
                ("categ_id", "child_of", categories.ids),
                ("sale_ok", "=", True),
                ("company_id", "in", (False, self.company_id.id)),
            ],
            order="default_code, name, id",
        )

    def _get_incomplete(self):
        """Return the products that lack a picture or a description (R209)."""
        products = self._get_products(self.categ_ids)
        bare = Domain("image_1920", "=", False) | Domain(
            "description_sale", "in", (False, "")
        )
        return products.search(Domain("id", "in", products.ids) & bare)

    def _get_floors(self, products):
        """Return the lowest retail price of products, where one is known.

        :return: dict of product template → price; nothing where no floors are kept
        """
        return {}

    # -- publishing --------------------------------------------------------------------

    def action_publish(self):
        """Make a new version of the files and show it to the distributors.

        :raises UserError: something is missing; it names the products
        """
        self.check_access("write")
        for kit in self:
            kit._check_complete()
            # Files and versions are made by this button alone.
            record = kit.sudo()
            record.version += 1
            self.env["distributor.kit.file"].sudo()._make(record)
            record.write({"state": "published", "published_on": fields.Datetime.now()})
            kit._after_publishing()
        return True

    def action_withdraw(self):
        """Take kits off the portal; what was downloaded stays on record."""
        self.check_access("write")
        # The status is closed to users; the right to write was checked.
        self.sudo().state = "withdrawn"
        return True

    def _check_complete(self):
        if not self.categ_ids and not self.attachment_ids:
            raise UserError(
                self.env._(
                    "%s is empty. Choose product categories, or attach material.",
                    self.name,
                )
            )
        bare = self._get_incomplete()
        if bare:
            names = ", ".join(bare[:NAMED].mapped("display_name"))
            raise UserError(
                self.env._(
                    "Each product of a kit needs a picture and a sales description. "
                    "%(number)s lack one, among them: %(names)s.",
                    number=len(bare),
                    names=names,
                )
            )

    def _after_publishing(self):
        """What follows when a kit was published."""

    def action_view_downloads(self):
        """Open who took these kits."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "distributor_crm.distributor_kit_download_action"
        )
        return {**action, "domain": [("kit_id", "in", self.ids)], "context": {}}

    def action_view_incomplete(self):
        """Open the products that lack a picture or a description."""
        self.ensure_one()
        return self._get_incomplete()._get_records_action(
            name=self.env._("Incomplete Products")
        )

    # -- who may see it ----------------------------------------------------------------

    @api.model
    def _get_portal_domain(self, partner):
        """Return what a distributor of this tier sees today."""
        today = fields.Date.context_today(self)
        domain = Domain("state", "=", "published") & valid_domain(today, today)
        domain &= Domain("grade_ids", "=", False) | Domain(
            "grade_ids", "in", partner.grade_id.ids
        )
        if partner.company_id:
            domain &= Domain("company_id", "=", partner.company_id.id)
        return domain

    def _get_files(self, partner):
        """Return the newest files that a distributor may take."""
        self.ensure_one()
        return self.file_ids.filtered(lambda file: file.version == self.version)
