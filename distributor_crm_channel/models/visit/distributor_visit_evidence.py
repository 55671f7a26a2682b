# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import (
    UserError,
)

# Photos that had no network follow their visit within this time.
PHOTOS_AFTER = timedelta(days=3)
RADIUS, FIX_SECONDS = 500, 120


class DistributorVisit(models.Model):
    """Photos that prove a visit."""

    _inherit = "distributor.visit"

    def _get_evidence_place(self):
        # EXTENDS distributor.evidence.mixin
        place = self.place_id
        return {
            "latitude": place.partner_latitude,
            "longitude": place.partner_longitude,
            "accuracy": RADIUS,
            "since": self.arrived_at,
            "until": self.left_at,
        }

    def _check_evidence_wanted(self):
        # EXTENDS distributor.evidence.mixin
        for visit in self.sudo():
            if visit.state in ("planned", "cancelled"):
                raise UserError(
                    self.env._("Check in to %s before you take photos.", visit.name)
                )
            left = visit.left_at or visit.agent_left_at
            if left and fields.Datetime.now() > left + PHOTOS_AFTER:
                raise UserError(self.env._("%s is over for too long.", visit.name))
