# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError


class DistributorFeeDocument(models.AbstractModel):
    """Nobody signs what a month allows once and is asked for twice (R135)."""

    _inherit = "distributor.fee.document"

    purpose_hints = fields.Text(
        string="Terms of the Purposes",
        compute="_compute_purpose_hints",
        help="What the purposes ask for before it is paid.",
    )
    has_repeats = fields.Boolean(
        compute="_compute_purpose_hints",
        help="A customer gets something once a month, and it is asked for twice.",
    )

    def _compute_purpose_hints(self):
        for document in self:
            fees = document._get_fees()
            document.has_repeats = any(fees.mapped("is_repeated"))
            hints = dict.fromkeys(fees.filtered("purpose_hint").mapped("purpose_hint"))
            document.purpose_hints = "\n".join(hints) or False

    def _check_may_be_signed(self):
        # EXTENDS distributor.fee.document
        result = super()._check_may_be_signed()
        self._check_repeats()
        return result

    def _check_may_pay_out(self):
        # EXTENDS distributor.fee.document: what was signed before the other came.
        result = super()._check_may_pay_out()
        self._check_repeats()
        return result

    def _check_repeats(self):
        """Check that nothing on these is asked for more often than its purpose allows.

        :raises UserError: names the first
        """
        fees = self.sudo()._get_fees()  # judged by, whoever signs
        for text in fees._find_repeats().values():
            raise UserError(text)


class DistributorFeeStatement(models.Model):
    _inherit = "distributor.fee.statement"

    @api.depends("line_ids.purpose_hint")
    def _compute_purpose_hints(self):
        return super()._compute_purpose_hints()


class DistributorFeeApplication(models.Model):
    _inherit = "distributor.fee.application"

    @api.depends("purpose_hint")
    def _compute_purpose_hints(self):
        return super()._compute_purpose_hints()
