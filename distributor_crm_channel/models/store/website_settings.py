# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class Website(models.Model):
    _inherit = "website"

    store_link_rule = fields.Selection(
        selection=[("last", "The last link"), ("first", "The first link")],
        string="Which Store Counts",
        required=True,
        default="last",
        help="Whose sale it is when a visitor followed the links of several stores.",
    )
    store_link_days = fields.Integer(
        string="Days That a Link Counts",
        required=True,
        default=30,
        help="An order counts as a sale of the store up to this many days after its "
        "link was followed.",
    )
    store_binding = fields.Selection(
        selection=[
            ("off", "No binding"),
            ("new", "New customers only"),
            ("all", "All customers"),
        ],
        string="Shoppers Belong to a Store",
        required=True,
        default="off",
        help="Whether a customer who follows a store's link while logged in, or buys "
        "through it, belongs to the store: what he buys later is its sale, link or not.",
    )
    store_binding_rule = fields.Selection(
        selection=[("first", "The first store"), ("last", "The last store")],
        string="Which Store Keeps Him",
        required=True,
        default="first",
    )
    store_binding_days = fields.Integer(
        string="Days That He Belongs", required=True, default=365
    )
    store_own_orders = fields.Boolean(
        string="Owners' Own Orders Count",
        help="Whether what a store's owner buys for himself counts as a sale of his "
        "store.",
    )

    _store_days = models.Constraint(
        "CHECK(store_link_days BETWEEN 1 AND 3650 "
        "AND store_binding_days BETWEEN 1 AND 3650)",
        "Links and bindings of stores count for at least one day, at most ten years.",
    )
