# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models

BATCH = 200


class DistributorEvidence(models.Model):
    """Originals go when their time is over; record and checksum stay."""

    _inherit = "distributor.evidence"

    @api.model
    def _cron_night(self):
        """Compare what came in at the same moment, then remove what has expired."""
        self._compare_recent()
        today = fields.Date.context_today(self)
        domain = [("retain_until", "<", today), ("attachment_id", "!=", False)]
        last = 0
        while expired := self.search(
            [*domain, ("id", ">", last)], limit=BATCH, order="id"
        ):
            last = expired[-1].id
            expired._filter_removable()._remove_originals()
            left = self.search_count([*domain, ("id", ">", last)])
            if not self.env["ir.cron"]._commit_progress(len(expired), remaining=left):
                return

    def _filter_removable(self):
        """Return those that no open matter needs any longer."""
        removable = self.browse()
        for name, group in self.grouped("res_model").items():
            records = self.env[name].browse(set(group.mapped("res_id"))).exists()
            held = set(records._get_records_needing_evidence().ids)
            removable |= group.filtered(lambda one, held=held: one.res_id not in held)
        return removable

    def _remove_originals(self):
        """Delete the bytes and the copies on screen; keep what is known of them."""
        attachments = self.attachment_id
        self.write(
            {
                "attachment_id": False,
                "image": False,
                "latitude": False,
                "longitude": False,
                "removed_at": fields.Datetime.now(),
            }
        )
        attachments.unlink()
