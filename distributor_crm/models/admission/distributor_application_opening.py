# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError


class DistributorApplication(models.Model):
    """From an approved application to an open store."""

    _inherit = "distributor.application"

    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Distributor",
        index="btree_not_null",
        check_company=True,
        ondelete="restrict",
        tracking=True,
        copy=False,
        help="Choose the contact if the applicant is known already; otherwise approval "
        "makes a new one.",
    )
    agreement_ids = fields.One2many(
        comodel_name="distributor.agreement", inverse_name="application_id"
    )
    agreement_count = fields.Integer(compute="_compute_agreement_count")
    is_signed = fields.Boolean(compute="_compute_agreement_count")
    store_id = fields.Many2one(
        comodel_name="distributor.store",
        readonly=True,
        index="btree_not_null",
        check_company=True,
        ondelete="restrict",
        copy=False,
    )
    onboarding_total = fields.Integer(related="store_id.onboarding_total")
    onboarding_done = fields.Integer(related="store_id.onboarding_done")
    onboarding_progress = fields.Float(related="store_id.onboarding_progress")
    training_missing = fields.Char(related="store_id.training_missing")

    @api.depends("agreement_ids.state")
    def _compute_agreement_count(self):
        for application in self:
            # Reviewers see that there is an agreement before they may read it.
            agreements = application.sudo().agreement_ids
            application.agreement_count = len(agreements)
            application.is_signed = "signed" in agreements.mapped("state")

    def _make_distributor(self):
        """Make the applicant a distributor, with the account's data and tier."""
        self.ensure_one()
        partner = self.partner_id.commercial_partner_id
        if partner.is_blacklisted_distributor:
            raise UserError(
                self.env._("%s is on the blacklist of distributors.", partner.name)
            )
        if not partner:
            partner = self.env["res.partner"].create(self._prepare_partner())
        values = {"is_distributor": True}
        if not partner.account_manager_id:
            values["account_manager_id"] = self.user_id.id
        if not partner.user_id and self.introducer_id:
            values["user_id"] = self.introducer_id.id
        grade = self.campaign_id.grade_id
        # A known distributor keeps the tier that he has earned.
        if grade and not partner.grade_id:
            values["grade_id"] = grade.id
        partner.write(values)
        self.partner_id = partner

    def _prepare_partner(self):
        values = {
            "name": self.name,
            "is_company": self.is_company,
            "email": self.email,
            "phone": self.phone,
            "street": self.street,
            "city": self.city,
            "state_id": self.state_id.id,
            "country_id": self.country_id.id,
            "lang": self.lang,
            "company_id": False,
        }
        if self.is_company:
            values["company_registry"] = self.id_number
            if self.contact_name:
                values["child_ids"] = [
                    fields.Command.create(
                        {"name": self.contact_name, "type": "contact"}
                    )
                ]
        else:
            values["function"] = self.occupation
        return values

    def _make_agreement(self):
        """Draft the agreement from the campaign's template."""
        return self.env["distributor.agreement"].create(self._prepare_agreement())

    def _prepare_agreement(self):
        """Hook: return the values of the agreement of an approved application."""
        template = self.campaign_id._get_agreement_template(self.mode)
        today = fields.Date.context_today(self)
        return {
            "application_id": self.id,
            "company_id": self.company_id.id,
            "partner_id": self.partner_id.id,
            "template_id": template.id,
            "parent_store_id": self.invited_by_store_id.id,
            "grade_id": self.campaign_id.grade_id.id,
            "date_from": today,
            "date_to": fields.Date.add(today, months=template.months, days=-1),
        }

    def action_open_store(self):
        """Create and open the stores of applications whose agreement is signed.

        :raises UserError: the agreement is not signed, or the store lacks something
        """
        self._check_reviewer()
        self._check_state("agreement")
        for application in self:
            if not application.is_signed:
                raise UserError(
                    self.env._(
                        "The agreement with %s is not signed yet.", application.name
                    )
                )
        self._open_stores()
        waiting = self.filtered(lambda a: a.state == "agreement").store_id.sudo()
        if not waiting:
            return True
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning",
                "title": self.env._("Training comes first"),
                "message": self.env._(
                    "Still open: %s. The store opens when these topics are done.",
                    ", ".join(waiting.mapped("training_missing")),
                ),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def _make_store(self):
        """Return the application's store, made and tied to it where there is none."""
        self.ensure_one()
        if not self.store_id:
            self.store_id = self.env["distributor.store"].create(self._prepare_store())
        return self.store_id

    def _open_stores(self):
        """Open the stores; where training comes first, start it instead."""
        # Opening follows from the signed agreement: whoever triggers it, the applicant
        # by his signature or the reviewer, need not hold rights on stores.
        for application in self.sudo():
            store = application._make_store()
            if store._needs_training_first():
                store._start_training()
                continue
            if store.state != "open":
                store.action_open()
            application.write(
                {
                    "state": "opened",
                    "opened_on": fields.Date.context_today(application),
                    "closed_on": fields.Datetime.now(),
                    "missing": False,
                }
            )
            application.activity_feedback(["mail.mail_activity_data_todo"])

    def _prepare_store(self):
        name = self.store_name or self.name
        return {
            "name": name,
            "slug": self.env["distributor.store"]._suggest_slug(name),
            "company_id": self.company_id.id,
            "partner_id": self.partner_id.id,
            "mode": self.mode,
            "parent_id": self.invited_by_store_id.id,
        }

    def _after_agreement(self):
        """Go on after the applicant has signed: open the store, or ask for it."""
        for application in self.filtered(lambda a: a.state == "agreement"):
            campaign = application.campaign_id
            problem = application.env._("The agreement is signed: open the store")
            if campaign.training_policy == "required":
                store = application.sudo()._make_store()
                if store._needs_training_first():
                    store._start_training()
                    continue
            if campaign.opens_on_signature:
                try:
                    with self.env.cr.savepoint():
                        application._open_stores()
                    continue
                except UserError as error:
                    # The signature stands; what stops the store is for the reviewer.
                    problem = str(error)
            application.activity_schedule(
                "mail.mail_activity_data_todo",
                summary=application.env._("Open the store"),
                note=problem,
                user_id=application._get_responsible().id,
            )

    # -- buttons ---------------------------------------------------------------------

    def action_view_agreements(self):
        """Open the agreements of these applications."""
        return self.agreement_ids._get_records_action(name=self.env._("Agreements"))

    def action_view_store(self):
        """Open the store of this application."""
        return self.store_id._get_records_action(name=self.env._("Store"))

    def action_view_partner(self):
        """Open the distributor of this application."""
        return self.partner_id._get_records_action(name=self.env._("Distributor"))
