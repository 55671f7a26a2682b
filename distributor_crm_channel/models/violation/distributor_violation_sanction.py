# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models

from .ladder import deadline

# Done with once it is said.
AT_ONCE = ("warning",)


class DistributorViolationPenalty(models.Model):
    """What a penalty does when it begins, and what is taken back when it is lifted."""

    _inherit = "distributor.violation.penalty"

    def _begin(self):
        """Impose decided penalties; money and what the rules hold waits for the appeal.

        Called with full rights by a case that was confirmed.
        """
        for penalty in self:
            policy = penalty.violation_id.policy_id
            if penalty.kind in AT_ONCE:
                penalty.write({"state": "done", "starts_at": fields.Datetime.now()})
            elif penalty.kind == "money" or policy.appeal_suspends:
                penalty.state = "waiting"
            else:
                penalty._take_effect()

    def _begin_waiting(self):
        """Impose what waited for the end of the appeal; money is collected by itself."""
        for penalty in self.filtered(
            lambda p: p.state == "waiting" and p.kind != "money"
        ):
            penalty._take_effect()

    def _take_effect(self):
        """Put one penalty in force."""
        self.ensure_one()
        now = fields.Datetime.now()
        self.write(
            {
                "state": "in_force",
                "starts_at": now,
                "ends_at": self.duration_days
                and deadline(now, days=self.duration_days),
                "undo": getattr(self, f"_impose_{self.kind}", dict)() or False,
            }
        )

    def _lift(self):
        """Lift penalties; each takes back what it did."""
        for penalty in self.filtered(
            lambda p: p.state in ("proposed", "waiting", "in_force", "done", "ended")
        ):
            if penalty.state == "in_force":
                getattr(penalty, f"_lift_{penalty.kind}", dict)()
            penalty.write({"state": "lifted", "ends_at": fields.Datetime.now()})

    def _end_when_over(self):
        """End penalties whose time is over."""
        for penalty in self:
            getattr(penalty, f"_lift_{penalty.kind}", dict)()
        self.write({"state": "ended"})

    # -- by kind -----------------------------------------------------------------------

    def _impose_blacklist(self):
        """Put the accused on the blacklist; remember whether it was us (R174).

        Who is on it holds no authorizations any more.
        """
        kept = self._impose_withdraw()
        partner, case, policy = self.partner_id, self.violation_id, self.policy_id
        if partner.is_blacklisted_distributor:
            return {**kept, "blacklisted": False}
        basis = policy._fields["legal_basis"]._description_selection(self.env)
        partner._blacklist_distributor(
            self.env._("%(case)s: %(kind)s", case=case.name, kind=policy.name),
            policy.legal_note or dict(basis)[policy.legal_basis],
        )
        return {**kept, "blacklisted": True}

    def _lift_blacklist(self):
        others = self.search_count(
            [
                ("partner_id", "=", self.partner_id.id),
                ("kind", "=", "blacklist"),
                ("state", "=", "in_force"),
                ("id", "!=", self.id),
            ],
            limit=1,
        )
        if (self.undo or {}).get("blacklisted") and not others:
            self.partner_id.action_unblacklist_distributor()
        self._lift_withdraw()

    def _impose_withdraw(self):
        """Withdraw the authorizations of the accused; remember which (R174, R181)."""
        return self.env["distributor.authorization"]._withdraw_for_case(
            self.violation_id
        )

    def _lift_withdraw(self):
        self.env["distributor.authorization"]._restore_for_case(
            self.violation_id, self.undo or {}
        )

    @api.model
    def _get_barred(self, persons, company):
        """Return those of these persons who are barred now (R063).

        :param persons: contacts, such as field agents
        """
        # Who is barred does not depend on who asks.
        penalties = self.sudo().search(
            [
                ("person_id", "in", persons.ids),
                ("company_id", "=", company.id),
                ("kind", "=", "ban_person"),
                ("state", "=", "in_force"),
                "|",
                ("ends_at", "=", False),
                ("ends_at", ">", fields.Datetime.now()),
            ]
        )
        return penalties.person_id.with_env(persons.env)
