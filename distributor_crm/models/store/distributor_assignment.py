# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.tools import SQL


class DistributorAssignment(models.Model):
    """Who looked after a distributor, from when until when: one at a time (R029)."""

    _name = "distributor.assignment"
    _description = "Account Manager over Time"
    _order = "date_from desc, id desc"
    _rec_name = "user_id"

    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Distributor",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Account Manager",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    date_from = fields.Datetime(string="From", required=True, readonly=True)
    date_to = fields.Datetime(string="Until", readonly=True)
    assigned_by_id = fields.Many2one(
        comodel_name="res.users", readonly=True, ondelete="set null"
    )

    # Ranges of one number: GiST compares them for equality without an extension.
    _one_at_a_time = models.Constraint(
        "EXCLUDE USING gist (int4range(partner_id, partner_id, '[]') WITH =, "
        "tsrange(date_from, date_to) WITH &&)",
        "One person looks after a distributor at a time.",
    )
    _dates_in_order = models.Constraint(
        "CHECK(date_to >= date_from)", "It ends after it began."
    )

    @api.model
    def _follow(self, partners):
        """Record who looks after these distributors from now on.

        :param partners: of whom the account manager was set or changed
        """
        now = fields.Datetime.now()
        running = self.search(
            [("partner_id", "in", partners.ids), ("date_to", "=", False)]
        )
        over = running.filtered(lambda a: a.user_id != a.partner_id.account_manager_id)
        over.date_to = now
        # The ends are in the database before the new ones begin.
        over.flush_recordset()
        self.create(
            [
                {
                    "partner_id": partner.id,
                    "user_id": partner.account_manager_id.id,
                    "date_from": now,
                    "assigned_by_id": self.env.uid,
                }
                for partner in partners - (running - over).partner_id
                if partner.account_manager_id
            ]
        )

    @api.model
    def _prepare_merge(self, sources, target):
        """Drop what of the merged partners' history overlaps the kept one's.

        :param sources: partners that go
        :param target: the partner that stays, with his account manager
        """
        self.env.flush_all()
        kept = target
        for source in sources:
            self.env.cr.execute(
                SQL(
                    """
                    DELETE FROM distributor_assignment gone
                     USING distributor_assignment kept
                     WHERE gone.partner_id = %s AND kept.partner_id = ANY(%s)
                       AND tsrange(gone.date_from, gone.date_to)
                           && tsrange(kept.date_from, kept.date_to)
                    """,
                    source.id,
                    kept.ids,
                )
            )
            kept |= source
        self.invalidate_model()

    @api.model
    def _take_over(self):
        """Begin the history of distributors who had an account manager before."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO distributor_assignment
                       (partner_id, user_id, date_from, create_date, create_uid)
                SELECT id, account_manager_id, now() AT TIME ZONE 'UTC',
                       now() AT TIME ZONE 'UTC', %s
                  FROM res_partner partner
                 WHERE account_manager_id IS NOT NULL
                   AND NOT EXISTS (SELECT FROM distributor_assignment
                                    WHERE partner_id = partner.id
                                      AND date_to IS NULL)
                """,
                self.env.uid,
            )
        )
        self.invalidate_model()
