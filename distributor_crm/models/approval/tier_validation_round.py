# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import hashlib
import json

from odoo import models
from odoo.exceptions import AccessError
from odoo.tools import float_repr

from .tier_review import OPEN


class TierValidation(models.AbstractModel):
    """How a round of approval ends and stays on record, and what signatures stand for."""

    _inherit = "tier.validation"

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
