# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError


class DistributorViolation(models.Model):
    """How settlements collect the money of final cases: each amount once."""

    _inherit = "distributor.violation"

    @api.model
    def _collect_unsettled(self, partner, company):
        """Return the final cases whose money a settlement is to deduct, oldest first.

        These are cases whose rules say “deducted at settlement”, with an amount, not
        collected yet. Deduct `amount` in `currency_id`, then call `_mark_settled`.

        :param partner: the accused, or any contact of theirs
        :param company: of the settlement
        :return: the cases, with full rights
        """
        # What is due does not depend on who settles.
        return self.sudo().search(
            [
                ("partner_id", "=", partner.commercial_partner_id.id),
                ("company_id", "=", company.id),
                ("collect_by", "=", "settlement"),
                ("amount", ">", 0),
                ("settled_id", "=", False),
                ("is_final", "=", True),
            ],
            order="occurred_at, id",
        )

    def _mark_settled(self, record):
        """Say that the amounts of these cases were deducted in a document, once.

        :param record: the settlement, statement or journal entry
        :raises UserError: one is not final, has no amount, or was collected before
        """
        cases = self.sudo()  # the caller decides who settles
        cases._lock()
        if cases.filtered("settled_id"):
            raise UserError(
                self.env._(
                    "%s: this was collected before; nothing is collected twice.",
                    ", ".join(cases.filtered("settled_id").mapped("name")),
                )
            )
        open_cases = cases.filtered(lambda case: not case.is_final or not case.amount)
        if open_cases:
            raise UserError(
                self.env._(
                    "%s: nothing is collected before the case is final.",
                    ", ".join(open_cases.mapped("name")),
                )
            )
        now = fields.Datetime.now()
        for case in cases:
            case.write(
                {
                    "settled_model": record._name,
                    "settled_id": record.id,
                    "settled_at": now,
                    "settled_amount": case.amount,
                }
            )
            case.penalty_ids.filtered(
                lambda p: p.kind == "money" and p.state == "waiting"
            ).write({"state": "done", "starts_at": now})

    def _free_settled(self, records):
        """Take back that cases were collected in these records, which were refused."""
        for case in self.filtered(
            lambda c: c.settled_model == records._name and c.settled_id in records.ids
        ):
            case.write(
                {
                    "settled_model": False,
                    "settled_id": False,
                    "settled_at": False,
                    "settled_amount": 0,
                }
            )
            case.penalty_ids.filtered(
                lambda p: p.kind == "money" and p.state == "done"
            ).state = "waiting"

    @api.model
    def _collect_refunds(self, partner, company):
        """Return lifted cases whose money a settlement had deducted: give it back.

        Pay `settled_amount` in `currency_id`, then call `_mark_refunded`.
        """
        # What is due does not depend on who settles.
        return self.sudo().search(
            [
                ("partner_id", "=", partner.commercial_partner_id.id),
                ("company_id", "=", company.id),
                ("state", "=", "lifted"),
                ("settled_amount", ">", 0),
                (
                    "settled_model",
                    "not in",
                    ("distributor.rebate.adjustment", "account.move"),
                ),
            ],
            order="ended_at, id",
        )

    def _mark_refunded(self, record):
        """Say that the amounts of lifted cases were given back in a document, once.

        :raises UserError: there is nothing to give back
        """
        cases = self.sudo()  # the caller decides who settles
        cases._lock()
        if cases.filtered(
            lambda case: case.state != "lifted" or not case.settled_amount
        ):
            raise UserError(self.env._("Nothing is to be given back here."))
        for case in cases:
            case.settled_amount = 0
            case._message_log(body=self.env._("Given back in %s", record.display_name))
