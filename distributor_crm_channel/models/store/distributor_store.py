# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from urllib.parse import quote

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.http import request


class DistributorStore(models.Model):
    """A store's page in the web shop (R178): what it shows, and who sees it."""

    _name = "distributor.store"
    _inherit = ["distributor.store", "website.seo.metadata"]

    website_id = fields.Many2one(
        comodel_name="website",
        domain="[('company_id', '=', company_id)]",
        ondelete="restrict",
        check_company=True,
        help="The website that shows the store. None: all websites of the company.",
    )
    design_ids = fields.One2many(
        comodel_name="distributor.store.design",
        inverse_name="store_id",
        string="Decoration",
    )
    store_product_ids = fields.One2many(
        comodel_name="distributor.store.product",
        inverse_name="store_id",
        string="Products",
    )
    store_product_count = fields.Integer(
        string="Products Shown", compute="_compute_store_product_count"
    )
    shop_order_count = fields.Integer(
        string="Orders", compute="_compute_shop_order_count"
    )
    visit_count = fields.Integer(
        string="Page Visits",
        compute="_compute_visit_count",
        help="Visitors a day, added up over the last 30 days.",
    )
    page_url = fields.Char(string="Page", compute="_compute_page_url")

    # A page asks for the address as it is written.
    _slug_idx = models.Index("(slug)")

    def _compute_store_product_count(self):
        counts = dict(
            self.env["distributor.store.product"]._read_group(
                [("store_id", "in", self.ids)], ["store_id"], ["__count"]
            )
        )
        for store in self:
            store.store_product_count = counts.get(store, 0)

    def _compute_shop_order_count(self):
        counts = dict(
            self.env["sale.order"]._read_group(
                [("store_id", "in", self.ids), ("state", "=", "sale")],
                ["store_id"],
                ["__count"],
            )
        )
        for store in self:
            store.shop_order_count = counts.get(store, 0)

    def _compute_visit_count(self):
        counts = dict(
            self.env["distributor.store.visit"]._read_group(
                [("store_id", "in", self.ids), ("day", ">", "today -30d")],
                ["store_id"],
                ["visits:sum"],
            )
        )
        for store in self:
            store.visit_count = counts.get(store, 0)

    @api.depends("slug", "website_id", "company_id")
    def _compute_page_url(self):
        for store in self:
            base = store.website_id.get_base_url() or store.get_base_url()
            store.page_url = f"{base}/store/{store.slug}"

    @api.model_create_multi
    def create(self, vals_list):
        stores = super().create(vals_list)
        # Each begins with its draft. Whoever makes stores need not decorate them.
        self.env["distributor.store.design"].sudo().create(
            [{"store_id": store.id} for store in stores]
        )
        return stores

    # -- what it sells ---------------------------------------------------------------

    def _get_product_domain(self):
        """Return the domain of the product templates that the store may sell today.

        Published and sold by the company, of the categories of the store's tier (R160).
        """
        self.ensure_one()
        domain = (
            Domain("active", "=", True)
            & Domain("sale_ok", "=", True)
            & Domain("is_published", "=", True)
            & Domain("company_id", "in", [False, self.company_id.id])
        )
        if self.website_id:
            domain &= Domain("website_id", "in", [False, self.website_id.id])
        # The shopper has no rights on distributors; the tier decides what is sold.
        owner = self.sudo().partner_id
        domain &= self.env["product.template"]._get_exclusive_domain(owner)
        categories = owner.grade_id.store_categ_ids
        if categories:
            domain &= Domain("categ_id", "child_of", categories.ids)
        return domain

    def _get_own_prices(self, templates):
        """Return the store's own price of products that have one, never under the floor.

        :param templates: product templates
        :return: template id → price in the company's currency, before taxes as products
            have them; without a price of the store's own, a product is not in it
        """
        self.ensure_one()
        # Visitors have no rights on stores.
        lines = self.env["distributor.store.product"].sudo()
        lines = lines.search_fetch(
            [
                ("store_id", "=", self.id),
                ("product_tmpl_id", "in", templates.ids),
                ("price", ">", 0),
            ],
            ["product_tmpl_id", "price"],
        )
        if not lines:
            return {}
        sold = lines.product_tmpl_id.filtered_domain(self._get_product_domain())
        return {
            line.product_tmpl_id.id: max(line.price, line._get_floor())
            for line in lines
            if line.product_tmpl_id in sold
        }

    def _carries(self, template):
        """Whether the store shows a product, and may sell it today."""
        self.ensure_one()
        # Visitors have no rights on stores.
        chosen = self.env["distributor.store.product"].sudo()
        return bool(
            chosen.search_count(
                [("store_id", "=", self.id), ("product_tmpl_id", "=", template.id)],
                limit=1,
            )
            and template.sudo().filtered_domain(self._get_product_domain())
        )

    def _is_shown_on(self, website):
        """Whether a website shows the store to visitors; no store is not shown."""
        return bool(
            self
            and self.state == "open"
            and self.active
            and self.company_id == website.company_id
            and self.website_id.id in (False, website.id)
        )

    # -- decoration ------------------------------------------------------------------

    def _get_design(self, is_published=True):
        """Return what visitors see, or the draft; empty where there is none yet."""
        self.ensure_one()
        return self.env["distributor.store.design"].search(
            [("store_id", "=", self.id), ("is_published", "=", is_published)], limit=1
        )

    def _get_draft(self):
        """Return the draft of the decoration, begun from what visitors see."""
        draft = self._get_design(is_published=False)
        if draft:
            return draft
        Design = self.env["distributor.store.design"]
        values = {"store_id": self.id, **self._get_design()._copy_content()}
        # The rights on the store were checked; which of the two it is, is closed.
        return Design.sudo().create(values).with_env(self.env)

    def _publish_design(self):
        """Show visitors what stands in the draft."""
        for store in self:
            draft = store._get_draft()
            content = draft._copy_content()
            published = store._get_design()
            if published:
                published.write(content)
            else:
                # Which of the two it is, is closed to users.
                self.env["distributor.store.design"].sudo().create(
                    {"store_id": store.id, "is_published": True, **content}
                )

    def action_publish_design(self):
        """Show visitors what stands in the draft."""
        self.check_access("write")
        self._publish_design()
        return True

    # -- back office -----------------------------------------------------------------

    def action_edit_design(self):
        """Open the draft of the store's decoration."""
        self.check_access("write")
        return {
            **self._get_draft()._get_records_action(),
            "name": self.env._("Decoration: %s", self.name),
        }

    def action_open_page(self):
        """Open the store's page in the browser."""
        self.ensure_one()
        return {"type": "ir.actions.act_url", "url": self.page_url, "target": "new"}

    def action_view_shop_orders(self):
        """Show the orders that came through these stores."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Orders of Stores"),
            "res_model": "sale.order",
            "view_mode": "list,kanban,form,pivot,graph",
            "domain": [("store_id", "in", self.ids), ("state", "!=", "cancel")],
            "context": {"create": False},
        }

    def action_view_visits(self):
        """Show the visits of these stores by day."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "distributor_crm_channel.distributor_store_visit_action"
        )
        return {**action, "domain": [("store_id", "in", self.ids)]}

    # -- the page --------------------------------------------------------------------

    def _get_qr_url(self):
        """Return the address of a picture with the code that leads to the page."""
        self.ensure_one()
        value = quote(f"{self.page_url}?store={self.slug}", safe="")
        return f"/report/barcode/?barcode_type=QR&value={value}&width=300&height=300"

    def _default_website_meta(self):
        meta = super()._default_website_meta()
        # A visitor has no rights on designs; what is shown is public.
        design = self.sudo()._get_design()
        description = design._get_summary() if design else ""
        graph, card = meta["default_opengraph"], meta["default_twitter"]
        graph["og:title"] = card["twitter:title"] = self.name
        graph["og:url"] = f"{request.website.get_base_url()}/store/{self.slug}"
        if description:
            graph["og:description"] = card["twitter:description"] = description
            meta["default_meta_description"] = description
        picture = next((n for n in ("banner", "logo") if design and design[n]), None)
        if picture:
            url = design._get_picture_url(picture)
            graph["og:image"] = card["twitter:image"] = url
        return meta
