# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL


class ResPartner(models.Model):
    """Who pays too late orders nothing more, until finance lets him (R118, R143)."""

    _inherit = "res.partner"

    overdue_since = fields.Date(compute="_compute_overdue_since", compute_sudo=True)
    credit_released_until = fields.Date(
        string="Orders Go On Until",
        tracking=True,
        copy=False,
        groups="distributor_crm.group_sales_rep,distributor_crm.group_finance",
        help="Until this day orders are confirmed although invoices are overdue. Finance "
        "sets it, for instance when a payment is promised.",
    )

    @api.depends_context("company")
    def _compute_overdue_since(self):
        oldest = self._origin._get_oldest_overdue(self.env.company)
        for partner in self:
            partner.overdue_since = oldest.get(partner._origin.commercial_partner_id.id)

    def _get_oldest_overdue(self, company):
        """Return {commercial partner's id: due date of the oldest unpaid receivable}, of
        those that are overdue, in one query."""
        firms = self.commercial_partner_id
        if not firms:
            return {}
        self.env["account.move.line"].flush_model()
        return dict(
            self.env.execute_query(
                SQL(
                    """
                    SELECT firm.id, MIN(line.date_maturity)
                      FROM account_move_line line
                      JOIN account_account account ON account.id = line.account_id
                      JOIN res_partner payer ON payer.id = line.partner_id
                      JOIN res_partner firm ON firm.id = payer.commercial_partner_id
                     WHERE firm.id = ANY(%(firms)s)
                       AND line.company_id = %(company)s
                       AND line.parent_state = 'posted'
                       AND account.account_type = 'asset_receivable'
                       AND line.reconciled IS NOT TRUE
                       AND line.amount_residual > 0
                       AND line.date_maturity < %(today)s
                     GROUP BY firm.id
                    """,
                    firms=firms.ids,
                    company=company.id,
                    today=fields.Date.context_today(self),
                )
            )
        )

    def _get_distributor_holds(self, purpose=None, company=None):
        # EXTENDS distributor_crm: no query where no tier holds anybody.
        holds = super()._get_distributor_holds(purpose, company)
        if purpose not in (None, "order"):
            return holds
        today = fields.Date.context_today(self)
        # Who owes does not depend on who asks.
        strict = self.sudo().filtered(
            lambda partner: (
                partner.commercial_partner_id.grade_id.overdue_hold_days
                and not (
                    partner.commercial_partner_id.credit_released_until
                    and partner.commercial_partner_id.credit_released_until >= today
                )
            )
        )
        oldest = strict._get_oldest_overdue(company or self.env.company)
        for partner in strict:
            firm = partner.commercial_partner_id
            due = oldest.get(firm.id)
            days = firm.grade_id.overdue_hold_days
            if due and due < today - timedelta(days=days):
                holds.setdefault(partner.sudo(False), []).append(
                    self.env._(
                        "an invoice is unpaid since %(day)s, longer than the %(days)s "
                        "days of the tier; finance may let orders go on",
                        day=fields.Date.to_string(due),
                        days=days,
                    )
                )
        return holds

    def write(self, vals):
        if "credit_released_until" in vals and not (
            self.env.su or self.env.user.has_group("distributor_crm.group_finance")
        ):
            raise UserError(
                self.env._("Finance decides for how long orders go on unpaid.")
            )
        return super().write(vals)
