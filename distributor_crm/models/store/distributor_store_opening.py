# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from markupsafe import escape

from odoo import fields, models
from odoo.exceptions import UserError


class DistributorStore(models.Model):
    """What a store needs to open, and what its opening brings about (R166, R167)."""

    _inherit = "distributor.store"

    agreement_id = fields.Many2one(
        comodel_name="distributor.agreement",
        string="Opened Under",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        help="The agreement that was in force when the store opened.",
    )

    def _needs_agreement(self):
        """Whether this store opens with an agreement in force only."""
        self.ensure_one()
        policy = self.company_id.store_agreement_policy
        if policy != "made":
            return policy == "always"
        # Whether one was made is asked for people who may not read it.
        agreements = self.env["distributor.agreement"].sudo()
        return bool(
            agreements.search_count(
                [
                    ("partner_id", "=", self.partner_id.id),
                    ("company_id", "=", self.company_id.id),
                    ("state", "!=", "cancelled"),
                ],
                limit=1,
            )
        )

    def _check_can_open(self):
        # EXTENDS distributor_crm: upline, agreement, and what else stands against it.
        result = super()._check_can_open()
        for store in self:
            owner, company = store.partner_id, store.company_id
            if store.parent_id.state == "closed" and not store.opened_on:
                raise UserError(
                    self.env._(
                        "%(store)s was invited by %(upline)s, which is closed.",
                        store=store.name,
                        upline=store.parent_id.name,
                    )
                )
            in_force = owner._get_agreement_in_force(company, store.mode)
            if store._needs_agreement() and not in_force:
                modes = dict(self._fields["mode"]._description_selection(self.env))
                raise UserError(
                    self.env._(
                        "No agreement for %(mode)s is in force with %(owner)s. Have one "
                        "signed first.",
                        mode=modes[store.mode],
                        owner=owner.name,
                    )
                )
            owner._check_may_run_store(company)
        return result

    def _after_opening(self):
        # EXTENDS distributor_crm: agreement, tier, account manager, access, onboarding.
        result = super()._after_opening()
        # Opening was allowed; what follows reaches beyond the rights of who opens.
        for store in self.sudo():
            owner, company = store.partner_id, store.company_id
            agreement = owner._get_agreement_in_force(company, store.mode)
            store.agreement_id = agreement or store.agreement_id
            if not owner.is_distributor:
                owner.is_distributor = True
            # A core tier asks for an account manager.
            owner._assign_account_manager(company)
            owner.with_company(company)._take_tier(agreement.grade_id)
            problem = owner.with_company(company)._grant_portal_access()
            if problem:
                store._tell_manager(self.env._("Give portal access"), problem)
            store._start_onboarding()
            store._mail_opening()
        return result

    def _mail_opening(self):
        """Tell the owner that the store is open (R167)."""
        template = self.env.ref("distributor_crm.mail_template_store_opened")
        for store in self.filtered("partner_id.email"):
            template.send_mail(
                store.id, email_layout_xmlid="mail.mail_notification_light"
            )

    def _tell_manager(self, summary, note):
        """Schedule what the account manager has to do about these stores.

        :param note: plain text; what others wrote in it stays text
        """
        for store in self:
            user = store.company_id._get_store_user(store.partner_id)
            store.activity_schedule(
                "mail.mail_activity_data_todo",
                summary=summary,
                note=escape(note),
                user_id=user.id,
            )
