# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.addons.distributor_crm.hooks import delete_rows

# What points to others goes before them.
TABLES = (
    "fee_recovery",
    "fee_check",
    "fee_receipt",
    "fee_payout_line",
    "fee_payout_item",
    "fee_advance",
    "fee_payout",
    "fee_statement_line",
    "fee_statement",
    "fee_application",
    "fee_budget",
    "fee_standard",
    "fee_policy",
)


def uninstall_hook(env):
    """Delete what holds on to users, products and analytic accounts of ours.

    Entries and expenses that were posted stay in Odoo's books, as they should.
    """
    env.flush_all()
    env.cr.execute(
        """
        UPDATE account_move_line SET fee_item_id = NULL WHERE fee_item_id IS NOT NULL;
        UPDATE account_move SET fee_advance_id = NULL WHERE fee_advance_id IS NOT NULL;
        UPDATE hr_expense SET fee_item_id = NULL WHERE fee_item_id IS NOT NULL;
        -- Employees stay when demo users go.
        UPDATE hr_employee SET user_id = NULL
         WHERE user_id IN (SELECT res_id FROM ir_model_data
                            WHERE module = 'distributor_crm' AND model = 'res.users');
        -- What was posted keeps its analytic accounts, and they their plan.
        DELETE FROM ir_model_data
         WHERE module = 'distributor_crm_expense' AND model = 'account.analytic.plan'
           AND res_id IN (SELECT plan_id FROM account_analytic_account);
        """
    )
    delete_rows(env, *TABLES)
    env.invalidate_all(flush=False)
