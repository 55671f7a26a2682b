# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import UTC, datetime

from odoo import http
from odoo.exceptions import AccessError, MissingError, UserError, ValidationError
from odoo.http import request

from ..uploads import read_pictures

MODEL = "distributor.evidence"


def read_position(form):
    """Return what the browser says of place and time, for the facts of evidence.

    All of it is what a stranger types: a hint, never a proof.

    :param form: the values of the request: `latitude`, `longitude`, `device_now`
        (milliseconds since 1970)
    """
    facts = {}
    latitude = _as_number(form.get("latitude"), 90)
    longitude = _as_number(form.get("longitude"), 180)
    if latitude is not None and longitude is not None:
        facts.update(latitude=latitude, longitude=longitude)
    milliseconds = _as_number(form.get("device_now"), 8e12)
    if milliseconds is not None and milliseconds > 0:
        moment = datetime.fromtimestamp(milliseconds / 1000, UTC)
        facts["device_now"] = moment.replace(tzinfo=None)
    return facts


def _as_number(text, limit):
    try:
        number = float(text)
    except (TypeError, ValueError):
        return None
    return number if -limit <= number <= limit else None


class EvidenceController(http.Controller):
    """Photos on their way in and, to who sent them, out."""

    @http.route("/distributor/evidence", type="http", auth="user", methods=["POST"])
    def keep_evidence(self, model="", record_id="", **form):
        """Keep photos that an employee adds to a record he may change.

        :return: JSON: `ids` of the evidence, or `error`
        """
        try:
            record = self._find_record(model, record_id)
            files = read_pictures(
                request.env, request.httprequest.files.getlist("files")
            )
            kind = str(form.get("kind") or "")[:80]
            with request.env.cr.savepoint():
                kept = record._keep_evidence(
                    files, {**read_position(form), "kind": kind}
                )
        except (AccessError, MissingError, UserError, ValidationError) as error:
            return request.make_json_response({"error": str(error)})
        return request.make_json_response({"ids": kept.ids})

    def _find_record(self, model, record_id):
        env = request.env
        is_id = record_id.isascii() and record_id.isdigit() and len(record_id) <= 9
        known = env.user._is_internal() and env[MODEL]._get_proven_models()
        if not known or model not in known or not is_id:
            raise MissingError(env._("There is nothing here to add photos to."))
        record = env[model].browse(int(record_id)).exists()
        if not record:
            raise MissingError(env._("There is nothing here to add photos to."))
        record.check_access("write")
        record._check_evidence_wanted()
        return record

    @http.route(
        "/my/evidence/<int:evidence_id>", type="http", auth="user", readonly=True
    )
    def portal_evidence(self, evidence_id, size="small", **kw):
        """Show the copy for screens of one's own photo; nothing for strangers."""
        # Portal users hold no right on evidence: who they are decides below.
        evidence = request.env[MODEL].sudo().browse(evidence_id).exists()
        if not evidence or not self._is_shown(evidence):
            raise request.not_found()
        name = "image" if size == "large" else "thumbnail"
        stream = request.env["ir.binary"]._get_image_stream_from(evidence, name)
        return stream.get_response(content_security_policy="default-src 'none'")

    def _is_shown(self, evidence):
        partner = request.env.user.partner_id
        if evidence.partner_id == partner:
            return True
        record = evidence._get_record().exists()
        return bool(record) and record._shows_evidence_to(partner)
