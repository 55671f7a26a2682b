# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from odoo import models

from ...evidence import measure_metres


class DistributorEvidence(models.Model):
    """Whether time and place of a photo fit what it is to prove."""

    _inherit = "distributor.evidence"

    def _judge(self):
        """Compare time and place with the record's; called anew when these change.

        A photo that says nothing is not flagged here: that it says nothing is a flag of
        its own.
        """
        for name, group in self.sudo().grouped("res_model").items():
            records = self.env[name].sudo().browse(set(group.mapped("res_id")))
            places = {
                record.id: record._get_evidence_place() for record in records.exists()
            }
            for evidence in group:
                evidence.write(evidence._prepare_judgement(places.get(evidence.res_id)))

    def _prepare_judgement(self, place):
        place = place or {}
        company = self.company_id
        since = place.get("since") or self.received_at
        until = place.get("until") or place.get("since")
        before = timedelta(hours=company.evidence_before_hours)
        after = timedelta(hours=company.evidence_after_hours)
        metres = self._measure_distance(place)
        taken = self.taken_at
        return {
            "flag_before": bool(taken) and taken < since - before,
            "flag_after": bool(taken and until) and taken > until + after,
            "distance": metres,
            "flag_far": metres > company.evidence_distance + place.get("accuracy", 0),
        }

    def _measure_distance(self, place):
        """Return the metres from the record's place, 0 where one of both is unknown."""
        latitude, longitude = place.get("latitude"), place.get("longitude")
        if not self.position_source or not (latitude or longitude):
            return 0
        return int(measure_metres(self.latitude, self.longitude, latitude, longitude))
