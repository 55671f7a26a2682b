# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.addons.distributor_crm.hooks import let_go


def uninstall_hook(env):
    """Let go of users, products and analytic accounts of ours.

    Entries and expenses that were posted stay in Odoo's books, as they should.
    """
    let_go(env)
    env.cr.execute(
        """
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
