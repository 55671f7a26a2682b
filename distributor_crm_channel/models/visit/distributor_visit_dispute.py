# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class DistributorVisitDispute(models.Model):
    """A verdict that is doubted, and the second opinion of somebody else (R052, R076)."""

    _name = "distributor.visit.dispute"
    _description = "Dispute about a Visit"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "id desc"

    visit_id = fields.Many2one(
        comodel_name="distributor.visit",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(related="visit_id.company_id", store=True)
    agency_id = fields.Many2one(related="visit_id.agency_id", store=True)
    kind = fields.Selection(
        selection=[
            ("appeal", "Appeal of the Agency"),
            ("same_customer", "Same Customer Brought Twice"),
        ],
        required=True,
        readonly=True,
        default="appeal",
    )
    other_visit_id = fields.Many2one(
        comodel_name="distributor.visit",
        string="Came First",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    text = fields.Text(string="What Is Said", readonly=True)
    raised_by_id = fields.Many2one(comodel_name="res.users", readonly=True)
    former_verdict = fields.Selection(
        selection=[("pending", "Pending"), ("valid", "Valid"), ("invalid", "Invalid")],
        readonly=True,
    )
    state = fields.Selection(
        selection=[
            ("open", "To Decide"),
            ("valid", "Decided: Valid"),
            ("invalid", "Decided: Invalid"),
        ],
        string="Status",
        required=True,
        readonly=True,
        default="open",
        index=True,
        tracking=True,
    )
    decided_by_id = fields.Many2one(comodel_name="res.users", readonly=True)
    decided_at = fields.Datetime(readonly=True)
    opinion = fields.Text(string="Second Opinion")

    _one_open = models.UniqueIndex(
        "(visit_id) WHERE state = 'open'", "A dispute about this visit is open already."
    )
