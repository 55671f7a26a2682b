# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, models
from odoo.exceptions import AccessError, UserError

# What the approval writes on a document; nobody else, not over RPC either.
CLOSED_FIELDS = {
    "validation_status",
    "review_ids",
    "review_history_ids",
    "signature_ids",
}
# What may be added while a document is under approval, besides messages and
# activities: it proves the document, it does not change it.
OPEN_FIELDS = {
    "access_token",
    "attachment_ids",
    "my_activity_date_deadline",
    "rating_ids",
    "website_message_ids",
}


class TierValidation(models.AbstractModel):
    """What an approval forbids, and what voids it."""

    _inherit = "tier.validation"

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._refuse_closed_fields(vals)
        documents = super().create(vals_list)
        if not self.env.su:
            documents._refuse_born_approved()
        return documents

    def write(self, vals):
        self._refuse_closed_fields(vals)
        result = super().write(vals)
        self._void_signatures_of_changed(vals)
        return result

    def _refuse_closed_fields(self, vals):
        if not self.env.su and not CLOSED_FIELDS.isdisjoint(vals):
            raise AccessError(
                self.env._("The approval of a document is not edited. Use its buttons.")
            )

    def _refuse_born_approved(self):
        """Refuse new documents that claim an approval, in values or by defaults."""
        for document in self.sudo():
            if document.validation_status not in ("no", False):
                raise AccessError(
                    self.env._("A new document has no approval yet: ask for it.")
                )
        if self._state_field in self._fields:
            self.filtered(
                lambda document: document[self._state_field] in self._state_to
            )._check_approvable()

    # -- before the document is approved -----------------------------------------

    def _tier_validation_check_state_on_write(self, vals):
        # EXTENDS base_tier_validation: from whatever state, and fail closed.
        documents = self.sudo()
        result = super(TierValidation, documents)._tier_validation_check_state_on_write(
            vals
        )
        if vals.get(self._state_field) in self._state_to:
            documents.filtered(
                lambda document: (
                    document._tier_validation_get_current_state_value()
                    not in self._state_to
                )
            )._check_approvable()
        return result

    def _check_approvable(self):
        """Check that documents have every signature they need, for what they say now.

        :raises UserError: tells what is missing
        """
        documents = self.sudo()
        unasked = documents.filtered(lambda document: not document.review_ids)
        unasked._check_needs_no_approval()
        signed = documents - unasked
        if any(
            review.status not in self._validated_states()
            for review in signed.review_ids
        ):
            raise UserError(
                self.env._("A signature is missing; the approval is still open.")
            )
        signed._check_signatures_stand()

    def _check_needs_no_approval(self):
        steps = self._get_steps()
        for document in self:
            if steps[document.id]:
                raise UserError(
                    self.env._(
                        "%(document)s needs approval. Submit it and request validation "
                        "first.",
                        document=document.display_name,
                    )
                )
            if document._is_unmatched_refused():
                raise UserError(
                    self.env._(
                        "No approval step covers %(document)s, so nobody can approve "
                        "it. Ask an administrator to add a step for it, or to allow "
                        "approval without one in the settings.",
                        document=document.display_name,
                    )
                )

    def _is_unmatched_refused(self) -> bool:
        """Whether approval is in use here and fails closed for what no step covers."""
        company = self._get_company()
        return not company.approval_allow_unmatched and bool(
            self.env["tier.definition"]._get_steps_of(self._name, company)
        )

    def _check_signatures_stand(self):
        """Check that nothing that was signed has changed since, by whatever way."""
        changed = self._get_changed_since_signed()
        if changed:
            raise UserError(
                self.env._(
                    "%(documents)s changed after it was signed. Restart the validation "
                    "and ask for the signatures again.",
                    documents=", ".join(changed[:5].mapped("display_name")),
                )
            )

    def _get_changed_since_signed(self):
        if not (self and self._get_signed_fields()):
            return self.browse()
        digests = {}
        for signature in self._get_round_signatures():
            digest = None if signature.voided_on else signature.digest
            digests.setdefault(signature.res_id, set()).add(digest)
        return self.filtered(
            lambda document: (
                document.id in digests
                and digests[document.id] != {document._get_signed_digest()}
            )
        )

    def _get_round_signatures(self):
        return (
            self.env["distributor.signature"]
            .sudo()  # asked for by code that guards the document
            .search(
                [
                    ("review_id", "in", self.review_ids.ids),
                    ("decision", "=", "approved"),
                ]
            )
        )

    # -- while it is under approval ----------------------------------------------

    def _tier_validation_check_write_allowed(self, vals):
        # EXTENDS base_tier_validation: a user does not switch the check off by his
        # context, and documents that need no check cost no query each.
        documents = self.sudo()
        if not self.env.su:
            documents = documents.with_context(skip_validation_check=False)
        exceptions = self.env["tier.validation.exception"]
        if self._name not in exceptions._get_excepted_models():
            documents = documents.filtered(
                lambda document: (
                    document.review_ids and document._check_tier_state_transition(vals)
                )
            )
        return super(TierValidation, documents)._tier_validation_check_write_allowed(
            vals
        )

    def _check_allow_write_under_validation(self, vals):
        # EXTENDS base_tier_validation: evidence may be added, and the document may
        # be taken back.
        return self._is_allowed_under_approval(
            vals
        ) or super()._check_allow_write_under_validation(vals)

    def _is_allowed_under_approval(self, vals) -> bool:
        if self._state_field in vals:
            return self._allow_to_remove_reviews(vals)
        return all(
            name in OPEN_FIELDS or name.startswith(("message_", "activity_"))
            for name in vals
        )

    # -- when a round ends -------------------------------------------------------

    def _allow_to_remove_reviews(self, values):
        # REPLACES base_tier_validation: an empty state counts as one, and a state is
        # no substring of another.
        self.ensure_one()
        if self._state_field not in values:
            return False
        new = values[self._state_field]
        old = self._tier_validation_get_current_state_value()
        if new == old or new in self._state_to:
            return False
        return new not in self._state_from or old not in self._state_from

    def _tier_validation_check_write_remove_reviews(self, vals):
        # REPLACES base_tier_validation: reviews stay on record.
        if self._state_field not in vals:
            return
        ended = self.sudo().filtered(lambda d: d._allow_to_remove_reviews(vals))
        cancelled = vals[self._state_field] == self._cancel_state
        ended._end_round("cancelled" if cancelled else "withdrawn")

    # -- when what was signed changes --------------------------------------------

    def _void_signatures_of_changed(self, vals):
        """Void the signatures on documents that no longer say what was signed.

        :raises UserError: the document is approved already
        """
        if self._is_evidence_only(vals):
            return
        signed = self.sudo().filtered(
            lambda document: document.validation_status not in ("no", False)
        )
        changed = signed._get_changed_since_signed()
        approved = changed.filtered(lambda d: d[d._state_field] in d._state_to)
        if approved and not self.env.su:
            raise UserError(
                self.env._(
                    "%(documents)s is approved as it stands. Take it back to draft to "
                    "change it; it is then approved anew.",
                    documents=", ".join(approved[:5].mapped("display_name")),
                )
            )
        approved._get_round_signatures()._void("changed")
        (changed - approved)._end_round("changed")

    def _is_evidence_only(self, vals) -> bool:
        return not self._get_signed_fields() or all(
            name in OPEN_FIELDS or name.startswith(("message_", "activity_"))
            for name in vals
        )
