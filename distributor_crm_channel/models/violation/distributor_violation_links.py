# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models


class DistributorViolation(models.Model):
    """What the form shows beside the case, and where its buttons lead."""

    _inherit = "distributor.violation"

    waits_for_proof = fields.Boolean(compute="_compute_waits_for_proof")
    lacks_opinion = fields.Boolean(compute="_compute_lacks_opinion")
    asks_approval = fields.Boolean(
        string="In Approval", compute="_compute_asks_approval"
    )
    offence_count = fields.Integer(
        string="Cases of the Accused", compute="_compute_offence_count"
    )

    @api.depends("notice_ids.delivered_at", "state")
    def _compute_waits_for_proof(self):
        for case in self:
            last = case.notice_ids.sorted("id")[-1:]
            case.waits_for_proof = bool(
                last
                and last.kind in ("charge", "decision")
                and not last.delivered_at
                and not any(
                    notice.delivered_at
                    for notice in case.notice_ids
                    if notice.kind == last.kind
                )
            )

    @api.depends("policy_id.needs_opinion", "policy_id.legal_approved_at")
    def _compute_lacks_opinion(self):
        for case in self:
            case.lacks_opinion = bool(
                case.policy_id and not case.policy_id._may_punish()
            )

    @api.depends("review_ids.status", "state")
    def _compute_asks_approval(self):
        for case in self:
            # Whoever sees the case learns that it waits for approval.
            case.asks_approval = case.state == "judged" and bool(case.sudo().review_ids)

    @api.depends("partner_id")
    def _compute_offence_count(self):
        counts = dict(
            self._read_group(
                [("partner_id", "in", self.partner_id.ids)],
                ["partner_id"],
                ["__count"],
            )
        )
        for case in self:
            case.offence_count = counts.get(case.partner_id, 0)

    def action_view_source(self):
        """Open what reported the case."""
        self.ensure_one()
        return self._get_document_action(self.source_model, self.source_id)

    def action_view_settled(self):
        """Open the document that collected the money."""
        self.ensure_one()
        return self._get_document_action(self.settled_model, self.settled_id)

    def _get_document_action(self, model, number):
        # Whoever may not read the document is told so when it opens.
        if model == "distributor.rebate.adjustment":
            record = self.env[model].browse(number).statement_id
            return record._get_records_action()
        return self.env[model].browse(number)._get_records_action()

    def action_view_offences(self):
        """Open all cases of the accused."""
        return self._get_list_action([("partner_id", "in", self.partner_id.ids)])
