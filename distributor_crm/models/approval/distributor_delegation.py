# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ...validity import valid_domain


class DistributorDelegation(models.Model):
    """Who signs for whom while he is away, in every approval of every document."""

    _name = "distributor.delegation"
    _description = "Stand-In"
    _order = "date_from desc, id desc"

    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Absent",
        required=True,
        index=True,
        ondelete="cascade",
        default=lambda self: self.env.user,
        domain=[("share", "=", False)],
        # Who has left may be stood in for as well.
        context={"active_test": False},
    )
    stand_in_id = fields.Many2one(
        comodel_name="res.users",
        string="Stand-In",
        required=True,
        index=True,
        ondelete="cascade",
        domain=[("share", "=", False)],
        help="Signs for the absent. Never what he asked for himself.",
    )
    date_from = fields.Date(
        string="From", required=True, default=fields.Date.context_today
    )
    date_to = fields.Date(string="To", help="Empty: until further notice.")
    reason = fields.Char()

    _not_oneself = models.Constraint(
        "CHECK(user_id <> stand_in_id)", "Nobody stands in for himself."
    )
    _dates_in_order = models.Constraint(
        "CHECK(date_to IS NULL OR date_to >= date_from)",
        "The last day is before the first.",
    )

    @api.depends("user_id", "stand_in_id")
    def _compute_display_name(self):
        for delegation in self:
            delegation.display_name = self.env._(
                "%(stand_in)s for %(absent)s",
                stand_in=delegation.stand_in_id.name,
                absent=delegation.user_id.name,
            )

    @api.constrains("stand_in_id")
    def _check_stand_in(self):
        for delegation in self:
            stand_in = delegation.stand_in_id.sudo()
            if stand_in.share or not stand_in.active:
                raise ValidationError(
                    self.env._(
                        "%(user)s cannot sign: name an employee with an active user.",
                        user=stand_in.name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        delegations = super().create(vals_list)
        delegations._update_reviews()
        return delegations

    def write(self, vals):
        before = self.user_id + self.stand_in_id
        result = super().write(vals)
        # The rules look at records before they change: nobody turns his own absence
        # into that of his superior.
        self.check_access("write")
        self._update_reviews(before)
        return result

    def unlink(self):
        persons = self.user_id + self.stand_in_id
        result = super().unlink()
        self.browse()._update_reviews(persons)
        return result

    def _update_reviews(self, persons=None):
        """Ask the right people in open reviews, now that who stands in has changed."""
        self.env.registry.clear_cache()
        persons = (persons or self.env["res.users"]) + self.user_id + self.stand_in_id
        # sudo: a delegation bears on reviews of documents its author may not read.
        self.env["tier.review"].sudo()._get_open_reviews_of(
            persons
        )._refresh_reviewers()

    @api.model
    @tools.ormcache("day")
    def _get_stand_in_ids(self, day):
        """Return {absent user id: ids of who stands in for him on a day}."""
        stand_ins = {}
        # sudo: who signs for whom is no secret of the two.
        delegations = self.sudo().search_fetch(
            valid_domain(day, day) & Domain("stand_in_id.active", "=", True),
            ["user_id", "stand_in_id"],
        )
        for delegation in delegations:
            stand_ins.setdefault(delegation.user_id.id, []).append(
                delegation.stand_in_id.id
            )
        return stand_ins

    @api.model
    def _get_stand_ins(self, users):
        """Return who stands in for `users` today, for his stand-in too if he is away."""
        stand_ins = self._get_stand_in_ids(fields.Date.context_today(self))
        found, todo = set(), list(users._ids)
        while todo:
            for user_id in stand_ins.get(todo.pop(), ()):
                if user_id not in found:
                    found.add(user_id)
                    todo.append(user_id)
        return self.env["res.users"].browse(found)
