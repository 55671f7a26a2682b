# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class DistributorWorkingDay(models.Model):
    """A day that is off, or worked, against the rule of the week (R092).

    China shifts holidays and works some Saturdays and Sundays for them; the State
    Council says which, each autumn for the year after.
    """

    _name = "distributor.working.day"
    _description = "Working Day"
    _order = "date desc, company_id, country_id, id"

    date = fields.Date(required=True, index=True)
    kind = fields.Selection(
        selection=[("holiday", "Day off"), ("working", "Working day")],
        required=True,
        default="holiday",
    )
    name = fields.Char(string="Occasion", required=True, translate=True)
    company_id = fields.Many2one(
        comodel_name="res.company",
        ondelete="cascade",
        help="Empty: for all companies of the country.",
    )
    country_id = fields.Many2one(
        comodel_name="res.country",
        ondelete="restrict",
        help="Empty: for all countries.",
    )

    _once = models.UniqueIndex(
        "(date, COALESCE(company_id, 0), COALESCE(country_id, 0))",
        "This day is in the table already.",
    )
