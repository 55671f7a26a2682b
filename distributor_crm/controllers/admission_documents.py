# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import http
from odoo.exceptions import UserError
from odoo.http import content_disposition, request

from . import admission_form as read
from .admission import PAGE, POST, ROUTE, UPLOAD_BYTES
from .admission_link import DistributorAdmissionLink


class DistributorAdmissionDocuments(DistributorAdmissionLink):
    """An applicant's files, and what he tells us after sending."""

    @http.route(f"{PAGE}/documents/add", **{**POST, "max_content_length": UPLOAD_BYTES})
    def add_document(self, token, kind=None, document=None, **kw):
        """Upload a file; its content decides what it is."""
        application = self._get_application(token)
        if not application:
            return self._refuse_link()
        if not self._may_upload(application):
            return self._go(token)
        error = None
        try:
            if not hasattr(document, "read"):
                raise UserError(request.env._("Choose a file first."))
            limit = application.company_id.admission_document_mb * 1024 * 1024
            # One byte more than allowed is enough to know that it is too large.
            data = document.read(limit + 1)
            application._add_document(kind, document.filename, data)
        except UserError as problem:
            error = str(problem)
        if application.state != "draft":
            if error:
                return self._render_status(application, token, error=error)
            return self._go(token, done="saved")
        if error:
            return self._render_step(application, token, "documents", {"": error})
        return self._go(token, "documents", "saved")

    def _get_document(self, application, document_id):
        return application.document_ids.filtered(lambda d: d.id == document_id)

    @http.route(f"{PAGE}/documents/<int:document_id>", **ROUTE)
    def document(self, token, document_id, **kw):
        """One's own file, as a download: it is never shown as a page."""
        application = self._get_application(token)
        document = self._get_document(application, document_id)
        if not document:
            return self._refuse_link()
        return self._seal(
            request.make_response(
                document.attachment_id.raw,
                [
                    ("Content-Type", document.mimetype),
                    ("Content-Disposition", content_disposition(document.name)),
                    ("X-Content-Type-Options", "nosniff"),
                ],
            )
        )

    @http.route(f"{PAGE}/documents/<int:document_id>/delete", **POST)
    def delete_document(self, token, document_id, **kw):
        """Delete one's own file, while nobody has verified it."""
        application = self._get_application(token)
        if not application:
            return self._refuse_link()
        if application.state in ("draft", "submitted", "waiting"):
            self._get_document(application, document_id).attachment_id.unlink()
        return self._go(token, "documents" if application.state == "draft" else "")

    # -- after sending ---------------------------------------------------------------

    @http.route(f"{PAGE}/answered", **POST)
    def answered(self, token, **kw):
        """Say that what was missing is there now."""
        application = self._get_application(token)
        if not application:
            return self._refuse_link()
        note = read.long_text(kw, "note")
        if note and application.missing and not application.answered_on:
            # Plain text: it is escaped on the way into the chatter.
            application._message_log(body=note, author_id=False)
        application._answer_missing()
        return self._go(token, done="answered")

    @http.route(f"{PAGE}/withdraw", **POST)
    def withdraw(self, token, **kw):
        """Withdraw one's application."""
        application = self._get_application(token)
        if not application:
            return self._refuse_link()
        try:
            application._withdraw()
        except UserError as problem:
            return self._render_status(application, token, error=str(problem))
        return self._go(token, done="withdrawn")
