# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from odoo import api, models

from .figures import resident_week

# Of each row, after the post and the person.
COLUMNS = ("shifts", "present", "announced", "empty", "visits", "valid")


class DistributorChannelWeek(models.Model):
    """The week of the resident representatives, post by post (R129)."""

    _inherit = "distributor.channel.week"

    @api.model
    def _get_more_figures(self, company, start):
        # EXTENDS: printed with the names of the week, which stay when people go
        return {
            **super()._get_more_figures(company, start),
            "residents": self._get_residents(company, start),
        }

    @api.model
    def _get_residents(self, company, start):
        """Return what residents did in the week from a Monday, in one statement.

        :return: list of {"post", "distributor", "person", and numbers: days on the
            roster, days present, days of announced absence, empty posts, visits, valid
            customers}
        """
        self.env.flush_all()
        rows = self.env.execute_query(
            resident_week(company.id, start, start + timedelta(days=6))
        )
        posts = self.env["distributor.visit.post"].browse({row[0] for row in rows})
        people = self.env["res.partner"].browse({row[1] for row in rows if row[1]})
        post_by_id = {post.id: post for post in posts}
        names = {person.id: person.name for person in people}
        return [
            {
                "post": post_by_id[post_id].name,
                "distributor": post_by_id[post_id].distributor_id.name or "",
                "person": names.get(agent_id, ""),
                **dict(zip(COLUMNS, numbers, strict=True)),
            }
            for post_id, agent_id, *numbers in rows
        ]
