# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import Command, fields, models
from odoo.exceptions import UserError

from ...guard import lock_or_refuse


class DistributorTierChange(models.Model):
    """Who decides on a change of tier, and what the decision does."""

    _inherit = "distributor.tier.change"

    def _may_ask_for_approval(self):
        # REPLACES tier.validation: the nightly job asks.
        return self.env.su

    def _is_automatic(self) -> bool:
        """Whether the company lets the rules decide alone.

        What cannot be applied, for want of an account manager, waits for a person.
        """
        self.ensure_one()
        if self.lacks_manager:
            return False
        mode = (
            self.company_id.tier_promotion_mode
            if self.direction == "up"
            else self.company_id.tier_demotion_mode
        )
        return self.origin == "rule" and mode == "automatic"

    def evaluate_tier(self, tier):
        # EXTENDS base_tier_validation
        return super().evaluate_tier(tier).filtered(lambda c: not c._is_automatic())

    def _is_unmatched_refused(self):
        # EXTENDS tier.validation
        return not self._is_automatic() and super()._is_unmatched_refused()

    def action_approve(self):
        """Sign for this user; what has all signatures of the chain is applied.

        :raises UserError: names what waits for somebody else
        """
        self._check_decidable()
        # The right to decide was checked; who may sign is asked per change.
        changes = self.sudo()
        changes.filtered(lambda change: not change.review_ids).request_validation()
        unsigned = changes._sign_turns()
        (changes - unsigned).filtered(
            lambda change: change.validation_status in ("validated", "no")
        )._apply()
        if unsigned:
            raise UserError(
                self.env._(
                    "It is not your turn to approve %(changes)s. Waiting for "
                    "%(reviewers)s.",
                    changes=", ".join(unsigned.mapped("display_name")),
                    reviewers=", ".join(unsigned.reviewer_ids.mapped("name")),
                )
            )

    def action_refuse(self):
        """Ask for the reason of a refusal."""
        self._check_decidable()
        wizard = self.env["distributor.tier.refusal"].create(
            {"change_ids": [Command.set(self.ids)]}
        )
        return wizard._get_records_action(name=self.env._("Refuse"), target="new")

    def _refuse(self, reason):
        """Refuse proposals: the distributors stay where they are for a while."""
        self._check_decidable()
        # The right to decide was checked; reviews and states are closed to users.
        changes = self.sudo().with_context(skip_validation_check=True)
        changes._end_round("withdrawn")
        changes.write(
            {
                "state": "refused",
                "decided_on": fields.Date.context_today(self),
                "decided_by_id": self.env.uid,
                "refusal": reason,
            }
        )

    def _check_decidable(self):
        """Check that this user decides, and that there is something to decide.

        :raises AccessError: no sales manager
        :raises UserError: decided already, or somebody else is at it
        """
        self.check_access("write")
        lock_or_refuse(self, allow_referencing=True)
        self.invalidate_recordset(["state"])
        done = self.filtered(lambda change: change.state != "proposed")
        if done:
            raise UserError(
                self.env._(
                    "%s: this was decided already.",
                    ", ".join(done.mapped("display_name")),
                )
            )

    def _apply(self):
        """Give the distributors their new tier, and tell them.

        Pricelist, rebate programs and what a store may sell follow the tier.
        """
        today = fields.Date.context_today(self)
        changes = self.with_context(skip_validation_check=True)
        for company, own in changes.grouped("company_id").items():
            for (old, new), group in own.grouped(
                lambda change: (change.old_grade_id, change.new_grade_id)
            ).items():
                partners = group.partner_id.with_company(company)
                partners = partners.with_context(is_known_tier_change=True)
                values = {"grade_id": new.id}
                if old.default_pricelist_id and not new.default_pricelist_id:
                    held = partners.filtered(
                        lambda p, old=old: (
                            p.specific_property_product_pricelist
                            == old.default_pricelist_id
                        )
                    )
                    held.specific_property_product_pricelist = False
                partners.write(values)
        changes.write(
            {"state": "applied", "decided_on": today, "decided_by_id": self.env.uid}
        )
        self._tell_distributors()

    def _tell_distributors(self):
        """Mail distributors their new tier; those without an address read the portal."""
        template = self.env.ref(
            "distributor_crm.mail_template_tier_changed", raise_if_not_found=False
        )
        told = self.filtered("partner_id.email")
        if template and told:
            template.send_mail_batch(told.ids)
