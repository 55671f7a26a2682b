# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from itertools import chain

from odoo import api, fields, models
from odoo.fields import Domain

from .distributor_signature import ROUND_ENDS

OPEN = ("waiting", "pending")
# What a review takes over from its step when it is asked for; the step may change
# or go afterwards, what was asked stays.
STEP_FIELDS = {
    "step_name": "name",
    "step_review_type": "review_type",
    "step_reviewer_id": "reviewer_id",
    "step_group_id": "reviewer_group_id",
    "step_field_id": "reviewer_field_id",
    "step_has_comment": "has_comment",
    "step_in_sequence": "approve_sequence",
    "step_bypass": "approve_sequence_bypass",
    "step_four_eyes": "exclude_requester",
    "step_allow_repeat": "allow_repeat",
    "step_escalation_days": "escalation_days",
    "step_escalation_user_id": "escalation_user_id",
    "step_escalation_group_id": "escalation_group_id",
}


def _copied(field_type, **kwargs):
    return field_type(compute="_compute_step", store=True, precompute=True, **kwargs)


class TierReview(models.Model):
    """A review keeps what it was asked with, and stays on record when its round ends."""

    _name = "tier.review"
    _inherit = ["tier.review", "distributor.document.bound"]
    _document_model_field = "model"

    step_name = _copied(fields.Char, string="Step")
    step_review_type = _copied(
        fields.Selection,
        selection=lambda self: (
            self.env["tier.definition"]
            ._fields["review_type"]
            ._description_selection(self.env)
        ),
    )
    step_reviewer_id = _copied(fields.Many2one, comodel_name="res.users", index=True)
    step_group_id = _copied(fields.Many2one, comodel_name="res.groups")
    step_field_id = _copied(
        fields.Many2one, comodel_name="ir.model.fields", ondelete="set null"
    )
    step_has_comment = _copied(fields.Boolean)
    step_in_sequence = _copied(fields.Boolean)
    step_bypass = _copied(fields.Boolean)
    step_four_eyes = _copied(fields.Boolean)
    step_allow_repeat = _copied(fields.Boolean)
    step_escalation_days = _copied(fields.Integer)
    step_escalation_user_id = _copied(fields.Many2one, comodel_name="res.users")
    step_escalation_group_id = _copied(fields.Many2one, comodel_name="res.groups")

    # OCA's own fields, which follow the step live, now read the copy.
    name = fields.Char(related="step_name", string="Review Name")
    review_type = fields.Selection(
        related="step_review_type", string="Kind of Reviewer"
    )
    reviewer_id = fields.Many2one(related="step_reviewer_id", string="Reviewing User")
    reviewer_group_id = fields.Many2one(
        related="step_group_id", string="Reviewing Group"
    )
    reviewer_field_id = fields.Many2one(
        related="step_field_id", string="Reviewing Field"
    )
    has_comment = fields.Boolean(related="step_has_comment", string="Takes a Comment")
    approve_sequence = fields.Boolean(related="step_in_sequence", string="In Order")
    approve_sequence_bypass = fields.Boolean(
        related="step_bypass", string="Passed Over for the Same Reviewer"
    )

    active = fields.Boolean(
        default=True, help="Off: the round this review belonged to has ended."
    )
    round_number = fields.Integer(string="Round", default=1, aggregator=None)
    round_end = fields.Selection(
        selection=ROUND_ENDS, string="Round Ended", readonly=True
    )
    signed_for_id = fields.Many2one(
        comodel_name="res.users",
        readonly=True,
        help="Whom the reviewer stood in for; empty when he signed for himself.",
    )
    pending_since = fields.Datetime(readonly=True)
    escalated_on = fields.Datetime(readonly=True)

    _document_index = models.Index("(model, res_id)")
    _open_index = models.Index("(status) WHERE status IN ('waiting', 'pending')")

    @api.depends("definition_id")
    def _compute_step(self):
        """Copy the step, once: an archived, changed or deleted step changes nothing."""
        for review in self:
            definition = review.definition_id
            for name, source in STEP_FIELDS.items():
                review[name] = definition[source] if definition else review[name]
            if definition.review_type == "field":
                review._copy_field_reviewer(definition.reviewer_field_id)

    def _copy_field_reviewer(self, field):
        """Keep the one person or group that the document names now."""
        if not (field and self.res_id and self._has_resource_model()):
            return
        named = self.env[self.model].browse(self.res_id)[field.name]
        if len(named) == 1 and named._name == "res.users":
            self.step_reviewer_id = named
        elif len(named) == 1 and named._name == "res.groups":
            self.step_group_id = named

    # -- who may see it ----------------------------------------------------------

    def _get_own_domain(self):
        return [
            "|",
            "|",
            ("reviewer_ids", "in", self.env.uid),
            ("requested_by", "=", self.env.uid),
            ("done_by", "=", self.env.uid),
        ]

    def _get_documents(self):
        """Return the documents of these reviews, a recordset a model, flattened."""
        return chain.from_iterable(
            self.env[model].browse(dict.fromkeys(reviews.mapped("res_id")))
            for model, reviews in self.grouped("model").items()
            if self._has_resource_model(model)
        )

    # -- who is asked ------------------------------------------------------------

    @api.model
    def _get_reviewer_fields(self):
        # REPLACES base_tier_validation: the copy counts, not the step.
        return ["step_reviewer_id", "step_group_id.user_ids", "requested_by"]

    @api.depends(lambda self: self._get_reviewer_fields())
    def _compute_reviewer_ids(self):
        # REPLACES base_tier_validation: who was asked in the past stays named.
        asked = self.filtered(lambda review: review.active and review.status in OPEN)
        asked._write_reviewers()
        for review in self - asked:
            review.reviewer_ids = review.reviewer_ids

    def _write_reviewers(self):
        """Write who is asked now; reviews that ask the same people take one query."""
        for reviewer_ids, reviews in self.grouped(
            lambda review: tuple(sorted(review._get_reviewers()._ids))
        ).items():
            reviews.reviewer_ids = self.env["res.users"].browse(reviewer_ids)

    def _get_reviewers(self):
        # EXTENDS base_tier_validation: who stands in reviews as well, and who must
        # not sign is left out.
        barred = self._get_barred_users()
        named = (super()._get_reviewers() | self._get_named_reviewers()) - barred
        stand_ins = self.env["distributor.delegation"]._get_stand_ins(named)
        return (named | stand_ins).filtered("active") - barred

    def _get_named_reviewers(self):
        """Return whom the step names, those who have left too, before any exclusion.

        Who holds a group through a higher role (the channel administrator is a sales
        manager too) reviews as well.
        """
        named = self.step_reviewer_id | self.step_group_id.all_user_ids
        if not named and self.step_field_id and self._has_resource_model():
            field_value = self.env[self.model].browse(self.res_id)[
                self.step_field_id.name
            ]
            # Several persons: one alone was copied.
            named = field_value if field_value._name == named._name else named
        if self.escalated_on:
            named |= self.step_escalation_user_id
            named |= self.step_escalation_group_id.all_user_ids
        return named

    def _get_barred_users(self):
        """Return who must not sign: four eyes, and one signature a person."""
        users = self.env["res.users"]
        if not (self.res_id and self._has_resource_model()):
            return users
        document = self.env[self.model].browse(self.res_id)
        if self.step_four_eyes:
            users |= self.requested_by | document._get_approval_owners()
        if not self.step_allow_repeat:
            signed = (document.review_ids - self).filtered(
                lambda review: review.status == "approved"
            )
            users |= signed.done_by | signed.signed_for_id
        return users

    def _get_principal(self, user):
        """Return the one whom `user` stands in for, nobody if he signs for himself."""
        named = self._get_named_reviewers() - self._get_barred_users()
        if user in named:
            return user.browse()
        Delegation = self.env["distributor.delegation"]
        return named.filtered(lambda one: user in Delegation._get_stand_ins(one))[:1]

    def _refresh_reviewers(self):
        """Ask those who are to be asked today: people leave, return and take over.

        The stored list serves searches and counters; it is brought up to date here
        before each decision, and every hour.
        """
        # Who has left is hidden in a list of users, and would seem gone from it.
        reviews = self.with_context(active_test=False).filtered(
            lambda review: review.active and review.status in OPEN
        )
        reviews.filtered(
            lambda review: (
                set(review._get_reviewers()._ids) != set(review.reviewer_ids._ids)
            )
        )._write_reviewers()

    @api.model
    def _get_open_reviews_of(self, users):
        """Return the open reviews that ask, or by their step would ask, these users."""
        return self.search(
            Domain("status", "in", OPEN)
            & (
                Domain("reviewer_ids", "in", users.ids)
                | Domain("step_reviewer_id", "in", users.ids)
                | Domain("step_group_id", "in", users.all_group_ids.ids)
            )
        )

    # -- what the approval writes ------------------------------------------------

    def write(self, vals):
        if vals.get("status") == "pending":
            vals = {**vals, "pending_since": fields.Datetime.now()}
        return super().write(vals)

    def _update_review_status(self):
        # EXTENDS base_tier_validation, which writes with the rights of whoever
        # opens the list of his reviews; users write no review. What hangs on the
        # status is computed first: one UPDATE writes both.
        self.env["tier.review"]._recompute_model(["can_review"])
        return super(TierReview, self.sudo())._update_review_status()

    def _prepare_signature_vals(self, document):
        return {
            "res_model": self.model,
            "res_id": self.res_id,
            "document_name": document.display_name,
            "review_id": self.id,
            "step": self.step_name,
            "round_number": self.round_number,
            "decision": self.status,
            "user_id": self.done_by.id,
            "for_user_id": self.signed_for_id.id,
            "signed_on": self.reviewed_date,
            "comment": self.comment,
            "digest": document._get_signed_digest(),
        }
