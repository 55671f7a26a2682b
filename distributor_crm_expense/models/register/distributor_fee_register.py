# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models
from odoo.tools import SQL

# What is asked of the tables, the same of each of them.
LINES = ("distributor.fee.statement.line", "distributor.fee.application")


class DistributorFeeRegister(models.Model):
    """The register of gifts and benefits: who gets what, from whom, and who agreed.

    It is the documents themselves, read as one list; nothing is entered here.
    """

    _name = "distributor.fee.register"
    _description = "Register of Gifts and Benefits"
    _auto = False
    _order = "date desc, id desc"
    _rec_name = "document"

    document = fields.Reference(
        selection=[
            ("distributor.fee.statement", "Monthly Fee Statement"),
            ("distributor.fee.application", "Special Fee"),
        ],
        readonly=True,
    )
    date = fields.Date(readonly=True, help="When the document was handed in.")
    company_id = fields.Many2one(comodel_name="res.company", readonly=True)
    currency_id = fields.Many2one(comodel_name="res.currency", readonly=True)
    user_id = fields.Many2one(
        comodel_name="res.users", string="Representative", readonly=True
    )
    partner_id = fields.Many2one(
        comodel_name="res.partner", string="Customer", readonly=True
    )
    payee_id = fields.Many2one(comodel_name="res.partner", readonly=True)
    payee_kind = fields.Selection(
        selection=lambda self: self._get_mixin_selection("payee_kind"), readonly=True
    )
    purpose_id = fields.Many2one(comodel_name="distributor.fee.purpose", readonly=True)
    occasion = fields.Char(readonly=True)
    amount = fields.Monetary(
        readonly=True, help="Less than 0: what the payee is to give back."
    )
    compliance_state = fields.Selection(
        selection=lambda self: self._get_mixin_selection("compliance_state"),
        string="Compliance",
        readonly=True,
    )
    compliance_user_id = fields.Many2one(
        comodel_name="res.users", string="Reviewer", readonly=True
    )
    compliance_on = fields.Datetime(string="Reviewed On", readonly=True)
    compliance_note = fields.Char(string="Why Refused", readonly=True)
    state = fields.Selection(
        selection=[
            ("submitted", "Being Signed"),
            ("signed", "Signed"),
            ("paid", "Paid"),
            ("void", "Void"),
        ],
        string="Status",
        readonly=True,
    )

    def _get_mixin_selection(self, name):
        mixin = self.env["distributor.fee.payee.mixin"]
        return mixin._fields[name]._description_selection(self.env)

    @property
    def _table_query(self):
        for model in (*LINES, "distributor.fee.statement"):
            self.env[model].flush_model()
        return SQL(
            """
            SELECT 2 * line.id AS id,
                   'distributor.fee.statement,' || line.statement_id AS document,
                   statement.submitted_on::date AS date, line.company_id,
                   statement.currency_id, line.user_id, line.partner_id,
                   line.payee_id, line.payee_kind, line.purpose_id, line.occasion,
                   line.payable AS amount, line.compliance_state,
                   line.compliance_user_id, line.compliance_on, line.compliance_note,
                   line.state
              FROM distributor_fee_statement_line line
              JOIN distributor_fee_statement statement
                ON statement.id = line.statement_id
             WHERE statement.submitted_on IS NOT NULL
               AND line.state <> 'draft' AND line.payable <> 0
             UNION ALL
            SELECT 2 * id + 1, 'distributor.fee.application,' || id,
                   submitted_on::date, company_id, currency_id, user_id, partner_id,
                   payee_id, payee_kind, purpose_id, occasion, amount,
                   compliance_state, compliance_user_id, compliance_on,
                   compliance_note, state
              FROM distributor_fee_application
             WHERE submitted_on IS NOT NULL AND state <> 'draft'
            """
        )

    def action_view_document(self):
        """Open the document this is a row of."""
        self.ensure_one()
        return self.document._get_records_action()
