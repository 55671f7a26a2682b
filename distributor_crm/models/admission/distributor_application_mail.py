# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models

# What is told to applicants, and the template that tells it.
TEMPLATES = {
    "link": "mail_template_application_link",
    "received": "mail_template_application_received",
    "missing": "mail_template_application_missing",
    "waiting": "mail_template_application_waiting",
    "place_free": "mail_template_application_place_free",
    "negotiation": "mail_template_application_negotiation",
    "approved": "mail_template_application_approved",
    "refused": "mail_template_application_refused",
    "withdrawn": "mail_template_application_withdrawn",
}


class DistributorApplication(models.Model):
    """Every decision is told to the applicant, in his language (R167)."""

    _inherit = "distributor.application"

    def _mail(self, name):
        """Queue a message to these applicants.

        :param name: what is told: a key of TEMPLATES
        """
        # Whoever decides need not have the right to read mail templates.
        template = self.env.ref(
            f"distributor_crm.{TEMPLATES[name]}", raise_if_not_found=False
        )
        if not template:
            return
        for application in self.sudo():
            # Bound to no record: the message carries the applicant's secret link, and
            # the chatter is read by others. It is told there that, not what, was sent.
            number = template.sudo().send_mail(
                application.id,
                email_values={"model": False, "res_id": False},
                email_layout_xmlid="mail.mail_notification_light",
            )
            subject = self.env["mail.mail"].sudo().browse(number).subject
            application._message_log(
                body=application.env._("Told the applicant: %s", subject),
                author_id=application._get_note_author().id,
            )

    def _get_note_author(self):
        """Return who is named for what happens: not the anonymous visitor."""
        user = self.env.user
        return (
            self.env.ref("base.partner_root") if user._is_public() else user.partner_id
        )

    def _get_link_for_mail(self):
        """Return the applicant's link; opening it proves that the address is his."""
        self.ensure_one()
        return self._get_link(is_mailed=True)
