# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import hashlib
import json

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import float_repr

from .tier_review import OPEN


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

    # -- decisions ---------------------------------------------------------------

    def validate_tier(self):
        # EXTENDS base_tier_validation: who is not asked now is told why.
        self._check_turn()
        return super(TierValidation, self.sudo()).validate_tier()

    def reject_tier(self):
        # EXTENDS base_tier_validation: who is not asked now is told why.
        self._check_turn()
        return super(TierValidation, self.sudo()).reject_tier()

    def _validate_tier(self, tiers=False):
        # EXTENDS base_tier_validation: only what is this user's to sign now.
        self.ensure_one()
        self._record_decision(self._decide("_validate_tier", tiers))

    def _rejected_tier(self, tiers=False):
        # EXTENDS base_tier_validation: only what is this user's to reject now.
        self.ensure_one()
        reviews = self._decide("_rejected_tier", tiers)
        self._record_decision(reviews)
        for review in reviews:
            self._log_approval(
                self.env._("“%(step)s” was rejected.", step=review.step_name),
                review.comment,
            )

    def _sign_turns(self):
        """Give this user's signature on those documents where it is his turn.

        Many signatures take as few queries as one.

        :return: the documents that wait for somebody else
        """
        documents = self.sudo()
        signed = self.env["tier.review"].sudo()
        for document in documents:
            signed |= document._decide("_validate_tier")
        documents._record_decision(signed)
        done = documents.browse(signed.mapped("res_id"))
        return self.filtered(
            lambda document: (
                document not in done
                and document.validation_status not in ("validated", "no")
            )
        )

    def _decide(self, method, tiers=False):
        """Let OCA's `method` decide on what is this user's turn; return these reviews."""
        document = self.sudo()
        document.review_ids._refresh_reviewers()
        reviews = document._get_turn()
        if tiers:
            reviews &= tiers.sudo()
        if reviews:
            for review in reviews:
                review.signed_for_id = review._get_principal(self.env.user)
            # OCA takes "no reviews" for all of them.
            getattr(super(TierValidation, document), method)(reviews)
        return reviews

    def _get_turn(self):
        """Return the reviews that one signature of this user covers now."""
        if self.validation_status == "rejected":
            return self.review_ids.browse()
        sequences = self._get_sequences_to_approve(self.env.user)
        reviews = self.review_ids.sorted("sequence").filtered(
            lambda review: (
                review.status in OPEN and self.env.user in review.reviewer_ids
            )
        )
        turn = reviews.filtered(lambda review: review.sequence in sequences)
        if not turn[:1].step_allow_repeat:
            return turn[:1]
        return reviews.filtered(
            lambda review: (
                review.step_allow_repeat and (review in turn or review.step_bypass)
            )
        )

    def _record_decision(self, reviews):
        """Keep the signatures, and ask who is next."""
        if not reviews:
            return
        self.env["distributor.signature"]._sign(reviews)
        reviews._close_reminders()
        # One who signed is not asked again.
        others = self.sudo().review_ids - reviews
        others._refresh_reviewers()
        others._update_review_status()

    def _check_turn(self):
        """Check that this user is asked for a decision now.

        :raises AccessError: he is not asked at all
        :raises UserError: another step comes first, or nothing is open
        """
        self.ensure_one()
        self.check_access("read")
        document = self.sudo()
        document.review_ids._refresh_reviewers()
        waiting = document.review_ids.filtered(lambda review: review.status in OPEN)
        if document._get_turn():
            return
        values = {
            "document": document.display_name,
            "waiting": ", ".join(filter(None, waiting[:1].mapped("todo_by"))),
            "step": waiting[:1].step_name,
        }
        if not waiting or document.validation_status == "rejected":
            raise UserError(
                self.env._("%(document)s waits for no signature.", **values)
            )
        if self.env.user in waiting.reviewer_ids:
            raise UserError(
                self.env._(
                    "It is not your turn to decide on %(document)s: “%(step)s” comes "
                    "first, and waits for %(waiting)s.",
                    **values,
                )
            )
        barred = waiting.filtered(
            lambda review: self.env.user in review._get_barred_users()
        )
        if barred:
            raise AccessError(
                self.env._(
                    "You asked for the approval of %(document)s, or signed it already: "
                    "“%(step)s” takes somebody else. It waits for %(waiting)s.",
                    **values,
                )
            )
        raise AccessError(
            self.env._(
                "You are not asked to decide on %(document)s. It waits for %(waiting)s.",
                **values,
            )
        )

    # -- rounds ------------------------------------------------------------------

    def restart_validation(self):
        # REPLACES base_tier_validation: the round stays on record, and no stranger
        # ends it.
        self.check_access("read")
        documents = self.sudo().filtered(
            lambda d: d.review_ids and d[d._state_field] in d._state_from
        )
        for document in documents.with_env(self.env):
            document._check_may_restart()
        documents._notify_restart()
        documents._end_round("restarted")

    def _check_may_restart(self):
        reviews = self.sudo().review_ids
        persons = reviews.requested_by | reviews.reviewer_ids | reviews.done_by
        if self.env.user not in persons and not self._may_ask_for_approval():
            raise AccessError(
                self.env._(
                    "Only who asked for the approval of %(document)s, or is asked to "
                    "give it, starts it anew.",
                    document=self.display_name,
                )
            )

    def _notify_restart(self):
        subtype = self.env.ref(self._get_restarted_notification_subtype())
        for document in self:
            reviews = document.review_ids.filtered("definition_id.notify_on_restarted")
            if reviews and hasattr(document, "message_subscribe"):
                document.message_subscribe(
                    partner_ids=reviews.reviewer_ids.partner_id.ids,
                    subtype_ids=subtype.ids,
                )
                document._notify_restarted_review()

    def _end_round(self, reason):
        """Put the reviews of the current round on record, and void its signatures."""
        documents = self.sudo().filtered("review_ids")
        reviews = documents.review_ids
        if not reviews:
            return
        documents._get_round_signatures()._void(reason)
        reviews._close_reminders()
        users = reviews.filtered(lambda review: review.status in OPEN).reviewer_ids
        # What was rejected ended for that reason, whatever ends the round now.
        rejected = reviews.filtered(lambda review: review.status == "rejected")
        documents_rejected = set(rejected.mapped("res_id"))
        for review in reviews:
            end = "rejected" if review.res_id in documents_rejected else reason
            values = {"active": False, "round_end": end}
            if review.status in OPEN:
                values["status"] = "cancel"
            review.write(values)
        documents._forget_reviews()
        for document in documents:
            document._log_approval(document._describe_round_end(reason))
        for partner in users.partner_id:
            partner._bus_send("base.tier.validation/updated", {"review_deleted": True})

    def _describe_round_end(self, reason):
        reasons = dict(
            self.env["tier.review"]
            ._fields["round_end"]
            ._description_selection(self.env)
        )
        return self.env._(
            "The approval so far no longer counts: %(reason)s. It stays on record.",
            reason=reasons[reason],
        )

    def _log_approval(self, text, comment=None):
        if hasattr(self, "_message_log"):
            body = f"{text} ({comment})" if comment else text
            self.sudo()._message_log(body=body, author_id=self.env.user.partner_id.id)

    def unlink(self):
        # EXTENDS base_tier_validation, which deletes the reviews with the rights of
        # the user. Signatures outlive the document.
        self.check_access("unlink")
        documents = self.sudo()
        (documents.review_ids + documents.review_history_ids).unlink()
        documents._forget_reviews()
        return super().unlink()

    def action_view_approvals(self):
        """Open all rounds of approval of this document."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "distributor_crm.tier_review_action"
        )
        return {
            **action,
            "domain": [("model", "=", self._name), ("res_id", "=", self.id)],
            "context": {"active_test": False},
        }

    # -- signatures --------------------------------------------------------------

    def _get_signed_digest(self) -> str:
        """Return the SHA-256 of what signatures on this document stand for."""
        self.ensure_one()
        document = self.sudo()
        values = [
            [name, document._get_signed_value(self._fields[name])]
            for name in sorted(self._get_signed_fields())
        ]
        payload = json.dumps([self._name, self.id, values], ensure_ascii=False)
        return hashlib.sha256(payload.encode()).hexdigest()

    def _get_signed_value(self, field):
        """Return the value of a field as text that two readings agree on."""
        value = self[field.name]
        if field.relational:
            return sorted(value.ids)
        if field.type == "monetary":
            currency = self[field.get_currency_field(self)]
            return float_repr(value, currency.decimal_places if currency else 2)
        if field.type == "float":
            digits = field.get_digits(self.env)
            return float_repr(value, digits[1]) if digits else repr(value)
        return str(value) if value is not False else None
