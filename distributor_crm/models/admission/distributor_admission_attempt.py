# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import datetime, timedelta

from odoo import api, fields, models
from odoo.tools import SQL, hmac


class DistributorAdmissionAttempt(models.Model):
    """How often somebody used the public pages of late: a bound against floods.

    Whose it is stands here as a keyed hash only.
    """

    _name = "distributor.admission.attempt"
    _description = "Use of the Sign-up Pages"

    key = fields.Char(required=True)
    period = fields.Datetime(required=True)
    number = fields.Integer(required=True, default=1)

    _key_unique = models.Constraint(
        "UNIQUE(key, period)", "One row for each key and stretch of time."
    )

    @api.model
    def _count(self, kind, who, hours):
        """Count one use, and return how many there were in this stretch of time.

        :param kind: what is bounded, by whom
        :param who: an address or e-mail; only its hash is kept
        :param hours: the length of the period
        """
        seconds = hours * 3600
        now = fields.Datetime.now()
        past = (now - datetime(2000, 1, 1)).total_seconds() % seconds
        period = (now - timedelta(seconds=past)).replace(microsecond=0)
        key = hmac(self.env(su=True), "distributor-admission", f"{kind}:{who}")
        [[number]] = self.env.execute_query(
            SQL(
                """
                INSERT INTO distributor_admission_attempt ("key", "period", "number")
                     VALUES (%s, %s, 1)
                ON CONFLICT ("key", "period")
              DO UPDATE SET "number" = distributor_admission_attempt."number" + 1
                  RETURNING "number"
                """,
                key,
                period,
            )
        )
        return number

    @api.autovacuum
    def _gc_attempts(self):
        limit = fields.Datetime.subtract(fields.Datetime.now(), days=2)
        self.search([("period", "<", limit)], limit=10000).unlink()
