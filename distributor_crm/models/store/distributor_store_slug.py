# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError


class DistributorStoreSlug(models.Model):
    """Each address that a store has or had: none is ever given to another."""

    _name = "distributor.store.slug"
    _description = "Address of a Store"
    _order = "id desc"
    _rec_name = "slug"

    store_id = fields.Many2one(
        comodel_name="distributor.store",
        required=True,
        index=True,
        ondelete="cascade",
    )
    slug = fields.Char(string="Address", required=True)

    _slug_unique = models.UniqueIndex(
        "(lower(slug))",
        "This store address is taken, or was until lately. Choose another one.",
    )


class DistributorStore(models.Model):
    """Old addresses lead to where a store is now."""

    _inherit = "distributor.store"

    slug_ids = fields.One2many(
        comodel_name="distributor.store.slug",
        inverse_name="store_id",
        string="Addresses",
        readonly=True,
    )

    @api.onchange("name")
    def _onchange_name(self):
        if self.name and not self.slug:
            self.slug = self._suggest_slug(self.name)

    @api.model_create_multi
    def create(self, vals_list):
        stores = super().create(vals_list)
        stores._keep_slugs()
        return stores

    def write(self, vals):
        result = super().write(vals)
        if "slug" in vals:
            self._keep_slugs()
        return result

    def _keep_slugs(self):
        """Add the current addresses to what these stores have answered to.

        :raises ValidationError: another store had one of them
        """
        # Addresses are kept by code alone, and are one space for all companies.
        kept = self.env["distributor.store.slug"].sudo()
        known = {
            row.slug: row.store_id
            for row in kept.search([("slug", "in", self.mapped("slug"))])
        }
        for store in self:
            if known.get(store.slug, store) != store:
                raise ValidationError(
                    self.env._(
                        "%s led to another store before. Choose another address.",
                        store.slug,
                    )
                )
        kept.create(
            [
                {"store_id": store.id, "slug": store.slug}
                for store in self
                if store.slug not in known
            ]
        )

    @api.model
    def _from_slug(self, slug):
        """Return the store that an address leads to, with full rights.

        :param slug: untrusted; compare it with the store's own to see whether it is
            an old one, and redirect
        :return: an empty record set where no store has or had the address
        """
        if not isinstance(slug, str) or not 0 < len(slug) <= 63:
            return self.browse()
        # Visitors have no right on stores; what they may see is the caller's to say.
        kept = self.env["distributor.store.slug"].sudo()
        return kept.search([("slug", "=", slug.lower())], limit=1).store_id

    @api.model
    def _suggest_slug(self, name):
        # EXTENDS distributor_crm: addresses that were given up stay taken.
        free = super()._suggest_slug(name)
        kept = self.env["distributor.store.slug"].sudo()
        taken = set(kept.search([("slug", "=like", f"{free}%")]).mapped("slug"))
        return self._number_slug(free, taken)
