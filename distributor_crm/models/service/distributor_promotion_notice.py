# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from markupsafe import Markup

from odoo import api, fields, models
from odoo.fields import Domain


class DistributorPromotion(models.Model):
    """Distributors hear of a promotion before it starts, once (R022)."""

    _inherit = "distributor.promotion"

    notice_days = fields.Integer(
        string="Told Before (Days)",
        default=3,
        help="So many days before it starts, distributors are told by mail. Below zero: "
        "nobody is told.",
    )
    told_at = fields.Datetime(string="Told", readonly=True, copy=False)

    @api.model
    def _get_closed_names(self):
        # EXTENDS distributor_crm
        return super()._get_closed_names() | {"told_at"}

    def _get_audience(self):
        """Return the distributors whom a promotion is for: the other side of what
        `_get_portal_domain` shows to one of them."""
        self.ensure_one()
        domain = (
            Domain("is_distributor", "=", True)
            & Domain("parent_id", "=", False)
            & Domain("company_id", "in", [False, self.company_id.id])
        )
        if self.grade_ids:
            domain &= Domain("grade_id", "in", self.grade_ids.ids)
        if self.store_ids:
            domain &= Domain("id", "in", self.store_ids.partner_id.ids)
        return self.env["res.partner"].search(domain)

    @api.model
    def _cron_tell(self):
        """Tell of the promotions whose day has come; one transaction for each, so that
        whatever breaks off, nobody is told twice."""
        today = fields.Date.context_today(self)
        waiting = self.search(
            [
                ("state", "=", "published"),
                ("told_at", "=", False),
                ("notice_days", ">=", 0),
                ("date_to", ">=", today),
            ]
        ).filtered(lambda p: p.date_from - timedelta(days=p.notice_days) <= today)
        self.env["ir.cron"]._commit_progress(remaining=len(waiting))
        for promotion in waiting:
            promotion._tell()
            if not self.env["ir.cron"]._commit_progress(1):
                break

    def _tell(self):
        """Mail to the distributors, each in his language."""
        self.ensure_one()
        template = self.env.ref("distributor_crm.promotion_mail_template")
        readers = self._get_audience().filtered("email")
        for lang, partners in readers.grouped("lang").items():
            values = template.with_context(lang=lang)._generate_template(
                self.ids, ("subject", "body_html")
            )[self.id]
            self.with_context(lang=lang).message_post(
                partner_ids=partners.ids,
                subject=values["subject"],
                body=Markup(values["body_html"]),
                message_type="comment",
                subtype_xmlid="mail.mt_comment",
                author_id=self.company_id.partner_id.id,
            )
        self.sudo().told_at = fields.Datetime.now()  # closed to users
