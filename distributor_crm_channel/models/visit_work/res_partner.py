# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError
from odoo.tools import format_date

# Set by what follows from cases, and by its button.
CLOSED = {"visit_barred_on", "visit_bar_reason"}


class ResPartner(models.Model):
    """Field agents: since when they work, what they learned, who is barred (R063, R126)."""

    _inherit = "res.partner"

    visit_joined_on = fields.Date(
        string="Works Since",
        help="Targets count from this day; who joins in the middle owes his share.",
    )
    visit_left_on = fields.Date(string="Worked Until", tracking=True)
    visit_trained_on = fields.Date(string="Trained On")
    visit_certificate_number = fields.Char(string="Certificate No.")
    visit_certificate_until = fields.Date(string="Certificate Valid Until")
    visit_certificate = fields.Binary(string="Certificate", attachment=True, copy=False)
    visit_is_certified = fields.Boolean(
        string="Certified",
        compute="_compute_visit_is_certified",
        search="_search_visit_is_certified",
        help="Trained, with a certificate that is still valid.",
    )
    visit_barred_on = fields.Date(
        string="Barred Since",
        readonly=True,
        copy=False,
        tracking=True,
        help="Nobody puts him on a roster, at no agency.",
    )
    visit_bar_review_on = fields.Date(string="Look Again On", copy=False, tracking=True)
    visit_bar_reason = fields.Char(string="Barred For", readonly=True, copy=False)
    visit_settlement_count = fields.Integer(
        string="Settlements", compute="_compute_visit_work"
    )
    visit_shift_count = fields.Integer(string="Shifts", compute="_compute_visit_work")

    @api.depends("visit_trained_on", "visit_certificate_until")
    def _compute_visit_is_certified(self):
        today = fields.Date.context_today(self)
        for partner in self:
            partner.visit_is_certified = partner._is_certified_on(today)

    def _search_visit_is_certified(self, operator, value):
        if operator != "in":
            return NotImplemented
        domain = [
            ("visit_trained_on", "!=", False),
            "|",
            ("visit_certificate_until", "=", False),
            ("visit_certificate_until", ">=", "today"),
        ]
        if set(value) == {True, False}:
            return [(1, "=", 1)]
        return domain if True in value else ["!", "&", *domain]

    def _is_certified_on(self, day):
        self.ensure_one()
        until = self.visit_certificate_until
        return bool(
            self.visit_trained_on
            and self.visit_trained_on <= day
            and (not until or until >= day)
        )

    def _compute_visit_work(self):
        own = self.filtered(lambda p: p.is_visit_agency or p.is_field_agent)
        Settlement = self.env["distributor.visit.settlement"]
        Roster = self.env["distributor.visit.roster"]
        settlements, shifts = {}, {}
        if own and Settlement.has_access("read"):
            settlements = dict(
                Settlement._read_group(
                    [("partner_id", "in", own.ids)], ["partner_id"], ["__count"]
                )
            )
        if own and Roster.has_access("read"):
            for name in ("agent_id", "agency_id"):
                shifts |= dict(
                    Roster._read_group(
                        [(name, "in", own.ids), ("date", ">=", "today")],
                        [name],
                        ["__count"],
                    )
                )
        for partner in self:
            partner.visit_settlement_count = settlements.get(partner, 0)
            partner.visit_shift_count = shifts.get(partner, 0)

    # -- change ------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            vals_list = [
                {name: value for name, value in vals.items() if name not in CLOSED}
                for vals in vals_list
            ]
        return super().create(vals_list)

    def write(self, vals):
        if CLOSED & vals.keys() and not self.env.su:
            raise AccessError(
                self.env._("Agents are barred and let in again with their buttons.")
            )
        return super().write(vals)

    def _get_visit_person(self, agency):
        """Return this agent where he is a contact of the agency, else nobody.

        Cases name persons of the accused alone.
        """
        own = self.commercial_partner_id == agency.commercial_partner_id
        return self if own and self != agency else self.browse()

    def _check_may_be_rostered(self, company, day):
        """Refuse shifts of whoever is barred, has left, or is not trained where he must.

        :raises ValidationError: says why
        """
        self.ensure_one()
        agent = self.sudo()  # whoever plans shifts need not see everything of a person
        if agent.visit_barred_on and day >= agent.visit_barred_on:
            raise ValidationError(
                self.env._(
                    "%(agent)s is barred (%(reason)s), to be looked at again on "
                    "%(review)s: put somebody else on the roster.",
                    agent=agent.name,
                    reason=agent.visit_bar_reason or "-",
                    review=format_date(self.env, agent.visit_bar_review_on) or "…",
                )
            )
        if agent.visit_left_on and day > agent.visit_left_on:
            raise ValidationError(
                self.env._(
                    "%(agent)s worked until %(day)s.",
                    agent=agent.name,
                    day=format_date(self.env, agent.visit_left_on),
                )
            )
        if not agent.visit_agency_id:
            return
        duty = self.env["distributor.visit.duty"]._find_version(
            company, agent.visit_agency_id, day
        )
        if duty.needs_certificate and not agent._is_certified_on(day):
            raise ValidationError(
                self.env._(
                    "%s has no valid training certificate for that day. Enter it on the "
                    "contact.",
                    agent.name,
                )
            )

    # -- barred ------------------------------------------------------------------------

    def _bar_from_visits(self, reason, day, review):
        """Bar agents at all agencies; shifts that are still to come are taken off.

        :param reason: short; it stands where they are put on rosters
        :param day: from when
        :param review: when somebody looks at it again
        """
        # Who decides on it was checked; the fields are closed to users.
        agents = self.sudo()
        agents.write(
            {
                "visit_barred_on": day,
                "visit_bar_review_on": review,
                "visit_bar_reason": reason,
                "is_field_agent": False,
                "visit_left_on": day,
            }
        )
        self.env["distributor.visit.roster"].sudo().search(
            [("agent_id", "in", self.ids), ("start_at", ">", fields.Datetime.now())]
        ).unlink()

    def action_let_in_again(self):
        """Sales managers let a barred agent work again (after the review, or an appeal)."""
        self.check_access("write")
        if not self.env.user.has_group("distributor_crm.group_sales_manager"):
            raise AccessError(self.env._("Sales managers let barred agents in again."))
        self._let_in_again()

    def _let_in_again(self):
        agents = self.sudo().filtered("visit_barred_on")  # who may was checked
        for agent in agents:
            agent.message_post(
                body=self.env._(
                    "Let in again; was barred since %(day)s: %(reason)s",
                    day=agent.visit_barred_on,
                    reason=agent.visit_bar_reason or "-",
                )
            )
        agents.write(
            {
                "visit_barred_on": False,
                "visit_bar_review_on": False,
                "visit_bar_reason": False,
                "is_field_agent": True,
                "visit_left_on": False,
            }
        )

    @api.model
    def _cron_review_barred(self):
        """Put those whose review is due on the list of who manages their agency."""
        due = self.search(
            [("visit_barred_on", "!=", False), ("visit_bar_review_on", "<=", "today")]
        )
        for agent in due:
            user = agent.visit_agency_id.user_id or agent.user_id
            if user and not agent.activity_ids.filtered(
                lambda a, u=user: a.user_id == u and a.automated
            ):
                agent.activity_schedule(
                    "mail.mail_activity_data_todo",
                    user_id=user.id,
                    summary=self.env._("Barred agent: look at it again"),
                )

    def action_view_visit_settlements(self):
        """Open what was settled with this agency or person."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "distributor_crm_channel.distributor_visit_settlement_action"
        )
        return {**action, "domain": [("partner_id", "in", self.ids)], "context": {}}

    def action_view_visit_shifts(self):
        """Open the shifts of this agency or person."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "distributor_crm_channel.distributor_visit_roster_action"
        )
        return {
            **action,
            "domain": [
                "|",
                ("agent_id", "in", self.ids),
                ("agency_id", "in", self.ids),
            ],
            "context": {},
        }
