# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import re

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import format_date

ADDRESS = re.compile(r"https?://[^\s]+|/(?![/\\])[^\s\\]*")


class DistributorOnboardingTopic(models.Model):
    """What owners read about a topic, from a day on (R007 to R009).

    Each topic has a version a year or so: what was read before stays as it was.
    """

    _name = "distributor.onboarding.topic"
    _description = "Onboarding Topic"
    _order = "sequence, activity_type_id, date_from desc, id desc"
    _rec_name = "activity_type_id"

    activity_type_id = fields.Many2one(
        comodel_name="mail.activity.type",
        string="Topic",
        required=True,
        index=True,
        ondelete="cascade",
        domain=[("is_distributor_onboarding", "=", True)],
    )
    sequence = fields.Integer(related="activity_type_id.sequence", store=True)
    date_from = fields.Date(
        string="Valid From", required=True, default=fields.Date.context_today
    )
    company_id = fields.Many2one(
        comodel_name="res.company", index=True, help="Leave empty for all companies."
    )
    is_current = fields.Boolean(compute="_compute_is_current")
    is_obligatory = fields.Boolean(
        string="Before the Opening",
        help="Where training is obligatory, a store opens when this topic is done.",
    )
    is_self_study = fields.Boolean(
        string="Self-study",
        default=True,
        help="The owner reads it on the portal and says so. Otherwise the account manager "
        "goes through it with the owner and marks it as done.",
    )
    body = fields.Html(string="Text", translate=True)
    rule_url = fields.Char(
        string="Live Page",
        help="Where the rules and figures stand as they are today, such as /my/tier.",
    )
    course_url = fields.Char(
        string="Course", help="Address of a course or video about the topic."
    )
    active = fields.Boolean(default=True)

    _once_a_day = models.UniqueIndex(
        "(activity_type_id, date_from, COALESCE(company_id, 0)) WHERE active",
        "There is a version of this topic from that day already. Change that one.",
    )

    @api.depends("activity_type_id", "date_from")
    def _compute_display_name(self):
        for topic in self:
            day = topic.date_from and format_date(self.env, topic.date_from)
            topic.display_name = f"{topic.activity_type_id.name or ''} ({day or '–'})"

    @api.depends("activity_type_id", "date_from", "company_id", "active")
    @api.depends_context("company")
    def _compute_is_current(self):
        current = self._get_current(self.env.company).values()
        ids = {topic.id for topic in current}
        for topic in self:
            topic.is_current = topic._origin.id in ids

    @api.constrains("rule_url", "course_url")
    def _check_addresses(self):
        for topic in self:
            for address in filter(None, (topic.rule_url, topic.course_url)):
                if not ADDRESS.fullmatch(address):
                    raise ValidationError(
                        self.env._(
                            "%s is no address of a page. Enter https://… or the path of "
                            "a page here, such as /my/tier.",
                            address,
                        )
                    )

    @api.model
    def _get_current(self, company):
        """Return {activity type: its version of today}, with full rights.

        A company's own version comes before the one for all, whatever its day.
        """
        # Owners have no right on topics; what they see of them is the caller's to say.
        versions = self.sudo().search(
            Domain("date_from", "<=", fields.Date.context_today(self))
            & Domain("company_id", "in", [False, company.id]),
            order="company_id NULLS LAST, date_from desc, id desc",
        )
        current = {}
        for version in versions:
            current.setdefault(version.activity_type_id, version)
        return current

    def action_new_version(self):
        """Open a copy of this text that holds from today; this one stays as it was."""
        self.ensure_one()
        today = fields.Date.context_today(self)
        if self.date_from == today:
            return self._get_records_action()
        return self.copy({"date_from": today})._get_records_action()
