# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ... import evidence as pictures


class DistributorEvidence(models.Model):
    """Which pictures were used before: over all records of the company (R038)."""

    _inherit = "distributor.evidence"

    def _compare(self, variants=None):
        """Flag those that were sent before, in one statement for all.

        :param dict variants: by id, the looks of a picture turned and mirrored; its
            own look alone for those that are missing
        """
        if not self:
            return
        self.flush_recordset()
        for evidence_id, earlier_id, distance in self._find_earlier(variants or {}):
            self.browse(evidence_id).sudo().write(
                {
                    "flag_duplicate": distance < 0,
                    "flag_near": distance >= 0,
                    "duplicate_of_id": earlier_id,
                    "duplicate_distance": max(distance, 0),
                }
            )

    def _find_earlier(self, variants):
        """Return (id, id of the closest earlier one, bits that differ) of each found.

        The same bytes count as -1. Looks that differ in few bits share one of their
        four bands, which are indexed; the bits are counted on those few alone.
        """
        probes = [
            SQL(
                "(%s, %s, %s, %s, %s, %s, %s, %s)",
                one.id,
                one.company_id.id,
                one.sha256,
                look or None,
                *(pictures.get_bands(look) if look else (None,) * pictures.BANDS),
            )
            for one in self
            # The plain look comes along even where none can be compared: the checksum.
            for look in {one.phash or "", *variants.get(one.id, ())}
        ]
        # In PostgreSQL 13 there is no function that counts bits.
        distance = SQL(
            "length(replace((('x' || probe.look)::bit(64)"
            " # ('x' || earlier.phash)::bit(64))::text, '0', ''))"
        )
        near = SQL(" UNION ALL ").join(
            SQL(
                """
                SELECT probe.id, earlier.id AS earlier_id, %(distance)s AS distance
                  FROM probe
                  JOIN distributor_evidence earlier
                    ON earlier.company_id = probe.company_id
                   AND earlier.%(band)s = probe.%(band)s
                   AND earlier.phash IS NOT NULL AND earlier.id < probe.id
                 WHERE probe.look IS NOT NULL
                """,
                distance=distance,
                band=SQL.identifier(f"band_{number}"),
            )
            for number in range(pictures.BANDS)
        )
        return self.env.execute_query(
            SQL(
                """
                WITH probe(id, company_id, sha256, look, band_0, band_1, band_2, band_3)
                  AS (SELECT id::int, company_id::int, sha256::varchar, look::varchar,
                             band_0::int, band_1::int, band_2::int, band_3::int
                        FROM (VALUES %(probes)s) AS given
                             (id, company_id, sha256, look,
                              band_0, band_1, band_2, band_3))
                SELECT DISTINCT ON (id) id, earlier_id, distance
                  FROM (
                        SELECT probe.id, earlier.id AS earlier_id, -1 AS distance
                          FROM probe
                          JOIN distributor_evidence earlier
                            ON earlier.company_id = probe.company_id
                           AND earlier.sha256 = probe.sha256
                           AND earlier.id < probe.id
                        UNION ALL
                        %(near)s
                       ) AS found
                 WHERE distance <= %(limit)s
                 ORDER BY id, distance, earlier_id
                """,
                probes=SQL(", ").join(probes),
                near=near,
                limit=pictures.NEAR,
            )
        )

    @api.model
    def _compare_recent(self):
        """Compare anew what came in lately.

        Two phones that send the same picture in one moment do not see each other.
        """
        recent = self.sudo().search(
            [
                ("received_at", ">", fields.Datetime.now() - timedelta(days=2)),
                ("duplicate_of_id", "=", False),
            ],
            order="id",
        )
        for start in range(0, len(recent), 500):
            recent[start : start + 500]._compare()
