# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools.misc import format_date

# A change of one of these is another promise: it voids the compliance approval,
# and once the standard is in force it takes a new version.
TERMS = {
    "company_id",
    "product_tmpl_id",
    "categ_id",
    "grade_id",
    "purpose_id",
    "recipient",
    "legal_basis",
    "basis",
    "rate",
    "amount",
    "cap",
    "date_from",
}
# Who did what, and when: set by the actions alone, by no form, import or RPC.
SIGNATURES = {
    "prepared_by_id",
    "reviewed_by_id",
    "reviewed_on",
    "confirmed_by_id",
    "confirmed_on",
}
COMPLIANCE = "distributor_crm_expense.group_fee_compliance"


class DistributorFeeStandard(models.Model):
    """How a standard comes into force, and what may be changed when."""

    _inherit = "distributor.fee.standard"

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            unsigned = {**dict.fromkeys(SIGNATURES), "prepared_by_id": self.env.uid}
            self._refuse_signatures(
                name for vals in vals_list for name, value in vals.items() if value
            )
            # Given here, so that no default from the context can stand for them.
            vals_list = [{**vals, **unsigned} for vals in vals_list]
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su:
            self._refuse_signatures(vals)
        if TERMS & vals.keys():
            self._check_terms_editable()
            vals = {
                **vals,
                "prepared_by_id": self.env.uid,
                "reviewed_by_id": False,
                "reviewed_on": False,
            }
        if "date_to" in vals:
            self._check_end(fields.Date.to_date(vals["date_to"]))
        if "active" in vals and not vals["active"]:
            self._check_archivable()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_confirmed(self):
        confirmed = self.filtered("confirmed_on")
        if confirmed:
            raise UserError(
                self.env._(
                    "%(standards)s was put in force and stays on record. End it with "
                    "a last day instead.",
                    standards=confirmed._list_names(),
                )
            )

    def _list_names(self):
        return ", ".join(self.mapped("display_name"))

    def _refuse_signatures(self, names):
        if not SIGNATURES.isdisjoint(names):
            raise AccessError(
                self.env._(
                    "Who prepared, approved and confirmed a fee standard is recorded "
                    "by its buttons alone."
                )
            )

    def _check_terms_editable(self):
        confirmed = self.filtered("confirmed_on")
        if confirmed:
            raise UserError(
                self.env._(
                    "The terms of %(standards)s stand. Make a new version, or reset "
                    "it to draft if it was put in force by mistake.",
                    standards=confirmed._list_names(),
                )
            )

    def _check_end(self, day):
        """Refuse to rewrite days that have passed under a standard.

        :param date | None day: the new last day
        """
        yesterday = fields.Date.context_today(self) - timedelta(days=1)
        for standard in self.filtered("confirmed_on"):
            if standard.state == "expired":
                raise UserError(
                    self.env._(
                        "%(standard)s has expired, its dates stand. Make a new version.",
                        standard=standard.display_name,
                    )
                )
            if standard.state == "in_force" and day and day < yesterday:
                raise UserError(
                    self.env._(
                        "%(standard)s was in force yesterday: it can end then or "
                        "later.",
                        standard=standard.display_name,
                    )
                )

    def _check_archivable(self):
        standing = self.filtered(lambda s: s.state in ("upcoming", "in_force"))
        if standing:
            raise UserError(
                self.env._(
                    "%(standards)s cannot be archived before it has expired. End it "
                    "with a last day first.",
                    standards=standing._list_names(),
                )
            )

    def action_compliance_approve(self):
        """Record that fees to these persons may be granted.

        Only a compliance reviewer does it, and never for terms he set himself; any
        later change of the terms voids it.
        """
        self.check_access("read")
        if not self.env.user.has_group(COMPLIANCE):
            raise AccessError(self.env._("Only the compliance reviewer approves this."))
        for standard in self:
            if standard.recipient != "person" or standard.confirmed_on:
                raise UserError(
                    self.env._(
                        "%(standard)s waits for no compliance approval.",
                        standard=standard.display_name,
                    )
                )
            if standard.prepared_by_id == self.env.user:
                raise UserError(
                    self.env._(
                        "You set the terms of %(standard)s. Somebody else has to "
                        "approve them.",
                        standard=standard.display_name,
                    )
                )
        # sudo: a reviewer signs what he may not write, and signatures have no
        # other way in.
        self.sudo().write(
            {
                "reviewed_by_id": self.env.uid,
                "reviewed_on": fields.Datetime.now(),
            }
        )

    def action_confirm(self):
        """Put drafts in force from their first day.

        A predecessor without a last day ends the day before; any other standard of
        the same scope in force on one of the days is refused.
        """
        drafts = self.filtered(lambda standard: not standard.confirmed_on)
        drafts.check_access("write")
        unseen = drafts.filtered(
            lambda s: s.recipient == "person" and not s.reviewed_on
        )
        if unseen:
            raise UserError(
                self.env._(
                    "%(standards)s grants a fee to a person: the compliance reviewer "
                    "has to approve it first.",
                    standards=unseen._list_names(),
                )
            )
        drafts._end_predecessors()
        # sudo: signatures have no other way in; the right to write was checked above.
        drafts.sudo().write(
            {
                "confirmed_by_id": self.env.uid,
                "confirmed_on": fields.Datetime.now(),
            }
        )

    def action_reset_to_draft(self):
        """Take back standards that have not expired, to correct a mistake."""
        self.check_access("write")
        expired = self.filtered(lambda standard: standard.state == "expired")
        if expired:
            raise UserError(
                self.env._(
                    "%(standards)s has expired and stays on record.",
                    standards=expired._list_names(),
                )
            )
        # sudo: signatures have no other way in; the right to write was checked above.
        self.sudo().write({"confirmed_by_id": False, "confirmed_on": False})

    def action_new_version(self):
        """Open a draft with the same terms, to follow this standard.

        It starts after the last day, or else with the next month.
        """
        self.ensure_one()
        month = relativedelta(months=1, day=1)
        if self.date_to:
            start = self.date_to + timedelta(days=1)
        else:
            today = fields.Date.context_today(self)
            start = max(today, self.date_from) + month
        return self.copy({"date_from": start})._get_records_action()

    def _scope(self):
        self.ensure_one()
        return (
            self.company_id,
            self.product_tmpl_id,
            self.categ_id,
            self.grade_id,
            self.purpose_id,
            self.recipient,
        )

    def _overlaps(self, other):
        return (not other.date_to or self.date_from <= other.date_to) and (
            not self.date_to or other.date_from <= self.date_to
        )

    def _describe_period(self):
        self.ensure_one()
        start = format_date(self.env, self.date_from)
        if not self.date_to:
            return self.env._("from %s on", start)
        return self.env._(
            "from %(start)s until %(end)s",
            start=start,
            end=format_date(self.env, self.date_to),
        )

    def _end_predecessors(self):
        """Let the standards these follow end the day before.

        :raises UserError: names the days another standard holds
        """
        yesterday = fields.Date.context_today(self) - timedelta(days=1)
        standing = (
            self.with_context(active_test=False)
            .search(
                Domain("confirmed_on", "!=", False)
                & Domain("company_id", "in", self.company_id.ids)
                & (
                    Domain("product_tmpl_id", "in", self.product_tmpl_id.ids)
                    | Domain("categ_id", "in", self.categ_id.ids)
                )
            )
            .grouped(lambda standard: standard._scope())
        )
        for draft in self:
            for other in standing.get(draft._scope(), ()):
                if not draft._overlaps(other):
                    continue
                is_successor = draft.date_from > max(other.date_from, yesterday)
                if other.date_to or not is_successor:
                    raise UserError(
                        self.env._(
                            "%(draft)s cannot be put in force: another standard of the "
                            "same scope holds %(period)s. End one before the other "
                            "starts; days that have passed cannot be taken away.",
                            draft=draft.display_name,
                            period=other._describe_period(),
                        )
                    )
                other.date_to = draft.date_from - timedelta(days=1)
        # The database has to know of the ends before it sees the new standards.
        self.flush_model(["date_to"])
