# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import logging
from datetime import timedelta

from odoo import Command, api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, format_date

CHUNK = 1000
_logger = logging.getLogger(__name__)


class DistributorEarning(models.Model):
    """From frozen to free: posted to the account of each distributor, once."""

    _inherit = "distributor.earning"

    def _cancel_out(self):
        """Close frozen rows that took each other back: they are never posted."""
        groups = (
            self._read_group(
                [
                    ("state", "=", "frozen"),
                    ("order_line_id", "in", self.order_line_id.ids),
                ],
                ["order_line_id", "level", "store_id", "currency_id"],
                ["amount:sum", "id:recordset"],
            )
            if self
            else []
        )
        for _line, _level, _store, currency, amount, rows in groups:
            if currency.is_zero(amount):
                rows.state = "cancelled"

    @api.model
    def _get_due_ids(self, company, limit):
        """Return the numbers of rows that may be posted today, whole lines at a time.

        A line waits while its order, or a part of the goods, is not delivered: what was
        returned and not yet credited keeps it. What is taken back of something posted
        waits for nothing.
        """
        self.env.flush_all()
        # Who is held is paid later; he keeps nobody else waiting.
        frozen = self._read_group(
            [("state", "=", "frozen"), ("company_id", "=", company.id)], ["partner_id"]
        )
        partners = self.env["res.partner"].browse([partner.id for (partner,) in frozen])
        held = partners._get_distributor_holds("earning", company)
        rows = self.env.execute_query(
            SQL(
                """
                SELECT earning.id
                  FROM distributor_earning earning
                  JOIN sale_order_line line ON line.id = earning.order_line_id
                 WHERE earning.state = 'frozen' AND earning.company_id = %(company)s
                   AND NOT earning.partner_id = ANY(%(held)s)
                   AND ((earning.release_on <= %(today)s
                         AND line.qty_delivered >= line.qty_invoiced
                         AND NOT (%(waiting)s))
                     OR (earning.amount < 0 AND EXISTS (
                         SELECT FROM distributor_earning posted
                          WHERE posted.order_line_id = earning.order_line_id
                            AND posted.level = earning.level
                            AND posted.store_id = earning.store_id
                            AND posted.state = 'released')))
                 ORDER BY earning.id
                 LIMIT %(limit)s
                """,
                company=company.id,
                held=[partner.id for partner in held],
                today=fields.Date.context_today(self),
                waiting=self._get_waiting_sql(),
                limit=limit,
            )
        )
        return [number for (number,) in rows]

    @api.model
    def _get_waiting_sql(self) -> SQL:
        """Hook: return the condition under which rows wait although their day has come.

        The table of the rows is called `earning`, that of their order lines `line`.
        """
        return SQL("FALSE")

    @api.model
    def _release(self, company, limit=CHUNK):
        """Post what is free to the accounts of the distributors.

        One journal entry a policy and run, with a line for each distributor.

        :param limit: so many rows at most
        :return: the rows that were posted
        """
        # What is due does not depend on who starts the run.
        due = self.sudo().with_company(company)
        due = due.browse(due._get_due_ids(company, limit)).try_lock_for_update()
        for policy, rows in due.grouped("policy_id").items():
            move = due.env["account.move"].create(rows._prepare_release(policy))
            move._post()
            rows.write({"state": "released", "move_id": move.id})
        return due

    def _prepare_release(self, policy):
        """Return the values of the entry that posts these rows of one policy."""
        company = policy.company_id
        lines = []
        for partner, rows in self.grouped("partner_id").items():
            amount = company.currency_id.round(sum(rows.mapped("amount")))
            if amount:
                lines += self._prepare_release_lines(policy, partner, amount)
        if not lines:
            # What was taken back equals what was earned: on record all the same.
            partner = self.partner_id[:1]
            lines = self._prepare_release_lines(policy, partner, 0)
        return {
            "move_type": "entry",
            "journal_id": policy.journal_id.id,
            "date": self._get_posting_day(policy),
            "ref": self.env._("Earnings released"),
            "company_id": company.id,
            "line_ids": [Command.create(line) for line in lines],
        }

    def _prepare_release_lines(self, policy, partner, amount):
        name = self.env._("Earnings of %s", partner.name)
        both = {"partner_id": partner.id, "name": name}
        accounts = (
            (policy.expense_account_id, amount),
            (policy.payable_account_id, -amount),
        )
        return [
            {
                **both,
                "account_id": account.id,
                "debit": max(balance, 0),
                "credit": max(-balance, 0),
            }
            for account, balance in accounts
        ]

    @api.model
    def _get_posting_day(self, policy):
        """Return the first open day from today on."""
        day = fields.Date.context_today(self)
        locks = policy.company_id._get_violated_lock_dates(
            day, False, policy.journal_id
        )
        return max((lock[0] for lock in locks), default=day - timedelta(1)) + timedelta(
            1
        )

    @api.model
    def _cron_release(self):
        """Scheduled: post what became free, company by company, in chunks.

        What is set up wrong in one company does not keep the others waiting.
        """
        cron = self.env["ir.cron"]
        companies = self.sudo()._read_group(  # all companies'
            [("state", "=", "frozen")], ["company_id"]
        )
        for (company,) in companies:
            while True:
                try:
                    with self.env.cr.savepoint():
                        done = len(self._release(company))
                except UserError as error:
                    _logger.error("Earnings of %s: %s", company.name, error)
                    break
                if not cron._commit_progress(done) or not done:
                    break

    def action_release(self):
        """Post what is free now in the user's company, and say what was.

        :raises AccessError: not finance
        """
        self.env["distributor.withdrawal"]._check_finance()
        self.env["distributor.earning.change"]._work_off()
        done = self._release(self.env.company)
        total = sum(done.mapped("amount"))
        if done:
            message = self.env._(
                "%(amount)s posted for %(count)s distributors.",
                amount=self.env.company.currency_id.format(total),
                count=len(done.partner_id),
            )
        else:
            message = self.env._(
                "Nothing is free on %s. Earnings wait for delivery and the days after it.",
                format_date(self.env, fields.Date.context_today(self)),
            )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "message": message,
                "type": "success" if done else "info",
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }
