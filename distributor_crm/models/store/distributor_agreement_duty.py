# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models

KINDS = [
    ("price", "Prices"),
    ("channel", "Channel"),
    ("shops", "Other Shops"),
    ("listing", "Products"),
    ("other", "Other"),
]


class DistributorAgreementDuty(models.Model):
    """A duty that is ticked by itself before an agreement is signed (R028, R164)."""

    _name = "distributor.agreement.duty"
    _description = "Duty of an Agreement"
    _order = "sequence, id"
    _rec_name = "text"

    template_id = fields.Many2one(
        comodel_name="distributor.agreement.template",
        required=True,
        index=True,
        ondelete="cascade",
    )
    sequence = fields.Integer(default=10)
    kind = fields.Selection(selection=KINDS, required=True, default="other")
    text = fields.Text(
        required=True,
        translate=True,
        help="What the distributor promises, in one sentence he can say yes to.",
    )
    legal_basis = fields.Text(
        help="Why this may be asked for. Fixing resale prices is judged under "
        "competition law, and differs by country and market share.",
    )

    _price_has_basis = models.Constraint(
        "CHECK(kind <> 'price' OR COALESCE(legal_basis, '') <> '')",
        "Say what a duty about prices rests on: competition law limits what may be "
        "agreed about resale prices.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        duties = super().create(vals_list)
        duties.template_id._count_up()
        return duties

    def write(self, vals):
        result = super().write(vals)
        if vals.keys() & {"text", "kind"}:
            self.template_id._count_up()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_counts_up(self):
        self.template_id._count_up()
