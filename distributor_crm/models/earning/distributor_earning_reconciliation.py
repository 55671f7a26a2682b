# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models
from odoo.tools import SQL


class DistributorEarningReconciliation(models.Model):
    """Released less withdrawn, beside what the ledger says, per distributor."""

    _name = "distributor.earning.reconciliation"
    _description = "Earnings and Ledger"
    _auto = False
    _order = "company_id, partner_id"

    company_id = fields.Many2one(comodel_name="res.company", readonly=True)
    currency_id = fields.Many2one(comodel_name="res.currency", readonly=True)
    partner_id = fields.Many2one(
        comodel_name="res.partner", string="Distributor", readonly=True
    )
    frozen = fields.Monetary(readonly=True)
    released = fields.Monetary(readonly=True)
    withdrawn = fields.Monetary(readonly=True)
    expected = fields.Monetary(
        readonly=True, help="What was released, less what was withdrawn."
    )
    balance = fields.Monetary(
        string="Ledger", readonly=True, help="What the payable account says is owed."
    )
    reserved = fields.Monetary(
        readonly=True, help="Requested or approved, and not paid yet."
    )
    difference = fields.Monetary(
        readonly=True,
        help="Entries on the account that neither released nor paid earnings.",
    )

    @property
    def _table_query(self):
        return SQL(
            """
            WITH part AS (
                SELECT company_id, partner_id, state, SUM(amount) AS amount, 1 AS kind
                  FROM distributor_earning GROUP BY 1, 2, 3
                 UNION ALL
                SELECT company_id, partner_id, state, SUM(amount), 2
                  FROM distributor_withdrawal GROUP BY 1, 2, 3
                 UNION ALL
                SELECT line.company_id, line.partner_id, 'ledger', -SUM(line.balance), 3
                  FROM account_move_line line
                 WHERE line.parent_state = 'posted' AND line.partner_id IS NOT NULL
                   AND line.account_id IN (
                       SELECT payable_account_id FROM distributor_earning_policy)
                 GROUP BY 1, 2
            ),
            total AS (
                SELECT company_id, partner_id,
                       COALESCE(SUM(amount) FILTER (
                           WHERE kind = 1 AND state = 'frozen'), 0) AS frozen,
                       COALESCE(SUM(amount) FILTER (
                           WHERE kind = 1 AND state = 'released'), 0) AS released,
                       COALESCE(SUM(amount) FILTER (
                           WHERE kind = 2 AND state = 'paid'), 0) AS withdrawn,
                       COALESCE(SUM(amount) FILTER (
                           WHERE kind = 2 AND state IN ('requested', 'approved')), 0
                       ) AS reserved,
                       COALESCE(SUM(amount) FILTER (WHERE kind = 3), 0) AS balance
                  FROM part GROUP BY 1, 2
            )
            SELECT ROW_NUMBER() OVER (ORDER BY total.company_id, total.partner_id) AS id,
                   total.*, company.currency_id, released - withdrawn AS expected,
                   balance - released + withdrawn AS difference
              FROM total JOIN res_company company ON company.id = total.company_id
            """
        )

    def action_view_items(self):
        """Open the journal items behind these rows."""
        # Which account it is may be known to whoever sees the row.
        policies = self.env["distributor.earning.policy"].sudo()
        accounts = policies.search(
            [("company_id", "in", self.company_id.ids)]
        ).payable_account_id
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "account.action_account_moves_all"
        )
        return {
            **action,
            "domain": [
                ("account_id", "in", accounts.ids),
                ("partner_id", "in", self.partner_id.ids),
                ("company_id", "in", self.company_id.ids),
                ("parent_state", "=", "posted"),
            ],
            "context": {},
        }
