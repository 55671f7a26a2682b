# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError


class DistributorFeePayoutItem(models.Model):
    _inherit = "distributor.fee.payout.item"

    to_prove = fields.Monetary(
        string="Receipts Needed",
        compute="_compute_to_prove",
        help="Where we bear a part of the costs, all of them are proved.",
    )

    @api.depends("paid", "purpose_id.company_share")
    def _compute_to_prove(self):
        for item in self:
            costs = item.purpose_id._get_costs(item.paid) if item.purpose_id else 0
            item.to_prove = item.currency_id.round(costs or item.paid)


class DistributorFeePayout(models.Model):
    """Some purposes are paid on pictures: of the display, the event, its sign-in sheet.

    One for each customer and purpose at least; a picture that proved something else
    before does not count.
    """

    _name = "distributor.fee.payout"
    _inherit = ["distributor.fee.payout", "distributor.evidence.mixin"]

    evidence_needed = fields.Integer(
        string="Pictures Needed",
        compute="_compute_evidence_needed",
        help="One for each customer and purpose that is paid on evidence.",
    )

    to_prove = fields.Monetary(
        string="Receipts Needed",
        compute="_compute_to_prove",
        help="What is paid; where we bear a part of the costs, all of them.",
    )

    @api.depends("item_ids.to_prove")
    def _compute_to_prove(self):
        for payout in self:
            payout.to_prove = sum(payout.item_ids.mapped("to_prove"))

    def _get_amounts_to_prove(self):
        # EXTENDS distributor.fee.payout: all of the costs of which we bear a part.
        return [(item.payee_id, item.to_prove) for item in self.item_ids]

    @api.depends("item_ids.paid", "item_ids.purpose_id")
    def _compute_evidence_needed(self):
        for payout in self:
            payout.evidence_needed = len(payout._get_proven_claims())

    def _get_proven_claims(self):
        """Return the pairs of customer and purpose that are paid on evidence."""
        return {
            (item.partner_id, item.purpose_id)
            for item in self.item_ids
            if item.paid and item.purpose_id.needs_evidence
        }

    def _check_evidence_wanted(self):
        # EXTENDS distributor.evidence.mixin
        self._check_state("draft")
        return super()._check_evidence_wanted()

    def _check_postable(self):
        # EXTENDS distributor.fee.payout
        result = super()._check_postable()
        self._check_evidence()
        return result

    def _check_evidence(self):
        """Check that each customer and purpose paid on evidence is proved.

        :raises UserError: names what is missing
        """
        found = len(self._get_counting_evidence())
        if found >= self.evidence_needed:
            return
        claims = self._get_proven_claims()
        raise UserError(
            self.env._(
                "Evidence is missing for %(claims)s: %(payout)s needs %(needed)s "
                "pictures and has %(found)s that count. Add photos of the display, the "
                "event or its sign-in sheet under “Evidence”, then pay.",
                claims="; ".join(
                    sorted(
                        f"{partner.name}, {purpose.name}" for partner, purpose in claims
                    )
                ),
                payout=self.name,
                needed=self.evidence_needed,
                found=found,
            )
        )
