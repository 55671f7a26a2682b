# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models


class DistributorRebateTarget(models.Model):
    """What a distributor is to reach, or what his growth is compared with."""

    _name = "distributor.rebate.target"
    _description = "Rebate Target"
    _order = "program_id, partner_id, date_from, id"
    _rec_name = "partner_id"

    program_id = fields.Many2one(
        comodel_name="distributor.rebate.program",
        required=True,
        index=True,
        ondelete="cascade",
    )
    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Distributor",
        required=True,
        index=True,
        domain=[("is_distributor", "=", True)],
        ondelete="cascade",
    )
    date_from = fields.Date(
        string="Period From",
        help="The first day of the period that it is for. Leave empty for each period.",
    )
    amount = fields.Float(
        string="Target",
        digits=(16, 4),
        required=True,
        help="For one period, in what the program measures: an amount in company "
        "currency or a quantity. Where tiers ask for growth: the agreed baseline.",
    )

    _target_unique = models.UniqueIndex(
        "(program_id, partner_id, COALESCE(date_from, '1900-01-01'))",
        "This distributor already has a target for this period. Change that one.",
    )
    _amount_positive = models.Constraint(
        "CHECK(amount > 0)",
        "A target is above zero. Delete the line where there is none.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        targets = super().create(vals_list)
        targets._note_change()
        return targets

    def write(self, vals):
        self._note_change()
        result = super().write(vals)
        self._note_change()
        return result

    @api.ondelete(at_uninstall=False)
    def _note_change(self):
        """Have the distributors' statements looked at again."""
        self.env["distributor.rebate.change"]._note(self.partner_id)
