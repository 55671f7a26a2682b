# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models


class ProductProduct(models.Model):
    _inherit = "product.product"

    def _get_fee_analytic(self, company):
        """Return the analytic account of this product's relationship fees (R090).

        It is made when the first fee is booked, once for the product and company.
        """
        self.ensure_one()
        template = self.product_tmpl_id
        # Whoever pays a fee need not keep analytic accounts.
        accounts = self.env["account.analytic.account"].sudo()
        account = accounts.search(
            [
                ("fee_product_tmpl_id", "=", template.id),
                ("company_id", "=", company.id),
            ],
            limit=1,
        )
        if account:
            return account
        plan = self.env.ref("distributor_crm_expense.analytic_plan_fee")
        account = accounts.create(
            {
                "name": self.env._("Relationship Fee – %s", template.name),
                "plan_id": plan.id,
                "company_id": company.id,
                "fee_product_tmpl_id": template.id,
            }
        )
        return account
