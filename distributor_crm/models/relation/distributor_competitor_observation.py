# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import base64
import binascii

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...uploads import check_content


class DistributorCompetitorObservation(models.Model):
    """What a competitor does at one of our distributors (R220)."""

    _name = "distributor.competitor.observation"
    _description = "Observation of a Competitor"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "date desc, id desc"
    _check_company_auto = True

    competitor_id = fields.Many2one(
        comodel_name="distributor.competitor",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        tracking=True,
    )
    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Distributor",
        required=True,
        index=True,
        ondelete="cascade",
        domain=[("is_distributor", "=", True), ("parent_id", "=", False)],
        check_company=True,
        tracking=True,
    )
    store_id = fields.Many2one(
        comodel_name="distributor.store",
        index="btree_not_null",
        ondelete="set null",
        domain="[('partner_id', '=', partner_id)]",
        check_company=True,
    )
    account_manager_id = fields.Many2one(
        related="partner_id.account_manager_id", store=True
    )
    state_id = fields.Many2one(
        related="partner_id.state_id", store=True, string="Province"
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Seen By",
        required=True,
        default=lambda self: self.env.user,
        domain=[("share", "=", False)],
    )
    date = fields.Date(required=True, index=True, default=fields.Date.context_today)
    kind = fields.Selection(
        selection=[
            ("price", "Price"),
            ("promotion", "Promotion"),
            ("display", "Display and Place"),
            ("new_product", "New Product"),
            ("terms", "Rebates and Terms"),
            ("service", "Service"),
            ("poaching", "Poaching of the Distributor"),
            ("other", "Other"),
        ],
        string="What",
        required=True,
        default="price",
        index=True,
        tracking=True,
    )
    product_id = fields.Many2one(
        comodel_name="product.product",
        string="Our Product It Hits",
        index="btree_not_null",
        check_company=True,
    )
    price = fields.Monetary(string="Price Seen")
    currency_id = fields.Many2one(
        comodel_name="res.currency",
        required=True,
        default=lambda self: self.env.company.currency_id,
    )
    photo = fields.Image(max_width=1920, max_height=1920)
    note = fields.Text(help="What exactly was seen, and since when.")

    _price_not_negative = models.Constraint(
        "CHECK(price >= 0)", "A price is not below zero."
    )

    @api.depends("competitor_id", "partner_id", "date")
    def _compute_display_name(self):
        for seen in self:
            names = (seen.competitor_id.name, seen.partner_id.name)
            seen.display_name = ": ".join(name or "" for name in names)

    @api.constrains("date")
    def _check_date(self):
        today = fields.Date.context_today(self)
        if any(seen.date > today for seen in self):
            raise ValidationError(self.env._("Enter the day on which it was seen."))

    @api.constrains("partner_id", "store_id")
    def _check_place(self):
        # Whose a store is does not depend on which stores one may read.
        for seen in self.sudo():
            partner = seen.partner_id
            if not partner.is_distributor or partner.parent_id:
                raise ValidationError(
                    self.env._(
                        "%s is no distributor. Choose the distributor itself, not one "
                        "of its contacts.",
                        partner.display_name,
                    )
                )
            if seen.store_id and seen.store_id.partner_id != partner:
                raise ValidationError(
                    self.env._("The store must be one of %s.", partner.name)
                )

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_photo(vals)
        return super().create(vals_list)

    def write(self, vals):
        self._check_photo(vals)
        return super().write(vals)

    @api.model
    def _check_photo(self, vals):
        """Judge a photo by its content before Odoo opens it.

        :raises UserError: it is no picture, or too big
        """
        if not vals.get("photo"):
            return
        try:
            content = base64.b64decode(vals["photo"])
        except (binascii.Error, ValueError):
            content = b""
        name = self.env._("Photo")
        if check_content(self.env, name, content) == "application/pdf":
            raise UserError(self.env._("Send the photo as a picture, not as PDF."))
