# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import base64
from datetime import timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from odoo import api, fields, models

from ... import evidence as pictures
from ...uploads import check_picture

QUARTER = 15 * 60


class DistributorEvidence(models.Model):
    """How a photo is taken in."""

    _inherit = "distributor.evidence"

    @api.model
    def _keep(self, record, files, facts=None):
        """Keep pictures as evidence of a record; who may was checked by the caller.

        What was sent for this record before is not taken in again, so that a phone may
        send twice what it is unsure of.

        :param record: one record of a model with `distributor.evidence.mixin`
        :param files: (name, bytes) or (name, bytes, mimetype) of each, untrusted
        :param dict facts: what else is known, all of it optional: `kind`, `partner_id`
            and `user_id` of the sender, `performer`; `latitude`, `longitude` of the
            device when sending; `device_now`, the time on its clock then (naive UTC);
            `received_at`
        :return: the evidence in the order of the files, what was there before included
        :raises UserError: a file is no picture, broken or too big; none is kept then
        """
        record.ensure_one()
        read = [
            (file[0], file[1], check_picture(self.env, file[0], file[1]))
            for file in files
        ]
        known = self._find_kept(record, [found.sha256 for _name, _data, found in read])
        new = {
            found.sha256: (name, data, found)
            for name, data, found in read
            if found.sha256 not in known
        }
        # Nobody has the right to create evidence by hand.
        created = self.sudo().create(
            [
                self._prepare_evidence(record, name, data, found, facts or {})
                for name, data, found in new.values()
            ]
        )
        created._store_originals([data for _name, data, _found in new.values()])
        variants = [found.variants for _name, _data, found in new.values()]
        created._compare(dict(zip(created.ids, variants, strict=True)))
        created._judge()
        known |= {one.sha256: one for one in created}
        kept = self.browse(known[found.sha256].id for _name, _data, found in read)
        record.invalidate_recordset(["evidence_ids", "evidence_count"])
        return kept

    @api.model
    def _find_kept(self, record, checksums):
        """Return what was sent for this record before, by checksum."""
        found = self.sudo().search(
            [
                ("res_model", "=", record._name),
                ("res_id", "=", record.id),
                ("sha256", "in", checksums),
            ]
        )
        return {one.sha256: one for one in found}

    @api.model
    def _prepare_evidence(self, record, name, data, found, facts):
        company = record._get_evidence_company()
        user = self.env["res.users"].sudo().browse(facts.get("user_id") or self.env.uid)
        now = facts.get("received_at") or fields.Datetime.now()
        shot, bands = found.shot, (None,) * pictures.BANDS
        if found.phash:
            bands = pictures.get_bands(found.phash)
        taken, is_off = self._read_clock(shot, now, company, facts)
        return {
            "name": str(name or "")[-80:],
            "kind": facts.get("kind"),
            "company_id": company.id,
            "res_model": record._name,
            "res_id": record.id,
            "record_name": record.sudo().display_name,
            "mimetype": found.mimetype,
            "file_size": len(data),
            "width": found.width,
            "height": found.height,
            "image": found.screen and base64.b64encode(found.screen),
            "sha256": found.sha256,
            "phash": found.phash or False,
            **{f"band_{number}": band for number, band in enumerate(bands)},
            "user_id": user.id,
            "partner_id": facts.get("partner_id") or user.partner_id.id,
            "performer": facts.get("performer")
            or ("partner" if user.share else "staff"),
            "received_at": now,
            "taken_at": taken,
            "device": shot.device,
            "software": shot.software,
            "flag_clock": is_off,
            "flag_no_metadata": not shot.taken,
            "flag_edited": shot.is_edited,
            "flag_uncompared": not found.phash,
            "retain_until": now.date()
            + timedelta(days=company.evidence_retention_days),
            **self._prepare_position(shot, facts),
        }

    @api.model
    def _prepare_position(self, shot, facts):
        if shot.latitude is not None:
            latitude, longitude, source = shot.latitude, shot.longitude, "photo"
        elif facts.get("latitude") and facts.get("longitude"):
            latitude, longitude = facts["latitude"], facts["longitude"]
            source = "browser"
        else:
            return {}
        return {
            "latitude": latitude,
            "longitude": longitude,
            "position_source": source,
        }

    @api.model
    def _read_clock(self, shot, now, company, facts):
        """Return when a photo was taken, in UTC, and whether the clock was wrong.

        Cameras that do not say how far they are ahead of UTC are compared with the
        satellites, else believed to show the time of whoever sends the photo.
        """
        tolerance = timedelta(minutes=company.evidence_clock_minutes)
        device_now = facts.get("device_now")
        is_off = bool(device_now) and abs(device_now - now) > tolerance
        if not shot.taken:
            return False, is_off
        offset = shot.utc_offset
        if offset is None and shot.satellite_time:
            ahead = (shot.taken - shot.satellite_time).total_seconds()
            offset = timedelta(seconds=round(ahead / QUARTER) * QUARTER)
        if offset is None:
            offset = self._get_zone(company).utcoffset(shot.taken)
        taken = shot.taken - offset
        if shot.satellite_time:
            is_off = is_off or abs(taken - shot.satellite_time) > tolerance
        return taken, is_off or taken > now + tolerance

    @api.model
    def _get_zone(self, company):
        name = self.env.user.tz or company.partner_id.tz or "UTC"
        try:
            return ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError):
            return ZoneInfo("UTC")

    def _store_originals(self, contents):
        """Attach the bytes as they came; Odoo would shrink and strip big pictures."""
        attachments = (
            self.env["ir.attachment"]
            .sudo()  # attached to what nobody may write
            .with_context(image_no_postprocess=True)
            .create(
                [
                    {
                        "name": one.name,
                        "raw": data,
                        "mimetype": one.mimetype,
                        "res_model": self._name,
                        "res_id": one.id,
                    }
                    for one, data in zip(self, contents, strict=True)
                ]
            )
        )
        for one, attachment in zip(self, attachments, strict=True):
            one.attachment_id = attachment
