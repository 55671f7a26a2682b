# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from ...guard import hold_in_state


class DistributorTarget(models.Model):
    """From draft to approved, and on to the version that follows."""

    _inherit = "distributor.target"

    def _get_approval_owners(self):
        # EXTENDS tier.validation: nobody approves what he entered, asked for, or is
        # measured by.
        owners = super()._get_approval_owners() | self.create_uid | self.submitted_by_id
        return owners | self.user_id | self.partner_id.account_manager_id

    def _get_signed_fields(self):
        # EXTENDS tier.validation
        return (
            *super()._get_signed_fields(),
            *("year", "company_id", "scope", "amount"),
            *self._get_reference_fields(),
        )

    def _check_state(self, *states):
        """Refuse what is done to targets in another state, one process at a time.

        :raises UserError: names them, and what they would have to be
        """
        self.check_access("write")
        hold_in_state(self, states)

    def action_submit(self):
        """Ask for the approval of drafts.

        :raises UserError: names those whose months do not add up
        """
        self._check_state("draft")
        open_ones = self.filtered(
            lambda target: not target.currency_id.is_zero(target.month_gap)
        )
        if open_ones:
            raise UserError(
                self.env._(
                    "The months of %(target)s make %(months)s, the year %(year)s. Split "
                    "the rest, or correct a month.",
                    target=open_ones[0].display_name,
                    months=open_ones[0].currency_id.format(open_ones[0].month_total),
                    year=open_ones[0].currency_id.format(open_ones[0].amount),
                )
            )
        # The status is closed to users; who may was checked.
        self.sudo().write({"state": "to_approve", "submitted_by_id": self.env.uid})
        self.request_validation()

    def action_reset(self):
        """Take back what waits for approval, or refuse it: it may be changed again."""
        self._check_state("to_approve")
        # The status is closed to users; who may was checked.
        own = self.sudo().with_context(skip_validation_check=True)
        own._end_round("withdrawn")
        own.state = "draft"

    def action_approve(self):
        """Sign for this user; what has all signatures holds from now on.

        :raises UserError: names what waits for somebody else
        """
        self._check_state("to_approve")
        self._check_manager()
        # The right to decide was checked; who may sign is asked per target.
        own = self.sudo()
        own.filtered(lambda target: not target.review_ids).request_validation()
        unsigned = own._sign_turns()
        (own - unsigned).filtered(
            lambda target: target.validation_status in ("validated", "no")
        )._approve()
        if unsigned:
            raise UserError(
                self.env._(
                    "You may not approve %(targets)s now: nobody approves what he asked "
                    "for or is measured by. Waiting for %(reviewers)s.",
                    targets=", ".join(unsigned[:5].mapped("display_name")),
                    reviewers=", ".join(unsigned.reviewer_ids.mapped("name")) or "–",
                )
            )

    def _check_manager(self):
        if not self.env.user.has_group("distributor_crm.group_sales_manager"):
            raise AccessError(self.env._("A sales manager decides on targets."))

    def _approve(self):
        """Let targets hold; what held before for the same is superseded."""
        today = fields.Date.context_today(self)
        own = self.with_context(skip_validation_check=True)
        for target in own:
            target._check_lines_apart()
            standing = target._find_same().filtered(lambda t: t.state == "approved")
            standing._supersede(
                self.env._("Version %s holds from now on.", target.version)
            )
            target.write(
                {
                    "state": "approved",
                    "approved_on": today,
                    "approved_by_id": self.env.uid,
                }
            )
        # A new version may follow at once, and one of a kind is checked in the database.
        own.flush_recordset(["state"])

    def _supersede(self, reason):
        """Let targets hold no longer; they stay on record."""
        own = self.with_context(skip_validation_check=True)
        own._end_round("withdrawn")
        own.state = "superseded"
        for target in own:
            target.message_post(body=reason)
        # Only one holds at a time, in the database as well.
        own.flush_recordset(["state"])

    def _find_same(self):
        """Return the other targets of this year for the same."""
        self.ensure_one()
        domain = Domain("id", "!=", self.id)
        for name in ("company_id", "year", "scope", *self._get_reference_fields()):
            value = self[name]
            domain &= Domain(name, "=", value.id if hasattr(value, "id") else value)
        return self.search(domain)

    def _check_lines_apart(self):
        """Check that no product line counts twice in a total.

        :raises UserError: names the line that holds this one, or is held by it
        """
        if not self.categ_id:
            return
        others = self.search(
            [
                ("id", "!=", self.id),
                ("company_id", "=", self.company_id.id),
                ("year", "=", self.year),
                ("scope", "=", self.scope),
                ("partner_id", "=", self.partner_id.id),
                ("state", "=", "approved"),
                ("categ_id", "!=", self.categ_id.id),
                "|",
                ("categ_id", "parent_of", self.categ_id.id),
                ("categ_id", "child_of", self.categ_id.id),
            ],
            limit=1,
        )
        if others:
            raise UserError(
                self.env._(
                    "%(line)s and %(other)s overlap, so sales would count twice. Give "
                    "targets to one level of product lines.",
                    line=self.display_name,
                    other=others.display_name,
                )
            )

    def action_withdraw(self):
        """Let an approved target hold no longer, without another one in its place."""
        self._check_state("approved")
        self._check_manager()
        if self.env.user in self.user_id:
            raise AccessError(
                self.env._("Nobody withdraws a target that he is measured by.")
            )
        # The status is closed to users; who may was checked.
        self.sudo()._supersede(self.env._("Withdrawn."))

    def action_new_version(self):
        """Open a draft that will replace this target when it is approved."""
        self.ensure_one()
        self.check_access("write")
        if self.state != "approved":
            raise UserError(self.env._("Only an approved target gets a new version."))
        return self._make_version()._get_records_action(name=self.env._("New Version"))

    def _make_version(self):
        """Return the draft that follows this target: the open one, or a new one."""
        # What is closed to users is set here; who may was checked.
        own = self.sudo()
        draft = own._find_same().filtered(
            lambda target: target.state in ("draft", "to_approve")
        )
        if not draft:
            draft = own.copy({"version": own.version + 1, "origin_id": own.id})
        return draft[:1].sudo(self.env.su)
