# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import secrets

from odoo import api, fields, models
from odoo.tools import consteq, hash_sign, verify_hash_signed

SCOPE = "distributor-application"


class DistributorApplication(models.Model):
    """The applicant's link: signed, of limited validity, revocable.

    It is not stored. It carries the number and the seed of the application, signed with
    the secret of the database; a new seed ends all links given out so far.
    """

    _inherit = "distributor.application"

    is_from_web = fields.Boolean(string="From the Web", readonly=True, copy=False)

    def _get_token(self, is_mailed=False):
        """Return a fresh token of this application.

        :param is_mailed: it goes out by mail, so that using it proves the address
        """
        self.ensure_one()
        me = self.sudo()  # the seed is closed to users
        if not me.link_seed:
            me.link_seed = secrets.token_urlsafe(12)
        return hash_sign(
            me.env,
            SCOPE,
            [me.id, me.link_seed, int(is_mailed)],
            expiration_hours=24 * (me.company_id.admission_link_days or 1),
        )

    def _get_link(self, is_mailed=False):
        """Return the address of the applicant's page."""
        token = self._get_token(is_mailed)
        return f"{self.get_base_url()}/distributor/application/{token}"

    @api.model
    def _from_token(self, token):
        """Return the application that a link names, with full rights.

        :param token: what the link carries, untrusted
        :return: an empty record set alike for what is malformed, forged, expired,
            revoked, or gone
        """
        nobody = self.browse()
        if not isinstance(token, str) or not 40 <= len(token) <= 400:
            return nobody
        me = self.sudo()  # the holder of a link has no rights of his own
        try:
            values = verify_hash_signed(me.env, SCOPE, token)
        except ValueError:  # not even the form of a token
            return nobody
        if not values:
            return nobody
        number, seed, is_mailed = values
        application = me.search([("id", "=", number)])
        if not application or not consteq(application.link_seed or "", seed):
            return nobody
        if is_mailed and not application.is_email_confirmed:
            application.with_context(
                skip_validation_check=True
            ).is_email_confirmed = True
        return application

    def action_renew_link(self):
        """End all links given out so far, and mail a new one."""
        self._check_reviewer()
        for application in self.sudo():  # the seed is closed to users
            application.with_context(
                skip_validation_check=True
            ).link_seed = secrets.token_urlsafe(12)
        self._mail("link")

    @api.autovacuum
    def _gc_drafts(self):
        """Delete drafts from the web that nobody can resume any more."""
        now = fields.Datetime.now()
        drafts = self.search([("state", "=", "draft"), ("is_from_web", "=", True)])
        for company, group in drafts.grouped("company_id").items():
            limit = fields.Datetime.subtract(now, days=company.admission_link_days)
            group.filtered(lambda draft, limit=limit: draft.write_date < limit).unlink()
