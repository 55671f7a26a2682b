# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain


class TierValidation(models.AbstractModel):
    """Asking for approval, deciding, and what stays on record.

    Whoever may act is checked here first; the reviews are then written with
    superuser rights, as nobody has the right to write them himself.
    """

    _inherit = "tier.validation"

    review_ids = fields.One2many(
        # The current round, whatever the caller's context.
        domain=lambda self: [("model", "=", self._name), ("active", "=", True)],
    )
    review_history_ids = fields.One2many(
        comodel_name="tier.review",
        inverse_name="res_id",
        string="Earlier Rounds",
        domain=lambda self: [("model", "=", self._name), ("active", "=", False)],
        context={"active_test": False},
        readonly=True,
        copy=False,
        bypass_search_access=True,
    )
    signature_ids = fields.One2many(
        comodel_name="distributor.signature",
        inverse_name="res_id",
        string="Signatures",
        domain=lambda self: [("res_model", "=", self._name)],
        readonly=True,
        copy=False,
        bypass_search_access=True,
    )
    has_approval_history = fields.Boolean(
        compute="_compute_has_approval_history", compute_sudo=True
    )
    # Whoever reads the document learns who is to sign it.
    need_validation = fields.Boolean(compute_sudo=True)
    can_review = fields.Boolean(compute_sudo=True)
    has_comment = fields.Boolean(compute_sudo=True)
    reviewer_ids = fields.Many2many(compute_sudo=True)
    next_review = fields.Char(compute_sudo=True)
    to_validate_message = fields.Html(compute_sudo=True)

    @api.depends("review_ids.active")
    def _compute_validation_status(self):
        return super()._compute_validation_status()

    @api.depends("review_history_ids")
    def _compute_has_approval_history(self):
        for document in self:
            document.has_approval_history = bool(document.review_history_ids)

    def _compute_need_validation(self):
        # REPLACES base_tier_validation: one search for all documents of a company.
        steps = self.filtered(
            lambda document: (
                isinstance(document.id, int)
                and not document.review_ids
                and document._check_state_from_condition()
            )
        )._get_steps()
        for document in self:
            document.need_validation = bool(steps.get(document.id))

    def _search_reviewer_ids(self, operator, value):
        # The rules of the document apply to what this returns.
        return super(TierValidation, self.sudo())._search_reviewer_ids(operator, value)

    # -- hooks for models --------------------------------------------------------

    def _get_approval_owners(self):
        """Hook: return the users who gain by the document, as who asks for it does."""
        return self.env["res.users"]

    @api.model
    def _get_signed_fields(self):
        """Hook: return the names of the fields that signatures stand for.

        When one of them changes, the signatures are void.
        """
        return ()

    def _may_ask_for_approval(self) -> bool:
        """Hook: whether this user may ask for, and take back, approval of a document."""
        owners = self.sudo()._get_approval_owners()
        return self.env.su or self.env.user in owners or self.has_access("write")

    # -- steps -------------------------------------------------------------------

    def _get_steps(self):
        """Return {document id: the approval steps that apply to it, in their order}."""
        Definition = self.env["tier.definition"]
        steps = dict.fromkeys(self.ids, Definition)
        for company, documents in self.grouped(lambda d: d._get_company()).items():
            for step in Definition._get_steps_of(self._name, company):
                for document in documents.evaluate_tier(step):
                    steps[document.id] |= step
        return steps

    def request_validation(self):
        # REPLACES base_tier_validation: lowest sequence first, as everywhere in Odoo;
        # a few queries for all documents; a step nobody can sign is told at once.
        self.check_access("read")
        for document in self:
            if not document._may_ask_for_approval():
                raise AccessError(
                    self.env._(
                        "You may not ask for the approval of %(document)s.",
                        document=document.display_name,
                    )
                )
        documents = self.sudo().filtered("need_validation")
        reviews = self.env["tier.review"].sudo().create(documents._prepare_reviews())
        documents._forget_reviews()
        documents._refuse_without_reviewers()
        reviews._update_review_status()
        for document in documents:
            asked = document.review_ids
            if asked.definition_id.filtered("notify_on_create"):
                document._notify_review_requested(asked)
        if any(documents.mapped("can_review")):
            documents._update_counter({"review_created": True})
        return reviews.with_env(self.env)

    def _prepare_reviews(self):
        rounds = self._get_last_rounds()
        return [
            {
                **document._prepare_tier_review_vals(step, number),
                "round_number": rounds.get(document.id, 0) + 1,
            }
            for document_id, steps in self._get_steps().items()
            for document in self.browse(document_id)
            for number, step in enumerate(steps, start=1)
        ]

    def _get_last_rounds(self):
        return dict(
            self.env["tier.review"]
            .with_context(active_test=False)
            ._read_group(
                Domain("model", "=", self._name) & Domain("res_id", "in", self.ids),
                ["res_id"],
                ["round_number:max"],
            )
        )

    def _refuse_without_reviewers(self):
        for review in self.review_ids:
            if review.reviewer_ids:
                continue
            if review._get_named_reviewers().filtered("active"):
                message = self.env._(
                    "Nobody else can sign step “%(step)s” of %(document)s: whoever asks "
                    "for an approval does not give it himself. Ask an administrator to "
                    "name other reviewers in the approval steps.",
                    step=review.step_name,
                    document=self.browse(review.res_id).display_name,
                )
            else:
                message = self.env._(
                    "Nobody can sign step “%(step)s” of %(document)s: its reviewers are "
                    "missing or have left. Ask an administrator to name others in the "
                    "approval steps.",
                    step=review.step_name,
                    document=self.browse(review.res_id).display_name,
                )
            raise UserError(message)

    def _forget_reviews(self):
        """Drop cached reviews: they hang on a plain number that no cache follows."""
        self.invalidate_recordset(
            [
                "review_ids",
                "review_history_ids",
                "signature_ids",
                "need_validation",
                "can_review",
            ],
            flush=False,
        )
