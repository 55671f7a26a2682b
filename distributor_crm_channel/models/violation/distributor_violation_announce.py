# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError


class DistributorViolation(models.Model):
    """Telling the group of distributors, with as little of the person as possible (R175)."""

    _inherit = "distributor.violation"

    announcement = fields.Text(compute="_compute_announcement")
    is_announceable = fields.Boolean(compute="_compute_announcement")
    announced_at = fields.Datetime(string="Announced On", readonly=True, copy=False)
    announced_by_id = fields.Many2one(
        comodel_name="res.users", readonly=True, copy=False
    )
    announced_in = fields.Char(readonly=True, copy=False)

    @api.model
    def _get_closed_fields(self):
        return super()._get_closed_fields() | {
            "announced_at",
            "announced_by_id",
            "announced_in",
        }

    @api.depends("state", "policy_id", "delivered_at", "penalty_ids.state")
    @api.depends_context("lang")
    def _compute_announcement(self):
        for case in self:
            case.is_announceable = bool(
                case.policy_id.announce
                and case.delivered_at
                and case.state not in ("dismissed", "lifted")
            )
            case.announcement = case.is_announceable and case._say_to_group()

    def _say_to_group(self):
        """Return the text for the group: no name, no person, no amount, no accusation
        that is not decided."""
        number, kind = self.name, self.policy_id.name
        if self.state in ("confirmed", "appealed", "upheld", "closed"):
            # What was decided is what the group learns from it.
            said = ", ".join(
                penalty._say_kind()
                for penalty in self.sudo().penalty_ids
                if penalty.state in ("waiting", "in_force", "done", "ended")
            )
            return self.env._(
                "Notice to all distributors (%(case)s): a distributor broke the rule "
                "“%(rule)s”. What followed: %(penalties)s. Please check your own shops.",
                case=number,
                rule=kind,
                penalties=said or self.env._("a warning"),
            )
        return self.env._(
            "Notice to all distributors (%(case)s): an offer against the rule “%(rule)s” "
            "was reported. Whoever it concerns was told and has time to correct it. "
            "Please check your own shops.",
            case=number,
            rule=kind,
        )

    def _announce(self, where):
        """Log where and by whom the announcement was posted.

        :param where: such as the name of the chat group
        """
        self.ensure_one()
        self._check_handler()
        if not self.is_announceable:
            raise UserError(
                self.env._("%s is not announced: see its rules and status.", self.name)
            )
        if not (where or "").strip():
            raise UserError(self.env._("Say in which group it was posted."))
        self._set(
            announced_at=fields.Datetime.now(),
            announced_by_id=self.env.uid,
            announced_in=where[:200],
        )
        self._message_log(
            body=self.env._(
                "Announced in %(where)s: %(text)s",
                where=where[:200],
                text=self.announcement,
            )
        )


class DistributorViolationPenalty(models.Model):
    _inherit = "distributor.violation.penalty"

    def _say_kind(self) -> str:
        return dict(self._fields["kind"]._description_selection(self.env))[self.kind]
