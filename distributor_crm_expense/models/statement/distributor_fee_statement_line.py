# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import hashlib
import json

from odoo import api, fields, models

# What the representative says; the figures are the ledger's.
OPEN_FIELDS = {"payee_id", "purpose_id", "occasion", "explanation"}
SIGNED = (
    "partner_id",
    "product_id",
    "purpose_id",
    "standard_id",
    "kind",
    "origin_month",
    "quantity",
    "net_sales",
    "collected",
    "fee_full",
    "fee_due",
    "paid_before",
    "payable",
    "payee_id",
    "occasion",
    "explanation",
)
SIGNED_SET = frozenset(SIGNED)


class DistributorFeeStatementLine(models.Model):
    """What one customer bought of a product, what is collected, and what is due on it.

    Lines of earlier months say what later collections release, and what returns and
    lost payments take back.
    """

    _name = "distributor.fee.statement.line"
    _description = "Fee Statement Line"
    _inherit = ["distributor.closed.rows", "distributor.fee.payee.mixin"]
    _order = "statement_id desc, origin_month desc, partner_id, product_id, id"
    _check_company_auto = True

    statement_id = fields.Many2one(
        comodel_name="distributor.fee.statement",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(related="statement_id.company_id", store=True)
    currency_id = fields.Many2one(related="statement_id.currency_id")
    user_id = fields.Many2one(related="statement_id.user_id", store=True, index=True)
    month = fields.Date(related="statement_id.month", store=True, index=True)
    state = fields.Selection(related="statement_id.state", store=True)
    kind = fields.Selection(
        selection=[
            ("month", "Sales of the month"),
            ("late_collection", "Collected later"),
            ("return", "Returned"),
            ("bad_debt", "Payment lost"),
        ],
        required=True,
        readonly=True,
        default="month",
    )
    origin_month = fields.Date(
        string="Month of Sale", required=True, readonly=True, index=True
    )
    origin_line_id = fields.Many2one(
        comodel_name="distributor.fee.statement.line",
        string="First Granted By",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    span_from = fields.Date(
        readonly=True,
        required=True,
        help="The first day of the sales of this line: a standard that changes within "
        "a month splits it.",
    )
    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Customer",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    product_id = fields.Many2one(
        comodel_name="product.product",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    uom_id = fields.Many2one(related="product_id.uom_id")
    standard_id = fields.Many2one(
        comodel_name="distributor.fee.standard",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        help="Empty: undecided, nothing is granted (R089).",
    )
    quantity = fields.Float(
        readonly=True, digits="Product Unit", help="Sold less returned."
    )
    net_sales = fields.Monetary(readonly=True, help="Sales less returns, without tax.")
    collected = fields.Monetary(readonly=True, help="What of it was paid.")
    collection_rate = fields.Float(
        string="Collected (%)", readonly=True, digits=(16, 2), aggregator=None
    )
    fee_full = fields.Monetary(
        string="Whole Fee", readonly=True, help="The standard on all of these sales."
    )
    fee_due = fields.Monetary(
        string="Released",
        readonly=True,
        help="What collection has released of the whole fee by now.",
    )
    paid_before = fields.Monetary(
        string="Granted Before",
        readonly=True,
        help="What earlier statements granted on these sales.",
    )
    payable = fields.Monetary(readonly=True, help="Less than 0: to be given back.")
    explanation = fields.Char()

    _adds_up = models.Constraint(
        "CHECK(ROUND(fee_due - paid_before, 6) = ROUND(payable, 6)"
        " AND payable <> 'NaN')",
        "What is payable is what is released less what was granted before.",
    )
    _once = models.UniqueIndex(
        "(statement_id, partner_id, product_id, COALESCE(standard_id, 0), span_from)",
        "These sales stand in the statement already.",
    )

    @api.depends("partner_id", "product_id")
    def _compute_display_name(self):
        for line in self:
            line.display_name = " – ".join(
                filter(None, (line.partner_id.name, line.product_id.display_name))
            )

    @api.model
    def _get_open_names(self):
        return OPEN_FIELDS

    def _say_closed(self):
        return self.env._(
            "The figures of a statement come from the ledger. Say in the "
            "explanation what is wrong with them."
        )

    def write(self, vals):
        if not (self.env.su or vals.keys() - OPEN_FIELDS):
            self.statement_id._check_explainable()
        result = super().write(vals)
        if "payee_id" in vals:
            # Compliance refused the payee before: the next one is judged anew.
            self.sudo().filtered("forfeited")._update_forfeited()
        if not SIGNED_SET.isdisjoint(vals):
            self.statement_id._void_signatures_of_changed({"line_ids": True})
        return result

    def _one_a_sale(self):
        """Return one line of those that stand for the same sales."""
        seen = {
            (line.partner_id, line.product_id, line.span_from): line for line in self
        }
        return self.browse([line.id for line in seen.values()])

    # What tells one line of a statement from another.
    _sale_fields = ("partner_id", "product_id", "standard_id", "span_from")

    def _get_sale(self):
        return (
            self.statement_id.id,
            self.partner_id.id,
            self.product_id.id,
            self.standard_id.id,
            self.span_from,
        )

    def _get_said(self):
        """Return what people said of a sale, as values."""
        return {
            "payee_id": self.payee_id.id,
            "purpose_id": self.purpose_id.id,
            "occasion": self.occasion,
            "explanation": self.explanation,
        }

    def _get_payable(self):
        """Return {line: what it owes}, in company currency; hook for payouts."""
        return {line: line.payable for line in self}

    def _get_digest(self) -> str:
        """Return the SHA-256 of what these lines say."""
        # Read as they are stored, for whoever checks a signature.
        rows = self.sudo().sorted("id").read(["id", *SIGNED], load=None)
        text = json.dumps(rows, sort_keys=True, default=str)
        return hashlib.sha256(text.encode()).hexdigest()
