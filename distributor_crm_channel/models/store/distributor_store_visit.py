# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.tools import SQL


class DistributorStoreVisit(models.Model):
    """Visits of a store, by day.

    A visitor adds a row and touches no other, so that none waits for another; once a
    day the rows of a day that is over become one.
    """

    _name = "distributor.store.visit"
    _description = "Visits of a Store"
    _order = "day desc, store_id"
    _log_access = False

    store_id = fields.Many2one(
        comodel_name="distributor.store",
        required=True,
        ondelete="cascade",
        readonly=True,
    )
    company_id = fields.Many2one(related="store_id.company_id")
    day = fields.Date(required=True, readonly=True)
    visits = fields.Integer(
        string="Page Visits", required=True, readonly=True, default=1
    )

    _store_day_idx = models.Index("(store_id, day)")
    _day_idx = models.Index("(day)")

    @api.model
    def _count(self, store):
        """Add one visitor of today."""
        self.env.cr.execute(
            SQL(
                "INSERT INTO distributor_store_visit (store_id, day, visits) "
                "VALUES (%s, %s, 1)",
                store.id,
                fields.Date.context_today(self),
            )
        )

    @api.autovacuum
    def _gc_fold_days(self):
        """Make one row of all that a store has for a day that is over."""
        today = fields.Date.context_today(self)
        self.env.cr.execute(
            SQL(
                """
                WITH gone AS (
                    DELETE FROM distributor_store_visit v
                     USING (SELECT store_id, day FROM distributor_store_visit
                             WHERE day < %(today)s
                             GROUP BY store_id, day HAVING COUNT(*) > 1) many
                     WHERE v.store_id = many.store_id AND v.day = many.day
                 RETURNING v.store_id, v.day, v.visits
                )
                INSERT INTO distributor_store_visit (store_id, day, visits)
                SELECT store_id, day, SUM(visits) FROM gone GROUP BY store_id, day
                """,
                today=today,
            )
        )
        self.invalidate_model()
