# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import SQL, format_date


class DistributorAgreement(models.Model):
    """What follows an agreement: its renewal, and supplements to its text (R028)."""

    _inherit = "distributor.agreement"

    previous_id = fields.Many2one(
        comodel_name="distributor.agreement",
        string="Renews",
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        domain="[('partner_id', '=', partner_id), ('amends_id', '=', False)]",
    )
    next_ids = fields.One2many(
        comodel_name="distributor.agreement",
        inverse_name="previous_id",
        string="Renewals",
    )
    amends_id = fields.Many2one(
        comodel_name="distributor.agreement",
        string="Supplements",
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        domain="[('partner_id', '=', partner_id), ('amends_id', '=', False)]",
        help="The agreement that this text is added to.",
    )
    amendment_ids = fields.One2many(
        comodel_name="distributor.agreement",
        inverse_name="amends_id",
        string="Supplementary Agreements",
    )
    acknowledged_version = fields.Integer(
        readonly=True,
        copy=False,
        aggregator=None,
        help="The newest version of the text that the distributor signed.",
    )
    needs_acknowledgement = fields.Boolean(
        string="Text Outdated",
        compute="_compute_needs_acknowledgement",
        search="_search_needs_acknowledgement",
        help="In force, and the template's text has changed since it was signed.",
    )
    follow_up_count = fields.Integer(compute="_compute_follow_up_count")
    store_count = fields.Integer(related="partner_id.store_count")
    renewal_proposed_on = fields.Date(readonly=True, copy=False)

    _not_its_own = models.Constraint(
        "CHECK(previous_id <> id AND amends_id <> id)",
        "An agreement neither renews nor supplements itself.",
    )

    @api.constrains("amends_id", "previous_id", "partner_id", "company_id")
    def _check_links(self):
        for agreement in self:
            for other in agreement.amends_id | agreement.previous_id:
                if (
                    other.partner_id != agreement.partner_id
                    or other.company_id != agreement.company_id
                    or other.amends_id
                ):
                    raise ValidationError(
                        self.env._(
                            "%s is an agreement with another party, or a supplement "
                            "itself.",
                            other.name,
                        )
                    )

    @api.depends("is_in_force", "acknowledged_version", "template_id.version")
    def _compute_needs_acknowledgement(self):
        for agreement in self:
            agreement.needs_acknowledgement = bool(
                agreement.is_in_force
                and not agreement.amends_id
                and agreement.acknowledged_version < agreement.template_id.version
            )

    def _search_needs_acknowledgement(self, operator, value):
        if operator != "in" or set(value) != {True}:
            return NotImplemented
        self.flush_model(["acknowledged_version", "template_id"])
        self.env["distributor.agreement.template"].flush_model(["version"])
        older = Domain.custom(
            to_sql=lambda model, alias, query: SQL(
                """%s < (SELECT version FROM distributor_agreement_template template
                          WHERE template.id = %s)""",
                SQL("COALESCE(%s, 0)", SQL.identifier(alias, "acknowledged_version")),
                SQL.identifier(alias, "template_id"),
            )
        )
        return (
            Domain("is_in_force", "=", True) & Domain("amends_id", "=", False) & older
        )

    @api.depends("next_ids", "amendment_ids")
    def _compute_follow_up_count(self):
        for agreement in self:
            follow_ups = agreement.next_ids | agreement.amendment_ids
            agreement.follow_up_count = len(follow_ups)

    def action_view_renewals(self):
        """Open what renews or supplements these agreements."""
        follow_ups = self.next_ids | self.amendment_ids
        return self._get_list_action([("id", "in", follow_ups.ids)])

    def action_view_stores(self):
        """Open the stores of these agreements' distributors."""
        return self.partner_id.action_view_stores()

    # -- renewal ---------------------------------------------------------------------

    def action_renew(self):
        """Prepare the agreement that follows this one, and open it.

        :raises UserError: it was not signed
        """
        self.ensure_one()
        self.check_access("write")
        self._check_state("signed", "expired")
        return self._renew()._get_records_action()

    def _renew(self):
        """Return the renewals of these agreements, made where there is none yet."""
        renewals = self.browse()
        for agreement in self:
            renewal = agreement.next_ids.filtered(
                lambda a: a.state not in ("cancelled", "expired", "ended")
            )
            renewals += renewal[:1] or agreement.create(
                {
                    **agreement._get_kept_terms(),
                    "previous_id": agreement.id,
                    "date_from": max(
                        agreement.date_to + timedelta(days=1), agreement._get_today()
                    ),
                }
            )
        return renewals

    def _get_kept_terms(self):
        """Return the values that a follow-up takes over."""
        self.ensure_one()
        names = ("territory", "price_floor", "notice_days", "tz")
        links = (
            "company_id",
            "partner_id",
            "template_id",
            "parent_store_id",
            "grade_id",
        )
        return {
            **{name: self[name] for name in names},
            **{name: self[name].id for name in links},
        }

    def _propose_renewals(self):
        """Prepare renewals in time, and tell the distributor and who looks after him."""
        horizon = self.env["distributor.agreement.template"]._read_group(
            [], [], ["renewal_days:max"]
        )[0][0]
        last = fields.Date.today() + timedelta(days=horizon or 0)
        due = self.search(
            [
                ("is_in_force", "=", True),
                ("amends_id", "=", False),
                ("end_on", "=", False),
                ("renewal_proposed_on", "=", False),
                ("template_id.renewal_days", ">", 0),
                ("date_to", "<=", last),
            ],
            order="date_to, id",
        )
        for number, agreement in enumerate(due, start=1):
            today = agreement._get_today()
            days = timedelta(days=agreement.template_id.renewal_days)
            if agreement.date_to - days <= today:
                agreement.renewal_proposed_on = today
                agreement._propose_renewal()
            self.env["ir.cron"]._commit_progress(1, remaining=len(due) - number)

    def _propose_renewal(self):
        """Prepare the renewal of this agreement and remind both sides."""
        self.ensure_one()
        renewal = self._renew()
        renewal._tell_account_manager(
            self.env._("Renew the agreement"),
            self.env._(
                "%(agreement)s ends on %(day)s. Check the terms and send the renewal.",
                agreement=self.name,
                day=format_date(self.env, self.date_to),
            ),
        )
        self._mail("distributor_crm.mail_template_agreement_renewal")

    # -- supplements -----------------------------------------------------------------

    def action_amend(self):
        """Prepare a supplement to this agreement, and open it.

        :raises UserError: it is not in force
        """
        self.ensure_one()
        self.check_access("write")
        self._check_state("signed")
        return self._amend()._get_records_action()

    def _amend(self):
        """Return new supplements, where none waits to be signed already."""
        waiting = self.amendment_ids.filtered(lambda a: a.state in ("draft", "sent"))
        return self.create(
            [
                {
                    **agreement._get_kept_terms(),
                    "amends_id": agreement.id,
                    "date_from": min(agreement._get_today(), agreement.date_to),
                    "date_to": agreement.date_to,
                }
                for agreement in self - waiting.amends_id
            ]
        )
