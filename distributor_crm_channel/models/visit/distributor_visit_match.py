# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class DistributorVisitMatch(models.Model):
    """An older record of the same customer, and whose he was, as of the arrival (R051).

    It is frozen: contacts change their names and owners later.
    """

    _name = "distributor.visit.match"
    _description = "Older Record of a Brought Customer"
    _order = "visit_id, is_certain desc, known_on, id"

    visit_id = fields.Many2one(
        comodel_name="distributor.visit",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    res_model = fields.Char(string="Model", required=True, readonly=True)
    res_id = fields.Many2oneReference(
        string="Record", model_field="res_model", required=True, readonly=True
    )
    name = fields.Char(readonly=True)
    phone = fields.Char(readonly=True)
    owner = fields.Char(
        readonly=True, help="Who looked after the customer, or brought him."
    )
    known_on = fields.Datetime(string="Known Since", readonly=True)
    kinds = fields.Char(string="Same", readonly=True)
    is_certain = fields.Boolean(string="Certain", readonly=True)
    is_expired = fields.Boolean(
        string="Expired", readonly=True, help="Too old to count by the policy."
    )
