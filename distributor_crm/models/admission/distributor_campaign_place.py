# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models
from odoo.tools import SQL


class DistributorCampaign(models.Model):
    """Places in a campaign: taken one by one, never one too many (R159)."""

    _inherit = "distributor.campaign"

    def _take_place(self):
        """Take one place.

        Two who want the last one write the same row: the second waits for the first,
        is told by the database that the row has changed, and his request starts anew.

        :return: whether there was one
        """
        self.ensure_one()
        self.flush_recordset(["quota", "places_taken"])
        self.env.cr.execute(
            SQL(
                """
                UPDATE distributor_campaign
                   SET places_taken = COALESCE(places_taken, 0) + 1
                 WHERE id = %s
                   AND (quota = 0 OR COALESCE(places_taken, 0) < quota)
             RETURNING places_taken
                """,
                self.id,
            ),
            log_exceptions=False,  # to start anew is how it is meant to work
        )
        taken = self.env.cr.rowcount
        self.invalidate_recordset(["places_taken", "places_left", "is_full"])
        if taken and self.is_full and self.when_full == "close":
            # The last place closes the campaign, whoever takes it.
            self.sudo().write({"state": "closed"})
        return bool(taken)

    def _give_back_places(self, number):
        """Give back places, and let those move up who wait for them."""
        self.ensure_one()
        if not number:
            return
        self.flush_recordset(["places_taken"])
        self.env.execute_query(
            SQL(
                """
                UPDATE distributor_campaign
                   SET places_taken = GREATEST(COALESCE(places_taken, 0) - %s, 0)
                 WHERE id = %s RETURNING id
                """,
                number,
                self.id,
            )
        )
        self.invalidate_recordset(["places_taken", "places_left", "is_full"])
        self._move_up()

    def _move_up(self):
        """Take the first of the waiting list back into review, as far as places go."""
        for campaign in self:
            free = campaign.places_left if campaign.quota else None
            # Whoever frees a place need not see who waits for it.
            waiting = (
                campaign.env["distributor.application"]
                .sudo()
                .search(
                    [("campaign_id", "=", campaign.id), ("state", "=", "waiting")],
                    order="waiting_since, id",
                    limit=free,
                )
            )
            if free != 0:
                waiting._leave_waiting_list()

    def write(self, vals):
        result = super().write(vals)
        if "quota" in vals:
            self._move_up()
        return result
