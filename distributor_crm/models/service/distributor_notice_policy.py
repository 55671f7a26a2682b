# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models


class DistributorNoticePolicy(models.Model):
    """Whether, and with which words, a company tells of a step of an order (R034)."""

    _name = "distributor.notice.policy"
    _description = "Order Notice Policy"
    _order = "company_id, step"
    _rec_name = "step"
    _check_company_auto = True

    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    step = fields.Selection(
        selection=[
            ("1_accepted", "Order Accepted"),
            ("2_processing", "In Process"),
            ("3_shipped", "Shipped"),
            ("4_delivered", "Delivered"),
        ],
        required=True,
    )
    template_id = fields.Many2one(
        comodel_name="mail.template",
        required=True,
        domain=[("model", "=", "distributor.notice")],
        ondelete="restrict",
    )
    is_on = fields.Boolean(
        string="Sent", default=True, help="Nothing is sent at this step when off."
    )

    _once = models.Constraint(
        "UNIQUE(company_id, step)", "A company has one policy for each step."
    )

    @api.model
    def _find(self, company, step):
        """Return the policy of a step, with full rights; empty where it is off."""
        return self.sudo().search(
            [
                ("company_id", "=", company.id),
                ("step", "=", step),
                ("is_on", "=", True),
            ],
            limit=1,
        )

    @api.model
    def _create_missing(self, companies=None):
        """Give companies the policies that they lack; those that are there stay.

        :param companies: all where left out
        """
        companies = companies or self.env["res.company"].search([("id", "!=", False)])
        steps = [step for step, _label in self._fields["step"].selection]
        found = {
            (policy.company_id, policy.step)
            for policy in self.search([("company_id", "in", companies.ids)])
        }
        template = self.env.ref("distributor_crm.notice_mail_template")
        self.create(
            [
                {
                    "company_id": company.id,
                    "step": step,
                    "template_id": template.id,
                }
                for company in companies
                for step in steps
                if (company, step) not in found
            ]
        )
