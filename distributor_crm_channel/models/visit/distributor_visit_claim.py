# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.tools import SQL


class DistributorVisitClaim(models.Model):
    """A phone or name under which customers arrive, so that two arrive one by one.

    Whoever claims a key while another transaction does fails, and is started anew by
    Odoo; then he sees who was first (R076).
    """

    _name = "distributor.visit.claim"
    _description = "Claim on a Customer"
    _log_access = False

    company_id = fields.Many2one(
        comodel_name="res.company", required=True, readonly=True, ondelete="cascade"
    )
    key = fields.Char(required=True, readonly=True)
    claimed_at = fields.Datetime(required=True, readonly=True)

    _once = models.Constraint("UNIQUE(company_id, key)", "This key is claimed.")

    @api.model
    def _claim(self, company, found):
        """Hold keys until the transaction ends, one statement for all."""
        if not found:
            return
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO distributor_visit_claim (company_id, key, claimed_at)
                SELECT %(company)s, key, now() AT TIME ZONE 'UTC'
                  FROM unnest(%(keys)s) AS key ORDER BY key
                    ON CONFLICT (company_id, key)
                    DO UPDATE SET claimed_at = EXCLUDED.claimed_at
                """,
                company=company.id,
                keys=sorted(set(found)),
            )
        )
