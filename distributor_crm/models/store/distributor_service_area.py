# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class DistributorServiceArea(models.Model):
    """Where an account manager takes on new distributors."""

    _name = "distributor.service.area"
    _description = "Service Area"
    _order = "country_id, user_id, id"
    _rec_name = "user_id"

    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Account Manager",
        required=True,
        index=True,
        ondelete="cascade",
        domain=[("share", "=", False)],
    )
    country_id = fields.Many2one(comodel_name="res.country", required=True)
    state_ids = fields.Many2many(
        comodel_name="res.country.state",
        string="Provinces",
        domain="[('country_id', '=', country_id)]",
        help="Leave empty for the whole country.",
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )

    _once = models.UniqueIndex(
        "(company_id, user_id, country_id)",
        "This account manager has this country already: add the provinces there.",
    )
