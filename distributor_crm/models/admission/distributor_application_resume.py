# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.tools import email_normalize

BATCH = 50


class DistributorApplicationResume(models.Model):
    """Somebody asks for the link to his application again.

    Looked up later, by a job: the page answers the same, and as fast, whether there is
    an application of this address or not.
    """

    _name = "distributor.application.resume"
    _description = "Request for an Applicant's Link"

    email = fields.Char(required=True)

    @api.model
    def _ask(self, email):
        """Note a request, and wake the job.

        :param email: untrusted
        """
        normalized = email_normalize(email or "")
        if normalized:
            self.create({"email": normalized[:254]})
            self.env.ref("distributor_crm.ir_cron_application_resume")._trigger()

    @api.model
    def _cron_mail_links(self):
        """Mail the links that were asked for, a few requests at a time."""
        requests = self.search([], limit=BATCH)
        for request in requests:
            applications = self.env["distributor.application"].search(
                [
                    ("email_normalized", "=", request.email),
                    ("state", "not in", ["opened", "withdrawn"]),
                ],
                limit=3,
            )
            applications._mail("link")
            request.unlink()
            self.env["ir.cron"]._commit_progress(
                1, remaining=self.search_count([], limit=BATCH)
            )
