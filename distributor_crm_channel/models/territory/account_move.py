# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import Command, api, fields, models
from odoo.exceptions import UserError


class AccountMove(models.Model):
    _inherit = "account.move"

    territory_filing_id = fields.Many2one(
        comodel_name="distributor.territory.filing",
        string="Cross-territory Filing",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )

    @api.model
    def _draft_distributor_credit(self, company, partner, amounts, **values):
        """Draft a credit note that takes no goods back, for accounting to post.

        It counts in no rebate: what is paid besides a sale makes the sale no smaller.

        :param amounts: list of (what for, amount without tax in the company's currency)
        """
        journal = self.env["account.journal"].search(
            [
                *self.env["account.journal"]._check_company_domain(company),
                ("type", "=", "sale"),
            ],
            limit=1,
        )
        if not journal:
            raise UserError(
                self.env._("%s has no sales journal. Create one first.", company.name)
            )
        return self.with_company(company).create(
            {
                "move_type": "out_refund",
                "company_id": company.id,
                "partner_id": partner.id,
                "journal_id": journal.id,
                "currency_id": company.currency_id.id,
                "invoice_line_ids": [
                    Command.create(
                        {
                            "name": reason,
                            "quantity": 1,
                            "price_unit": amount,
                            "tax_ids": [Command.clear()],
                            "rebate_exclusion": reason,
                        }
                    )
                    for reason, amount in amounts
                ],
                **values,
            }
        )
